"""What people ask of the bot itself, carried out: menus, feedback, something else, a person to talk to, forgetting. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot import wording
from bot.answering.naming import choice_names
from bot.conversation import remember
from bot.menus import PLANS, TOP, Menus, listing
from bot.types import Answer, Audience, Feedback, Forget, HandOver, Intent, Option, Outcome, Reply, State
from bot.understanding.acts import Act
from bot.understanding.phrases import POLITE
from bot.understanding.reading import Reading
from knowledge.text import folded_keys

HAND_OVER, REASON, NONE_OF_THESE = "hand_over", "reason", "none"
LONGEST_WITHOUT_MATTER = 7
"""Syllables up to which a message may leave out what it is about; a longer one says it in words that are not known."""
SIDES_AS_WORDS = frozenset(["le", "phi", "nop"])
"""Syllables that name a side of a procedure, and with ``ONLINE`` something of their own: "nộp qua mạng"."""
PATIENCE = 2
"""Questions in a row without an answer after which a person is offered."""


@dataclass(frozen=True)
class Requests:
    """``title_of``: a record's title by its id, none where there is no such record."""

    menus: Menus
    title_of: Callable[[str], str | None]

    def act(self, act: Act, state: State) -> Reply | None:
        """Carry out a wish; none where there is nothing that it could be about, so that the message is a question after all."""
        match act:
            case Act.MENU | Act.PLANS:
                return self.action(TOP if act is Act.MENU else PLANS, state)
            case Act.HAND_OVER:
                return self.action(HAND_OVER, state)
            case Act.FORGET:
                return Reply(said(Outcome.FORGOTTEN), State(), effects=(Forget(),))
            case Act.STAFF:
                return Reply(said(Outcome.STAFF_MODE), remember(state, audience=Audience.STAFF))
            case Act.CITIZEN:
                return Reply(said(Outcome.CITIZEN_MODE), remember(state, audience=Audience.CITIZEN))
            case Act.GOOD | Act.BAD:
                return self._judged(act, state)
            case Act.ANOTHER:
                return self.another(state)

    def action(self, action: str, state: State) -> Reply | None:
        """Carry out what a chosen option stands for; none for what is not known."""
        name, _, value = action.partition(":")
        if name == HAND_OVER:
            return Reply(said(Outcome.HAND_OVER), remember(state, unanswered=0), effects=(HandOver(state.question, state.entry),))
        if name == NONE_OF_THESE:
            return self.say_more(state)
        if name == REASON:
            effects = (Feedback(False, value, state.entry, state.question),)
            if value == wording.OTHER_MATTER and state.others:
                return replace(self.another(remember(state)), effects=effects)
            return Reply(said(Outcome.FEEDBACK_NOTED), remember(state, entry=None), effects=effects)
        menu = self.menus.answer(action, state.audience)
        # What was asked of the last record is not asked of the one that is chosen next.
        intent = state.intent if state.entry is None else Intent.ANY
        return Reply(menu, remember(state, options=menu.options, entry=None, intent=intent)) if menu is not None else None

    def which_matter(self, reading: Reading, state: State) -> Reply:
        """Ask what a question is about that names one side of a procedure and nothing else; that side is kept for the answer."""
        menu = self.menus.answer(TOP, Audience.CITIZEN)
        options = menu.options if menu else ()
        text = listing(wording.OUTCOMES[Outcome.WHICH_MATTER], options) if options else wording.OUTCOMES[Outcome.WHICH_MATTER]
        asked = Answer(Outcome.WHICH_MATTER, text, options=options)
        return Reply(asked, remember(state, options=options, question=None, entry=None, intent=reading.intent, others=()))

    def action_of(self, option: Option, state: State) -> str | None:
        """What an option without a record stands for; by its label where the channel brought back nothing else."""
        if option.action or option.entry:
            return option.action
        if option.label in wording.REASONS and state.entry:
            return f"{REASON}:{option.label}"
        fixed = {wording.TO_STAFF: HAND_OVER, wording.NONE_OF_THESE: NONE_OF_THESE}
        return fixed.get(option.label) or self.menus.action_of(option.label)

    def _judged(self, act: Act, state: State) -> Reply | None:
        if state.entry is None or state.options:
            return self.say_more(state) if act is Act.BAD and (state.options or state.question) else None
        feedback = Feedback(act is Act.GOOD, None, state.entry, state.question)
        if act is Act.GOOD:
            return Reply(said(Outcome.FEEDBACK_GOOD), remember(state), effects=(feedback,))
        options = tuple(Option(reason, action=f"{REASON}:{reason}") for reason in wording.REASONS)
        asked = Answer(Outcome.ASK_REASON, listing(wording.OUTCOMES[Outcome.ASK_REASON], options), options=options)
        return Reply(asked, remember(state, options=options), effects=(feedback,))

    def another(self, state: State) -> Reply:
        """The records that came next after the one that was not meant; without any, a request to say more."""
        titles = {entry: title for entry in state.others if (title := self.title_of(entry))}
        options = tuple(Option(name, entry=entry) for entry, name in zip(titles, choice_names(list(titles.values())), strict=True))
        if not options or state.options:
            return self.say_more(state)
        options = (*options, Option(wording.NONE_OF_THESE, action=NONE_OF_THESE))
        asked = Answer(Outcome.NEXT_BEST, listing(wording.OUTCOMES[Outcome.NEXT_BEST], options), options=options)
        return Reply(asked, remember(state, options=options, entry=None))

    def say_more(self, state: State) -> Reply:
        """A request to say what it is about."""
        return Reply(said(Outcome.SAY_MORE), remember(state, entry=None, unanswered=state.unanswered + 1))


