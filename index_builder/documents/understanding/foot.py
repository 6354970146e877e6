"""The foot of a document: who signs, on whose behalf, and to whom it goes."""

from __future__ import annotations

import re
from collections.abc import Sequence

from index_builder.documents.understanding.bodies import opens_body
from index_builder.documents.understanding.directory import Directory
from index_builder.documents.understanding.draft import Found
from index_builder.documents.understanding.head import sentence_case
from index_builder.documents.understanding.kinds import bare
from index_builder.documents.understanding.pieces import Line, Place
from index_builder.documents.understanding.words import UPPER

_ON_BEHALF = re.compile(r"^(?P<mark>T/M|K/T|(?:TM|KT|TUQ|TL|Q)(?=\s*[./]))\s*[./]?\s*(?P<who>.+)$")
_POSITION = re.compile(
    r"^(?:Q\.\s*)?(?:PHÓ\s+)?(?:CHỦ TỊCH|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|TỔ TRƯỞNG|"
    r"TRƯỞNG BAN|TRƯỞNG PHÒNG|CỤC TRƯỞNG|CHI CỤC TRƯỞNG|BỘ TRƯỞNG|VỤ TRƯỞNG|"
    r"HIỆU TRƯỞNG|CHÁNH THANH TRA|TỔNG GIÁM ĐỐC|BÍ THƯ"
    r"|TỔNG BIÊN TẬP|CHỦ NHIỆM)(?:\s+[\w\s]+)?$"
)
_NAME = re.compile(
    rf"^(?:(?:TS|ThS|Ths|PGS|GS|BS|KS|CN|Đại tá|Thượng tá|Trung tá|"
    rf"Thiếu tướng)\.?\s*)*(?P<name>[{UPPER}][^\W\d_]*(?:\s+[{UPPER}][^\W\d_]*){{1,4}})$"
)
_NAME_AFTER = re.compile(rf"^([{UPPER}\s.,]{{6,}}|\(?[ĐđD]ã ký\)?) ((?:[{UPPER}][^\W\d_{UPPER}]+ ?){{2,5}})$")
"""An office in capitals and a name that a format put on one line."""
_SURNAMES = frozenset(
    [
        "Nguyễn",
        "Trần",
        "Lê",
        "Phạm",
        "Hoàng",
        "Huỳnh",
        "Phan",
        "Vũ",
        "Võ",
        "Đặng",
        "Bùi",
        "Đỗ",
        "Hồ",
        "Ngô",
        "Dương",
        "Lý",
        "Đinh",
        "Trương",
        "Đoàn",
        "Lâm",
        "Mai",
        "Trịnh",
        "Hà",
        "Cao",
        "Lương",
        "Tạ",
        "Châu",
        "Tô",
        "Thái",
        "La",
        "Đào",
        "Vương",
        "Tăng",
        "Quách",
        "Nông",
        "Triệu",
        "Hứa",
        "Chu",
        "Lò",
        "Vi",
        "Lưu",
        "Kiều",
        "Thạch",
        "Danh",
        "Sơn",
        "Kim",
        "Phùng",
        "Đàm",
        "Giàng",
        "Vàng",
        "Sùng",
        "Thào",
        "Cầm",
        "Bàn",
        "Hầu",
        "Quàng",
        "Ksor",
        "Rơ",
        "Siu",
        "Y",
        "H",
        "Nay",
        "Rah",
        "Giáp",
        "Bạch",
        "Từ",
        "Ông",
        "Tống",
        "Doãn",
        "Nghiêm",
        "Âu",
        "Lại",
        "Khổng",
        "Tôn",
        "Văn",
        "Điểu",
    ]
)
_RECIPIENTS = re.compile(r"^[\W_]*(?:N[ơoôờ]i nh[ậâạa]n)\b\s*:?\W*", re.IGNORECASE)


