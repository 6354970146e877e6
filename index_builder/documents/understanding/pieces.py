"""What understanding reads: lines of text and grids of cells, each with its place.

``pieces_of`` makes them from a document as read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from index_builder.documents.model import Document, Paragraph, Table


@dataclass(frozen=True)
class Line:
    """One line of a paragraph, its number included; ``heading`` where its style says so."""

    text: str
    page: int | None = None
    heading: bool = False
    bold: bool = False
    centred: bool = False


@dataclass(frozen=True)
class Cell:
    """A cell of a rectangular grid; a merged cell stands in each place it covers, ``own`` in its first place only."""

    text: str
    own: bool = True


@dataclass(frozen=True)
class Grid:
    """A table: rows of equal length."""

    rows: tuple[tuple[Cell, ...], ...]
    pages: tuple[int | None, ...] = ()
    """Page of each row."""

    def page_of(self, row: int) -> int | None:
        return self.pages[row] if row < len(self.pages) else None


Piece = Line | Grid


@dataclass(frozen=True)
class Place:
    """Where in the original: page, the section as a person says it, a row of which table (both from 1)."""

    section: str
    page: int | None = None
    table: int | None = None
    row: int | None = None

    def __str__(self) -> str:
        parts = [f"trang {self.page}" if self.page else "", self.section, f"bảng {self.table}, hàng {self.row}" if self.row else ""]
        return " · ".join(p for p in parts if p)


def pieces_of(document: Document) -> list[Piece]:
    """Blocks in reading order → lines (one for each line the writer broke) and grids."""
    pieces: list[Piece] = []
    for block in document.blocks:
        if isinstance(block, Table):
            pieces.append(_grid(block))
        else:
            pieces += _lines(block)
    return pieces


def _lines(block: Paragraph) -> list[Line]:
    look, page = block.look, block.place.page
    parts = [p.strip() for p in block.full_text.split("\n")]
    return [Line(p, page, look.heading is not None, look.bold, look.centred) for p in parts if p]


def _grid(table: Table) -> Grid:
    rows: list[tuple[Cell, ...]] = []
    above: Sequence[str] = ()
    for row in table.rows:
        rows.append(tuple(Cell(text, _is_own(row.cells, above, i)) for i, text in enumerate(row.cells)))
        above = row.cells
    return Grid(tuple(rows), tuple(row.place.page for row in table.rows))


def _is_own(cells: Sequence[str], above: Sequence[str], column: int) -> bool:
    """A merged cell repeats its text: in its row, or below it together with the first column (alone, equal texts are just equal)."""
    text = cells[column]
    if not text:
        return True
    across = column > 0 and cells[column - 1] == text
    down = len(above) == len(cells) and above[column] == text and above[0] == cells[0] and bool(cells[0])
    return not (across or down)
