"""What a message means in the conversation so far: a choice among options, a follow-up, or something new. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.types import Intent, Option, State
from bot.understanding import phrases as p
from bot.understanding.reading import Reading
from knowledge.text import contains_phrase, folded_keys

_CHOICE = re.compile(
    r"^(?:(?:em|minh|toi|a|c|anh|chi|y|la|chon|lay|cai|so|muc|y thu|thu|dong|viec|cau|lua chon|phuong an|cach)\s+)*"
    r"(\w+)(?:\s+(?:a|nhe|di|nha|ad|ban))*$"
)
_LONGEST_CHOICE = 12


@dataclass(frozen=True)
class Turn:
    """How to go on: ``option`` was chosen; or ``entry`` is asked about again with ``intent``; or ``question`` is to be searched,
    limited to ``province`` when given."""

    question: str | None = None
    province: str | None = None
    entry: str | None = None
    intent: Intent = Intent.ANY
    option: Option | None = None


def choose(text: str, options: Sequence[Option], provinces: Sequence[str]) -> Option | None:
    """The option that a short message picks: by number, ordinal, its words, or its province."""
    keys = folded_keys(text)
    if not options or not keys or len(keys) > _LONGEST_CHOICE:
        return None
    match = _CHOICE.match(" ".join(keys))
    if match and match[1] in p.ORDINALS and p.ORDINALS[match[1]] <= len(options):
        return options[p.ORDINALS[match[1]] - 1]
    if keys[-1:] == ["cuoi"] or contains_phrase(keys, ("cuoi", "cung")):
        return options[-1]
    for option in options:
        if folded_keys(option.label) == keys:
            return option
    if provinces:
        named = [o for o in options if o.province == provinces[0]]
        if len(named) == 1:
            return named[0]
    holding = [o for o in options if len(keys) >= 2 and contains_phrase(folded_keys(o.label), keys)]
    return holding[0] if len(holding) == 1 else None


def place(reading: Reading, state: State) -> Turn:
    """Decide what a message continues. A message with a topic of its own starts anew; one without continues what was asked."""
    text = reading.query.text
    option = choose(text, (*state.options, *state.followups), reading.found.provinces)
    if option is None and state.options:
        option = choose(text, state.options, reading.found.provinces)
    if option is not None:
        return Turn(option=option, intent=option.intent or state.intent)
    province = reading.found.provinces[0] if reading.found.provinces else None
    topical = bool(reading.topic) or bool(reading.found.offices) or bool(reading.numbers) or bool(reading.codes)
    if not topical and state.question:
        if province:
            return Turn(question=state.question, province=province, intent=reading.intent if reading.intents else state.intent)
        if reading.intents and state.entry:
            return Turn(entry=state.entry, intent=reading.intent)
    return Turn(question=text, province=province, intent=reading.intent)


def remember(state: State, **changes: object) -> State:
    """The state after a turn; options and follow-ups do not outlive the turn that offered them."""
    return replace(state, **{"options": (), "followups": (), **changes})  # type: ignore[arg-type]
