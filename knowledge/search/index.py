"""The search index in memory: entries, their lines, lexical legs and vectors. Built by ``index_builder``, read-only here.

Lines are ordered by entry and, within an entry, names (title, aliases) before questions, so that a leg's best line per entry is
one ``maximum.reduceat``.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.encoding import Encoder
from knowledge.entries import Entry
from knowledge.lexical import LexicalIndex
from knowledge.lexicon import Lexicon
from knowledge.schema import Aspect, LifeEvent
from knowledge.text import accented_keys, folded_keys, with_pairs

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

LEGS = ("names_folded", "names_accented", "questions_folded", "questions_accented", "body_folded", "body_accented", "whole_folded")


class Nearest(Protocol):
    """A vector store: ``search`` gives the ``k`` best lines of a unit vector as (similarities, line numbers)."""

    def search(self, vectors: Floats, k: int) -> tuple[Floats, Ints]: ...


@dataclass(frozen=True)
class Layout:
    """Where each entry's lines stand. ``names``/``questions`` are line texts; ``*_start`` has one more element than entries."""

    names: tuple[str, ...]
    questions: tuple[str, ...]
    name_start: Ints
    question_start: Ints

    @staticmethod
    def of(entries: Sequence[Entry]) -> Layout:
        names = [(e.title, *e.aliases) for e in entries]
        return Layout(
            tuple(t for lines in names for t in lines),
            tuple(q for e in entries for q in e.questions),
            np.concatenate([[0], np.cumsum([len(n) for n in names])]).astype(np.int64),
            np.concatenate([[0], np.cumsum([len(e.questions) for e in entries])]).astype(np.int64),
        )


@dataclass(frozen=True)
class SearchIndex:
    """Everything a search needs. ``vectors`` holds unit rows: all names, then all questions, then one centroid an entry
    (mean of its title and questions). ``owner`` is the entry of each row.
    ``decoys`` and ``decoy_vectors`` hold messages known to be out of scope: a question nearer to them than to any record is declined."""

    entries: tuple[Entry, ...]
    layout: Layout
    legs: Mapping[str, LexicalIndex]
    vectors: Floats
    owner: Ints
    decoys: LexicalIndex
    decoy_vectors: Floats
    nearest: Nearest
    encoder: Encoder
    lexicon: Lexicon
    aspects: tuple[Aspect, ...]
    by_id: Mapping[str, int]
    ranking: Mapping[str, Any]
    life_events: tuple[LifeEvent, ...] = ()

    @property
    def question_offset(self) -> int:
        return len(self.layout.names)

    @property
    def centroid_offset(self) -> int:
        return len(self.layout.names) + len(self.layout.questions)


def build_legs(entries: Sequence[Entry], layout: Layout) -> dict[str, LexicalIndex]:
    """The lexical legs over syllables and adjacent pairs: names and questions line by line, bodies, and (``whole``) all names and
    questions of an entry as one document, for questions that mix what several lines say."""
    texts: dict[str, Sequence[str]] = {
        "names": layout.names,
        "questions": layout.questions,
        "body": [e.body for e in entries],
        "whole": [" . ".join((e.title, *e.aliases, *e.questions)) for e in entries],
    }
    keys = {"folded": folded_keys, "accented": accented_keys}
    made = {}
    for leg in LEGS:
        field, form = leg.rsplit("_", 1)
        made[leg] = LexicalIndex.build([with_pairs(keys[form](t)) for t in texts[field]])
    return made


def build_vectors(layout: Layout, encoder: Encoder) -> Floats:
    """Vectors of all lines and centroids, shape ``(names + questions + entries, dimension)``."""
    names = encoder.passages(layout.names)
    questions = encoder.passages(layout.questions)
    count = len(layout.name_start) - 1
    centroids = np.zeros((count, encoder.dimension), dtype=np.float32)
    for i in range(count):
        a, b = layout.question_start[i], layout.question_start[i + 1]
        title = names[layout.name_start[i]]
        centroids[i] = title + (questions[a:b].sum(axis=0) if b > a else 0)
    centroids /= np.maximum(np.linalg.norm(centroids, axis=1, keepdims=True), 1e-9)
    return np.ascontiguousarray(np.concatenate([names, questions, centroids]), dtype=np.float32)


def build_decoys(texts: Sequence[str], encoder: Encoder) -> tuple[LexicalIndex, Floats]:
    """The folded lexical leg and the vectors of out-of-scope messages."""
    return LexicalIndex.build([with_pairs(folded_keys(t)) for t in texts]), encoder.passages(texts)


def line_owners(layout: Layout) -> Ints:
    """The entry of each vector row."""
    count = len(layout.name_start) - 1
    numbers = np.arange(count, dtype=np.int64)
    return np.concatenate([np.repeat(numbers, np.diff(layout.name_start)), np.repeat(numbers, np.diff(layout.question_start)), numbers])
