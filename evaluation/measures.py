"""Measures of ranking and calibration."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

NOT_FOUND = 10_000


def hit_at(ranks: Sequence[int], k: int) -> float:
    """Share of questions whose right record stands among the first ``k`` (ranks count from 0)."""
    return sum(r < k for r in ranks) / max(len(ranks), 1)


def mean_reciprocal_rank(ranks: Sequence[int], depth: int = 10) -> float:
    """MRR at ``depth`` (Voorhees, "The TREC-8 Question Answering Track Report", 1999)."""
    return sum(1 / (r + 1) for r in ranks if r < depth) / max(len(ranks), 1)


@dataclass(frozen=True)
class Bin:
    """Questions whose confidence lies in [low, high): their number, mean confidence, and share right."""

    low: float
    high: float
    count: int
    confidence: float
    right: float


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = 10) -> list[Bin]:
    """Equal-width bins of confidence; empty ones are left out."""
    made = []
    for b in range(bins):
        low, high = b / bins, (b + 1) / bins
        rows = [(c, r) for c, r in zip(confidences, right, strict=True) if low <= c < high or (b == bins - 1 and c == 1.0)]
        if rows:
            made.append(Bin(low, high, len(rows), sum(c for c, _ in rows) / len(rows), sum(r for _, r in rows) / len(rows)))
    return made


def expected_calibration_error(bins: Sequence[Bin]) -> float:
    """ECE (Naeini et al., "Obtaining Well Calibrated Probabilities Using Bayesian Binning", 2015)."""
    total = sum(b.count for b in bins)
    return sum(b.count * abs(b.confidence - b.right) for b in bins) / max(total, 1)


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` of the values lie; 0 for none."""
    ordered = sorted(values)
    return ordered[min(int(share * len(ordered)), len(ordered) - 1)] if ordered else 0.0
