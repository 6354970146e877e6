"""Tables of a PDF page from its ruling lines, by pdfplumber's steps: lines → crossings → cells → tables."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from pdfplumber.table import cells_to_tables, edges_to_intersections, intersections_to_cells, merge_edges

from index_builder.documents.model import Table
from index_builder.documents.reading.pdf_lines import Line, plain_lines
from index_builder.documents.reading.pdf_page import Glyph, Page
from index_builder.documents.reading.plain import starts_paragraph
from index_builder.documents.reading.tables import make_table

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom."""
MOST_EDGES = 4_000
"""Ruling lines of a page up to which tables are looked for: beyond, it is a drawing."""
_TOLERANCE = 3.0


@dataclass(frozen=True)
class Ruled:
    """Where a table stands on its page, and its cells."""

    box: Box
    cells: tuple[Box, ...]


def ruled_tables(page: Page) -> list[Ruled]:
    """Tables of at least two cells, from the top down."""
    vertical = sum(e["orientation"] == "v" for e in page.edges)
    if vertical < 2 or len(page.edges) - vertical < 2 or len(page.edges) > MOST_EDGES:
        return []
    edges = merge_edges(
        list(page.edges),
        snap_x_tolerance=_TOLERANCE,
        snap_y_tolerance=_TOLERANCE,
        join_x_tolerance=_TOLERANCE,
        join_y_tolerance=_TOLERANCE,
    )
    cells = intersections_to_cells(edges_to_intersections(edges, _TOLERANCE, _TOLERANCE))
    found = []
    for group in cells_to_tables(cells):
        if len(group) >= 2:
            box = min(c[0] for c in group), min(c[1] for c in group), max(c[2] for c in group), max(c[3] for c in group)
            found.append(Ruled(box, tuple(group)))
    return sorted(found, key=lambda t: t.box[1])


def inside(glyph: Glyph, box: Box) -> bool:
    x = (glyph.x0 + glyph.x1) / 2
    return box[0] <= x <= box[2] and box[1] - 1 <= glyph.middle <= box[3] + 1


def _marks(values: Sequence[float]) -> list[float]:
    """Sorted places of ruling lines, those within the tolerance as one."""
    out: list[float] = []
    for value in sorted(values):
        if not out or value - out[-1] > _TOLERANCE:
            out.append(value)
    return out


def _slot(marks: Sequence[float], value: float) -> int:
    return bisect_right(marks, value + _TOLERANCE) - 1


def cell_text(glyphs: Sequence[Glyph]) -> str:
    """Text of a cell: lines rejoined, a new line where one begins with a list mark."""
    out = ""
    before: Line | None = None
    for line in plain_lines(glyphs):
        apart = before is not None and (starts_paragraph(line.text) or line.top - before.bottom > 0.9 * line.size)
        out += f"{'' if before is None else chr(10) if apart else ' '}{line.text}"
        before = line
    return out


def table_of(ruled: Ruled, glyphs: Sequence[Glyph], page: int) -> Table | None:
    """The table's rows with merged cells filled; none for a frame without rows and columns."""
    xs = _marks([x for c in ruled.cells for x in (c[0], c[2])])
    ys = _marks([y for c in ruled.cells for y in (c[1], c[3])])
    if len(xs) < 3 and len(ys) < 3:
        return None
    grid = [[""] * (len(xs) - 1) for _ in range(len(ys) - 1)]
    spots: dict[tuple[int, int], int] = {}
    texts: list[list[Glyph]] = [[] for _ in ruled.cells]
    for number, (x0, top, x1, bottom) in enumerate(ruled.cells):
        for y in range(_slot(ys, top), _slot(ys, bottom)):
            for x in range(_slot(xs, x0), _slot(xs, x1)):
                spots[y, x] = number
    for glyph in glyphs:
        y = min(max(bisect_right(ys, glyph.middle) - 1, 0), len(ys) - 2)
        x = min(max(bisect_right(xs, (glyph.x0 + glyph.x1) / 2) - 1, 0), len(xs) - 2)
        if (y, x) in spots:
            texts[spots[y, x]].append(glyph)
    written = [cell_text(t) for t in texts]
    for (y, x), number in spots.items():
        grid[y][x] = written[number]
    return make_table(grid, page)
