"""Reporting duties: who reports to whom, through whom, with a copy to whom, and when."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index_builder.documents.understanding.bodies import Names, leading, tidy
from index_builder.documents.understanding.draft import Reporting
from index_builder.documents.understanding.pieces import Place
from index_builder.documents.understanding.sentences import subject
from index_builder.documents.understanding.times import Timing, read_cell, read_sentence

_REPORTS = re.compile(r"\bbáo cáo\b", re.IGNORECASE)
_SENDS = re.compile(
    r"(?<!đồng )(?<!đồng thời )(?:\b(?:gửi|nộp)\s*(?:báo cáo\s*)?(?:kết quả\s*)?(?:về|cho|đến|tới|lên)?\s+|\b(?:phản ánh|báo cáo|"
    r"thông tin)\b[^.;()]{0,90}?\s(?:về|cho|đến|tới|lên)\s+)(?=\S)",
    re.IGNORECASE,
)
_COPIES = re.compile(r"\bđồng (?:thời )?(?:gửi|báo cáo)\s*(?:về|cho)?\s+", re.IGNORECASE)
_THROUGH = re.compile(r"\b(?:thông qua|qua)\s+", re.IGNORECASE)
_DIRECT = re.compile(r"\bbáo cáo\s+(?:kết quả\s+|kịp thời\s+)?(?:cho\s+|về\s+|lên\s+|với\s+|đến\s+)?", re.IGNORECASE)
_DECIDES = re.compile(
    r"^\s*(?:để\s+)?(?:kịp thời\s+)?(?:xem xét|giải quyết|chỉ đạo|quyết định|cho ý kiến|tháo gỡ|điều chỉnh)", re.IGNORECASE
)
_FORWARDED = re.compile(r"(?:tổng hợp|theo dõi|tham mưu)[\s,]*(?:và\s+)?$", re.IGNORECASE)
_ONLY = re.compile(
    r"^(?:(?:định kỳ|hằng|hàng|trước|chậm nhất|khi|tháng|quý|năm|ngày|vào|kết thúc|6|06|mỗi)(?!\w)[^;.]{0,60}?\s*,?\s*)?"
    r"(?:(?:có trách nhiệm|thực hiện(?: tốt)?(?: chế độ)?|tổng hợp(?: kết quả[^,;.]{0,40})?|thống kê|xây dựng|lập|gửi|đánh giá|sơ kết|"
    r"tổng kết|kịp thời|chủ động|tiến hành|chuẩn bị|chế độ|triển khai(?: thực hiện)?(?=\s*[,;]))[\s,;]*(?:và\s+)?){0,4}"
    r"(?:thông tin,\s*)?(?:báo cáo|phản ánh)\b",
    re.IGNORECASE,
)
_HELPS_TO_REPORT = re.compile(r"(?:tham mưu(?: cho| giúp)?|giúp)\s+(?=\S)", re.IGNORECASE)
"""An office that drafts another's report has no other duty: "Tham mưu UBND tỉnh |báo cáo Bộ Nội vụ"."""
_TROUBLE = re.compile(r"khó khăn|vướng mắc|phát sinh|sự cố|bất cập", re.IGNORECASE)


