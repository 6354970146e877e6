"""What every task has, and how its questions are put to the assistant."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from bot.types import Answer, Reply, State
from evaluation.cases import Case, Expected, read_cases
from evaluation.judging import Verdict
from evaluation.rows import Row
from evaluation.variants import VARIANTS, vary

SETS = Path(__file__).parents[1] / "sets"


class Answers(Protocol):
    """What is measured: something that replies to a message in a conversation."""

    def reply(self, text: str, state: State | None = None) -> Reply: ...


@dataclass(frozen=True)
class Task:
    """A kind of question: its name and label, its own set, the fields that each row must
    have, the rule that judges, what counts as a case's facet, and whether its rows expect anything."""

    name: str
    label: str
    default_set: Path
    required: frozenset[str]
    judge: Callable[[Expected, Answer], Verdict]
    facet: Callable[[Case], str] = lambda case: case.facet
    expects: bool = True

    def read(self, path: Path | None = None) -> list[Case]:
        """The cases of ``path``, or of the project's own set.

        Raises:
            WrongSet: the set cannot be used.
        """
        return read_cases(path or self.default_set, self.required, expects=self.expects)


def described(expected: Expected) -> str:
    """What was expected, in one line."""
    values = expected.model_dump(mode="json", exclude_defaults=True)
    return "; ".join(f"{k}={', '.join(v) if isinstance(v, list) else v}" for k, v in values.items())


def put(assistant: Answers, case: Case, variant: str) -> tuple[Reply, str]:
    """Hold one conversation, every turn in the variant, and give back the last reply and what was asked."""
    state: State | None = None
    turns = [vary(t, variant) for t in case.turns]
    for turn in turns:
        reply = assistant.reply(turn, state)
        state = reply.state
    return reply, " → ".join(turns)


def run(task: Task, cases: Sequence[Case], assistant: Answers, variants: Sequence[str] = VARIANTS) -> Iterator[Row]:
    """Put every case in every variant to the assistant and judge what comes."""
    for variant in variants:
        for case in cases:
            reply, question = put(assistant, case, variant)
            answer = reply.answer
            verdict = task.judge(case.expected, answer)
            yield Row(
                task=task.name,
                id=case.id,
                variant=variant,
                style=case.style,
                facet=task.facet(case),
                question=question,
                status=answer.status.value,
                outcome=answer.outcome.value,
                right=verdict.right,
                ranked=verdict.ranked,
                rank=verdict.rank,
                first_right=verdict.first_right,
                confidence=round(answer.confidence, 4),
                latency_ms=round(reply.latency_ms, 3),
                expected=described(case.expected),
                found=answer.items[0].id if answer.items else "",
                failed="; ".join(verdict.failed),
            )
