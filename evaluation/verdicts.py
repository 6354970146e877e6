"""Is an answer right? The rules by which each task's labels are read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from bot.types import Answer, Status
from evaluation.measures import NOT_FOUND


def _patterns(expected: Mapping[str, Any], key: str) -> Sequence[str]:
    value = expected.get(key) or ()
    return [value] if isinstance(value, str) else value


def faults(task: str, expected: Mapping[str, Any], answer: Answer) -> list[str]:
    """What is wrong with an answer; empty when it is right."""
    if task == "reject":
        declined = answer.status in (Status.NO_ANSWER, Status.CHAT) and not answer.items
        return [] if declined else [f"{answer.status.value}: {answer.items[0].id if answer.items else '-'}"]
    if task == "procedures":
        rank = rank_of(expected, answer)
        return [] if rank == 0 else [f"rank {rank if rank < NOT_FOUND else '-'}"]
    best = answer.items[0] if answer.items else None
    found: list[str] = []
    if expected.get("doc") and (best is None or best.plan != expected["doc"]):
        found.append(f"doc: {best.id if best else '-'}")
    for key, bodies in (("lead", answer.lead), ("partner", answer.partners)):
        found += [f"{key}: {p}" for p in _patterns(expected, key) if not any(re.search(p, b) for b in bodies)]
    found += [f"text: {p}" for p in _patterns(expected, "text") if not re.search(p, answer.text)]
    for pattern in _patterns(expected, "title"):
        if best is None or not re.search(pattern, best.title, re.IGNORECASE):
            found.append(f"title: {best.title if best else '-'}")
    if expected.get("status") and answer.status.value != expected["status"]:
        found.append(f"status: {answer.status.value}")
    return found


def rank_of(expected: Mapping[str, Any], answer: Answer) -> int:
    """Rank (from 0) of the first item with an acceptable code; ``NOT_FOUND`` when there is none."""
    codes = set(expected.get("codes", ()))
    return next((i for i, item in enumerate(answer.items) if item.code in codes), NOT_FOUND)
