"""One PDF page as pdfminer sees it: its letters, its ruling lines, whether it holds pictures. Lengths are points, the origin is the
page's upper left corner."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pdfminer.converter import PDFPageAggregator
from pdfminer.layout import LTChar, LTCurve, LTFigure, LTImage, LTLine, LTPage, LTRect
from pdfminer.pdfinterp import PDFPageInterpreter, PDFResourceManager
from pdfminer.pdfpage import PDFPage

_BOLD = re.compile(r"bold|black|heavy|[,-]bd", re.I)
_ITALIC = re.compile(r"italic|oblique", re.I)
_CID = re.compile(r"\(cid:\d+\)")
_THIN = 3.0
"""Rectangles thinner than this are lines."""
_SHORTEST_RULE = 6.0


class Glyph(NamedTuple):
    """A letter, or with ``word`` a whole recognised word."""

    text: str
    x0: float
    x1: float
    top: float
    bottom: float
    size: float
    font: str
    bold: bool
    italic: bool
    word: bool = False

    @property
    def middle(self) -> float:
        return (self.top + self.bottom) / 2


Edge = dict[str, Any]
"""A ruling line in the shape of pdfplumber's edges: orientation, x0, x1, top, bottom."""


@dataclass(frozen=True)
class Page:
    """``number`` counts from 1. ``unreadable``: letters that the file gives no characters for."""

    number: int
    width: float
    height: float
    glyphs: tuple[Glyph, ...]
    edges: tuple[Edge, ...]
    pictures: int
    unreadable: int

    @property
    def is_scan(self) -> bool:
        """Whether the page has to be recognised from its picture."""
        letters = sum(not g.text.isspace() for g in self.glyphs)
        return (letters < 25 and self.pictures > 0) or self.unreadable > max(20, letters)


def _edge(x0: float, x1: float, top: float, bottom: float) -> Edge | None:
    horizontal = x1 - x0 >= bottom - top
    if max(x1 - x0, bottom - top) < _SHORTEST_RULE:
        return None
    if horizontal:
        top = bottom = (top + bottom) / 2
    else:
        x0 = x1 = (x0 + x1) / 2
    return {"object_type": "line", "orientation": "h" if horizontal else "v", "x0": x0, "x1": x1, "top": top, "bottom": bottom,
            "width": x1 - x0, "height": bottom - top}  # fmt: skip


def _edges_of(item: LTCurve, height: float) -> Iterator[Edge]:
    """A line, or the sides of a rectangle."""
    x0, x1, top, bottom = item.x0, item.x1, height - item.y1, height - item.y0
    if isinstance(item, LTLine) or min(x1 - x0, bottom - top) <= _THIN:
        sides = [(x0, x1, top, bottom)]
    elif isinstance(item, LTRect):
        sides = [(x0, x1, top, top), (x0, x1, bottom, bottom), (x0, x0, top, bottom), (x1, x1, top, bottom)]
    else:
        return
    for side in sides:
        if (edge := _edge(*side)) is not None:
            yield edge


def _walk(items: Iterable[Any]) -> Iterator[Any]:
    for item in items:
        if isinstance(item, LTFigure):
            yield item
            yield from _walk(item)
        else:
            yield item


def _page_of(layout: LTPage, number: int) -> Page:
    height, width = layout.y1, layout.x1
    glyphs: list[Glyph] = []
    edges: list[Edge] = []
    looks: dict[str, tuple[bool, bool]] = {}
    pictures = unreadable = 0
    for item in _walk(layout):
        if isinstance(item, LTChar):
            text = item.get_text()
            if _CID.fullmatch(text):
                unreadable += 1
                continue
            if not item.upright or item.x1 < 0 or item.x0 > width or item.y1 < 0 or item.y0 > height:
                continue
            font = item.fontname
            if font not in looks:
                looks[font] = bool(_BOLD.search(font)), bool(_ITALIC.search(font))
            glyphs.append(Glyph(text, item.x0, item.x1, height - item.y1, height - item.y0, item.size, font, *looks[font]))
        elif isinstance(item, LTImage):
            pictures += 1
        elif isinstance(item, LTCurve):
            edges += _edges_of(item, height)
    return Page(number, width, height, tuple(glyphs), tuple(edges), pictures, unreadable)


class PageReader:
    """Reads pages one by one; fonts are read once."""

    def __init__(self) -> None:
        manager = PDFResourceManager(caching=True)
        self._device = PDFPageAggregator(manager, laparams=None)
        self._interpreter = PDFPageInterpreter(manager, self._device)

    def read(self, page: PDFPage, number: int) -> Page:
        self._interpreter.process_page(page)
        return _page_of(self._device.get_result(), number)
