"""What each leg finds alone, what simple fusion makes of them, and what the learned ranking and the question bank add."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from evaluation.measures import NOT_FOUND, hit_at, mean_reciprocal_rank
from evaluation.sets import Case
from index_builder.build import in_memory
from knowledge.entries import EntryType, entries_of
from knowledge.loading import DATA, load
from knowledge.search.features import candidates, leg_scores, matrix
from knowledge.search.ranking import Searcher

LEXICAL = ("names_folded", "names_accented", "questions_folded", "questions_accented", "whole_folded", "body_folded")
DENSE = ("dense_title", "dense_question", "dense_centroid")
VARIANTS: Mapping[str, tuple[str, ...]] = {
    "names, folded": ("names_folded",),
    "names, accented": ("names_accented",),
    "questions, folded": ("questions_folded",),
    "questions, accented": ("questions_accented",),
    "names and questions as one text": ("whole_folded",),
    "body": ("body_folded",),
    "dense title": ("dense_title",),
    "dense question": ("dense_question",),
    "dense centroid": ("dense_centroid",),
    "all lexical, equal weights": LEXICAL,
    "all dense, equal weights": DENSE,
    "everything, equal weights": (*LEXICAL, *DENSE),
}


def _ranks(searcher: Searcher, cases: Sequence[Case], columns: Sequence[int] | None) -> list[int]:
    """Rank of the right record for each case by the sum of some feature columns, or by the learned ranking (``None``)."""
    index = searcher.index
    nationwide = np.array([e.type is not EntryType.PROCEDURE or e.province is None for e in index.entries])
    ranks = []
    for case in cases:
        codes = set(case.expected["codes"])
        query = searcher.query(case.turns[-1])
        if columns is None:
            order = [h.entry for h in searcher.search(query, nationwide, top=50).hits]
        else:
            legs = leg_scores(index, query)
            chosen = candidates(index, legs, nationwide)
            values = matrix(index, searcher.aspects, searcher.traits, query, legs, chosen)[:, list(columns)].sum(axis=1)
            order = [int(chosen[i]) for i in np.argsort(-values, kind="stable")[:50]]
        ranks.append(next((r for r, e in enumerate(order) if index.entries[e].code in codes), NOT_FOUND))
    return ranks


def ablation(searcher: Searcher, cases: Sequence[Case]) -> list[dict[str, Any]]:
    """One row a variant: hit@1, hit@5 and MRR@10 of *procedures* cases among all entries of the index."""
    names = searcher.ranking.names
    found = {label: _ranks(searcher, cases, [names.index(c) for c in columns]) for label, columns in VARIANTS.items()}
    found["learned ranking"] = _ranks(searcher, cases, None)
    known, _ = load(DATA)
    bare = [dataclasses.replace(e, questions=()) for e in entries_of(known)]
    without_bank = Searcher(in_memory(known, bare, searcher.index.encoder, dict(searcher.index.ranking)))
    found["learned ranking, index without the question bank"] = _ranks(without_bank, cases, None)
    return [
        {
            "variant": label,
            "hit@1": round(hit_at(ranks, 1), 3),
            "hit@5": round(hit_at(ranks, 5), 3),
            "mrr@10": round(mean_reciprocal_rank(ranks), 3),
        }
        for label, ranks in found.items()
    ]
