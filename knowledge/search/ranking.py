"""The learned fusion: a linear model over features, with one set of weights for entries that have everyday questions and one for
those that have none. Small enough to read: it is committed as ``knowledge/ranking.json``."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.entries import Entry, EntryType
from knowledge.search import cues
from knowledge.search.features import AspectTable, LegScores, Traits, candidates, feature_names, leg_scores, matrix
from knowledge.search.index import FOLDED_FIELDS, Floats, Ints, SearchIndex
from knowledge.search.query import Query
from knowledge.search.scope import ScopeWords
from knowledge.twins import shared_name

VERBATIM = 0.7
"""Share of a question's words, weighted by rarity, that stand in one line of a record: from here on it repeats that line."""
SURE = 0.95
RANKING = Path(__file__).parents[1] / "ranking.json"


class RankingError(RuntimeError):
    """The ranking model does not fit the code."""


@dataclass(frozen=True)
class LinearRanking:
    """Weights by feature for entries with and without questions, and the logistic that turns a ranking into a confidence."""

    names: tuple[str, ...]
    with_questions: Floats
    without_questions: Floats
    calibration: Mapping[str, Any]

    @staticmethod
    def read(values: Mapping[str, Any], names: Sequence[str]) -> LinearRanking:
        """From the committed model; a feature it does not know weighs nothing, one that no longer exists is an error."""
        stored: Mapping[str, Mapping[str, float]] = values["weights"]
        unknown = set(stored) - set(names)
        if unknown:
            raise RankingError(f"ranking.json có đặc trưng không còn dùng: {sorted(unknown)[:5]}; chạy: python -m index_builder train")
        rows = np.array([[stored.get(n, {}).get(k, 0.0) for n in names] for k in ("with", "without")], dtype=np.float32)
        return LinearRanking(tuple(names), rows[0], rows[1], dict(values["calibration"]))

    def scores(self, features: Floats, has_questions: NDArray[np.bool_]) -> Floats:
        return np.where(has_questions, features @ self.with_questions, features @ self.without_questions).astype(np.float32)


def load_ranking(path: Path = RANKING) -> dict[str, Any]:
    values: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return values


@dataclass(frozen=True)
class Hit:
    """One ranked entry: its number in the index, the model's score, and its probability among the candidates."""

    entry: int
    score: float
    share: float


@dataclass(frozen=True)
class Ranked:
    """The result of a search: hits best first; the probability that the first is right (``confidence``) and that the question is
    one the index can answer at all (``scope``), both calibrated on questions that no trained part has seen."""

    hits: tuple[Hit, ...]
    confidence: float
    scope: float
    evidence: Mapping[str, float]


