"""From a message to an answer: a pure function of the message, the conversation's state, the index and the day.

The steps run in order over one context, and each may end the turn: clean → screen → read → place in the conversation → look up
names and numbers → search → decide → compose.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

from bot import conversation, vietnam, wording
from bot.answering.naming import shown_title
from bot.answering.passages import PassageAnswers
from bot.composing import Composer
from bot.deciding import Thresholds
from bot.looking_up import Lookup
from bot.menus import Menus, listing
from bot.privacy.masking import Masked, mask
from bot.privacy.telling import keep_private, noted, only_personal
from bot.requests import Requests, carried, offering_staff, said, with_numbers, without_matter
from bot.searching import Searching
from bot.selection import Selection
from bot.several import joined, may_be_several, split
from bot.timing import Clock
from bot.types import Answer, Intent, Option, Outcome, Reply, State, Status
from bot.understanding.acts import act_of, corrected
from bot.understanding.guessing import guess_name
from bot.understanding.keyboards import without_vni
from bot.understanding.names import Names
from bot.understanding.phrases import ASKING
from bot.understanding.reading import Reading, read
from knowledge.entries import Entry
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import Searcher
from knowledge.text import clean, folded_keys

LONGEST_QUESTION = 1000
_HALF_LETTERS = re.compile("[\ud800-\udfff]")
_AT_ONCE = (Outcome.EMERGENCY, Outcome.DISTRESS)
ALONE = 3
"""Syllables of a message that can be a province's name and little else."""


