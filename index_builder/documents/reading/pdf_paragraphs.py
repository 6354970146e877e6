"""Lines of a PDF → paragraphs, across pages: by indents, short last lines, spacing, list marks and look."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from index_builder.documents.model import Look, Paragraph, Place
from index_builder.documents.reading.pdf_lines import Line
from index_builder.documents.reading.plain import starts_paragraph
from knowledge.spelling import VIETNAMESE
from knowledge.text import folded_keys

_HYPHEN = re.compile(r"([^\W\d_]+)-$")


@dataclass(frozen=True)
class Placed:
    """A line with its page and the edges of its page's text."""

    line: Line
    page: int
    left: float
    right: float

    @property
    def balanced(self) -> bool:
        """As far from the left as from the right edge."""
        return abs(self.line.middle - (self.left + self.right) / 2) < 0.03 * (self.right - self.left)

    @property
    def centred(self) -> bool:
        """In the middle of the text, with air on both sides."""
        air = min(self.line.x0 - self.left, self.right - self.line.x1)
        return self.balanced and air > 1.5 * self.line.size


def margins(lines: Sequence[Line], width: float) -> tuple[float, float]:
    """Left and right edge of a page's text: where most long lines begin and end."""
    long = [line for line in lines if line.x1 - line.x0 > 0.5 * width]
    if len(long) < 2:
        return (0.1 * width, 0.93 * width) if not lines else (min(x.x0 for x in lines), max(max(x.x1 for x in lines), 0.9 * width))
    return min(x.x0 for x in long), max(x.x1 for x in long)


def usual_gap(lines: Iterable[Sequence[Line]]) -> float:
    """The usual distance from one line's bottom to the next one's top, in font sizes."""
    gaps = [(b.top - a.bottom) / b.size for page in lines for a, b in pairwise(page) if -1 < (b.top - a.bottom) / b.size < 1.5]
    return median(gaps) if gaps else 0.2


def _begins(above: Placed, below: Placed, gap: float) -> bool:
    """Whether ``below`` begins a paragraph after ``above``."""
    a, b = above.line, below.line
    same_page = above.page == below.page
    if starts_paragraph(b.text) and not (a.text.endswith((" số", " ngày", " tháng", " khoản", " Điều"))):
        return True
    if abs(a.size - b.size) > 0.12 * b.size or (a.bold != b.bold and (above.centred or below.centred or a.bold)):
        return True
    if above.centred or below.centred:
        near = same_page and above.balanced and below.balanced and b.top - a.bottom < (gap + 0.6) * b.size
        # A title's kind ("KẾ HOẠCH") stands for itself above what it is about.
        wide = a.x1 - a.x0 > 0.5 * (b.x1 - b.x0)
        return not (near and wide and a.text.isupper() == b.text.isupper())
    if same_page and (b.top - a.bottom > (gap + 0.45) * b.size or b.bottom < a.top):
        return True
    indented = b.x0 - below.left > 0.9 * b.size and b.x0 - a.x0 > 0.9 * b.size
    short = above.right - a.x1 > 3.0 * a.size
    if not same_page:
        return short or b.x0 - below.left > 0.9 * b.size
    return indented or short


def _joined(above: str, below: str) -> str:
    """Two lines as one text; a foreign word broken with a hyphen becomes whole."""
    match = _HYPHEN.search(above)
    rest = below.split(" ", 1)[0]
    if match and rest[:1].islower():
        halves = [*folded_keys(match[1]), *folded_keys(rest)]
        return f"{above}{below}" if all(h in VIETNAMESE for h in halves) else f"{above[:-1]}{below}"
    return f"{above} {below}"


def paragraphs(lines: Sequence[Placed], gap: float) -> list[Paragraph]:
    """Lines that follow one another (no table between) → paragraphs."""
    out: list[Paragraph] = []
    group: list[Placed] = []

    def flush() -> None:
        if group:
            text = group[0].line.text
            for placed in group[1:]:
                text = _joined(text, placed.line.text)
            look = Look(
                None,
                all(p.line.bold for p in group),
                all(p.line.italic for p in group),
                all(p.balanced for p in group) and any(p.centred for p in group),
            )
            out.append(Paragraph(text, Place(group[0].page, 0), look))
            group.clear()

    for placed in lines:
        if group and _begins(group[-1], placed, gap):
            flush()
        group.append(placed)
    flush()
    return out
