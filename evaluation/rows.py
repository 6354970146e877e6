"""The two values of a measurement: a row for one judged question, an aggregate for many rows."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from bot.types import Status
from evaluation.metrics import Rank, expected_calibration_error, hit_at, mean_reciprocal_rank, percentile


@dataclass(frozen=True)
class Row:
    """One question in one variant, what came, and how it was judged. ``expected`` and ``failed`` are for people to read."""

    task: str
    id: str
    variant: str
    style: str
    facet: str
    question: str
    status: str
    outcome: str
    right: bool
    ranked: bool
    rank: Rank
    first_right: bool | None
    confidence: float
    latency_ms: float
    expected: str
    found: str
    failed: str

    @property
    def asserted_wrongly(self) -> bool:
        """A wrong answer given as an answer: what costs trust most."""
        return self.status == Status.ANSWERED and not self.right


@dataclass(frozen=True)
class Aggregate:
    """Shares over rows (0…1). ``hit_*`` and ``mrr`` are over the rows whose items are judged, none without any; ``ece`` is over the
    answers that the confidence speaks of; latencies in milliseconds."""

    questions: int
    right: float
    hit_1: float | None
    hit_3: float | None
    hit_5: float | None
    hit_10: float | None
    mrr: float | None
    answered: float
    asked_back: float
    declined: float
    wrong_asserted: float
    ece: float | None
    median_ms: float
    p95_ms: float

    @staticmethod
    def of(rows: Sequence[Row]) -> Aggregate:
        """Aggregate ``rows``; zeros for none."""
        count = max(len(rows), 1)
        ranks = [r.rank for r in rows if r.ranked]
        spoken = [(r.confidence, r.first_right) for r in rows if r.first_right is not None]
        states = Counter(r.status for r in rows)
        latencies = [r.latency_ms for r in rows]
        hits = [round(hit_at(ranks, k), 4) if ranks else None for k in (1, 3, 5, 10)]
        return Aggregate(
            len(rows),
            round(sum(r.right for r in rows) / count, 4),
            *hits,
            round(mean_reciprocal_rank(ranks), 4) if ranks else None,
            round(states[Status.ANSWERED] / count, 4),
            round(states[Status.CLARIFY] / count, 4),
            round((states[Status.NO_ANSWER] + states[Status.CHAT]) / count, 4),
            round(sum(r.asserted_wrongly for r in rows) / count, 4),
            round(expected_calibration_error([c for c, _ in spoken], [r for _, r in spoken]), 4) if spoken else None,
            round(percentile(latencies, 0.5), 2),
            round(percentile(latencies, 0.95), 2),
        )

    def to_json(self) -> dict[str, Any]:
        return asdict(self)


def grouped(rows: Iterable[Row], key: Callable[[Row], str]) -> dict[str, Aggregate]:
    """One aggregate for each value of ``key``, by falling number of rows; rows with an empty key are left out."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        if key(row):
            groups.setdefault(key(row), []).append(row)
    return {name: Aggregate.of(group) for name, group in sorted(groups.items(), key=lambda g: (-len(g[1]), g[0]))}
