"""Markdown (CommonMark with tables) → blocks. Plans saved as Markdown are often only loosely so: rows of cells between tabs count as a
table, indented text is no code, and a line of dashes under a text makes no heading of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from markdown_it import MarkdownIt
from markdown_it.token import Token

from index_builder.documents.model import Block, Look, Paragraph, Place
from index_builder.documents.reading.limits import Limits
from index_builder.documents.reading.plain import tab_table, tab_tables
from index_builder.documents.reading.tables import make_table

_NOWHERE = Place(None, 0)


def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"maxNesting": 30}).enable("table").disable(["code", "lheading", "reference"])


@dataclass
class _List:
    """One open list: its mark or its next number, and whether its numbers are counted (all written alike) or taken as written."""

    mark: str
    number: int | None
    first: bool = True


@dataclass
class _Reader:
    """Walks over the tokens and collects blocks."""

    limits: Limits
    blocks: list[Block] = field(default_factory=list)
    lists: list[_List] = field(default_factory=list)
    numbering: str | None = None
    heading: int | None = None
    grid: list[list[str]] | None = None
    head: int = 0
    cells: int = 0

    def read(self, tokens: list[Token]) -> None:
        for token in tokens:
            kind = token.type
            if kind in ("bullet_list_open", "ordered_list_open"):
                number = int(token.attrs.get("start", 1)) if kind == "ordered_list_open" else None
                self.lists.append(_List("", number))
            elif kind in ("bullet_list_close", "ordered_list_close"):
                self.lists.pop()
            elif kind == "list_item_open":
                self._item(token)
            elif kind == "heading_open":
                self.heading = int(token.tag[1:])
            elif kind == "heading_close":
                self.heading = None
            elif kind == "table_open":
                self.grid, self.head = [], 0
            elif kind == "tr_open" and self.grid is not None:
                self.grid.append([])
            elif kind == "thead_close" and self.grid is not None:
                self.head = len(self.grid)
            elif kind == "table_close" and self.grid is not None:
                # A heading row is required by the syntax, so an empty one says nothing.
                table = make_table(self.grid, None, self.head if any(map(any, self.grid[: self.head])) else 0)
                self.blocks += [table] if table else []
                self.grid = None
            elif kind == "inline":
                self._inline(token)
            elif kind in ("fence", "code_block"):
                self.blocks += [Paragraph(line, _NOWHERE) for line in token.content.splitlines() if line.strip()]
            elif kind == "html_block":
                self._html(token.content)

    def _item(self, token: Token) -> None:
        current = self.lists[-1]
        if current.number is None:
            self.numbering = "-" if token.markup in "*-" else token.markup
        else:
            written = int(token.info) if token.info.isdigit() else current.number
            current.number = written if current.first or written > current.number else current.number + 1
            current.first = False
            self.numbering = f"{current.number}{token.markup}"

    def _inline(self, token: Token) -> None:
        text, bold, italic = inline_text(token)
        if self.grid is not None:
            self.cells += 1
            self.limits.check_cells(self.cells)
            self.grid[-1].append(text)
            return
        numbering, self.numbering = self.numbering, None
        indent = len(self.lists) - 1 if self.lists else None
        look = Look(self.heading, bold, italic, indent=indent)
        if text or numbering:
            self.blocks.append(Paragraph(text, _NOWHERE, look, numbering))

    def _html(self, content: str) -> None:
        from index_builder.documents.reading.html import read_html

        self.blocks += read_html(content, self.limits)


def inline_text(token: Token) -> tuple[str, bool, bool]:
    """Text of an inline token, and whether all of it is bold, italic. Soft line breaks are blanks, hard ones stay."""
    parts: list[str] = []
    depth = {"strong": 0, "em": 0}
    seen = {"strong": True, "em": True}
    for child in token.children or []:
        name, _, end = child.type.partition("_")
        if name in depth and end in ("open", "close"):
            depth[name] += 1 if end == "open" else -1
        elif child.type == "softbreak":
            parts.append(" ")
        elif child.type == "hardbreak" or (child.type == "html_inline" and child.content.lower().startswith("<br")):
            parts.append("\n")
        elif child.type in ("text", "code_inline", "text_special"):
            parts.append(child.content)
            if child.content.strip():
                seen = {n: seen[n] and depth[n] > 0 for n in seen}
        elif child.type == "image":
            parts.append(child.content)
    text = "".join(parts)
    return text, bool(text.strip()) and seen["strong"], bool(text.strip()) and seen["em"]


def read_markdown(text: str, limits: Limits) -> list[Block]:
    """Blocks of a Markdown text."""
    parser = _parser()
    reader = _Reader(limits)
    for lines, is_table in tab_tables(text.split("\n")):
        if is_table:
            reader.blocks += tab_table(lines, limits)
        else:
            reader.read(parser.parse("\n".join(lines)))
    return reader.blocks
