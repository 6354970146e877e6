"""One reader a format, behind one function that a child process runs."""

from __future__ import annotations

import re
from collections.abc import Callable

from index_builder.documents.model import Block, Paragraph
from index_builder.documents.reading.charset import decode_bytes
from index_builder.documents.reading.docx import read_docx
from index_builder.documents.reading.html import read_html
from index_builder.documents.reading.limits import DocumentError, Limits
from index_builder.documents.reading.markdown import read_markdown
from index_builder.documents.reading.mending import mend
from index_builder.documents.reading.pdf import read_pdf
from index_builder.documents.reading.plain import read_plain

Read = tuple[tuple[Block, ...], int | None, tuple[str, ...]]
"""Blocks, the number of pages where the format has pages, and notes."""
_TEXT_READERS: dict[str, Callable[[str, Limits], list[Block]]] = {"html": read_html, "md": read_markdown, "txt": read_plain}
_DECLARED = re.compile(rb"charset\s*=\s*[\"']?([A-Za-z0-9_-]{3,20})", re.I)


def _check_size(blocks: tuple[Block, ...], limits: Limits) -> None:
    cells = characters = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            characters += len(block.text)
        else:
            cells += sum(len(r.cells) for r in block.rows)
            characters += sum(len(c) for r in block.rows for c in r.cells)
    limits.check_cells(cells)
    limits.check_characters(characters)
    if not characters:
        raise DocumentError("Tệp không có chữ nào để đọc. Hãy kiểm tra lại tệp gốc.")


def read_bytes(data: bytes, kind: str, limits: Limits, progress: Callable[[int, int], None]) -> Read:
    """Read a file's bytes as the format ``kind`` and mend what was read.

    Raises:
        DocumentError: it cannot be read; other errors mean that the file is damaged.
    """
    pages: int | None = None
    notes: tuple[str, ...] = ()
    if kind == "docx":
        found, pages, notes = read_docx(data, limits)
    elif kind == "pdf":
        found, pages, notes = read_pdf(data, limits, progress)
    else:
        declared = _DECLARED.search(data[:4096]) if kind == "html" else None
        text, notes = decode_bytes(data, declared[1].decode() if declared else None)
        limits.check_characters(len(text))
        found = _TEXT_READERS[kind](text, limits)
    blocks, mended = mend(found)
    _check_size(blocks, limits)
    return blocks, pages, (*notes, *mended)
