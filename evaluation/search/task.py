"""The search task: the whole search, each of its legs, and BM25 over syllables and adjacent pairs, on one collection in one run."""

from __future__ import annotations

import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from evaluation.measures import NOT_FOUND, hit_at, mean_reciprocal_rank
from evaluation.search.collection import Collection
from evaluation.search.passages import Floats, PassageSearch
from evaluation.search.signs import load_weights
from knowledge.encoding import Encoder
from knowledge.lexicon import Lexicon
from knowledge.text import accented_keys, has_marks, with_pairs

BASELINES = {"BM25 pairs (k1=0.9, b=0.4)": (0.9, 0.4), "BM25 pairs (k1=1.2, b=0.75)": (1.2, 0.75)}
"""BM25 over title and text: with the parameters of the project's short lines, and with those of the textbooks."""
WHOLE = "whole search"


@dataclass(frozen=True)
class SearchRow:
    """Where one ranking put the first relevant document of one question (counted from 0), and how long it took for all documents."""

    ranking: str
    id: str
    question: str
    rank: int
    latency_ms: float


@dataclass(frozen=True)
class SearchAggregate:
    ranking: str
    questions: int
    mrr_10: float
    hit_1: float
    hit_3: float
    hit_5: float
    hit_10: float
    median_ms: float

    @staticmethod
    def of(rows: Sequence[SearchRow]) -> list[SearchAggregate]:
        """One aggregate for each ranking, in the order of the rows."""
        groups: dict[str, list[SearchRow]] = {}
        for row in rows:
            groups.setdefault(row.ranking, []).append(row)
        made = []
        for name, group in groups.items():
            ranks = [r.rank for r in group]
            hit1, hit3, hit5, hit10 = (round(hit_at(ranks, k), 4) for k in (1, 3, 5, 10))
            latency = round(float(np.median([r.latency_ms for r in group])), 2)
            made.append(SearchAggregate(name, len(ranks), round(mean_reciprocal_rank(ranks), 4), hit1, hit3, hit5, hit10, latency))
        return made


def rank_among(scores: Floats, relevant: Sequence[int]) -> int:
    """Rank (from 0) of the best relevant document by falling score, ``NOT_FOUND`` without a score. Equal scores of others count
    before it, so that no leg gains by ties."""
    best = scores[list(relevant)].max()
    return int((scores >= best).sum()) - int((scores[list(relevant)] >= best).sum()) if best > 0 else NOT_FOUND


def run(collection: Collection, encoder: Encoder, lexicon: Lexicon) -> Iterator[SearchRow]:
    """Rank the documents for every question in every way. The baselines see the question as it is typed, the legs what the lexicon
    makes of it."""
    number = {d.id: i for i, d in enumerate(collection.documents)}
    index = PassageSearch.build(collection.documents, encoder, folded=not all(map(has_marks, collection.questions.values())))
    postings = index.lexical["accented"].postings
    weights = load_weights()
    plain = {name: postings.weighted(k1, b) for name, (k1, b) in BASELINES.items()}
    for identity, text in collection.questions.items():
        relevant = sorted(number[d] for d in collection.relevant[identity])
        for name, leg in plain.items():
            started = time.perf_counter()
            scores = leg.scores(dict.fromkeys(with_pairs(accented_keys(text)), 1.0))
            yield SearchRow(name, identity, text, rank_among(scores, relevant), _since(started))
        started = time.perf_counter()
        query = lexicon.query(text)
        legs = index.legs(query)
        whole = index.whole(query, legs, weights)
        spent = _since(started)
        for name, scores in {**legs, WHOLE: whole}.items():
            yield SearchRow(name, identity, text, rank_among(scores, relevant), spent)


def _since(started: float) -> float:
    return round((time.perf_counter() - started) * 1e3, 3)
