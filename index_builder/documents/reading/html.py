"""HTML → blocks, with BeautifulSoup over lxml: what a reader sees, tables with their merged cells, lists with their numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from itertools import count

from bs4 import BeautifulSoup, NavigableString, PageElement, Tag
from bs4.element import PreformattedString

from index_builder.documents.model import Block, Look, Paragraph, Place
from index_builder.documents.reading.legacy import decode, font_encoding
from index_builder.documents.reading.limits import DocumentError, Limits
from index_builder.documents.reading.numbers import in_letters, in_roman
from index_builder.documents.reading.tables import make_table

_NOWHERE = Place(None, 0)
_LEFT_OUT = {"script", "style", "noscript", "template", "head", "nav", "svg", "iframe", "object", "select", "button", "textarea", "title"}
_BLOCKS = {
    "p", "div", "section", "article", "main", "header", "footer", "aside", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "table",
    "blockquote", "pre", "center", "address", "dl", "dt", "dd", "form", "fieldset", "figure", "figcaption", "body", "html", "hr", "details",
    "summary", "thead", "tbody", "tfoot", "tr", "td", "th", "caption",
}  # fmt: skip
_HIDDEN = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.I)
_FONT = re.compile(r"font(?:-family)?\s*:[^;]*?['\"]?\s*((?:\.vn|vni[- ])[\w .-]*)", re.I)
_BOLD = re.compile(r"font-weight\s*:\s*(?:bold|[6-9]00)", re.I)
_ITALIC = re.compile(r"font-style\s*:\s*italic", re.I)
_CENTRED = re.compile(r"text-align\s*:\s*center", re.I)
_SPACE = re.compile(r"\s+")
DEEPEST = 150
"""Elements inside one another from which a page is refused: nothing that a person wrote is so deep."""
_WIDEST_SPAN = 200


@dataclass
class _Line:
    """Text of one paragraph while it is read."""

    parts: list[str] = field(default_factory=list)
    bold: bool = True
    italic: bool = True


@dataclass
class _Reader:
    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    line: _Line = field(default_factory=_Line)
    numbering: str | None = None
    cells: int = 0
    depth: int = 0

    def flush(self, *, heading: int | None = None, centred: bool = False, indent: int | None = None) -> None:
        text = "\n".join(t for part in "".join(self.line.parts).split("\v") if (t := _SPACE.sub(" ", part).strip()))
        if text:
            look = Look(heading, self.line.bold, self.line.italic, centred, indent)
            self.blocks.append(Paragraph(text, _NOWHERE, look, self.numbering))
            self.numbering = None
        self.line = _Line()

    def walk(self, node: Tag, look: dict[str, bool | int | str | None]) -> None:
        self.depth += 1
        if self.depth > DEEPEST:
            raise DocumentError("Trang HTML lồng quá nhiều cấp nên không đọc được. Hãy mở bằng trình duyệt, chép nội dung và lưu lại.")
        for child in node.children:
            self.visit(child, look)
        self.depth -= 1

    def visit(self, child: PageElement, look: dict[str, bool | int | str | None]) -> None:
        if isinstance(child, NavigableString):
            if not isinstance(child, PreformattedString):
                self._text(str(child), look)
            return
        if not isinstance(child, Tag) or child.name in _LEFT_OUT or _HIDDEN.search(str(child.get("style", ""))) or child.has_attr("hidden"):
            return
        inner = _inner_look(child, look)
        if child.name == "br":
            self.line.parts.append("\v")
        elif child.name == "table":
            self._flush(look)
            self._table(child, inner)
        elif child.name in ("ul", "ol"):
            self._flush(look)
            self._list(child, inner)
        elif child.name in _BLOCKS:
            self._flush(look)
            self.walk(child, inner)
            self._flush(inner)
        else:
            self.walk(child, inner)

    def _flush(self, look: dict[str, bool | int | str | None]) -> None:
        heading, indent = look["heading"], look["indent"]
        self.flush(
            heading=heading if isinstance(heading, int) else None,
            centred=bool(look["centred"]),
            indent=indent if isinstance(indent, int) else None,
        )

    def _text(self, text: str, look: dict[str, bool | int | str | None]) -> None:
        encoding = font_encoding(str(look["font"])) if look["font"] else None
        self.line.parts.append(decode(text, encoding) if encoding else text)
        if text.strip():
            self.line.bold &= bool(look["bold"])
            self.line.italic &= bool(look["italic"])

    def _list(self, node: Tag, look: dict[str, bool | int | str | None]) -> None:
        depth = look["indent"]
        inner = {**look, "indent": depth + 1 if isinstance(depth, int) else 0}
        start = str(node.get("start", "1"))
        numbers = count(int(start) if start.isdigit() else 1)
        self.depth += 1
        for item in node.find_all("li", recursive=False):
            value = str(item.get("value", ""))
            if value.isdigit():
                numbers = count(int(value))
            self.numbering = _list_number(str(node.get("type", "1")), next(numbers)) if node.name == "ol" else "-"
            self.visit(item, inner)
            self.numbering = None
        self.depth -= 1

    def _table(self, node: Tag, look: dict[str, bool | int | str | None]) -> None:
        rows = [r for r in node.find_all("tr") if r.find_parent("table") is node]
        grid: list[list[str]] = []
        covered: dict[tuple[int, int], str] = {}
        marked = 0
        for y, row in enumerate(rows):
            cells = row.find_all(["td", "th"], recursive=False)
            if marked == y and cells and all(c.name == "th" for c in cells):
                marked += 1
            line: list[str] = []
            for cell in cells:
                while (y, len(line)) in covered:
                    line.append(covered[y, len(line)])
                text, (down, right) = self._cell(cell, look), (_span(cell, "rowspan", len(rows) - y), _span(cell, "colspan", _WIDEST_SPAN))
                self.cells += down * right
                self.limits.check_cells(self.cells)
                for dy in range(down):
                    for dx in range(right):
                        covered[y + dy, len(line) + dx] = text
                line += [text] * right
            while (y, len(line)) in covered:
                line.append(covered[y, len(line)])
            grid.append(line)
        caption = node.find("caption")
        if isinstance(caption, Tag):
            self.visit(caption, look)
        if table := make_table(grid, None, marked if marked < len(grid) else 0):
            self.blocks.append(table)

    def _cell(self, cell: Tag, look: dict[str, bool | int | str | None]) -> str:
        """Text of a cell, its paragraphs as lines; a table inside it as lines of cells with bars between."""
        inner = _Reader(self.limits, cells=self.cells, depth=self.depth)
        inner.walk(cell, _inner_look(cell, look))
        inner._flush(look)
        self.cells = inner.cells
        lines: list[str] = []
        for block in inner.blocks:
            if isinstance(block, Paragraph):
                lines.append(block.full_text)
            else:
                lines += [" | ".join(dict.fromkeys(row.cells)) for row in block.rows]
        return "\n".join(lines)


def _span(cell: Tag, name: str, most: int) -> int:
    value = str(cell.get(name, "1")).strip()
    number = int(value) if value.isdigit() and len(value) < 6 else 1
    return max(1, min(number or most, most))


def _list_number(kind: str, number: int) -> str:
    if kind in ("a", "A"):
        return in_letters(number, upper=kind == "A") + "."
    if kind in ("i", "I"):
        return in_roman(number, upper=kind == "I") + "."
    return f"{number}."


def _inner_look(node: Tag, look: dict[str, bool | int | str | None]) -> dict[str, bool | int | str | None]:
    style = str(node.get("style", ""))
    font = _FONT.search(style)
    face = node.get("face") if node.name == "font" else None
    return {
        "bold": look["bold"] or node.name in ("b", "strong", "th", "h1", "h2", "h3", "h4", "h5", "h6") or bool(_BOLD.search(style)),
        "italic": look["italic"] or node.name in ("i", "em") or bool(_ITALIC.search(style)),
        "centred": look["centred"] or node.name == "center" or node.get("align") == "center" or bool(_CENTRED.search(style)),
        "heading": int(node.name[1]) if re.fullmatch("h[1-6]", node.name) else look["heading"],
        "indent": look["indent"],
        "font": font[1] if font else str(face) if face else look["font"],
    }


def read_html(text: str, limits: Limits) -> list[Block]:
    """Blocks of an HTML page or a piece of one."""
    try:
        soup = BeautifulSoup(text, "lxml")
        reader = _Reader(limits)
        look: dict[str, bool | int | str | None] = dict.fromkeys(("bold", "italic", "centred"), False)
        look |= {"heading": None, "indent": None, "font": None}
        reader.walk(soup, look)
        reader.flush()
    except RecursionError as error:
        raise DocumentError(
            "Trang HTML lồng quá nhiều cấp nên không đọc được. Hãy mở bằng trình duyệt, chép nội dung và lưu lại."
        ) from error
    return reader.blocks
