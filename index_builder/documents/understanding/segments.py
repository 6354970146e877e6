"""The parts of an administrative document by Nghị định 30/2020/NĐ-CP: head, preamble, body, closing words, foot, annexes."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field, replace

from index_builder.documents.understanding.kinds import KINDS, bare, kind_of, rest_of_kind
from index_builder.documents.understanding.labels import Rank, parse
from index_builder.documents.understanding.pieces import Grid, Line, Piece
from index_builder.documents.understanding.tables import columns_of
from index_builder.documents.understanding.words import UPPER

PREAMBLE = re.compile(
    r"^(?:Căn cứ|Thực hiện|Triển khai|Nhằm|Để|Theo|Trên cơ sở|Tiếp tục|Xét|Thi hành|Tiếp theo|Ngày \d|Trong thời gian|Sau khi|Kính gửi|"
    r"Kính)\b",
    re.IGNORECASE,
)
_CLOSING = re.compile(
    r"^(?:Trên đây là|Trong quá trình (?:triển khai|tổ chức|thực hiện)|(?:Ủy ban nhân dân|UBND|Uỷ ban nhân dân|Sở|Ban|Yêu cầu|"
    r"Đề nghị)[^.]{0,120}"
    r"(?:yêu cầu|đề nghị|nghiêm túc|khẩn trương|quan tâm|phối hợp)[^.]{0,160}(?:Kế hoạch|Chương trình|Phương án|văn bản|Công văn|"
    r"Đề án)(?: này)?|(?:Yêu cầu|Đề nghị)[^.]{0,160}(?:nghiêm túc|khẩn trương)[^.]{0,20}(?:thực hiện|triển khai)\W*$|"
    r"Căn cứ [^,;.]{3,60} này, [^;.]{3,120}(?:triển khai|thực hiện)[^;.]{0,30};[^.]*(?:vướng mắc|khó khăn)|"
    r"(?:Quá trình|Nếu|Khi) [^.]{0,60}(?:vướng mắc|phát sinh)|Kế hoạch này (?:thay thế|có hiệu lực|được)|Nhận được)",
)
_ROLES = re.compile(
    rf"^(?:(?:TM|KT|TUQ|TL|Q|T/M|K/T)\s*[./]?\s*[{UPPER}][{UPPER}\s,-]{{3,}}|(?:Q\.\s*)?(?:PHÓ\s+)?(?:CHỦ TỊCH|(?:TỔNG )?GIÁM ĐỐC|"
    rf"CHÁNH VĂN PHÒNG|(?:TỔ )?TRƯỞNG(?: (?:BAN|PHÒNG))?|"
    rf"(?:CHI )?CỤC TRƯỞNG|BỘ TRƯỞNG|VỤ TRƯỞNG|HIỆU TRƯỞNG|CHÁNH THANH TRA|BÍ THƯ|VIỆN TRƯỞNG))(?:\s+[a-z]{{1,6}})?$"
)
_RECIPIENTS = re.compile(r"^(?:N[ơoôờ]i nh[ậâạa]n)\s*:?", re.IGNORECASE)
_HEADER_CELL = re.compile(
    r"CỘNG H[ÒO]A|Độc lập\s*[-–]|^\s*Số\s*:|N[ơo]i nhận|^(?:TM|KT|TL|TUQ)\s*\.|CHỦ TỊCH|GIÁM ĐỐC$|ngày\s*[\d.…_]*\s*tháng", re.MULTILINE
)
_STARTS = (Rank.PART, Rank.CHAPTER, Rank.CAPITAL, Rank.ROMAN, Rank.ARTICLE, Rank.ARABIC)


@dataclass(frozen=True)
class Segments:
    """A document's parts; each piece stands in one of them. ``kind`` is the heading word as written, None for letters."""

    head: tuple[Line, ...]
    kind: str | None
    title: tuple[Line, ...]
    preamble: tuple[Line, ...]
    body: tuple[Piece, ...]
    closing: tuple[Line, ...] = ()
    foot: tuple[Line, ...] = ()
    decision: Segments | None = None
    """The decision before an attached plan; this is then the plan."""
    notes: tuple[Line, ...] = field(default=())
    """Lines in brackets below the title: "(Ban hành kèm theo Quyết định số …)"."""


_ADDRESSED = re.compile(r"\s*Kính gửi", re.IGNORECASE)


def flattened(pieces: Sequence[Piece]) -> list[Piece]:
    """Tables that only lay out the head or the foot become lines, column by column; all others stay."""
    flat: list[Piece] = []
    for piece in pieces:
        texts = "\n".join(c.text for row in piece.rows for c in row) if isinstance(piece, Grid) else ""
        if isinstance(piece, Grid) and _HEADER_CELL.search(texts) and not ((found := columns_of(piece)) and found.of_tasks):
            to = next((i for i, row in enumerate(piece.rows) if i and any(_ADDRESSED.match(c.text) for c in row)), len(piece.rows))
            for first, last in ((0, to), (to, len(piece.rows))):
                for column in zip(*piece.rows[first:last], strict=False):
                    for at, cell in enumerate(column, first):
                        if cell.own:
                            flat += [Line(t.strip(), piece.page_of(at)) for t in cell.text.split("\n") if t.strip()]
        else:
            flat.append(piece)
    return flat


