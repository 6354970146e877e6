"""What understanding reads: lines of text and grids of cells, each with its place. Made from a document by ``sources.pieces_of``."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Line:
    """One paragraph. ``label`` is set where the numbering is not part of the text (Word lists); ``heading`` where its style says so."""

    text: str
    page: int | None = None
    heading: bool = False
    bold: bool = False
    block: int = 0


@dataclass(frozen=True)
class Cell:
    """A cell of a rectangular grid; a merged cell stands in each place it covers, ``own`` in its first place only."""

    text: str
    own: bool = True


@dataclass(frozen=True)
class Grid:
    """A table: rows of equal length."""

    rows: tuple[tuple[Cell, ...], ...]
    page: int | None = None
    block: int = 0
    pages: tuple[int | None, ...] = ()
    """Page of each row where the table runs over several; empty where they are not known."""

    def page_of(self, row: int) -> int | None:
        return self.pages[row] if row < len(self.pages) else self.page


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
