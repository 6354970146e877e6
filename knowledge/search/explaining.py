"""Why a search ranks as it does: each leg's best hits, each candidate's place in every leg, and what its features weigh."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.search.features import candidates, leg_scores, matrix
from knowledge.search.index import LEGS, Floats
from knowledge.search.query import Query
from knowledge.search.ranking import Ranked, Searcher

VECTORS = "vectors"
"""The leg of the encoder, beside the lexical :data:`knowledge.search.index.LEGS`."""


@dataclass(frozen=True)
class Scored:
    """An entry's number in the index and its score in a leg."""

    entry: int
    score: float


@dataclass(frozen=True)
class Weighed:
    """A feature of a candidate: its value, and what it adds to the score (value times weight)."""

    name: str
    value: float
    adds: float


@dataclass(frozen=True)
class Explained:
    """``legs``: the best hits by leg; ``places``: by entry, its place (from 1) in each leg where it has a score; ``features``: by entry,
    what its score is made of, the weightiest first."""

    query: Query
    ranked: Ranked
    legs: Mapping[str, tuple[Scored, ...]]
    places: Mapping[int, Mapping[str, int]]
    features: Mapping[int, tuple[Weighed, ...]]


def explain(searcher: Searcher, query: Query, allowed: NDArray[np.bool_] | None = None, top: int = 5, most_features: int = 12) -> Explained:
    """The search for ``query`` among the ``allowed`` entries (none: all), taken apart for its ``top`` hits. Not for every question:
    it does the work of a search twice."""
    ranked = searcher.search(query, allowed, top)
    index = searcher.index
    legs = leg_scores(index, query)
    scores: dict[str, Floats] = {name: legs.lexical[name] for name in LEGS}
    dense = np.zeros(len(index.entries), dtype=np.float32)
    # The nearest lines come nearest first; an entry's place is that of its best line.
    owners = index.owner[legs.nearest]
    _, first = np.unique(owners, return_index=True)
    for place in np.sort(first)[::-1]:
        dense[owners[place]] = 1.0 / (1 + place)
    scores[VECTORS] = dense
    if allowed is not None:
        scores = {name: np.where(allowed, values, np.float32(0.0)) for name, values in scores.items()}
    best = {name: _best(values, top) for name, values in scores.items()}
    hits = [hit.entry for hit in ranked.hits]
    places = {e: {name: int((values > values[e]).sum()) + 1 for name, values in scores.items() if values[e] > 0} for e in hits}
    features: dict[int, tuple[Weighed, ...]] = {}
    if hits:
        chosen = candidates(index, legs, allowed)
        rows = matrix(index, searcher.aspects, searcher.traits, query, legs, chosen)
        position = {int(entry): row for row, entry in enumerate(chosen)}
        for e in hits:
            weights = searcher.ranking.with_questions if searcher.has_questions[e] else searcher.ranking.without_questions
            row = rows[position[e]]
            adds = row * weights
            order = np.argsort(-np.abs(adds), kind="stable")[:most_features]
            features[e] = tuple(Weighed(searcher.ranking.names[i], float(row[i]), float(adds[i])) for i in order if adds[i])
    return Explained(query, ranked, best, places, features)


def _best(scores: Floats, top: int) -> tuple[Scored, ...]:
    order = np.argsort(-scores, kind="stable")[:top]
    return tuple(Scored(int(i), float(scores[i])) for i in order if scores[i] > 0)