def signer(foot: Sequence[Line], directory: Directory) -> tuple[Found[str | None], Found[str], Found[str | None]]:
    """``(name, position, on behalf of)``: "TM. ỦY BAN NHÂN DÂN / KT. CHỦ TỊCH / PHÓ CHỦ TỊCH" and the name below."""
    behalf: list[str] = []
    position: Found[str] = Found("", 0.0, None, "không thấy chức vụ người ký")
    name: Found[str | None] = Found(None, 0.5, None, "không thấy tên người ký")
    for text, page in _lines(foot):
        where = Place("phần ký", page)
        stripped = re.sub(r"\s+[a-z]{1,6}$", "", text)
        marked = _ON_BEHALF.match(stripped)
        if marked and marked["who"].strip().isupper():
            behalf.append(f"{marked['mark'].replace('/', '')}. {sentence_case(marked['who'].strip(), directory)}")
        elif _POSITION.match(stripped) and stripped.isupper() and not position.value:
            position = Found(_position(stripped), 0.96, where)
        elif (
            position.value
            and name.value is None
            and (match := _NAME.match(text))
            and match["name"].split()[0].title() in _SURNAMES
            and not text.isupper()
        ):
            name = Found(match["name"], 0.95, where)
        elif (
            position.value
            and name.value is None
            and (match := _NAME.match(text))
            and text.isupper()
            and match["name"].split()[0].title() in _SURNAMES
        ):
            name = Found(match["name"].title(), 0.9, where)
    if name.value is None and position.value:
        name = _unusual_name(foot) or name
    found = Found[str | None](", ".join(behalf) or None, 0.95 if behalf else 0.8)
    return name, position, found


def _unusual_name(foot: Sequence[Line]) -> Found[str | None] | None:
    """A last line that reads as a name although its surname is not a common one: less sure."""
    lines = [(t, page) for t, page in _lines(foot) if not _RECIPIENTS.match(t)]
    below = [i for i, (t, _) in enumerate(lines) if t.isupper() and (_POSITION.match(t) or _ON_BEHALF.match(t))]
    for text, page in reversed(lines[below[-1] + 1 :] if below else []):
        match = _NAME.match(text)
        if match and 2 <= len(match["name"].split()) <= 5 and not text.isupper() and not opens_body(text):
            return Found(match["name"], 0.75, Place("phần ký", page), "họ ít gặp, xem lại tên người ký")
    return None


def _position(text: str) -> str:
    lowered = re.sub(r"\b(?:ubnd|hđnd)\b", lambda m: m[0].upper(), text.lower())
    return re.sub(r"^(?:phó )?\w", lambda m: m[0].title() if len(m[0]) > 1 else m[0].upper(), lowered)


def _lines(foot: Sequence[Line]) -> list[tuple[str, int | None]]:
    return [
        (part, line.page)
        for line in foot
        for text in line.text.split("\n")
        for part in _NAME_AFTER.sub(r"\1\n\2", bare(text)).split("\n")
        if part
    ]


def recipients(foot: Sequence[Line]) -> tuple[str, ...]:
    """The lines below "Nơi nhận:"."""
    found: list[str] = []
    inside = False
    for raw, _ in _lines(foot):
        text = raw
        match = _RECIPIENTS.match(text)
        if match:
            inside, text = True, text[match.end() :]
        if not inside or not text:
            continue
        if _ON_BEHALF.match(text) or (text.isupper() and _POSITION.match(text)):
            inside = bool(found and not found[-1].startswith("Lưu"))
            continue
        if re.match(r"^[-–+*•]", text) or match or not found:
            found += [t for part in re.split(r";\s*(?=-)", text) if (t := part.strip(" -–+*•.;"))]
        elif not found[-1].startswith("Lưu") and not _NAME.match(text):
            found[-1] += f" {text.strip(' .;')}"
        inside = inside and not (found and found[-1].startswith("Lưu"))
    return tuple(found)
