"""What stands on pages without belonging to the text: running headers and footers, page numbers."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from index_builder.documents.reading.pdf_lines import Line

_NUMBER = re.compile(r"^(?:trang|page)?\s*[-–—|]*\s*(\d{1,4})\s*[-–—|]*(?:\s*(?:/|of|trên)\s*\d{1,4})?$", re.I)
_DIGITS = re.compile(r"\d+")
_EDGE = 0.12
"""Share of a page's height at its top and bottom where such lines stand."""
_MOST = 3
"""Lines at either end of a page that are looked at."""


def _edges(lines: Sequence[Line], height: float) -> list[int]:
    """Numbers of the lines near the top or the bottom."""
    order = sorted(range(len(lines)), key=lambda i: lines[i].top)
    top = [i for i in order[:_MOST] if lines[i].bottom < _EDGE * height]
    bottom = [i for i in order[-_MOST:] if lines[i].top > (1 - _EDGE) * height]
    return list(dict.fromkeys([*top, *bottom]))


def _key(line: Line) -> tuple[str, int]:
    """What a running line has in common on all pages: its words whatever its numbers, and its height."""
    return _DIGITS.sub("#", line.text.lower()), round(line.top / 4)


def without_furniture(pages: Sequence[tuple[list[Line], float]]) -> tuple[list[list[Line]], int, int]:
    """Lines and height of each page → lines without furniture, how many page numbers and how many running lines were left out."""
    repeated: Counter[tuple[str, int]] = Counter()
    offsets: Counter[int] = Counter()
    for number, (lines, height) in enumerate(pages, 1):
        edges = _edges(lines, height)
        repeated.update({_key(lines[i]) for i in edges})
        offsets.update({int(m[1]) - number for i in edges if (m := _NUMBER.match(lines[i].text))})
    least = max(3, len(pages) // 3) if len(pages) > 3 else 2
    offset, seen = offsets.most_common(1)[0] if offsets else (0, 0)
    if seen < 2 and not offsets.get(0):
        offset = 10_000  # a single number that is not the page's own says nothing
    elif seen < 2:
        offset = 0
    kept, numbers, running = [], 0, 0
    for number, (lines, height) in enumerate(pages, 1):
        dropped: set[int] = set()
        for i in _edges(lines, height):
            match = _NUMBER.match(lines[i].text)
            if match and int(match[1]) - number == offset:
                dropped.add(i)
                numbers += 1
            elif not match and repeated[_key(lines[i])] >= least:
                dropped.add(i)
                running += 1
        kept.append([line for i, line in enumerate(lines) if i not in dropped])
    return kept, numbers, running
