"""Plain text → blocks: paragraphs from lines, and rows of cells between tabs or bars as tables."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from statistics import median

from index_builder.documents.model import Block, Look, Paragraph, Place
from index_builder.documents.reading.limits import Limits
from index_builder.documents.reading.tables import make_table

_NOWHERE = Place(None, 0)
_STARTS_PARAGRAPH = re.compile(
    r"^(?:[-–—+•*]\s|\d{1,3}(?:\.\d{1,3})*[.)/]\s|[a-zđ]{1,2}[.)/]\s|[IVXLC]{1,6}[.)/]\s|"
    r"(?:Điều|Chương|Mục|Phần|Phụ lục|Khoản)\s+[\dIVXLC]+|"
    r"Căn cứ\s|Theo đề nghị\s|Nơi nhận|Số\s*:|Kính gửi|[^\W\d_][^,;:]{1,40},\s*ngày\s.{0,12}tháng|TM\.|KT\.|TL\.|TUQ\.)",
    re.I,
)
_RULE = re.compile(r"^[\s|+:=_*-]{3,}$")
_SIGNAL_WIDTH = 50
"""Median width of the full lines of a text from which it is taken as wrapped at a fixed width."""


def starts_paragraph(line: str) -> bool:
    """Whether a line begins with a list mark, or with words that begin a paragraph of their own."""
    return bool(_STARTS_PARAGRAPH.match(line))


def _tabs(line: str) -> int:
    return line.rstrip("\n").count("\t")


def tab_tables(lines: Sequence[str]) -> Iterator[tuple[list[str], bool]]:
    """Lines in runs: those of a table (at least two one after another with as many tabs, not only for indenting), and the others."""
    run: list[str] = []
    i = 0
    while i < len(lines):
        end = i
        if _tabs(lines[i].strip()) >= 1:
            while end < len(lines) and _tabs(lines[end]) == _tabs(lines[i]) and lines[end].strip():
                end += 1
        if end - i >= 2:
            if run:
                yield run, False
            run = []
            yield list(lines[i:end]), True
            i = end
        else:
            run.append(lines[i])
            i += 1
    if run:
        yield run, False


def tab_table(lines: Sequence[str], limits: Limits) -> list[Block]:
    """Rows of cells between tabs → a table."""
    grid = [line.split("\t") for line in lines]
    limits.check_cells(sum(map(len, grid)))
    table = make_table(grid, None)
    return [table] if table else []


def _bar_rows(lines: Sequence[str], start: int) -> int:
    """Where a run of lines with cells between bars (``| a | b |``) ends; ``start`` when there is none."""
    end = start
    while end < len(lines) and (lines[end].count("|") >= 2 or (end > start and lines[end].strip() and _RULE.match(lines[end]))):
        end += 1
    return end if end - start >= 2 else start


def _cells(line: str) -> list[str]:
    return [c.strip() for c in line.strip().strip("|").split("|")]


def _is_wrapped(lines: Sequence[str]) -> int | None:
    """The width at which a text's lines are wrapped; none where each line is a paragraph."""
    full = [len(line.rstrip()) for line in lines if line.strip()]
    if len(full) < 8:
        return None
    longest = sorted(full)[int(0.95 * (len(full) - 1))]
    near = [n for n in full if n >= 0.8 * longest]
    return longest if longest <= 130 and len(near) >= 0.3 * len(full) and median(near) >= _SIGNAL_WIDTH else None


def paragraphs_of(lines: Sequence[str]) -> list[Block]:
    """Lines without tables → paragraphs: one a line, or, where the text is wrapped at a width, up to a blank line, a line with a list
    mark, or after a line that ended early."""
    width = _is_wrapped(lines)
    out: list[Block] = []
    current: list[str] = []

    def flush() -> None:
        if current:
            text = " ".join(part.strip() for part in current)
            out.append(Paragraph(text, _NOWHERE, Look()))
            current.clear()

    for raw in lines:
        line = raw.strip()
        if not line or _RULE.match(line):
            flush()
            continue
        fresh = width is None or not current or starts_paragraph(line) or len(current[-1].rstrip()) < 0.7 * width
        # A line centred by blanks stands for itself.
        if fresh or (raw.startswith(" " * 8) and not current[-1].startswith(" " * 8)):
            flush()
        current.append(raw.rstrip())
    flush()
    return out


def read_plain(text: str, limits: Limits) -> list[Block]:
    """Blocks of a plain text."""
    out: list[Block] = []
    for lines, is_table in tab_tables(text.replace("\f", "\n").split("\n")):
        if is_table:
            out += tab_table(lines, limits)
            continue
        i, rest = 0, []
        while i < len(lines):
            end = _bar_rows(lines, i)
            if end == i:
                rest.append(lines[i])
                i += 1
                continue
            out += paragraphs_of(rest)
            rest = []
            grid = [_cells(line) for line in lines[i:end] if not _RULE.match(line)]
            limits.check_cells(sum(map(len, grid)))
            table = make_table(grid, None)
            out += [table] if table else []
            i = end
        out += paragraphs_of(rest)
    return out