def reporting(text: str, place: Place, who: Sequence[str], names: Names, issuer: str = "") -> Reporting | None:
    """The reporting duty in one sentence or paragraph, or None; ``who`` where the sentence has no subject of its own, ``issuer`` where
    it only says through whom."""
    if not _REPORTS.search(text) and not (re.search(r"phản ánh", text, re.IGNORECASE) and _TROUBLE.search(text)):
        return None
    clause = _clause(text)
    copies = _bodies(_COPIES, clause, names)
    via = _bodies(_THROUGH, clause, names)
    sent = [(at, b) for at, b in _bodies_at(_SENDS, clause, names) if not set(b) <= set(copies)]
    direct = [(at, b, rest) for at, b, rest in _direct(clause, names)]
    sends = tuple(dict.fromkeys(x for _, b in sent for x in b))
    earlier = min([at for at, _ in sent] + [m.start() for m in _COPIES.finditer(clause)], default=len(clause))
    final = tuple(dict.fromkeys(x for at, b, _ in direct for x in b if not (at > earlier and x in copies)))
    decided = any(_DECIDES.match(rest) for _, _, rest in direct)
    forwarded = [at for at, _, _ in direct if at > earlier and _FORWARDED.search(clause[:at])]
    if forwarded and sends and decided:
        to, via = final, tuple(dict.fromkeys((*sends, *via)))
    elif forwarded and (sends or copies):
        to, copies = (sends, copies) if sends else (copies, ())
    else:
        to = final if final and not sends else tuple(dict.fromkeys((*sends, *(f for f in final if f not in sends)))) if sends else copies
        copies = () if to is copies else copies
    to = tuple(t for t in to if t not in via) or to
    if not to and via and issuer and re.search(r"\bbáo cáo\b[^;]*\((?:thông )?qua\b", clause):
        to = (issuer,)
    if not to:
        return None
    subject_bodies, rest, _ = subject(clause, names)
    actors = subject_bodies or subject(text, names)[0] or tuple(who)
    actors = tuple(a for a in actors if a not in to) or actors
    review = () if actors else ("không nêu ai báo cáo",)
    title = _title(rest if subject_bodies else clause)
    found = Reporting(
        title,
        place,
        actors or ("(chưa rõ)",),
        to,
        via,
        tuple(c for c in copies if c not in to),
        _timing(clause),
        0.9 if actors else 0.5,
        review,
    )
    return found


def only_reports(text: str, names: Names) -> bool:
    """Whether a duty is nothing but reporting ("Định kỳ … báo cáo …"), so that it is no duty besides."""
    bodies, rest, _ = subject(text, names)
    plain = re.sub(r"\([^()]*\)\s*,?", "", re.sub(r"^[-–+*•\s]+", "", rest if bodies else text))
    helps = _HELPS_TO_REPORT.match(plain)
    if helps:
        told, after = leading(plain[helps.end() :], names)
        plain = after if told else plain
    return bool(_ONLY.match(plain))


def time_beside_report(text: str) -> Timing | None:
    """The time of what is to be done besides reporting, where it has one of its own: "… trước ngày 15/5; báo cáo … trước ngày 25/11"."""
    clauses = re.split(r"(?<=;)\s+", text)
    beside = " ".join(c for c in clauses if not _REPORTS.search(c)) if len(clauses) > 1 else ""
    return read_sentence(beside) if beside else None


def _clause(text: str) -> str:
    """The part of the text, between semicolons and full stops, in which reporting stands; the whole where it is spread out."""
    parts = [p for p in re.split(r"(?<=;)\s+|(?<=\.)\s+(?=[A-ZĐ])", text) if _REPORTS.search(p) or re.search(r"phản ánh", p, re.IGNORECASE)]
    return parts[-1] if len(parts) == 1 else text


def _bodies_at(pattern: re.Pattern[str], text: str, names: Names) -> list[tuple[int, tuple[str, ...]]]:
    found = []
    for match in pattern.finditer(text):
        bodies, _ = leading(text[match.end() :], names)
        if bodies:
            found.append((match.start(), bodies))
    return found


def _bodies(pattern: re.Pattern[str], text: str, names: Names) -> tuple[str, ...]:
    return tuple(dict.fromkeys(b for _, bodies in _bodies_at(pattern, text, names) for b in bodies))


def _direct(text: str, names: Names) -> list[tuple[int, tuple[str, ...], str]]:
    found = []
    for match in _DIRECT.finditer(text):
        bodies, rest = leading(text[match.end() :], names)
        if bodies and not re.search(r"đồng (?:thời )?$", text[: match.start()]):
            found.append((match.start(), bodies, rest))
    return found


def _timing(clause: str) -> Timing | None:
    found = read_sentence(clause)
    return found or (read_cell("Định kỳ") if re.search(r"\bđịnh kỳ\b", clause, re.IGNORECASE) else None)


def _title(text: str) -> str:
    plain = re.sub(r"\([^()]*\)", "", re.sub(r"^[-–+*•\s]+", "", text))
    at = _REPORTS.search(plain)
    cut = plain[at.start() :] if at and at.start() > 80 else plain
    return tidy(" ".join(cut.split()[:40])) or "Báo cáo"
