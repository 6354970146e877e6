"""Who does what with whom by when, from one sentence: "Giao Sở X chủ trì, phối hợp với Sở Y …, hoàn thành trước ngày …"."""

from __future__ import annotations

import re
from dataclasses import dataclass

from index_builder.documents.understanding.bodies import Names, leading, opens_body, tidy
from index_builder.documents.understanding.times import Timing, read_sentence
from index_builder.documents.understanding.words import ACTION

_GIVEN = re.compile(
    r"^(?:(?:\d+|[a-zđ])[.)]\s*)?(?:giao nhiệm vụ cho|giao trách nhiệm cho|giao cho|giao|đề nghị|yêu cầu|phân công|đối với|trách nhiệm của|"
    r"nhiệm vụ của|do|ủy quyền cho)\s+",
    re.IGNORECASE,
)
_PARTNER = re.compile(
    r"(?<!tiếp tục )\bphối hợp\b(?P<how>(?:[\s,]+(?:chặt chẽ|thường xuyên|đồng bộ|tốt|hiệu quả|có hiệu quả|liên ngành))*)"
    r"(?:\s+(?:cùng với|với|cùng)\s+|(?P<between>,?[^.;()]{1,45}?)\s+(?:với|cùng)\s+(?=\S)|\s+)",
    re.IGNORECASE,
)
_STEERED = re.compile(
    r"(?:chủ trì|đầu mối)\b[^.;]*?\b(?:đôn đốc|định hướng|huy động|chỉ đạo)(?:,\s*(?:đôn đốc|định hướng|hướng dẫn|kiểm tra|theo dõi|"
    r"chỉ đạo))*\s+",
    re.IGNORECASE,
)
_HELPED = re.compile(r"\((?P<in>[^()]*?)\s+(?:hướng dẫn|hỗ trợ|phối hợp|cung cấp)\b[^()]*\)")
_LEADS = re.compile(r"^,?\s*(?:là\s+(?:cơ quan|đơn vị)\s+(?:chủ trì|đầu mối|thường trực)|chủ trì|làm đầu mối|đầu mối)(?!\w)", re.IGNORECASE)
_HANDED = re.compile(r"(?:^|[,;.(]\s*|\s)(?:giao(?: cho)?|do)\s+(?=\S)", re.IGNORECASE)
_BY_OTHERS = re.compile(r"(?:[;,(]\s*)(?=\S)")
_VERB = re.compile(rf"^,?\s*(?:(?:cần|phải|nên|sẽ|đã|và)\s+)?(?:{ACTION}|có)(?!\w)")
_CONDITION = re.compile(
    r"^(?:(?:nếu|khi)\s+(?:có |gặp |phát sinh )*(?:những |các )?khó khăn, vướng mắc[^,]{0,60},\s*|"
    r"(?:căn cứ|nếu|trên cơ sở|theo|tùy|tuỳ|trong quá trình|để|nhằm|thông qua|hằng|hàng|định kỳ|khi|năm|quý|tháng|trước|"
    r"sau)(?!\w)[^,]{0,160},\s*)",
    re.IGNORECASE,
)
_RESPONSIBLE = re.compile(
    r"^[,:\s]*(?:có (?:trách nhiệm|nhiệm vụ)|chịu trách nhiệm|phải|cần)\s*:?\s*(?:trong (?:việc|công tác)\s+)?", re.IGNORECASE
)
_JOINT = re.compile(r"^[,:\s]*(?:(?:chủ trì|làm đầu mối|là cơ quan (?:chủ trì|đầu mối))\s*[,;và ]*\s*)", re.IGNORECASE)


_COMRADE = re.compile(r"(?:Giao )?(?:[Đđ]ồng chí|[Đđ]/c)\s+(?=[^:]*?(?P<also>\s+[-–]\s+(?:Tổ|Phó|Trưởng|Ủy viên)[^:,;]*)?:)")
"""A person addressed by office, with what else this person is: "Đồng chí Giám đốc Công an tỉnh| - Tổ phó Thường trực|: …"."""
_ROLE_ALONE = re.compile(r"(?:Cơ quan|Đơn vị|Bộ phận) (?:thường trực|đầu mối|chủ trì|chủ quản)$")
"""What the office named above is, not another office: "- Cơ quan thường trực, hướng dẫn …"."""
_ACTS = re.compile(r"\b(?:báo cáo|gửi|tổng hợp|chủ trì|xây dựng|rà soát)\b", re.IGNORECASE)


@dataclass(frozen=True)
class Assignment:
    """``leads`` is empty where the sentence names nobody (the heading above it does); ``named`` where its subject opens it."""

    leads: tuple[str, ...]
    partners: tuple[str, ...]
    timing: Timing | None
    action: str
    asked: bool = False
    """Asked ("Đề nghị …") rather than ordered."""
    explicit: bool = False
    """A word of assignment stands in the sentence: "giao", "chủ trì", "có trách nhiệm" …"""


