"""What every format needs after reading: one encoding, page numbers out of the text, broken paragraphs rejoined, certain slips mended.

Only what is certain is changed, and each kind of change leaves a note for the person who reviews.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from index_builder.documents.model import Block, Paragraph, Place, Table
from index_builder.documents.reading.legacy import NAMES, converted
from index_builder.documents.reading.tables import join_tables

_INVISIBLE = re.compile("[\u00ad\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff\ufffc\x00-\x08\x0e-\x1f\x7f-\x9f]")
_LIGATURES = str.maketrans({"ﬁ": "fi", "ﬂ": "fl", "ﬀ": "ff", "ﬃ": "ffi", "ﬄ": "ffl", "\x0b": "\n", "\x0c": "\n", "\u2028": "\n"})
_BLANKS = re.compile(r"[^\S\n]+")
_PAGE_NUMBER = re.compile(r"^(?:trang|page)?\s*[-–—]*\s*(\d{1,4})\s*[-–—]*(?:\s*(?:/|of|trên)\s*\d{1,4})?$", re.I)
_ENDS = tuple(".;:!?…”\"'»/)")
_MARKER = re.compile(r"^(?:[a-zđ]{1,2}[.)/]|[ivx]+[.)]|\d+[.)]|[-–+*•])\s")
_LEAST_BROKEN = 50
"""Characters from which a paragraph that ends without a mark and goes on in small letters was broken, and is no title or label."""

_D = r"(?<=\d)"
SLIPS: tuple[tuple[re.Pattern[str], str], ...] = (
    (re.compile(rf"{_D}[Oo](?=\d)"), "0"),
    (re.compile(rf"{_D}[lI](?=\d)"), "1"),
    (re.compile(r"\b(ng)(?:ảy|áy|ây|ãy)(?=\s+\d{1,2}\s+th[áảa]ng\b)"), r"\1ày"),
    (re.compile(r"(?<=\d )th(?:ảng|ang|àng|âng)(?=\s+\d{1,2}\s+n[ăãâàa]m\b)"), "tháng"),
    (re.compile(r"\bnãm(?=\s+(?:19|20)\d\d\b)"), "năm"),
    (re.compile(r"\b[ƯÙÚỪ]BND\b"), "UBND"),
    (re.compile(r"\b[ƯỪ][ỷyỵ] ban\b"), "Ủy ban"),
    (re.compile(r"(?<=/NĐ-)[GO]P\b"), "CP"),
    (re.compile(r"(?<=\d/)Q[ĐD]-(?=UBND|TTg|BNV|BTTTT)"), "QĐ-"),
)
"""Slips of recognition that can mean only one thing where they stand: pattern and what it should be."""


def tidy(text: str) -> str:
    """NFC, ligatures and blanks made plain, invisible characters out; line breaks stay."""
    text = unicodedata.normalize("NFC", _INVISIBLE.sub("", text.translate(_LIGATURES)))
    return "\n".join(line for part in text.split("\n") if (line := _BLANKS.sub(" ", part).strip()))


def mend_slips(text: str, found: Counter[str]) -> str:
    for pattern, right in SLIPS:
        for match in pattern.finditer(text):
            wrong = text[max(0, match.start() - 4) : match.end() + 4].strip().replace("\n", " ")
            found[f"“{wrong}” → “{match.expand(right)}”"] += match[0] != match.expand(right)
        text = pattern.sub(right, text)
    return text


def _texts(blocks: Sequence[Block]) -> list[str]:
    out: list[str] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            out.append(block.text)
        else:
            out += [cell for row in block.rows for cell in row.cells]
    return out


def _with_texts(blocks: Sequence[Block], texts: Sequence[str]) -> list[Block]:
    """The blocks with other texts, given in the order of :func:`_texts`."""
    rest = iter(texts)
    out: list[Block] = []
    for block in blocks:
        if isinstance(block, Paragraph):
            out.append(replace(block, text=next(rest)))
        else:
            out.append(replace(block, rows=tuple(replace(r, cells=tuple(next(rest) for _ in r.cells)) for r in block.rows)))
    return out


def without_page_numbers(blocks: Sequence[Block]) -> tuple[list[Block], int]:
    """Leave out paragraphs that are only a page number: at least two that count upwards, none of them a list's own."""
    found: list[tuple[int, int]] = []
    for i, block in enumerate(blocks):
        match = _PAGE_NUMBER.match(block.text) if isinstance(block, Paragraph) and block.numbering is None else None
        if match and (not found or int(match[1]) > found[-1][1]):
            found.append((i, int(match[1])))
    steps = [b[1] - a[1] for a, b in pairwise(found)]
    if len(found) < 2 or any(step > 2 for step in steps) or found[0][1] > 3:
        return list(blocks), 0
    dropped = {i for i, _ in found}
    return [b for i, b in enumerate(blocks) if i not in dropped], len(dropped)