_MARKS = re.compile(
    rf"(?:(?<=\s)|^)(?:(?:(?:TM|KT|TUQ|TL)\s*\.|[TK]/[MT])\s*(?=[{UPPER}])|"
    r"(?:(?<!KT\. )(?<!KT\.)(?<!PHÓ )(?<!TL\. )(?<!TUQ\. ))(?:PHÓ )?(?:CHỦ TỊCH|GIÁM ĐỐC|CHÁNH VĂN PHÒNG|TRƯỞNG BAN|TRƯỞNG PHÒNG|"
    r"BÍ THƯ)(?=\s|$))"
)


def unmerged(pieces: Sequence[Piece]) -> list[Piece]:
    """Lines that a format ran together are taken apart again: the heading word and the title, the offices of a signature, and what
    stood beside "Nơi nhận" in another column."""
    apart: list[Piece] = []
    for piece in pieces:
        parts = _apart(bare(piece.text)) if isinstance(piece, Line) else []
        apart += [replace(piece, text=t) for t in parts] if isinstance(piece, Line) and len(parts) > 1 else [piece]
    return apart


def _apart(text: str) -> list[str]:
    for kind in sorted(KINDS, key=len, reverse=True):
        rest = text[len(kind) :].strip(" :") if text.startswith(f"{kind} ") else ""
        if rest and not rest.isupper() and not rest.startswith(("số", "Số", "này")) and len(text.split()) > len(kind.split()) + 2:
            return [kind, rest]
    cuts = [m.start() for m in _MARKS.finditer(text)]
    if not cuts or _numbered(text) or not (text.isupper() or _RECIPIENTS.match(text) or text.startswith(("-", "+"))):
        return [text]
    parts = [text[a:b].strip() for a, b in zip([0, *cuts], [*cuts, len(text)], strict=True)]
    return [p for p in parts if p]


def _numbered(text: str) -> bool:
    """ "5. CHỦ TỊCH UBND CÁC HUYỆN" heads a section; it is no line of a signature."""
    label = parse(text)
    return label is not None and label[0].rank < Rank.STAR


def mended(pieces: Sequence[Piece]) -> list[Piece]:
    """Paragraphs that a page break cut in two are one again: the second begins in lower case and the first did not end."""
    whole: list[Piece] = []
    for piece in pieces:
        last = whole[-1] if whole else None
        if isinstance(piece, Line) and isinstance(last, Line) and _goes_on(last.text.strip(), piece.text.strip()):
            whole[-1] = replace(last, text=f"{last.text.rstrip()} {piece.text.strip()}")
        else:
            whole.append(piece)
    return whole


def _goes_on(before: str, after: str) -> bool:
    if not before or not after[:1].islower() or parse(after):
        return False
    return before[-1] not in ".:!?" and not (before.isupper() and len(before) < 60)


def split(pieces: Sequence[Piece]) -> Segments:
    """Pieces of a whole document → its parts. Where a decision issues a plan, the plan is returned with the decision inside."""
    pieces = mended(unmerged(flattened(pieces)))
    kinds = [(i, k) for i, p in enumerate(pieces) if isinstance(p, Line) and (k := kind_of(p))]
    if kinds and kinds[0][1] == "Quyết định":
        attached = next((i for i, k in kinds if k != "Quyết định" and _is_title_page(pieces, i)), None)
        if attached is not None:
            start = _annex_start(pieces, attached)
            return replace(_one(pieces[start:], attached - start), decision=_one(pieces[:start], kinds[0][0]))
        again = next((i for i, k in kinds[1:] if k == "Quyết định"), None)
        pieces = [p for i, p in enumerate(pieces) if i != again] if again else pieces
    return _one(pieces, kinds[0][0] if kinds else None)


def _is_title_page(pieces: Sequence[Piece], at: int) -> bool:
    following = [p for p in pieces[at + 1 : at + 8] if isinstance(p, Line)]
    return any(re.search(r"kèm theo", p.text, re.IGNORECASE) for p in following) or at > 12


def _annex_start(pieces: Sequence[Piece], attached: int) -> int:
    """The plan's own head (body, motto) stands directly above its kind; it goes with the plan."""
    start = attached
    while start > 0:
        before = pieces[start - 1]
        if not isinstance(before, Line) or not re.match(
            r"CỘNG H|Độc lập|[ỦU]Y BAN|UBND|SỞ |TỈNH |THÀNH PHỐ|HUYỆN|Phụ lục|PHỤ LỤC", before.text.strip()
        ):
            break
        start -= 1
    return start


