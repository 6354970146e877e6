"""Signs that tell the best articles of a question apart, beside the legs that found them.

Legs add up what stands anywhere in an article. The signs say what they cannot: how much of the question stands close together, what of
it only the name of the law holds (an article "Cấp hiệu" of the decree on the coast guard answers a question on "cấp hiệu của cảnh sát
biển"), how much of the title the question takes up, and whether the title suits the question's form.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from evaluation.search.collection import Document
from evaluation.search.coverage import NONE, best_window
from evaluation.search.forms import Form, Forms, answered
from evaluation.search.lexical import Lexical
from evaluation.search.likeness import TermVectors, covered
from knowledge.encoding import Encoder
from knowledge.text import folded_keys, with_pairs

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

WEIGHTS_FILE = Path(__file__).with_name("weights.json")
LEGS = ("article", "passage", "dense_passage")
WINDOWS = (15, 30, 60)
"""Widths in syllables: about a clause, a sentence, a point with its points."""
NEIGHBOURS = 3
SIGNS = (
    *LEGS,
    *(f"window_{w}" for w in WINDOWS),
    "announced",  # share of the question in the title or the law's name
    "only_named",  # share of the question that the law's name holds and the article does not
    "title_asked",  # share of the title that stands in the question
    "title_alike",  # the same, near words counting in part
    "heading_asked",  # share of the heading's pairs that stand in the question
    "form",  # share of the question's forms that the title answers
    "dense_source",  # the encoder's likeness to the law's name
    "neighbours",  # mean score of the best other articles of the same law
)
"""Columns of :meth:`Signs.matrix`."""


def load_weights(path: Path = WEIGHTS_FILE) -> Floats:
    """The weights that :mod:`evaluation.search.learning` wrote, in the order of :data:`SIGNS`.

    Raises:
        OSError, ValueError, KeyError: no such file, or of other signs.
    """
    values = json.loads(path.read_text(encoding="utf-8"))["weights"]
    return np.array([values[name] for name in SIGNS], dtype=np.float32)


@dataclass(frozen=True)
class _Asked:
    """A question for one form of keys: ``table`` gives each number of the vocabulary its place among the question's words or ``NONE``;
    ``weights`` of these words, of sum 1; ``pairs`` and ``near`` are its folded pairs, and vectors of its folded syllables and pairs."""

    table: Ints
    weights: Floats
    pairs: frozenset[str]
    near: Floats
    forms: Sequence[Form]


class Signs:
    """Signs of single documents for a question; what can be kept of documents and laws is made when first needed."""

    def __init__(self, documents: Sequence[Document], encoder: Encoder) -> None:
        self._documents = documents
        self._encoder = encoder
        self._vectors = TermVectors(encoder)
        self._sources: dict[str, Floats] = {}
        self._forms = {folded: Forms.load(folded=folded) for folded in (False, True)}

    def matrix(self, question: str, lexical: Lexical, legs: Mapping[str, Floats], base: Floats, best: Sequence[int]) -> Floats:
        """Signs of the documents ``best``, shape ``(len(best), len(SIGNS))``.

        Args:
            question: as the lexicon wrote it out.
            lexical: the form of the keys that the question is compared in.
            legs, base: scores of all documents in each leg and in the sum of the legs.
            best: numbers of documents.
        """
        asked = self._asked(question, lexical)
        vector = self._encoder.queries([question])[0]
        neighbours = self._neighbours(base, best)
        made = np.zeros((len(best), len(SIGNS)), dtype=np.float32)
        for row, number in enumerate(best):
            document = self._documents[number]
            made[row] = [
                *(legs[name][number] for name in LEGS),
                *self._of_words(asked, lexical, number),
                self._title_alike(asked, lexical, number),
                _heading_asked(asked, document.heading),
                answered(asked.forms, lexical.vocabulary.keys_of(document.title)),
                float(self._source(document.source) @ vector),
                neighbours[row],
            ]
        return made

    def _asked(self, question: str, lexical: Lexical) -> _Asked:
        numbers = lexical.vocabulary.numbers
        keys = lexical.vocabulary.keys_of(question)
        words = list(dict.fromkeys(keys))
        table = np.full(len(numbers), NONE, dtype=np.int64)
        for place, word in enumerate(words):
            if word in numbers:
                table[numbers[word]] = place
        weights = np.array([lexical.idf(w) for w in words], dtype=np.float32)
        folded = with_pairs(folded_keys(question))
        near = self._vectors.of(list(dict.fromkeys(folded)))
        forms = self._forms[not lexical.accented].of(keys)
        return _Asked(table, weights / max(float(weights.sum()), 1e-9), frozenset(t for t in folded if "_" in t), near, forms)

    def _of_words(self, asked: _Asked, lexical: Lexical, number: int) -> list[float]:
        """Windows, ``announced``, ``only_named`` and ``title_asked``."""
        title = lexical.titles[number]
        words = asked.table[np.concatenate([title, lexical.bodies[number]])]
        places = np.flatnonzero(words != NONE)
        found = words[places]
        windows = [best_window(places.tolist(), found.tolist(), asked.weights.tolist(), width) for width in WINDOWS]
        inside, titled, named = (np.zeros(len(asked.weights), dtype=bool) for _ in range(3))
        inside[found] = True
        for there, read in ((titled, title), (named, lexical.sources[number])):
            in_question = asked.table[read]
            there[in_question[in_question != NONE]] = True
        own = np.unique(title)
        weights = lexical.article.idf[own]
        asked_share = float(weights @ (asked.table[own] != NONE)) / max(float(weights.sum()), 1e-9)
        return [*windows, float(asked.weights @ (titled | named)), float(asked.weights @ (named & ~inside)), asked_share]

    def _title_alike(self, asked: _Asked, lexical: Lexical, number: int) -> float:
        weights: dict[str, float] = {}
        for word, key in zip(lexical.titles[number].tolist(), folded_keys(self._documents[number].title), strict=True):
            weights[key] = max(weights.get(key, 0.0), float(lexical.article.idf[word]))
        return covered(asked.near, self._vectors.of(list(weights)), np.array(list(weights.values()), dtype=np.float32)) if weights else 0.0

    def _source(self, name: str) -> Floats:
        if name not in self._sources:
            self._sources[name] = self._encoder.passages([name])[0]
        return self._sources[name]

    def _neighbours(self, base: Floats, best: Sequence[int]) -> Floats:
        """Mean of ``base`` over the best few other documents of the same source among ``best``; those that are missing count 0."""
        groups: dict[str, list[int]] = {}
        for number in sorted(best, key=lambda n: -base[n]):
            groups.setdefault(self._documents[number].source, []).append(number)
        made = np.zeros(len(best), dtype=np.float32)
        for row, number in enumerate(best):
            source = self._documents[number].source
            if source:
                others = [n for n in groups[source][: NEIGHBOURS + 1] if n != number][:NEIGHBOURS]
                made[row] = float(base[others].sum()) / NEIGHBOURS
        return made


def _heading_asked(asked: _Asked, heading: str) -> float:
    pairs = [t for t in with_pairs(folded_keys(heading)) if "_" in t]
    return sum(p in asked.pairs for p in pairs) / len(pairs) if pairs else 0.0
