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
    limited to ``province`` when given (``again``: it is the earlier question)."""

    question: str | None = None
    province: str | None = None
    entry: str | None = None
    intent: Intent = Intent.ANY
    option: Option | None = None
    again: bool = False


def choose(text: str, options: Sequence[Option], provinces: Sequence[str]) -> Option | None:
    """The option that a short message picks: by number, ordinal, its words, or its province."""
    keys = folded_keys(text)
    if not options or not keys:
        return None
    for option in options:
        if folded_keys(option.label) == keys:
            return option
    if len(keys) > _LONGEST_CHOICE:
        return None
    match = _CHOICE.match(" ".join(keys))
    if match and match[1] in p.ORDINALS and p.ORDINALS[match[1]] <= len(options):
        return options[p.ORDINALS[match[1]] - 1]
    if keys[-1:] == ["cuoi"] or contains_phrase(keys, ("cuoi", "cung")):
        return options[-1]
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
    named = bool(reading.found.offices) or bool(reading.numbers) or bool(reading.codes) or reading.plan_number is not None
    if state.question and not reading.own_topic:
        only_names = named and not reading.intents and not reading.document and _about_plan(state)
        asked_back = bool(state.options) or state.entry is None or only_names
        if (province or reading.years) and (not named or asked_back):
            again = " ".join([state.question, *(str(y) for y in reading.years)])
            return Turn(question=again, province=province, intent=reading.intent if reading.intents else state.intent, again=True)
        if (reading.intents or reading.validity or reading.document) and not named and not province:
            if state.entry:
                return Turn(entry=state.entry, intent=reading.intent)
            if state.options:
                return Turn(entry=state.options[0].entry, intent=reading.intent)
    return Turn(question=text, province=province, intent=reading.intent)


def _about_plan(state: State) -> bool:
    """Whether the last answer came from a plan (records of other kinds carry their kind in their id)."""
    return state.entry is not None and state.entry.split("/")[0] not in ("procedure", "guide", "term", "office", "legal", "province")


def remember(state: State, **changes: object) -> State:
    """The state after a turn; options and follow-ups do not outlive the turn that offered them."""
    return replace(state, **{"options": (), "followups": (), **changes})  # type: ignore[arg-type]