class Searcher:
    """Search over one index: legs, candidates, features, linear ranking, confidence."""

    def __init__(self, index: SearchIndex) -> None:
        self.index = index
        self.aspects = AspectTable.of(index.aspects, index.titled)
        self.traits = Traits.of(index.entries)
        self.ranking = LinearRanking.read(index.ranking, feature_names(self.aspects))
        self.speller = index.speller
        self.twins = twin_groups(index.entries)
        self.scope_words = ScopeWords.of(index.folded, FOLDED_FIELDS.index("questions"), FOLDED_FIELDS.index("decoys"))
        starts = index.layout.question_start
        self.has_questions: NDArray[np.bool_] = starts[1:] > starts[:-1]

    def query(self, text: str) -> Query:
        """A typed question, its shorthand written out and its slips mended."""
        return self.speller.query(self.index.lexicon.query(text))

    def search(self, query: Query, allowed: NDArray[np.bool_] | None = None, top: int = 20, without_decoy: int | None = None) -> Ranked:
        """Rank the entries (only those where ``allowed``) for a question; at most ``top`` hits. ``without_decoy`` leaves out one
        out-of-scope message, for calibrating on that message itself."""
        legs = leg_scores(self.index, query)
        chosen = candidates(self.index, legs, allowed)
        if not len(chosen):
            return Ranked((), 0.0, 0.0, {})
        features = matrix(self.index, self.aspects, self.traits, query, legs, chosen)
        words = self.scope_words.evidence(query.folded(), own=without_decoy is not None)
        return self._rank(query, features, chosen, self._decoys(legs, without_decoy), words, top)

    def _decoys(self, legs: LegScores, without: int | None) -> tuple[float, float]:
        """How near the question is to a known out-of-scope message: cosine, and share of its words."""
        if not len(legs.decoys):
            return 0.0, 0.0
        dense = self.index.decoy_vectors @ legs.vector
        lexical = legs.decoys
        if without is not None:
            dense[without] = lexical[without] = 0.0
        return float(dense.max()), float(lexical.max())

    def _rank(
        self, query: Query, features: Floats, chosen: Ints, decoys: tuple[float, float], words: Mapping[str, float], top: int
    ) -> Ranked:
        scores = self.ranking.scores(features, self.has_questions[chosen])
        order = np.argsort(-scores, kind="stable")
        shares = np.exp(scores[order] - scores[order[0]])
        shares /= shares.sum()
        best = order[:top]
        hits = tuple(map(Hit, chosen[best].tolist(), scores[best].tolist(), shares[:top].tolist()))
        evidence = {**self.evidence(features[order[0]], shares, scores[order], decoys), **words}
        # Between twins nobody could choose, so that their shares together say how clear the first hit is.
        evidence["share"] = float(shares[self.twins[chosen[order]] == self.twins[chosen[order[0]]]].sum())
        evidence["abroad"] = float(cues.abroad(query) and not cues.foreign(self.index.entries[hits[0].entry].title))
        evidence["opinion"] = float(cues.opinion(query))
        evidence["strangeness"] = self.speller.strangeness(query)
        calibration = self.ranking.calibration
        correct, scope = (logistic(evidence, calibration.get(name, {})) for name in ("correct", "scope"))
        if evidence["lexical"] >= VERBATIM and evidence["lexical"] > evidence["decoy_lexical"]:
            # Who types a record's own name or question is beyond what the held-out questions could teach the calibration.
            correct, scope = max(correct, evidence["share"]), max(scope, SURE)
        return Ranked(hits, correct, scope, evidence)

    def evidence(self, first: Floats, shares: Floats, scores: Floats, decoys: tuple[float, float]) -> dict[str, float]:
        """What the confidence is computed from: the best hit's strongest signals and its lead over the others."""
        value = dict(zip(self.ranking.names, first.tolist(), strict=True))
        dense = max(value["dense_name"], value["dense_question"])
        lexical = max(value["names_folded"], value["questions_folded"])
        return {
            "share": float(shares[0]),
            "share_first_five": float(shares[:5].sum()),
            "score": float(scores[0]) / 10.0,
            "lexical": lexical,
            "accented": max(value["names_accented"], value["questions_accented"]),
            "name": value["names_folded"],
            "body": value["body_folded"],
            "dense": dense,
            "centroid": value["dense_centroid"],
            "dense_and_lexical": dense * lexical,
            "whole": value["whole_folded"],
            "decoy_dense": decoys[0],
            "decoy_lexical": decoys[1],
            "decoy_leads": float(decoys[0] > dense),
            "plan_asked": value["admin_cue_and_plan"],
        }


def twin_groups(entries: Sequence[Entry]) -> Ints:
    """One number for all procedures of one name and province, another for every other entry; shape ``(entries,)``."""
    numbers: dict[tuple[str, str | None], int] = {}
    procedure = EntryType.PROCEDURE
    return np.array(
        [numbers.setdefault((shared_name(e.title), e.province), i) if e.type is procedure else i for i, e in enumerate(entries)]
    )


def logistic(evidence: Mapping[str, float], weights: Mapping[str, float]) -> float:
    """Logistic regression over the evidence (Platt, "Probabilistic Outputs for Support Vector Machines", 1999)."""
    z = weights.get("intercept", 0.0) + sum(weights.get(name, 0.0) * value for name, value in evidence.items())
    return 1.0 / (1.0 + math.exp(-max(min(z, 30.0), -30.0)))
