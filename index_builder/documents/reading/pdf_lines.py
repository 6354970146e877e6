"""Letters of a page → lines in reading order: letters to lines, gaps to blanks, wide gaps to columns."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from index_builder.documents.reading.legacy import Legacy, capitals_font, decode, font_encoding, has_unicode_letters
from index_builder.documents.reading.pdf_page import Glyph

_BLANK = 0.22
"""Gap between letters, in font sizes, from which there is a blank between them."""
_COLUMN = 2.4
"""Gap from which two texts on one height belong to different columns."""


@dataclass(frozen=True)
class Line:
    """One line of one column; ``column``: left and right edge of its column where it stands beside another."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    bold: bool
    italic: bool
    column: tuple[float, float] | None = None

    @property
    def middle(self) -> float:
        return (self.x0 + self.x1) / 2


def _by_height(glyphs: Sequence[Glyph]) -> Iterator[list[Glyph]]:
    """Letters that stand on one height, from the top down, each line from left to right."""
    current: list[Glyph] = []
    height = 0.0
    for glyph in sorted(glyphs, key=lambda g: (g.middle, g.x0)):
        if current and glyph.middle - height > 0.45 * min(glyph.size, current[0].size):
            yield sorted(current, key=lambda g: g.x0)
            current = []
        height = glyph.middle if not current else (height * len(current) + glyph.middle) / (len(current) + 1)
        current.append(glyph)
    if current:
        yield sorted(current, key=lambda g: g.x0)


def _without_doubles(row: Sequence[Glyph]) -> list[Glyph]:
    """Some programs print bold letters twice, a hair apart."""
    kept: list[Glyph] = []
    for glyph in row:
        if not any(k.text == glyph.text and abs(k.x0 - glyph.x0) < 0.15 * glyph.size for k in kept[-3:]):
            kept.append(glyph)
    return kept


def _decoded(pieces: Sequence[tuple[str, Legacy | None, bool]]) -> str:
    out: list[str] = []
    i = 0
    while i < len(pieces):
        end = i
        while end < len(pieces) and (pieces[end][1:] == pieces[i][1:] or pieces[end][0] == " "):
            end += 1
        text = "".join(p[0] for p in pieces[i:end])
        encoding = pieces[i][1]
        out.append(decode(text, encoding, capitals=pieces[i][2]) if encoding and not has_unicode_letters(text) else text)
        i = end
    return "".join(out)


def line_of(row: Sequence[Glyph]) -> Line | None:
    """Letters from left to right → a line; none for blanks alone."""
    pieces: list[tuple[str, Legacy | None, bool]] = []
    before: Glyph | None = None
    for glyph in row:
        blank = before is not None and (glyph.word or glyph.x0 - before.x1 > _BLANK * glyph.size)
        if blank and pieces and pieces[-1][0] != " " and not glyph.text.isspace():
            pieces.append((" ", *pieces[-1][1:]))
        pieces.append((" " if glyph.text.isspace() else glyph.text, font_encoding(glyph.font), capitals_font(glyph.font)))
        before = glyph
    seen = [g for g in row if not g.text.isspace()]
    text = _decoded(pieces).strip()
    if not seen or not text:
        return None
    sizes = sorted(g.size for g in seen)
    return Line(
        " ".join(text.split()), seen[0].x0, max(g.x1 for g in seen), min(g.top for g in seen), max(g.bottom for g in seen),
        sizes[len(sizes) // 2], all(g.bold for g in seen), all(g.italic for g in seen),
    )  # fmt: skip


def _segments(row: Sequence[Glyph]) -> list[Line]:
    """A row cut at wide gaps."""
    parts: list[list[Glyph]] = [[]]
    end: float | None = None
    for glyph in row:
        if glyph.text.isspace():
            parts[-1].append(glyph)
            continue
        if end is not None and glyph.x0 - end > _COLUMN * glyph.size:
            parts.append([])
        parts[-1].append(glyph)
        end = glyph.x1 if end is None else max(end, glyph.x1)
    return [line for part in parts if (line := line_of(part)) is not None]


def _in_columns(rows: Sequence[list[Line]]) -> Iterator[Line]:
    """Rows one after another; where rows stand side by side in two columns, first the left column, then the right."""
    i = 0
    while i < len(rows):
        if len(rows[i]) != 2:
            yield from rows[i]
            i += 1
            continue
        left, right = rows[i][0].x1, rows[i][1].x0
        end = i
        while end < len(rows):
            row = rows[end]
            wide_left = max([left, *(s.x1 for s in row if s.x0 < right and s.x1 <= right)])
            wide_right = min([right, *(s.x0 for s in row if s.x0 > left)])
            split = len(row) == 2 and row[0].x1 < wide_right and row[1].x0 > wide_left
            alone = len(row) == 1 and (row[0].x1 < wide_right or row[0].x0 > wide_left) and end > i
            near = end == i or row[0].top - rows[end - 1][0].bottom < 2.2 * row[0].size
            if not (split or alone) or not near or wide_left >= wide_right:
                break
            left, right, end = wide_left, wide_right, end + 1
        # Lines after the last pair that only happen to be short go on in the page's own column.
        while end > i + 1 and len(rows[end - 1]) == 1 and rows[end - 1][0].x0 < left and not _still_left(rows, i, end):
            end -= 1
        block = [segment for row in rows[i:end] for segment in row]
        for side in ([s for s in block if s.x0 < left], [s for s in block if s.x0 >= left]):
            edges = min(s.x0 for s in side), max(s.x1 for s in side)
            yield from (replace(s, column=edges) for s in side)
        i = end


def _still_left(rows: Sequence[list[Line]], start: int, end: int) -> bool:
    """Whether the last row of a block, alone at the left, belongs to the left column: it begins where that column does and its letters
    are no larger (a list of recipients in small print, beside a signature)."""
    column = [row[0] for row in rows[start : end - 1] if row]
    last = rows[end - 1][0]
    return min(abs(c.x0 - last.x0) for c in column) < 0.8 * last.size and abs(column[-1].size - last.size) < 0.6


def lines_of(glyphs: Sequence[Glyph]) -> list[Line]:
    """All lines of a page (without its tables' letters) in reading order."""
    return list(_in_columns([s for row in _by_height(glyphs) if (s := _segments(_without_doubles(row)))]))


def plain_lines(glyphs: Sequence[Glyph]) -> list[Line]:
    """Lines without looking for columns: for the inside of a cell."""
    return [line for row in _by_height(glyphs) if (line := line_of(_without_doubles(row))) is not None]
