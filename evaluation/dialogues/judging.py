"""What is wrong with an answer, whichever way it came. Pure."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from evaluation.dialogues.reading import Turn


@dataclass(frozen=True)
class Seen:
    """What came back to a message: the text and how many choices, as a person reads them; the outcome, the first record and the names of
    the effects, as the program notes them; and the province that it remembers."""

    text: str
    options: int
    outcome: str | None
    record: str | None
    effects: tuple[str, ...]
    province: str | None


@dataclass(frozen=True)
class Run:
    """A dialogue as it went: ``faults`` by turn number (from 1)."""

    id: str
    way: str
    faults: dict[int, list[str]] = field(default_factory=dict)


def faults(turn: Turn, seen: Seen) -> list[str]:
    """What is wrong with the answer to a turn."""
    found = []
    if turn.outcome and seen.outcome != turn.outcome:
        found.append(f"outcome {seen.outcome}")
    if turn.record and seen.record != turn.record:
        found.append(f"record {seen.record}")
    found += [f"text {p}" for p in turn.text if not re.search(p, seen.text)]
    found += [f"no_text {p}" for p in turn.no_text if re.search(p, seen.text)]
    if seen.options < turn.options:
        found.append(f"options {seen.options}")
    if turn.effect and turn.effect not in seen.effects:
        found.append(f"effects {seen.effects}")
    if turn.province and seen.province != turn.province:
        found.append(f"province {seen.province}")
    return found
