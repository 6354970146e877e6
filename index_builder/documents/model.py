"""What reading a document gives, whatever its format: paragraphs and tables in reading order, each with its place."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Place:
    """Where something stands. ``page`` counts from 1 (none where the format has no pages), ``block`` from 0 in reading order,
    ``row`` from 0 within a table, header rows included."""

    page: int | None
    block: int
    row: int | None = None


@dataclass(frozen=True)
class Look:
    """How a paragraph looks, as far as the format says so. ``heading``: level from 1 of a marked heading; ``bold`` and ``italic``: the
    whole text; ``indent``: depth of a list item from 0, none outside lists."""

    heading: int | None = None
    bold: bool = False
    italic: bool = False
    centred: bool = False
    indent: int | None = None


@dataclass(frozen=True)
class Paragraph:
    """One paragraph. ``text`` is NFC without outer spaces; a line break set by the writer is ``\\n``. ``numbering`` is the list number
    that the program shows and the text does not hold, such as ``1.``, ``a)`` or ``-``."""

    text: str
    place: Place
    look: Look = Look()
    numbering: str | None = None

    @property
    def full_text(self) -> str:
        """The text as a reader sees it, number included."""
        return f"{self.numbering} {self.text}" if self.numbering else self.text


@dataclass(frozen=True)
class Row:
    """One row: a text for every column (paragraphs of a cell are separated by ``\\n``); a merged cell's text stands in each place it
    covers."""

    cells: tuple[str, ...]
    place: Place


@dataclass(frozen=True)
class Table:
    """A table with as many cells in each row. The first ``header_rows`` rows are column headings. Parts on following pages are joined
    and their repeated headings dropped; a row broken by a page is one row."""

    rows: tuple[Row, ...]
    place: Place
    header_rows: int = 0

    @property
    def header(self) -> tuple[str, ...]:
        """The heading of each column, headings of several rows joined; empty texts where there is none."""
        columns = zip(*(row.cells for row in self.rows[: self.header_rows]), strict=True)
        return tuple(" ".join(dict.fromkeys(c for c in column if c)) for column in columns)

    @property
    def body(self) -> tuple[Row, ...]:
        return self.rows[self.header_rows :]


Block = Paragraph | Table


@dataclass(frozen=True)
class Document:
    """A document as read. ``format``: ``docx``, ``pdf``, ``html``, ``md`` or ``txt``; ``sha256``: of the file's bytes; ``pages``: their
    number where the format has pages; ``notes``: what was mended or is doubtful, in Vietnamese, for the person who reviews."""

    path_name: str
    format: str
    sha256: str
    pages: int | None
    blocks: tuple[Block, ...]
    notes: tuple[str, ...] = ()
