"""Names of bodies in running text and in cells: where a name ends, and how a list of them is split.

A list is split at ``;``, line ends, ``,`` and ``và``, but only where a new body begins: a fragment that does not open with a head
word ("Sở", "Ban", "UBND", "các cơ quan" …) belongs to the body before it. So "Sở Văn hóa, Thể thao và Du lịch" stays one body and
"Ủy ban nhân dân các huyện, thị xã, thành phố" too. Names with a verb or a collective inside them are masked first; the caller gives
those of the directory and of the document itself.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property

from index_builder.documents.understanding.words import (
    ACTION,
    BRANCHES,
    COLLECTIVE,
    HEAD,
    HEAD_LOWER,
    TITLES,
)

_MASK = 0xE000
_SEPARATOR = re.compile(r"\s*(?:;|\n|,|\s(?:và|cùng|với|cùng với|và với|phối hợp với|hoặc)\s)\s*", re.IGNORECASE)
_JOINING = re.compile(r"\s*(?:;|\n|,|\s(?:và|hoặc|cùng với|cùng)\s)\s*", re.IGNORECASE)
"""What joins bodies in running text, where "với" and "phối hợp với" say who helps."""
_PARENTHESIS = re.compile(r"\([^()]*\)")
_BULLET = re.compile(r"^\s*(?:[-–—+*•]|\d{1,2}[.)]|[a-zđ]\))\s+")


_ACTION_START = re.compile(rf"(?<=\s)(?:{ACTION})(?!\w)")


@dataclass(frozen=True)
class Names:
    """Full names that must not be cut: of the directory and of the document. ``known`` are compared without regard to case."""

    known: tuple[str, ...] = ()

    @cached_property
    def pattern(self) -> re.Pattern[str] | None:
        risky = {n for n in (*self.known, *BRANCHES) if re.search(r"[,;-]|\s(?:và)\s", n) or _ACTION_START.search(n)}
        if not risky:
            return None
        ordered = sorted(risky, key=len, reverse=True)
        loose = (re.sub(r"\\ |\\-|–", lambda m: r"\s*[-–]\s*" if m[0] != "\\ " else r"\s+", re.escape(n)) for n in ordered)
        return re.compile(rf"(?<!\w)(?:{'|'.join(loose)})(?!\w)", re.IGNORECASE)

    def with_names(self, names: Iterable[str]) -> Names:
        return Names(tuple(dict.fromkeys((*self.known, *names))))


_HEAD = re.compile(rf"(?:{HEAD})(?!\w)|(?:{HEAD_LOWER})|[{chr(_MASK)}-{chr(_MASK + 0x3FF)}]")
_COLLECTIVE = re.compile(rf"(?:các|những|toàn thể|mỗi|từng|tất cả các|một số)?\s*(?:{COLLECTIVE})(?!\w)", re.IGNORECASE)
_GROUP = re.compile(r"(?:các|những|toàn thể|tất cả|mỗi|từng|một số)\s", re.IGNORECASE)
_MORE_OF_GROUP = re.compile(r"(?:trung tâm|văn phòng|bộ phận|công an|đài|báo|bưu điện|mặt trận)(?: (?:cấp )?(?:xã|phường|huyện|tỉnh))?")
"""What goes on a group although it could open a body: "các phòng|, trung tâm"."""
_GROUP_HEAD = re.compile(rf"{_GROUP.pattern}\s*(?:{COLLECTIVE})(?!\w)", re.IGNORECASE)
_TITLE = re.compile(TITLES.pattern, re.IGNORECASE)
_ACTION = re.compile(rf"(?:{ACTION})(?!\w)")
_VERBAL = re.compile(
    rf"tổ chức\s+(?!báo cáo|phản ánh|kịp thời|chủ động|có trách nhiệm|căn cứ|liên quan)(?:{ACTION}|các (?:lớp|hội|cuộc|hoạt)|hội|cuộc|lớp|"
    rf"chương trình|lễ)(?!\w)"
)
_LATER = re.compile(r"liên quan$", re.IGNORECASE)
_NAMED_BY_ACTION = ("ban", "tổ", "ủy ban", "hội đồng", "trung tâm", "uỷ ban", "văn phòng", "quỹ", "bộ phận", "đoàn", "cơ sở")
_QUALIFIED = re.compile(rf"\s+được\s+(?:{ACTION})(?:\s+(?!(?:{ACTION})(?!\w))[^\s,;:.()]+){{0,4}}(?=\s+(?:{ACTION})(?!\w))")
"""A group said more closely: "các cơ quan |được kiểm tra| chuẩn bị …"."""
_TWO_WORDS = re.compile(
    r"\s+(?:quản lý|kiểm tra|chỉ đạo|điều phối|đăng ký|tiếp nhận|hỗ trợ|xúc tiến|kiểm soát|giám sát|biên tập|quản trị|vận động|phát triển|"
    r"xử lý|đào tạo|cung cấp|bảo trợ|tư vấn|ứng dụng|giới thiệu|khám|tham mưu|chấp hành|thanh tra)(?!\w)"
)


def opens_body(text: str) -> bool:
    """Whether ``text`` begins with a head word of a body or with a collective ("các cơ quan")."""
    return bool(_HEAD.match(text) or (_GROUP.match(text) and _COLLECTIVE.match(text)) or TITLES.match(text))


class _Masked:
    """A text whose known names and parentheses are single characters, so that they are never cut."""

    def __init__(self, text: str, names: Names, *, running: bool = False) -> None:
        self.held: list[str] = []
        if names.pattern:
            text = names.pattern.sub(self._hold, text)
        self.text = _PARENTHESIS.sub(lambda m: m[0] if running and not opens_body(m[0][1:]) else self._hold(m, 0x400), text)

    def _hold(self, match: re.Match[str], offset: int = 0) -> str:
        self.held.append(match[0])
        return chr(_MASK + offset + len(self.held) - 1)

    def open(self, text: str) -> str:
        while any(_MASK <= ord(c) < _MASK + 0x800 for c in text):
            text = "".join(self.held[(ord(c) - _MASK) % 0x400] if _MASK <= ord(c) < _MASK + 0x800 else c for c in text)
        return text


def tidy(name: str) -> str:
    """A body as it may stand in a record: single spaces, no closing punctuation, a capital first letter, common short forms kept."""
    name = re.sub(r"\s+", " ", name).strip(" .,;:-–/*")
    name = re.sub(r"^(?:và|cùng|với|do|là)\s+", "", name)
    return name[:1].upper() + name[1:]


def split(text: str, names: Names) -> tuple[str, ...]:
    """A whole cell or heading that is a list of bodies → each body, in order, without repeats.

    >>> split("Sở Tài chính, Sở Kế hoạch và Đầu tư và các sở, ban, ngành", Names())
    ('Sở Tài chính', 'Sở Kế hoạch và Đầu tư', 'Các sở, ban, ngành')
    """
    text = "\n".join(_BULLET.sub("", line) for line in _joined(text))
    masked = _Masked(text, names)
    parts: list[str] = []
    at, separator = 0, ""
    for match in (*_SEPARATOR.finditer(masked.text), None):
        piece = masked.text[at : match.start() if match else len(masked.text)]
        strong = "\n" in separator or ";" in separator
        if piece.strip():
            more = (
                bool(parts) and "," in separator and bool(_MORE_OF_GROUP.fullmatch(piece.strip())) and bool(_GROUP.match(parts[-1].strip()))
            )
            if not parts or (opens_body(piece.strip()) and not more) or (strong and _standalone(piece.strip())):
                parts.append(piece)
            else:
                parts[-1] += masked.text[at - len(separator) : at] + piece
        separator = match[0] if match else ""
        at = match.end() if match else at
    return tuple(dict.fromkeys(t for p in parts if (t := tidy(masked.open(p)))))


def _joined(text: str) -> list[str]:
    """Lines of a cell, where a line that only continues the one before is put back to it."""
    lines: list[str] = []
    for line in (re.sub(r"\s+", " ", raw).strip() for raw in text.split("\n")):
        starts = bool(_BULLET.match(line)) or opens_body(line)
        if (line and lines and not starts and not lines[-1].endswith(";")) or (
            line and lines and starts and not _BULLET.match(line) and re.search(r"(?:,|;|\bvà|\bcủa|\bvới|-)$", lines[-1])
        ):
            lines[-1] += f" {line}"
        elif line:
            lines.append(line)
    return lines


def _standalone(piece: str) -> bool:
    return piece[:1].isupper() or bool(_COLLECTIVE.match(piece))


def leading(text: str, names: Names) -> tuple[tuple[str, ...], str]:
    """Bodies at the very beginning of a sentence and what follows them: ``("Sở Nội vụ",), "chủ trì …"``.

    Where no body opens the text, ``()`` and the text unchanged.
    """
    masked = _Masked(text, names, running=True)
    end = _span_end(masked.text)
    if not end:
        return (), text
    if qualified := _QUALIFIED.match(masked.text, end):
        end = qualified.end()
    return split(masked.open(masked.text[:end]), names), masked.open(masked.text[end:]).strip()


def _span_end(text: str) -> int:
    """Where the list of bodies that opens ``text`` ends; 0 where none does."""
    if not opens_body(text):
        return 0
    start, group = 0, _is_group(text)
    while True:
        position = _name_end(text, start)
        separator = _JOINING.match(text, position)
        if not separator or (_LATER.search(text[start:position]) and not opens_body(text[separator.end() :])):
            return position
        following = text[separator.end() :]
        if opens_body(following):
            group = _is_group(following)
        elif not (group and _group_goes_on(following)) and not _capital_goes_on(following):
            return position
        start = separator.end()


def _is_group(text: str) -> bool:
    return bool(
        _GROUP.match(text)
        or re.match(
            r"(?:UBND|[Ủủ]y ban nhân dân|Uỷ ban nhân dân|Sở,|Cơ quan|Đơn vị|Trung tâm|Phòng|Hội|Đài|Thủ trưởng|Trưởng các|Lãnh đạo|"
            r"Giám đốc|Chủ tịch|Người đứng đầu)(?!\w)",
            text,
        )
    )


def _group_goes_on(following: str) -> bool:
    """ "các cơ quan|, đơn vị", "các cơ quan thông tin|, truyền thông thực hiện": one to three more words of the collective."""
    if _COLLECTIVE.match(following):
        return not _VERBAL.match(following)
    end = _name_end(following, 0)
    return following[:1].islower() and 0 < len(following[:end].split()) <= 3 and not _ACTION.match(following)


def _capital_goes_on(following: str) -> bool:
    """ "Sở Văn hóa|, Thể thao và Du lịch": the name goes on with a capital that opens no body."""
    return following[:1].isupper()


def _name_end(text: str, start: int) -> int:
    """End of the one name that begins at ``start``: before punctuation, a verb, a preposition, or a joining word."""
    head = _HEAD.match(text, start) or _GROUP_HEAD.match(text, start) or _TITLE.match(text, start) or _COLLECTIVE.match(text, start)
    position = head.end() if head else start
    # what directly follows "Ban", "Tổ", "Ủy ban" is part of the name even if it is a verb ("Ban Chỉ đạo", "Ban quản lý")
    if head and head[0].strip().lower() in _NAMED_BY_ACTION:
        inner = _TWO_WORDS.match(text, position)
        position = inner.end() if inner else position
    while position < len(text):
        if text[position] in ";,:.()\n" or (_LATER.search(text[start:position]) and text[position].isspace()):
            break
        if text[position].isspace():
            if _JOINING.match(text, position) or (
                not _is_field_of_two(text, start, position)
                and _ACTION.match(text, position + 1)
                and not _noun_here(text[start:position], text[position + 1 :])
            ):
                break
            position += 1
            continue
        position += 1
    return position


def _is_field_of_two(text: str, start: int, space: int) -> bool:
    """Two verbs that are one name: "Viện Nghiên cứu| phát triển"."""
    first = re.search(r"(?:Nghiên cứu|Tư vấn|Xúc tiến|Hỗ trợ|Ứng dụng|Khuyến công)$", text[start:space])
    return bool(first and re.match(r"(?:phát triển|đào tạo|ứng dụng|hỗ trợ|đầu tư)(?!\w)", text[space + 1 :]))


def _noun_here(before: str, following: str) -> bool:
    """Verbs that are nouns behind some heads: "các |tổ chức|", "cơ quan |quản lý| nhà nước"."""
    if following.startswith("tổ chức"):
        return bool(re.search(r"(?:các|những|cá nhân)$", before)) and not _VERBAL.match(following)
    return bool(
        re.match(r"quản lý|chủ quản|tham mưu(?= của| giúp|,)", following)
        and re.search(r"(?:cơ quan|đơn vị|[Bb]an|tổ|trung tâm|sở)$", before, re.IGNORECASE)
    )
