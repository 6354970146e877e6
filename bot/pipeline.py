"""From a message to an answer: a pure function of the message, the conversation's state, the index and the day.

The steps run in order over one context, and each may end the turn: clean → screen → read → place in the conversation → look up
names and numbers → search → decide → compose.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot import conversation, wording
from bot.answering.naming import shown_title
from bot.answering.passages import PassageAnswers
from bot.answering.twins import Twins
from bot.by_matter import by_matter
from bot.composing import Composer, procedure_facet
from bot.deciding import Thresholds, decide, plans_first
from bot.looking_up import Lookup
from bot.menus import Menus, listing
from bot.preferring import named_first, preferred
from bot.privacy.masking import Masked, mask
from bot.privacy.telling import keep_private, noted, only_personal
from bot.requests import Requests, carried, offering_staff, said, without_matter
from bot.selection import Selection
from bot.several import joined, may_be_several, split
from bot.timing import Clock
from bot.types import Answer, Audience, Intent, Option, Outcome, Reply, State, Status
from bot.understanding.acts import act_of, corrected
from bot.understanding.guessing import guess_intent, guess_name, guess_talk
from bot.understanding.keyboards import without_vni
from bot.understanding.names import Names
from bot.understanding.phrases import ASKING
from bot.understanding.reading import Reading, read
from knowledge.entries import PLAN_TYPES, Entry
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import Ranked, Searcher
from knowledge.text import clean, folded_keys

LONGEST_QUESTION = 1000
_HALF_LETTERS = re.compile("[\ud800-\udfff]")
_AT_ONCE = (Outcome.EMERGENCY, Outcome.DISTRESS)
WHOLE = 5
"""Syllables from which a message is a question of its own, whose words may be mended boldly."""
SHORT = 7
"""Syllables up to which a question that finds nothing sure is read as going on about the last answer."""
ALONE = 3
"""Syllables of a message that can be a province's name and little else."""
CLEARER = 0.1
"""Confidence that a second, bolder reading of the message must gain to be taken."""


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
        self._twins = Twins(index.entries)
        self.selection = Selection(index.entries, self.names)
        self.composer = Composer(index, self.names, self.selection.plans)
        self.menus = Menus.of(index.entries, index.life_events)
        self._requests = Requests(self.menus, self._title_of)
        self._lookup = Lookup(index.entries, self.names, self.selection, self.composer)
        self._quotes = PassageAnswers(index.passages, index.encoder)

    @property
    def today(self) -> dt.date:
        return self._today or dt.date.today()

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
        other = self._lookup.other_plan(reading, state, self.today)
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
        return self._question(reading, question, turn.province, state, clock)

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
        return self._search(reading, question, province, state, clock)

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

    def _search(self, reading: Reading, question: str, province: str | None, state: State, clock: Clock) -> Reply:
        allowed = self.selection.allowed(reading, province, self.today)
        ranked = self.searcher.search(reading.query, allowed)
        if ranked.confidence < self.thresholds.answer:
            meant = guess_intent(folded_keys(reading.query.plain)) if state.entry in self.index.by_id and not reading.intents else None
            if meant is not None:
                return self.composer.about(str(state.entry), (meant,), province, state, self.today, ranked.confidence)
            talk = guess_talk(folded_keys(reading.query.plain)) if ranked.scope < self.thresholds.decline else None
            if talk is not None:
                return Reply(said(talk), conversation.remember(state))
            if ranked.confidence < self.thresholds.unsure and len(reading.query.plain.split()) >= WHOLE:
                reading, ranked = self._bolder(reading, ranked, allowed)
                if ranked.confidence < self.thresholds.answer:
                    least = max(self.thresholds.answer, ranked.confidence + CLEARER)
                    ranked = by_matter(self.searcher, reading, ranked, allowed, least)
        clock.mark("search")
        named = reading.found.provinces
        first = self.index.entries[ranked.hits[0].entry] if ranked.hits else None
        foreign = bool(named) and not set(named) & set(self.selection.provinces)
        if first is not None and first.type in PLAN_TYPES and foreign:
            known = ", ".join(self.selection.provinces)
            return Reply(said(Outcome.OTHER_PROVINCE, asked=named[0], known=known), conversation.remember(state, province=named[0]))
        if state.audience is Audience.STAFF:
            ranked = plans_first(ranked, self.index.entries)
        ranked = named_first(preferred(ranked, reading, self.index.entries), reading, self.index.entries)
        ranked = self._twins.answering(ranked, procedure_facet(reading.intent), self.today)
        plan_province = province in self.selection.provinces
        in_plans = self.selection.plan_context(reading, province)
        in_plans |= first is not None and first.type in PLAN_TYPES and reading.plan_named
        which_plan = reading.years or reading.numbers or reading.plan_number
        open_topic = () if which_plan else [k for k in reading.topic if k not in ASKING]
        decision = decide(ranked, self.index.entries, self.thresholds, province_known=plan_province, in_scope=in_plans, topic=open_topic)
        own = set(reading.own_topic)
        named_anew = reading.names_matter or (first is not None and bool(own) and own <= set(folded_keys(first.title)))
        goes_on = bool(reading.intents) and len(reading.query.plain.split()) <= SHORT and not in_plans and not named_anew
        if decision.kind != "answer" and state.entry in self.index.by_id and goes_on:
            return self.composer.about(str(state.entry), reading.points, province, state, self.today, ranked.confidence)
        clock.mark("decide")
        result = self.composer.compose(decision, ranked, reading, question, province, state, self.today)
        clock.mark("compose")
        return result

    def _bolder(self, reading: Reading, ranked: Ranked, allowed: NDArray[np.bool_] | None) -> tuple[Reading, Ranked]:
        """A second try with slips mended that happen to be words, where the first found nothing sure; kept only if it is clearer."""
        query = self.searcher.speller.in_context(reading.query)
        if query is reading.query:
            return reading, ranked
        again = self.searcher.search(query, allowed)
        if again.confidence < ranked.confidence + CLEARER:
            return reading, ranked
        return read(query, self.names, self.searcher.speller), again