def sentences(text: str) -> list[str]:
    """Running text → its sentences; "TP. Mỹ Tho" and "số 5." do not end one."""
    parts = re.split(r"(?<=[.!?])(?<!TP\.)(?<!Tp\.)(?<!tr\.)(?<!\s\d\.)(?<!\s\d\d\.)\s+(?=[A-ZĐÀ-Ỹ“\"])|\n+", text)
    return [p.strip() for p in parts if p.strip()]


def subject(text: str, names: Names) -> tuple[tuple[str, ...], str, bool]:
    """``(bodies, rest, asked)`` of a sentence whose subject opens it; ``((), text, False)`` where none does.

    The rest must read as what the bodies do, or be empty (a heading), or follow a colon.
    """
    plain = re.sub(r"^[-–+*•\s]+", "", text).strip()
    if comrade := _COMRADE.match(plain):
        plain = plain[comrade.end() :].replace(comrade["also"] or "\0", "", 1)
    given = _GIVEN.match(plain)
    bare = plain[given.end() :] if given else plain
    if not given and not opens_body(bare):
        while not opens_body(bare) and (condition := _CONDITION.match(bare)) and not _ACTS.search(condition[0]):
            bare = bare[condition.end() :]
        given = _GIVEN.match(bare)
        bare = bare[given.end() :] if given else bare
    bodies, rest = leading(bare, names)
    if not bodies or (len(bodies) == 1 and _ROLE_ALONE.match(bodies[0])):
        return (), text, False
    reads = not rest.strip(" .:") or rest.startswith(":") or _VERB.match(rest) or _RESPONSIBLE.match(rest)
    as_group = given and re.match(r"đối với", given[0], re.IGNORECASE) and rest.startswith(",")
    if not reads and not as_group:
        return (), text, False
    return bodies, rest.lstrip(" ,:"), bool(given and given[0].lower().startswith("đề nghị"))


def partners_of(text: str, names: Names) -> tuple[str, ...]:
    """Every body that a sentence says is worked with."""
    found: list[str] = []
    for match in _PARTNER.finditer(text):
        if match["between"] and (opens_body(match["between"].strip(" ,")) or re.search(r"chủ trì|phối hợp", match["between"])):
            bodies, _ = leading(text[match.start("between") :].lstrip(" ,"), names)
        else:
            bodies, _ = leading(text[match.end() :], names)
        found += bodies
    steered = _STEERED.search(text)
    if steered and not found:
        found += leading(text[steered.end() :], names)[0]
    for match in _HELPED.finditer(text):
        bodies, rest = leading(match["in"], names)
        found += bodies if bodies and not rest.strip() else ()
    for clause in re.split(r"[;(]|,(?=\s)", text):
        bodies, rest = leading(clause.strip(), names)
        if bodies and re.match(r"^(?:cùng )?phối hợp(?: thực hiện)?\s*[).,;]*\s*$", rest):
            found += bodies
    return tuple(dict.fromkeys(found))


def leads_inside(text: str, names: Names) -> tuple[str, ...]:
    """Bodies named as leading in the middle of a sentence: "…, giao Sở X chủ trì", "… (Sở Nội vụ chủ trì)"."""
    for match in (*_HANDED.finditer(text), *_BY_OTHERS.finditer(text)):
        bodies, rest = leading(text[match.end() :], names)
        handed = match.re is _HANDED and "giao" in match[0].lower() and _VERB.match(rest)
        if bodies and (
            handed
            or _LEADS.match(rest)
            or re.match(r"(?:thực hiện|chịu trách nhiệm chính)\s*[.;)]*$", rest)
            or ("(" in match[0] and re.match(r"(?:thực hiện|phụ trách|chịu trách nhiệm)\s*[,;)]", rest))
        ):
            return bodies
    return ()


def assignment(text: str, names: Names) -> Assignment:
    """Read one sentence (or a short paragraph) as an assignment."""
    bodies, rest, asked = subject(text, names)
    explicit = bool(re.search(r"\b(?:giao|chủ trì|đầu mối|có trách nhiệm|chịu trách nhiệm|đề nghị)\b", text, re.IGNORECASE))
    leads = bodies or leads_inside(text, names)
    partners = tuple(p for p in partners_of(text, names) if bodies or p not in leads)
    return Assignment(leads, partners, read_sentence(text), action_of(rest if bodies else text, names), asked, explicit)


def action_of(text: str, names: Names) -> str:
    """What is to be done, without "có trách nhiệm", "chủ trì, phối hợp với …" before it, as a title: capital first, no full stop."""
    text = re.sub(r"^[-–+*•\s]+", "", text).strip()
    text = _RESPONSIBLE.sub("", text)
    joint = _JOINT.match(text)
    after = text[joint.end() :] if joint else text
    partner = _PARTNER.match(after)
    if joint and partner:
        bodies, rest = leading(after[partner.end() :], names)
        rest = re.sub(r"^[\s,]*(?:có trách nhiệm|trong việc)?\s*", "", rest)
        if bodies and len(rest.split()) >= 3:
            text = rest
    text = re.sub(r"\s+", " ", text)
    return tidy(re.sub(r"\s*[.;:,]+\s*(?:\./\.)?$", "", text)) or tidy(text)
