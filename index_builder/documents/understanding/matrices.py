"""Tables that mark who does what: a column an office, "X" (or "C" and "P") where the office has a part in the row's work.

They become the table that says the same with one column of those who lead and one of those who help.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index_builder.documents.understanding.bodies import opens_body
from index_builder.documents.understanding.pieces import Cell, Grid, Piece

LEAD_HEADING, PARTNER_HEADING = "Cơ quan chủ trì", "Cơ quan phối hợp"
_LEADS = re.compile(r"^[\s(]*(?:c|ct|c/t|chủ trì|cơ quan chủ trì|●|◉|■|★|xx)[\s).]*$", re.IGNORECASE)
_HELPS = re.compile(r"^[\s(]*(?:p|ph|p/h|phối hợp|o|○|◦|□|△)[\s).]*$", re.IGNORECASE)
_MARKED = re.compile(r"^[\s(]*(?:x|×|✓|✔|√|v|\+|có)[\s).]*$", re.IGNORECASE)
_EMPTY = re.compile(r"^[\s\-–./]*$")
_HEADING_ROWS = 3


def without_matrices(pieces: Sequence[Piece]) -> tuple[Piece, ...]:
    """All pieces, their matrices as ordinary tables."""
    return tuple(unmatrixed(p) if isinstance(p, Grid) else p for p in pieces)


def unmatrixed(grid: Grid) -> Grid:
    """A matrix → the same rows with the names of those who lead and who help; any other table unchanged."""
    for at in range(min(_HEADING_ROWS, len(grid.rows) - 1)):
        offices = _offices(grid, at)
        if len(offices) >= 2:
            return _named(grid, at, offices)
    return grid


def _offices(grid: Grid, heading: int) -> list[int]:
    """Columns headed by a body that hold nothing but marks below; none where no mark stands in any of them."""
    below = grid.rows[heading + 1 :]
    found = [
        i
        for i, cell in enumerate(grid.rows[heading])
        if opens_body(cell.text.strip()) and len(cell.text) <= 120 and all(_is_mark(row[i]) or _spans(row, i) for row in below)
    ]
    return found if any(not _EMPTY.match(row[i].text) and not _spans(row, i) for row in below for i in found) else []


def _is_mark(cell: Cell) -> bool:
    return any(p.match(cell.text) for p in (_EMPTY, _LEADS, _HELPS, _MARKED))


def _spans(row: tuple[Cell, ...], column: int) -> bool:
    """A row of one text over many columns, as a group has."""
    return sum(c.text == row[column].text for c in row) >= max(3, len(row) - 2) and not _is_mark(row[column])


def _named(grid: Grid, heading: int, offices: list[int]) -> Grid:
    kept = [i for i in range(len(grid.rows[heading])) if i not in offices]
    names = {i: re.sub(r"\s+", " ", grid.rows[heading][i].text).strip() for i in offices}
    rows: list[tuple[Cell, ...]] = [(*(grid.rows[heading][i] for i in kept), Cell(LEAD_HEADING), Cell(PARTNER_HEADING))]
    pages = [grid.page_of(heading)]
    for at, row in enumerate(grid.rows[heading + 1 :], heading + 1):
        leads = [names[i] for i in offices if _LEADS.match(row[i].text)]
        helps = [names[i] for i in offices if _HELPS.match(row[i].text)]
        marked = [names[i] for i in offices if _MARKED.match(row[i].text)]
        leads, helps = (leads, helps + marked) if leads else (marked, helps)
        group = row[offices[0]] if _spans(row, offices[0]) else None
        filled = (group, group) if group else (Cell("; ".join(leads)), Cell("; ".join(helps)))
        rows.append((*(row[i] for i in kept), *filled))
        pages.append(grid.page_of(at))
    blank = tuple(Cell("") for _ in rows[0])
    return Grid((*(blank for _ in range(heading)), *rows), (*(grid.page_of(i) for i in range(heading)), *pages))
