"""What each part of the search brings: procedure questions ranked by every leg alone, by plain sums of legs, and by the learned ranking.

All rankings choose among the same entries, those that may answer a question which names no province. A leg alone ranks all of them by
its own score; a sum adds the legs' scores as they are, with equal weights.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.cases import Case
from evaluation.metrics import Rank, hit_at, mean_reciprocal_rank
from evaluation.variants import vary
from index_builder.build import vector_store
from knowledge.entries import EntryType
from knowledge.search.features import feature_names, leg_scores, matrix
from knowledge.search.index import LEGS, Floats, Layout, SearchIndex, build_legs, build_vectors, line_owners
from knowledge.search.ranking import Searcher

DENSE = ("dense_title", "dense_question", "dense_centroid")
SUMS: Mapping[str, tuple[str, ...]] = {"all lexical": LEGS, "all dense": DENSE, "all, equal weights": (*LEGS, *DENSE)}
LEARNED, WITHOUT_BANK = "learned ranking", "learned ranking, no question bank"
DEEPEST = 20
VARIANTS = ("as_typed", "no_tones")
Mask = NDArray[np.bool_]


@dataclass(frozen=True)
class AblationRow:
    """Where one way of ranking put the first acceptable procedure of one question."""

    variant: str
    ranking: str
    id: str
    rank: Rank


@dataclass(frozen=True)
class AblationAggregate:
    """One line of the table."""

    ranking: str
    variant: str
    questions: int
    hit_1: float
    hit_3: float
    hit_5: float
    hit_10: float
    mrr: float


def nationwide(index: SearchIndex) -> Mask:
    """Entries that may answer a question without a province: all but the procedures that one province alone has."""
    return np.array([e.type is not EntryType.PROCEDURE or e.province is None for e in index.entries], dtype=bool)


def without_questions(index: SearchIndex) -> SearchIndex:
    """The same index as if nobody had written everyday questions. The encoder has learnt from them all the same."""
    entries = tuple(dataclasses.replace(e, questions=()) for e in index.entries)
    layout = Layout.of(entries)
    vectors = build_vectors(layout, index.encoder)
    return dataclasses.replace(
        index,
        entries=entries,
        layout=layout,
        legs=build_legs(entries, layout),
        vectors=vectors,
        owner=line_owners(layout),
        nearest=vector_store(vectors),
    )


def rank_of(scores: Floats, acceptable: Mask) -> Rank:
    """Place of the best acceptable entry by falling score, in index order among equals; ``None`` where it scores nothing."""
    best = float(scores[acceptable].max()) if acceptable.any() else 0.0
    if best <= 0.0:
        return None
    first = int(np.flatnonzero(acceptable & (scores >= best))[0])
    return int((scores > best).sum()) + int((scores[:first] == best).sum()) + 1


def _learned(searcher: Searcher, text: str, mask: Mask, codes: Sequence[str]) -> Rank:
    hits = searcher.search(searcher.query(text), mask, top=DEEPEST).hits
    return next((place for place, hit in enumerate(hits, 1) if searcher.index.entries[hit.entry].code in codes), None)


def run(cases: Sequence[Case], index: SearchIndex, variants: Sequence[str] = VARIANTS) -> Iterator[AblationRow]:
    """Rank every procedure question in every way."""
    searcher, bare = Searcher(index), Searcher(without_questions(index))
    mask = nationwide(index)
    everything = np.flatnonzero(mask).astype(np.int64)
    columns = {name: i for i, name in enumerate(feature_names(searcher.aspects))}
    singles = {name: (name,) for name in (*LEGS, *DENSE)}
    codes_of = np.array([e.code or "" for e in index.entries])[everything]
    for variant in variants:
        for case in cases:
            text, codes = vary(case.turns[-1], variant), case.expected.codes
            query = searcher.query(text)
            legs = leg_scores(index, query)
            scores = matrix(index, searcher.aspects, query, legs, everything)
            acceptable = np.isin(codes_of, list(codes))
            for name, parts in {**singles, **SUMS}.items():
                total = scores[:, [columns[p] for p in parts]].sum(axis=1)
                yield AblationRow(variant, name, case.id, rank_of(total, acceptable))
            yield AblationRow(variant, WITHOUT_BANK, case.id, _learned(bare, text, mask, codes))
            yield AblationRow(variant, LEARNED, case.id, _learned(searcher, text, mask, codes))


def aggregate(rows: Sequence[AblationRow]) -> list[AblationAggregate]:
    """One aggregate for each ranking and variant, in the order of the rows."""
    groups: dict[tuple[str, str], list[Rank]] = {}
    for row in rows:
        groups.setdefault((row.ranking, row.variant), []).append(row.rank)
    of: Callable[[list[Rank], int], float] = lambda ranks, k: round(hit_at(ranks, k), 4)  # noqa: E731
    return [
        AblationAggregate(
            name, variant, len(ranks), of(ranks, 1), of(ranks, 3), of(ranks, 5), of(ranks, 10), round(mean_reciprocal_rank(ranks), 4)
        )
        for (name, variant), ranks in groups.items()
    ]