class Assistant:
    """Answers messages over one index. Holds no conversation: the state goes in and comes out."""

    def __init__(self, index: SearchIndex, today: dt.date | None = None, longest: int = LONGEST_QUESTION) -> None:
        """``today``: the day to answer for (tests; the present day when none); ``longest``: characters of a question at most."""
        self.index = index
        self.searcher = Searcher(index)
        self.thresholds = Thresholds.of(self.searcher.ranking.calibration)
        self.names = Names(index.entries)
        self._today = today
        self._longest = longest
        self.selection = Selection(index.entries, self.names)
        self.composer = Composer(index, self.names, self.selection.plans)
        self.menus = Menus.of(index.entries, index.life_events)
        self._requests = Requests(self.menus, self._title_of)
        self._lookup = Lookup(index.entries, self.names, self.selection, self.composer)
        self.searching = Searching(self.searcher, self.thresholds, self.names, self.selection, self.composer)
        self._quotes = PassageAnswers(index.passages, index.encoder)

    @property
    def today(self) -> dt.date:
        return self._today or vietnam.today()

    def reply(self, text: str, state: State | None = None, now: float | None = None) -> Reply:
        """Answer one message.

        Args:
            text: what the person wrote, any length and content.
            state: what the conversation remembers; none for a single question.
            now: when the message came, in Unix seconds, so that old topics end; none: the state holds whatever its age.

        Returns:
            The answer, the new state, the milliseconds it took and each step's share, and what the service must do.
        """
        clock = Clock()
        before = conversation.expired(state or State(), now)
        masked = mask(_HALF_LETTERS.sub("", text)) if len(text) <= self._longest else Masked(text, ())
        made = noted(masked, before) if only_personal(masked) else self._turn(masked.bare, before, clock)
        made = self._quotes.in_place(made, lambda: self._read(clean(masked.bare)))
        if masked.kinds and made.answer.outcome is not Outcome.PERSONAL_NOTED:
            made = replace(made, answer=keep_private(made.answer, masked))
        made = offering_staff(self._counted(made, before))
        at = int(now) if now is not None else before.at
        return replace(made, state=replace(made.state, at=at), latency_ms=clock.total, steps_ms=clock.steps)

    def answer_about(self, entry: Entry, intent: Intent, province: str | None) -> Answer:
        """The answer from one record, the asked point first."""
        return self.composer.answer_about(entry, intent, province, self.today)

    # --- steps -----------------------------------------------------------------------------------------------------------

    def _turn(self, text: str, state: State, clock: Clock) -> Reply:
        if len(text) > self._longest:
            return Reply(said(Outcome.TOO_LONG, length=len(text), limit=self._longest), state)
        text = without_vni(clean(text))
        if not text:
            return Reply(said(Outcome.EMPTY), state)
        reading = self._read(text)
        clock.mark("understand")
        if reading.refused in _AT_ONCE:
            return Reply(said(reading.refused), conversation.remember(state))
        made = self._taken(text, reading, state, clock)
        return with_numbers(made) if reading.harm else made

    def _taken(self, text: str, reading: Reading, state: State, clock: Clock) -> Reply:
        """A readable message in its conversation."""
        wish = None if text in [o.label for o in state.options] else act_of(reading)
        done = self._requests.act(wish, state) if wish is not None else None
        if done is not None:
            return done
        meant = corrected(text) if state.question or state.options else None
        if meant == "":
            return self._requests.another(state)
        if meant is not None:
            reading = self._read(meant)
            if not reading.intents and reading.own_topic:
                reading = replace(reading, intents=(state.intent,))
            state = replace(state, options=(), followups=())
            text = meant
        reading = carried(self._with_guessed_province(reading, state, corrected=meant is not None), state)
        other = self._lookup.other_plan(reading, state, self.today) or self._lookup.another_body(reading, state, self.today)
        if other is not None:
            return other
        turn = conversation.place(reading, state)
        clock.mark("place")
        if turn.beyond:
            return self._offered_again(state)
        if turn.option is not None:
            return self._chosen(turn.option, turn.intent, state, clock)
        if turn.entry is None:
            screened = self._screen(reading, state)
            if screened is not None:
                return screened
        elif turn.entry in self.index.by_id:
            points = reading.points if reading.intents else (turn.intent,)
            return self.composer.about(turn.entry, points, state.province, state, self.today, 1.0)
        question = turn.question or text
        if turn.again:
            years = reading.years
            reading = self._read(question)
            found = replace(reading.found, provinces=(turn.province,) if turn.province else reading.found.provinces)
            reading = replace(reading, intents=(turn.intent,), asked=(), found=found, years=years or reading.years)
        if not turn.again and state.entry in self.index.by_id and _names_nothing(reading):
            return self.composer.about(str(state.entry), reading.points, state.province, state, self.today, 1.0)
        menu = None if turn.again or reading.intents else self.menus.named(text, folded_keys(reading.query.plain))
        opened = self._requests.action(menu, state) if menu else None
        if opened is not None:
            return opened
        if not turn.again and state.entry is None and without_matter(reading):
            return self._requests.which_matter(reading, state)
        if not turn.again and may_be_several(reading):
            several = self._several(reading, state, clock)
            if several is not None:
                return several
        reply = self._question(reading, question, turn.province, state, clock)
        asks_of_nothing = bool(reading.intents) and not reading.own_topic
        return self._requests.which_matter(reading, state) if asks_of_nothing and reply.answer.outcome is Outcome.NOT_KNOWN else reply

    def _with_guessed_province(self, reading: Reading, state: State, *, corrected: bool) -> Reading:
        """Where a province is waited for, or is all that could be meant, one that is named with a typing error is read as meant."""
        waited = state.question is not None and (state.entry is None or corrected)
        keys = folded_keys(reading.query.plain)
        alone = conversation.about_plan(state) and len(keys) <= ALONE
        if not (waited or alone) or reading.found.provinces or reading.intents:
            return reading
        offered = [o.province for o in state.options if o.province]
        name = guess_name(keys, offered or self.selection.provinces)
        return self._read(" ".join([name, *(str(y) for y in reading.years)])) if name else reading

    def _several(self, whole: Reading, state: State, clock: Clock) -> Reply | None:
        """The answers to all questions of one message, none unless each of them surely finds a record of its own."""
        replies: list[Reply] = []
        named = whole.found.provinces
        for part in split(whole.query.text, self._read):
            province = named[0] if len(named) == 1 else None
            reply = self._question(part, part.query.text, province, state, clock)
            if reply.answer.status is not Status.ANSWERED or reply.answer.confidence < self.thresholds.answer:
                return None
            replies.append(reply)
            state = reply.state
        firsts = [r.answer.items[0].id for r in replies]
        return joined(replies) if len(replies) > 1 and len(set(firsts)) == len(firsts) else None

    def _read(self, text: str) -> Reading:
        return read(self.searcher.query(text), self.names, self.searcher.speller)

    def _question(self, reading: Reading, question: str, province: str | None, state: State, clock: Clock) -> Reply:
        """Look a question up, or search for it."""
        named = reading.found.provinces
        province = province or (named[0] if named else state.province)
        if self.selection.of_other_province(reading):
            known = ", ".join(self.selection.provinces)
            return Reply(said(Outcome.OTHER_PROVINCE, asked=named[0], known=known), conversation.remember(state, province=named[0]))
        looked_up = self._lookup.reply(reading, province, state, self.today)
        clock.mark("look_up")
        if looked_up is not None:
            return looked_up
        return self.searching.reply(reading, question, province, state, self.today, clock)

    def _chosen(self, option: Option, intent: Intent, state: State, clock: Clock) -> Reply:
        """What a chosen option stands for: a record, something the bot does itself, or else its words as a question."""
        if option.entry is not None and option.entry in self.index.by_id:
            return self.composer.about(option.entry, (intent,), option.province or state.province, state, self.today, 1.0)
        action = self._requests.action_of(option, state)
        done = self._requests.action(action, state) if action else None
        return done or self._question(self._read(option.label), option.label, option.province, conversation.remember(state), clock)

    def _offered_again(self, state: State) -> Reply:
        head = wording.OUTCOMES[Outcome.NO_SUCH_OPTION].format(count=len(state.options))
        return Reply(Answer(Outcome.NO_SUCH_OPTION, listing(head, state.options), options=state.options), state)

    def _counted(self, made: Reply, before: State) -> Reply:
        """With the count of questions in a row that found nothing, and the mark that feedback may be asked for."""
        if made.answer.status is Status.ANSWERED:
            return replace(made, answer=replace(made.answer, feedback=True), state=replace(made.state, unanswered=0))
        if made.answer.outcome in (Outcome.NOT_KNOWN, Outcome.UNREADABLE):
            return replace(made, state=replace(made.state, unanswered=before.unanswered + 1))
        return made

    def _title_of(self, entry_id: str) -> str | None:
        return shown_title(self.index.entries[self.index.by_id[entry_id]]) if entry_id in self.index.by_id else None

    def _screen(self, reading: Reading, state: State) -> Reply | None:
        """Small talk, refusals, and a message that only names the province."""
        if reading.small_talk is not None:
            return Reply(said(reading.small_talk), conversation.remember(state))
        if reading.refused is not None:
            return Reply(said(reading.refused), conversation.remember(state))
        only_province = reading.found.provinces and not (reading.topic or reading.found.offices or reading.intents or reading.numbers)
        if only_province and not state.question and not reading.succession and not reading.definition:
            name = reading.found.provinces[0]
            return Reply(said(Outcome.PROVINCE_NOTED, province=name), conversation.remember(state, province=name))
        return None


def _names_nothing(reading: Reading) -> bool:
    """A question with words that ask, but none that say about what: "cần giấy tờ gì", "mấy người đi"."""
    named = reading.found.provinces or reading.found.offices or reading.numbers or reading.codes or reading.years or reading.plan_number
    asks = bool(reading.intents) or not ASKING.isdisjoint(folded_keys(reading.query.plain))
    return asks and not (reading.topic or named or reading.admin or reading.succession or reading.definition or reading.small_talk)
