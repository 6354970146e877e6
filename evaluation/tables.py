"""Tables for people: the same rows as Markdown for the committed results and as aligned text for the terminal."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """A title, the column heads, and rows of cells. Floats are shown with three digits after the point, nothing as a dash."""

    title: str
    heads: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""

    def _text(self) -> list[tuple[str, ...]]:
        return [tuple(shown(c) for c in row) for row in self.rows]

    def markdown(self) -> str:
        lines = [f"### {self.title}", ""]
        lines += [f"| {' | '.join(self.heads)} |", f"|{'|'.join('---' if i == 0 else '---:' for i in range(len(self.heads)))}|"]
        lines += [f"| {' | '.join(c.replace('|', chr(92) + '|') for c in row)} |" for row in self._text()]
        return "\n".join([*lines, *(["", self.note] if self.note else [])]) + "\n"

    def plain(self) -> str:
        rows = self._text()
        widths = [max(len(r[i]) for r in [self.heads, *rows]) for i in range(len(self.heads))]

        def line(cells: Sequence[str]) -> str:
            return "  ".join(c.ljust(w) if i == 0 else c.rjust(w) for i, (c, w) in enumerate(zip(cells, widths, strict=True)))

        return "\n".join(
            [self.title, line(self.heads), line(["─" * w for w in widths]), *map(line, rows), *([self.note] if self.note else [])]
        )


def shown(cell: Cell) -> str:
    """A cell as text."""
    if cell is None:
        return "–"
    return f"{cell:.3f}" if isinstance(cell, float) else str(cell)