def _one(pieces: Sequence[Piece], kind_at: int | None) -> Segments:
    if kind_at is None:
        return _letter(pieces)
    lines_before = tuple(p for p in pieces[:kind_at] if isinstance(p, Line))
    kind_line = pieces[kind_at]
    kind = kind_of(kind_line) if isinstance(kind_line, Line) else None
    title, notes, at = _title(pieces, kind_at + 1)
    rest = rest_of_kind(kind_line) if isinstance(kind_line, Line) else ""
    if rest and isinstance(kind_line, Line):
        title = (replace(kind_line, text=rest), *title)
    preamble, at = _preamble(pieces, at)
    body, closing, foot = _body(pieces[at:])
    return Segments(lines_before, kind, title, preamble, body, closing, foot, notes=notes)


def _title(pieces: Sequence[Piece], at: int) -> tuple[tuple[Line, ...], tuple[Line, ...], int]:
    title: list[Line] = []
    notes: list[Line] = []
    while at < len(pieces):
        piece = pieces[at]
        if not isinstance(piece, Line):
            break
        text = bare(piece.text)
        if not text or re.fullmatch(r"[-–_=\s.]+", text):
            at += 1
            if title:
                continue
            continue
        if text.startswith("(") or (notes and not notes[-1].text.rstrip(" *").endswith(")")):
            notes.append(piece)
            at += 1
            continue
        found = parse(text)
        if notes or (found and found[0].rank in _STARTS) or (title and _ends_title(title, piece)):
            break
        title.append(piece)
        at += 1
    return tuple(title), tuple(notes), at


def _ends_title(title: Sequence[Line], line: Line) -> bool:
    """Whether the title is over before ``line``: a full paragraph, the words that open a preamble, or the issuing authority."""
    text = bare(line.text)
    if re.match(r"^[ỦUA-ZĐ][^a-zà-ỹ]{8,}$", text) and re.match(r"(?:CHỦ TỊCH|[ỦU]Y BAN|GIÁM ĐỐC|BỘ TRƯỞNG|HỘI ĐỒNG)", text):
        return True
    if re.match(r"Căn cứ|Xét|Kính gửi", text, re.IGNORECASE):
        return True
    if text[:1].islower():
        return False
    if title[-1].centred and not line.centred:
        return True
    long = len(text.split()) > 25 or text.endswith((".", ":", ";"))
    return bool((PREAMBLE.match(text) and (long or re.search(r"\d+/", text))) or long or len(title) >= 6)


def _preamble(pieces: Sequence[Piece], at: int) -> tuple[tuple[Line, ...], int]:
    found: list[Line] = []
    while at < len(pieces):
        piece = pieces[at]
        if not isinstance(piece, Line):
            break
        label = parse(piece.text.strip())
        if label and label[0].rank in _STARTS and not (label[0].rank is Rank.ARABIC and label[0].number != 1):
            break
        if kind_of(piece) is None:
            found.append(piece)
        at += 1
    return tuple(found), at


def _body(pieces: Sequence[Piece]) -> tuple[tuple[Piece, ...], tuple[Line, ...], tuple[Line, ...]]:
    foot_at = _foot_start(pieces)
    annex_at = _annex_after(pieces, foot_at)
    foot = tuple(p for p in pieces[foot_at:annex_at] if isinstance(p, Line))
    main = list(pieces[:foot_at])
    closing: list[Line] = []
    while main and isinstance(main[-1], Line) and _CLOSING.match(main[-1].text.strip()) and not parse(main[-1].text.strip()):
        closing.insert(0, main.pop())  # type: ignore[arg-type]
    return (*main, *pieces[annex_at:]), tuple(closing), foot


def _foot_start(pieces: Sequence[Piece]) -> int:
    for i, piece in enumerate(pieces):
        text = bare(piece.text) if isinstance(piece, Line) else ""
        if _RECIPIENTS.match(text) or _ROLES.match(text):
            return i
    return len(pieces)


def _annex_after(pieces: Sequence[Piece], foot_at: int) -> int:
    for i in range(foot_at, len(pieces)):
        piece = pieces[i]
        if isinstance(piece, Grid):
            return i
        if re.match(r"(?:PHỤ LỤC|Phụ lục|BIỂU|DANH MỤC)\b", bare(piece.text)) and i > foot_at:
            return i
    return len(pieces)


def _letter(pieces: Sequence[Piece]) -> Segments:
    """An official letter (công văn) has no heading word: its head ends at "Kính gửi"."""
    at = next((i for i, p in enumerate(pieces) if isinstance(p, Line) and re.match(r"Kính gửi", p.text.strip(), re.IGNORECASE)), None)
    if at is None:
        at = next((i for i, p in enumerate(pieces) if isinstance(p, Line) and (f := parse(p.text.strip())) and f[0].rank in _STARTS), 0)
    head = tuple(p for p in pieces[:at] if isinstance(p, Line))
    preamble, start = _preamble(pieces, at)
    body, closing, foot = _body(pieces[start:])
    if not body and preamble:
        body, preamble = preamble, ()
    return Segments(head, None, (), preamble, body, closing, foot)
