"""The search index in memory: entries, their lines, lexical legs and vectors. Built by ``index_builder``, read-only here.

Names (title, aliases) and questions are numbered entry by entry. The lexical legs keep them in another order
(:mod:`knowledge.search.planes`).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.encoding import Encoder
from knowledge.entries import Entry
from knowledge.fields import FieldedIndex
from knowledge.lexical import LexicalIndex
from knowledge.lexicon import Lexicon
from knowledge.passages import Passages
from knowledge.schema import Aspect, LifeEvent
from knowledge.search.planes import Planes
from knowledge.spelling import Speller, common, count_terms
from knowledge.text import accented_keys, folded_keys, padded, with_pairs
from knowledge.vectors import VectorIndex

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

ACCENTED_FIELDS = ("names", "questions", "body")
FOLDED_FIELDS = (*ACCENTED_FIELDS, "whole", "decoys")
LEGS = ("names_folded", "names_accented", "questions_folded", "questions_accented", "body_folded", "body_accented", "whole_folded")
"""The lexical legs: a field and a form each. Out-of-scope messages (decoys) are scored beside them and are no leg."""


@dataclass(frozen=True)
class Layout:
    """Where each entry's lines stand among all names and all questions: arrays with one more element than there are entries."""

    name_start: Ints
    question_start: Ints

    @staticmethod
    def of(entries: Sequence[Entry]) -> Layout:
        return Layout(_starts([1 + len(e.aliases) for e in entries]), _starts([len(e.questions) for e in entries]))

    @cached_property
    def name_planes(self) -> Planes:
        """Where the lexical legs keep the names."""
        return Planes.of(self.name_start)

    @cached_property
    def question_planes(self) -> Planes:
        """Where the lexical legs keep the questions."""
        return Planes.of(self.question_start)

    def field_sizes(self, decoys: int) -> dict[str, int]:
        """Number of lines of each lexical field."""
        entries = len(self.name_start) - 1
        return {"names": self.names, "questions": self.questions, "body": entries, "whole": entries, "decoys": decoys}

    @property
    def names(self) -> int:
        """Number of name lines (titles and aliases)."""
        return int(self.name_start[-1])

    @property
    def questions(self) -> int:
        """Number of question lines."""
        return int(self.question_start[-1])

    @property
    def rows(self) -> int:
        """Number of vectors: names, questions and one centroid an entry."""
        return self.names + self.questions + len(self.name_start) - 1


def _starts(counts: Sequence[int]) -> Ints:
    return np.concatenate([[0], np.cumsum(counts)]).astype(np.int64)


def name_lines(entries: Sequence[Entry]) -> list[str]:
    """Titles and aliases in the order of the layout."""
    return [text for e in entries for text in (e.title, *e.aliases)]


def question_lines(entries: Sequence[Entry]) -> list[str]:
    """Everyday questions in the order of the layout."""
    return [text for e in entries for text in e.questions]


@dataclass(frozen=True)
class SearchIndex:
    """Everything a search needs. ``vectors`` holds unit rows: all names, then all questions, then one centroid an entry
    (mean of its title and questions). ``owner`` is the entry of each row, ``titled`` which entries' titles show which aspect.
    ``folded`` and ``accented`` are the lexical fields (:data:`FOLDED_FIELDS`, :data:`ACCENTED_FIELDS`). Among the folded ones are the
    decoys, with ``decoy_vectors``: messages known to be out of scope; a question nearer to them than to any record is declined."""

    entries: tuple[Entry, ...]
    layout: Layout
    folded: FieldedIndex
    accented: FieldedIndex
    vectors: Floats
    owner: Ints
    decoy_vectors: Floats
    nearest: VectorIndex
    encoder: Encoder
    lexicon: Lexicon
    aspects: tuple[Aspect, ...]
    titled: NDArray[np.bool_]
    by_id: Mapping[str, int]
    speller: Speller
    ranking: Mapping[str, Any]
    life_events: tuple[LifeEvent, ...] = ()
    passages: Passages | None = None

    @property
    def question_offset(self) -> int:
        return self.layout.names

    @property
    def centroid_offset(self) -> int:
        return self.layout.names + self.layout.questions


def build_legs(entries: Sequence[Entry], layout: Layout, decoys: Sequence[str]) -> tuple[FieldedIndex, FieldedIndex]:
    """The lexical fields over syllables and adjacent pairs, folded and accented: names and questions line by line, bodies, and (``whole``)
    all names and questions of an entry as one document, for questions that mix what several lines say; beside them the ``decoys``."""
    texts: dict[str, Sequence[str]] = {
        "names": layout.name_planes.placed(name_lines(entries)),
        "questions": layout.question_planes.placed(question_lines(entries)),
        "body": [e.body for e in entries],
        "whole": [" . ".join((e.title, *e.aliases, *e.questions)) for e in entries],
        "decoys": decoys,
    }

    def made(fields: Sequence[str], keys: Callable[[str], list[str]]) -> FieldedIndex:
        return FieldedIndex.of([LexicalIndex.build([with_pairs(keys(t)) for t in texts[field]]) for field in fields])

    return made(FOLDED_FIELDS, folded_keys), made(ACCENTED_FIELDS, accented_keys)


def build_speller(entries: Sequence[Entry]) -> Speller:
    """The speller over the words of all names, questions and bodies."""
    texts = (*name_lines(entries), *question_lines(entries), *(e.body for e in entries))
    counts, pairs = count_terms(with_pairs(folded_keys(t)) for t in texts)
    return Speller.of(common(counts), pairs)


def build_titled(aspects: Sequence[Aspect], entries: Sequence[Entry]) -> NDArray[np.bool_]:
    """Which entries show which aspect, by their titles or by every body that executes them, shape ``(aspects, entries)``."""
    titles = [padded(accented_keys(e.title)) for e in entries]
    bodies = [[padded(accented_keys(b)) for b in ((e.record or {}).get("catalogue") or {}).get("bodies", ())] for e in entries]

    def shown(options: Sequence[str], text: str) -> bool:
        return any(padded(accented_keys(o)) in text for o in options)

    def of(aspect: Aspect) -> list[bool]:
        executed = [bool(aspect.by_body) and bool(own) and all(shown(aspect.by_body, b) for b in own) for own in bodies]
        return [by_body or shown(aspect.titled, title) for by_body, title in zip(executed, titles, strict=True)]

    rows = [of(aspect) for aspect in aspects]
    return np.array(rows, dtype=np.bool_).reshape(len(aspects), len(entries))


def build_vectors(entries: Sequence[Entry], layout: Layout, encoder: Encoder) -> Floats:
    """Vectors of all lines and centroids, shape ``(names + questions + entries, dimension)``."""
    names = encoder.passages(name_lines(entries))
    questions = encoder.passages(question_lines(entries))
    centroids = names[layout.name_start[:-1]]
    filled = np.flatnonzero(np.diff(layout.question_start))
    if len(filled):
        centroids[filled] += np.add.reduceat(questions, layout.question_start[filled], axis=0)
    centroids /= np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-9)
    return np.ascontiguousarray(np.concatenate([names, questions, centroids]), dtype=np.float32)


def line_owners(layout: Layout) -> Ints:
    """The entry of each vector row."""
    count = len(layout.name_start) - 1
    numbers = np.arange(count, dtype=np.int64)
    return np.concatenate([np.repeat(numbers, np.diff(layout.name_start)), np.repeat(numbers, np.diff(layout.question_start)), numbers])
