"""A document → passages that answers may quote: whole sentences and whole rows of one section, of a length that a chat can show."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from index_builder.documents.model import Document
from index_builder.documents.reading.tables import header_rows
from index_builder.documents.understanding.labels import Rank
from index_builder.documents.understanding.outline import Node, build
from index_builder.documents.understanding.pieces import Grid, pieces_of
from knowledge.originals import Passage

LEAST, MOST = 80, 200
"""Words of a passage: a section is cut after at least ``LEAST`` where it is longer than ``MOST``."""
_LONGEST_HEADING, _SHORT_HEADING = 40, 12
_ARTICLE = re.compile(r"^(Điều \d{1,3})[.:]\s")
_SENTENCE = re.compile(r"(?<=[.;!?…])\s+(?=[^\W\d_a-zà-ỹ]|[-+\d])")


@dataclass(frozen=True)
class _Unit:
    """A paragraph or a row, with the section it stands in."""

    text: str
    section: str
    headings: tuple[str, ...]
    page: int | None

    @property
    def words(self) -> int:
        return len(self.text.split())


def _is_heading(node: Node) -> bool:
    """A numbered line with something below it, unless it is a sentence of its own."""
    text = node.line.text.strip()
    words = len(text.split())
    short = words <= _LONGEST_HEADING and (words <= _SHORT_HEADING or text[-1:] not in ".;")
    return node.rank <= Rank.LETTER and bool(node.children or node.grids) and short


def _rows(grid: Grid, section: str, headings: tuple[str, ...]) -> Iterator[_Unit]:
    """A table's rows, each with the headings of its columns: ``Nhiệm vụ: …; Cơ quan chủ trì: …``."""
    rows = [[cell.text.replace("\n", " ") for cell in row] for row in grid.rows]
    head = header_rows(rows)
    names = [" ".join(dict.fromkeys(row[i] for row in rows[:head] if row[i])) for i in range(len(rows[0]))] if rows else []
    for number in range(head, len(rows)):
        row = rows[number]
        # A cell merged over columns is said once.
        shown = [i for i, text in enumerate(row) if text and (i == 0 or text != row[i - 1])]
        said = [f"{names[i]}: {row[i]}" if names[i] else row[i] for i in shown]
        if said:
            yield _Unit("; ".join(said), section, headings, grid.page_of(number))


def _units(node: Node, headings: tuple[str, ...], section: str) -> Iterator[_Unit]:
    for grid in node.grids:
        yield from _rows(grid, section, headings)
    above = headings
    for child in node.children:
        article = _ARTICLE.match(child.line.text.strip())
        if article and not _is_heading(child):
            # An article out of sequence (an excerpt) is one all the same.
            headings, section = (*above, child.line.text.strip()), article[1]
            continue
        if _is_heading(child):
            yield from _units(child, (*headings, child.line.text.strip()), child.section())
        else:
            yield _Unit(child.line.text.strip(), section, headings, child.line.page)
            yield from _units(child, headings, section)


def _sentences(unit: _Unit) -> Iterator[_Unit]:
    """A unit that is longer than a passage, cut after sentences; one sentence is never cut."""
    if unit.words <= MOST:
        yield unit
        return
    part: list[str] = []
    for sentence in _SENTENCE.split(unit.text):
        if part and sum(len(p.split()) for p in part) + len(sentence.split()) > MOST:
            yield _Unit(" ".join(part), unit.section, unit.headings, unit.page)
            part = []
        part.append(sentence)
    yield _Unit(" ".join(part), unit.section, unit.headings, unit.page)


def _passage(units: Sequence[_Unit]) -> Passage:
    first = units[0]
    return Passage(text="\n".join(u.text for u in units), section=first.section, headings=first.headings, page=first.page)


def passages_of(document: Document) -> list[Passage]:
    """Passages in reading order. A section shorter than ``MOST`` words is one passage; sections are never mixed."""
    out: list[Passage] = []
    group: list[_Unit] = []
    for whole in _units(build(pieces_of(document)), (), ""):
        for unit in _sentences(whole):
            if not unit.text:
                continue
            words = sum(u.words for u in group)
            other = group and (unit.headings, unit.section) != (group[0].headings, group[0].section)
            if other or (group and (words + unit.words > MOST or (words >= LEAST and unit.words >= LEAST))):
                out.append(_passage(group))
                group = []
            group.append(unit)
    return [*out, *([_passage(group)] if group else [])]
