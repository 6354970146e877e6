"""Word documents (.docx) → blocks: what Word shows in the body, with its list numbers, tables with merged cells filled, tracked changes
accepted; headers, footers, comments and tables of contents left out."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index_builder.documents.model import Block, Paragraph, Place
from index_builder.documents.reading.archive import check_archive
from index_builder.documents.reading.docx_numbering import Numbering
from index_builder.documents.reading.docx_parts import MC, Element, Package, W, is_on, number, open_package, value
from index_builder.documents.reading.docx_text import TextReader
from index_builder.documents.reading.limits import DocumentError, Limits
from index_builder.documents.reading.tables import make_table

_CONTENTS = re.compile(r"^(?:toc|table of figures)\b", re.I)
_WRAPPERS = {W + "sdt", W + "sdtContent", W + "ins", W + "moveTo", W + "smartTag", W + "customXml", MC + "Choice"}
_WIDEST = 200
DEEPEST = 12
"""Tables and text boxes inside one another that are read; a person makes two or three."""


class _Reader:
    def __init__(self, package: Package, limits: Limits) -> None:
        self._package = package
        self._limits = limits
        self._texts = TextReader(package)
        self._numbering = Numbering(package.numbering)
        self.paged = next(package.body.iter(W + "lastRenderedPageBreak"), None) is not None
        self.page = 1
        self.cells = 0
        self.contents = 0
        self._pending = ""

    @property
    def _here(self) -> Place:
        return Place(self.page if self.paged else None, 0)

    def read(self, parent: Element, depth: int = 0) -> Iterator[Block]:
        if depth > DEEPEST:
            return
        for child in parent:
            if child.tag == W + "p":
                yield from self._paragraph(child, depth)
            elif child.tag == W + "tbl":
                yield from self._table(child, depth)
            elif child.tag in _WRAPPERS or (child.tag == MC + "AlternateContent" and (child := next(iter(child), None)) is not None):
                yield from self.read(child, depth)

    def _paragraph(self, element: Element, depth: int) -> Iterator[Block]:
        text = self._texts.read(element)
        self.page += text.breaks_before
        place = self._here
        self.page += text.page_breaks - text.breaks_before
        label, indent = self._label(element)
        if self._is_contents(element):
            self.contents += 1
            return
        words = self._pending + text.decoded()
        # A tracked deletion of the paragraph's end joins it with the next.
        self._pending = words if element.find(f"{W}pPr/{W}rPr/{W}del") is not None else ""
        if not self._pending and (words.strip() or label):
            look = replace(self._texts.look(element, text), indent=indent)
            yield Paragraph(words, place, look, label)
        for box in text.boxes:
            yield from self.read(box, depth + 1)

    def _is_contents(self, element: Element) -> bool:
        styles = self._package.chain(self._texts.style_of(element))
        return any(_CONTENTS.match(value(s.find(W + "name")) or "") for s in styles)

    def _label(self, element: Element) -> tuple[str | None, int | None]:
        """The paragraph's list number and depth, by its own properties or its style's."""
        own = element.find(f"{W}pPr/{W}numPr")
        num_id, level = (value(own.find(W + "numId")), number(own.find(W + "ilvl"))) if own is not None else (None, None)
        if num_id is None:
            for style in self._package.chain(self._texts.style_of(element)):
                numbered = style.find(f"{W}pPr/{W}numPr")
                if numbered is not None and (num_id := value(numbered.find(W + "numId"))) is not None:
                    tied = self._numbering.level_of_style(num_id, value(style, "styleId") or "")
                    level = level if level is not None else number(numbered.find(W + "ilvl")) or tied
                    break
        if num_id is None or num_id == "0":
            return None, None
        level = level or 0
        return self._numbering.label(num_id, level), level

    # --- tables ----------------------------------------------------------------------------------------------------------

    def _table(self, element: Element, depth: int) -> Iterator[Block]:
        grid: list[list[str]] = []
        pages: list[int | None] = []
        headings = 0
        for row in _rows(element):
            if row.find(f"{W}trPr/{W}del") is not None:
                continue
            place = self._here
            cells = self._row(row, grid[-1] if grid else [], depth)
            if headings == len(grid) and is_on(row.find(f"{W}trPr/{W}tblHeader")):
                headings += 1
            grid.append(cells)
            pages.append(place.page)
        if table := make_table(grid, self._here.page, headings if headings < len(grid) else 0, pages):
            yield table

    def _row(self, row: Element, above: list[str], depth: int) -> list[str]:
        before, after = (number(row.find(f"{W}trPr/{W}{name}")) or 0 for name in ("gridBefore", "gridAfter"))
        cells = [""] * min(before, _WIDEST)
        for cell in _cells(row):
            span = max(1, min(number(cell.find(f"{W}tcPr/{W}gridSpan")) or 1, _WIDEST))
            merge = cell.find(f"{W}tcPr/{W}vMerge")
            text = self._cell(cell, depth)
            if merge is not None and value(merge) != "restart" and len(cells) < len(above) and not text:
                text = above[len(cells)]
            cells += [text] * span
            self.cells += span
            self._limits.check_cells(self.cells)
        return [*cells, *[""] * min(after, _WIDEST)]

    def _cell(self, cell: Element, depth: int) -> str:
        lines: list[str] = []
        for block in self.read(cell, depth + 1):
            if isinstance(block, Paragraph):
                lines.append(block.full_text.strip())
            else:
                lines += [" | ".join(dict.fromkeys(row.cells)) for row in block.rows]
        return "\n".join(line for line in lines if line)


def _inside(parent: Element, tag: str) -> Iterator[Element]:
    """Children of a kind, also those wrapped into content controls or accepted insertions."""
    for child in parent:
        if child.tag == tag:
            yield child
        elif child.tag in _WRAPPERS:
            yield from _inside(child, tag)


def _rows(table: Element) -> Iterator[Element]:
    return _inside(table, W + "tr")


def _cells(row: Element) -> Iterator[Element]:
    return _inside(row, W + "tc")


def read_docx(data: bytes, limits: Limits) -> tuple[list[Block], int | None, tuple[str, ...]]:
    """Blocks of a Word document, the number of its pages as Word last saw them (none where it didn't say), and notes.

    Raises:
        DocumentError: a bomb, encrypted, without text; other errors mean that the file is damaged.
    """
    check_archive(data, limits)
    package = open_package(data)
    reader = _Reader(package, limits)
    blocks = [b for b in reader.read(package.body) if not (isinstance(b, Paragraph) and not b.text.strip())]
    if not blocks and package.pictures:
        raise DocumentError("Tệp Word chỉ gồm ảnh, không có chữ. Hãy lưu thành .pdf rồi đọc lại (nhận dạng chữ chỉ làm trên .pdf).")
    notes = []
    if reader.contents:
        notes.append(f"Đã bỏ mục lục ({reader.contents} dòng).")
    if package.footnotes:
        notes.append(f"Có {package.footnotes} chú thích cuối trang chưa đưa vào; hãy xem trong bản gốc.")
    return blocks, reader.page if reader.paged else None, tuple(notes)
