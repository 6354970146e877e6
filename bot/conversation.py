"""What a message means in the conversation so far: a choice among options, a follow-up, or something new. Pure."""

from __future__ import annotations

from dataclasses import dataclass, replace

from bot.choosing import choose, number_in
from bot.types import Intent, Option, State
from bot.understanding.reading import Reading
from knowledge.text import folded_keys

TOPIC_LASTS = 4 * 3600
"""Seconds after which a message begins a new topic."""
NAME_AND_LITTLE = 6
"""Syllables of a message that, with the name of an offered province in it, only chooses that province."""
PROVINCE_LASTS = 30 * 24 * 3600


@dataclass(frozen=True)
class Turn:
    """How to go on: ``option`` was chosen; or ``entry`` is asked about again with ``intent``; or ``question`` is to be searched,
    limited to ``province`` when given (``again``: it is the earlier question). ``beyond``: a number was given that no choice has."""

    question: str | None = None
    province: str | None = None
    entry: str | None = None
    intent: Intent = Intent.ANY
    option: Option | None = None
    again: bool = False
    beyond: bool = False


def expired(state: State, now: float | None) -> State:
    """The state without what is too old at ``now`` (Unix seconds; none: nothing is): the topic after some hours, the province after
    some weeks."""
    if now is None or state.at is None:
        return state
    if now - state.at > PROVINCE_LASTS:
        return State(audience=state.audience)
    if now - state.at > TOPIC_LASTS:
        return State(province=state.province, audience=state.audience)
    return state


def place(reading: Reading, state: State) -> Turn:
    """Decide what a message continues. A message with a topic of its own starts anew; one without continues what was asked."""
    text = reading.query.text
    # A year says more than the province whose plan was offered: the question is then asked again with both.
    by_province = () if reading.years else reading.found.provinces
    option = choose(text, (*state.options, *state.followups), by_province)
    if option is None and state.options:
        option = choose(text, state.options, by_province)
    if option is not None:
        return Turn(option=option, intent=option.intent or state.intent)
    number = number_in(folded_keys(text)) if state.options else None
    if number is not None and number > len(state.options):
        return Turn(beyond=True)
    province = reading.found.provinces[0] if reading.found.provinces else None
    named = bool(reading.found.offices) or bool(reading.numbers) or bool(reading.codes) or reading.plan_number is not None
    offered = {o.province for o in state.options}
    waited_for = province in offered and not reading.intents and len(text.split()) <= NAME_AND_LITTLE
    if state.question and (waited_for or not reading.own_topic):
        only_names = named and not reading.intents and not reading.document and about_plan(state)
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


def about_plan(state: State) -> bool:
    """Whether the last answer came from a plan (records of other kinds carry their kind in their id)."""
    return state.entry is not None and state.entry.split("/")[0] not in ("procedure", "guide", "term", "office", "legal", "province")


def remember(state: State, **changes: object) -> State:
    """The state after a turn; options and follow-ups do not outlive the turn that offered them."""
    return replace(state, **{"options": (), "followups": (), **changes})  # type: ignore[arg-type]
