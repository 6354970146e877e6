"""Putting cases to the bot and keeping what came back."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.pipeline import Assistant
from bot.types import State, Status
from evaluation.measures import NOT_FOUND, expected_calibration_error, hit_at, mean_reciprocal_rank, percentile, reliability
from evaluation.sets import Case
from evaluation.verdicts import faults, rank_of


@dataclass(frozen=True)
class Row:
    """One case as answered: what was typed, what came first, and what was wrong with it."""

    id: str
    task: str
    style: str
    question: str
    status: str
    confidence: float
    first: str
    rank: int
    right: bool
    faults: str
    latency_ms: float
    facet: str


@dataclass(frozen=True)
class Summary:
    """Aggregate of the rows of one task in one style."""

    task: str
    style: str
    count: int
    right: float
    hit1: float | None
    hit3: float | None
    hit5: float | None
    hit10: float | None
    mrr: float | None
    answered: float
    asked_back: float
    declined: float
    wrong_asserted: float
    ece: float | None
    median_ms: float
    p95_ms: float


def run(assistant: Assistant, cases: Iterable[Case], style: str) -> list[Row]:
    """Answer every case (all its turns); the last answer is judged."""
    rows = []
    for case in cases:
        state = State()
        for turn in case.turns:
            reply = assistant.reply(turn, state)
            state = reply.state
        answer = reply.answer
        wrong = faults(case.task, case.expected, answer)
        rows.append(
            Row(
                case.id,
                case.task,
                style,
                " ⏎ ".join(case.turns),
                answer.status.value,
                round(answer.confidence, 4),
                answer.items[0].id if answer.items else "",
                rank_of(case.expected, answer) if case.task == "procedures" else 0 if not wrong else NOT_FOUND,
                not wrong,
                "; ".join(wrong),
                round(reply.latency_ms, 2),
                str(case.expected.get("facet", "")),
            )
        )
    return rows


def summarise(rows: Sequence[Row]) -> Summary:
    """Figures over the rows of one task and style. A wrong answer is asserted when it is answered and not right."""
    task, style, n = rows[0].task, rows[0].style, len(rows)
    ranks = [r.rank for r in rows]
    ranked = task == "procedures"
    asserted = [r for r in rows if r.status == Status.ANSWERED.value]
    bins = reliability([r.confidence for r in asserted], [r.right for r in asserted])
    status = [r.status for r in rows]
    return Summary(
        task,
        style,
        n,
        sum(r.right for r in rows) / n,
        hit_at(ranks, 1) if ranked else None,
        hit_at(ranks, 3) if ranked else None,
        hit_at(ranks, 5) if ranked else None,
        hit_at(ranks, 10) if ranked else None,
        mean_reciprocal_rank(ranks) if ranked else None,
        status.count(Status.ANSWERED.value) / n,
        status.count(Status.CLARIFY.value) / n,
        status.count(Status.NO_ANSWER.value) / n,
        sum(not r.right for r in asserted) / n,
        expected_calibration_error(bins) if asserted and task != "reject" else None,
        percentile([r.latency_ms for r in rows], 0.5),
        percentile([r.latency_ms for r in rows], 0.95),
    )
