"""Measures over judged questions. Every function is pure and takes plain sequences.

Hit@k and the mean reciprocal rank follow Voorhees, "The TREC-8 Question Answering Track Report" (1999); the expected calibration
error follows Naeini, Cooper and Hauskrecht, "Obtaining Well Calibrated Probabilities Using Bayesian Binning" (2015).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

CUTOFFS = (1, 3, 5, 10)
BINS = 10
Rank = int | None
"""Place of the first acceptable result, counted from 1; ``None``: it was not found."""


def hit_at(ranks: Sequence[Rank], cutoff: int) -> float:
    """Share of questions whose first acceptable result stands among the best ``cutoff``; 0 for no questions."""
    return sum(r is not None and r <= cutoff for r in ranks) / len(ranks) if ranks else 0.0


def mean_reciprocal_rank(ranks: Sequence[Rank], cutoff: int = 10) -> float:
    """Mean of 1/rank, where a rank beyond ``cutoff`` counts 0; 0 for no questions."""
    return sum(1.0 / r for r in ranks if r is not None and r <= cutoff) / len(ranks) if ranks else 0.0


@dataclass(frozen=True)
class Bin:
    """Answers whose confidence lies in [``low``, ``high``): how many, their mean confidence, and the share that was right."""

    low: float
    high: float
    count: int
    confidence: float
    accuracy: float


def reliability(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> list[Bin]:
    """Bins of equal width over [0, 1], empty ones left out; a confidence of 1 belongs to the last."""
    found = []
    for number in range(bins):
        low, high = number / bins, (number + 1) / bins
        inside = [(c, r) for c, r in zip(confidences, right, strict=True) if low <= c < high or (number == bins - 1 and c >= high)]
        if inside:
            count = len(inside)
            found.append(Bin(low, high, count, sum(c for c, _ in inside) / count, sum(r for _, r in inside) / count))
    return found


def expected_calibration_error(confidences: Sequence[float], right: Sequence[bool], bins: int = BINS) -> float:
    """Mean distance between confidence and accuracy over the bins, weighted by their counts; 0 for no answers."""
    total = len(confidences)
    return sum(b.count * abs(b.confidence - b.accuracy) for b in reliability(confidences, right, bins)) / total if total else 0.0


def percentile(values: Sequence[float], share: float) -> float:
    """The value below which ``share`` (0…1) of the values lie, interpolated; 0 for no values."""
    return float(np.percentile(np.asarray(values, dtype=float), share * 100)) if values else 0.0