def without_matter(reading: Reading) -> bool:
    """Whether a message asks about one side of a procedure ("cần giấy tờ gì") without any word of which procedure."""
    found = reading.found
    names = found.provinces or found.offices or reading.numbers or reading.codes or reading.years
    other = reading.about_plans or reading.document or reading.definition or reading.succession
    only_sides = bool(reading.intents) and set(reading.intents) <= set(wording.FACETS)
    topic = set(reading.topic) - (SIDES_AS_WORDS if Intent.ONLINE not in reading.intents else set())
    words = [k for k in folded_keys(reading.query.plain) if k not in POLITE]
    return only_sides and not (names or other or topic) and len(words) <= LONGEST_WITHOUT_MATTER


def carried(reading: Reading, state: State) -> Reading:
    """The reading with the side that was asked for before the matter was named: "cần giấy tờ gì", then "đăng ký kết hôn"."""
    asked_back = state.options and state.question is None and state.entry is None
    waits = asked_back and state.intent in wording.FACETS and not reading.intents and reading.own_topic
    return replace(reading, intents=(state.intent,)) if waits else reading


def said(outcome: Outcome, **values: object) -> Answer:
    """An answer in a fixed wording."""
    return Answer(outcome, wording.OUTCOMES[outcome].format(help=wording.HELP, **values))


def with_numbers(reply: Reply) -> Reply:
    """The reply after the numbers to call, where somebody may still be in danger."""
    return replace(reply, answer=replace(reply.answer, text=f"{wording.CALL_FIRST}\n{reply.answer.text}"))


def offering_staff(reply: Reply) -> Reply:
    """The reply with an offer of a person, where several questions in a row found nothing."""
    answer, state = reply.answer, reply.state
    if state.unanswered < PATIENCE or state.options or answer.outcome not in (Outcome.NOT_KNOWN, Outcome.UNREADABLE, Outcome.SAY_MORE):
        return reply
    followups = (Option(wording.TO_STAFF, action=HAND_OVER),)
    offered = replace(answer, text=f"{answer.text}\n{wording.OFFER_STAFF}", followups=followups)
    return replace(reply, answer=offered, state=replace(state, followups=followups))
