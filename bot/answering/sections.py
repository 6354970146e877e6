"""A part of a plan as a whole: its purposes, requirements, subjects, ways, audience, or where the money comes from."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.answering.parts import bullets
from bot.answering.plans import PlanAnswers, plan_name
from bot.types import Answer, Intent, Option, Outcome
from bot.wording import PLAN_SECTIONS, STAFF_FACETS
from knowledge.entries import Entry, EntryType


def contents(entries: Sequence[Entry], plan_id: str, kind: str, indices: Sequence[str] = ()) -> list[Entry]:
    """The contents of one kind of a plan, in its order; of subjects only those of the ``indices`` that are asked for, where it has such."""
    found = [e for e in entries if e.plan == plan_id and e.type is EntryType.CONTENT and (e.record or {}).get("kind") == kind]
    of_index = [e for e in found if (e.record or {}).get("index") in indices]
    return of_index or found


def section(answers: PlanAnswers, shown: Sequence[Entry], kind: str, today: dt.date) -> Answer:
    """What the contents say, plan by plan, with where each stands.

    Args:
        shown: contents of one kind, those of a plan together.
        kind: ``purpose`` | ``requirement`` | ``topic`` | ``form`` | ``audience`` | ``funding``.
    """
    lines: list[str] = []
    notes: list[str] = []
    followups: list[Option] = []
    for plan_id in dict.fromkeys(str(e.plan) for e in shown):
        plan = answers.plans[plan_id].record or {}
        lines.append(f"{PLAN_SECTIONS[kind]} – {plan_name(plan)}:")
        for entry in (e for e in shown if e.plan == plan_id):
            lines.append(f"- {entry.title.rstrip('.')} ({entry.section}).")
            lines += [f"  {line}" for line in bullets((entry.record or {}).get("details", ()))]
        notes += answers.changes(plan, [], today)[0]
        followups.append(Option(STAFF_FACETS[Intent.DOCUMENT], entry=plan_id, intent=Intent.DOCUMENT))
    lines += [f"Lưu ý: {n}" for n in dict.fromkeys(notes)]
    return Answer(Outcome.FOUND, "\n".join(lines), followups=tuple(followups[:1]), notes=tuple(dict.fromkeys(notes)))