def goes_on(above: Paragraph, below: Paragraph) -> bool:
    """Whether ``below`` is the rest of the sentence that ``above`` began."""
    if above.look.heading or below.look.heading or below.numbering is not None or above.look.centred or below.look.centred:
        return False
    text, rest = above.text, below.text
    if len(text) < _LEAST_BROKEN or text.endswith(_ENDS) or text.isupper() or _MARKER.match(rest) or above.look.bold != below.look.bold:
        return False
    return rest[:1].islower()


def rejoined(blocks: Sequence[Block]) -> tuple[list[Block], int]:
    """Paragraphs broken in the middle of a sentence → whole."""
    out: list[Block] = []
    count = 0
    for block in blocks:
        above = out[-1] if out else None
        if isinstance(block, Paragraph) and isinstance(above, Paragraph) and goes_on(above, block):
            out[-1] = replace(
                above, text=f"{above.text} {block.text}", look=replace(above.look, italic=above.look.italic and block.look.italic)
            )
            count += 1
        else:
            out.append(block)
    return out, count


def numbered(blocks: Sequence[Block]) -> tuple[Block, ...]:
    """Blocks and rows with their numbers in reading order."""
    out: list[Block] = []
    for i, block in enumerate(blocks):
        place = Place(block.place.page, i)
        if isinstance(block, Paragraph):
            out.append(replace(block, place=place))
        else:
            rows = tuple(replace(r, place=Place(r.place.page, i, n)) for n, r in enumerate(block.rows))
            out.append(replace(block, place=place, rows=rows))
    return tuple(out)


def _as_said_by_text(block: Block) -> Block:
    """A list mark typed by hand ("- ", "+ ") becomes the paragraph's numbering, as if the program had set it."""
    if isinstance(block, Table) or block.numbering is not None or block.look.heading:
        return block
    match = re.match(r"^([-–—+•*])\s+(?=\S)", block.text)
    if not match:
        return block
    mark = "-" if match[1] in "–—•*" else match[1]
    return replace(block, text=block.text[match.end() :], numbering=mark, look=replace(block.look, indent=block.look.indent or 0))


def mend(blocks: Sequence[Block]) -> tuple[tuple[Block, ...], tuple[str, ...]]:
    """Blocks as a format's reader gives them → mended blocks with their places, and notes in Vietnamese."""
    notes: list[str] = []
    texts, encoding, changed = converted(_texts(blocks))
    if encoding is not None:
        notes.append(f"Chữ ở bảng mã {NAMES[encoding]} đã chuyển sang Unicode ({changed} đoạn).")
    slips: Counter[str] = Counter()
    texts = [mend_slips(tidy(t), slips) for t in texts]
    kept: list[Block] = []
    for block in _with_texts(blocks, texts):
        if isinstance(block, Table):
            if any(any(r.cells) for r in block.rows):
                kept.append(block)
        elif block.text:
            kept.append(_as_said_by_text(block))
    kept, dropped = without_page_numbers(kept)
    if dropped:
        notes.append(f"Đã bỏ {dropped} số trang nằm giữa văn bản.")
    kept, table_notes = join_tables(kept)
    kept, joined = rejoined(kept)
    notes += table_notes
    if joined:
        notes.append(f"Đã nối {joined} đoạn bị ngắt giữa câu.")
    mended = [f"{what} ({n} chỗ)" for what, n in slips.items() if n]
    if mended:
        notes.append("Đã sửa lỗi nhận dạng chữ: " + "; ".join(mended[:10]) + ("; …" if len(mended) > 10 else "") + ".")
    return numbered(kept), tuple(notes)
