"""A question that names no record: search, second readings, what it prefers, a decision, a composed answer."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from bot import conversation
from bot.answering.twins import Twins
from bot.by_matter import by_matter
from bot.composing import Composer, procedure_facet
from bot.deciding import PlanTopics, Thresholds, decide, plans_first
from bot.naming_outright import Outright
from bot.preferring import named_first, preferred
from bot.requests import said
from bot.selection import Selection
from bot.timing import Clock
from bot.types import Audience, Outcome, Reply, State
from bot.understanding.guessing import guess_intent, guess_talk
from bot.understanding.names import Names, without_places
from bot.understanding.phrases import ASKING
from bot.understanding.reading import Reading, read
from knowledge.entries import PLAN_TYPES, EntryType
from knowledge.search.ranking import Ranked, Searcher
from knowledge.text import folded_keys

WHOLE = 5
"""Syllables from which a message is a question of its own, whose words may be mended boldly."""
SHORT = 7
"""Syllables up to which a question that finds nothing sure is read as going on about the last answer."""
_TO_DO = (EntryType.PROCEDURE, EntryType.GUIDE)
"""What may be meant in place of a plan's item where the province is known whose plans are."""
CLEARER = 0.1
"""Confidence that a second, bolder reading of the message must gain to be taken."""
CLEAR = 0.8
"""Confidence that the bolder reading of a message of few syllables must have: mended boldly, much of what is short looks like something."""


class Searching:
    """Search over one index, from a reading to a reply."""

    def __init__(self, searcher: Searcher, thresholds: Thresholds, names: Names, selection: Selection, composer: Composer) -> None:
        self._searcher, self._thresholds, self._names = searcher, thresholds, names
        self._selection, self._composer = selection, composer
        self._entries, self._by_id = searcher.index.entries, searcher.index.by_id
        self._twins = Twins(self._entries)
        self._topics = PlanTopics(self._entries)
        self._outright = Outright(self._entries)

    def reply(self, reading: Reading, question: str, province: str | None, state: State, today: dt.date, clock: Clock) -> Reply:
        """The reply to a question that names no record."""
        if reading.found.places and not (reading.about_plans or reading.succession or reading.definition):
            reading = replace(reading, query=without_places(reading.query, reading.found))
        allowed, ranked = self.first(reading, province, today)
        if ranked.confidence < self._thresholds.answer:
            meant = guess_intent(folded_keys(reading.query.plain)) if state.entry in self._by_id and not reading.intents else None
            if meant is not None:
                return self._composer.about(str(state.entry), (meant,), province, state, today, ranked.confidence)
            talk = guess_talk(folded_keys(reading.query.plain)) if ranked.scope < self._thresholds.decline else None
            if talk is not None:
                return Reply(said(talk), conversation.remember(state))
            if ranked.confidence < self._thresholds.unsure:
                long = len(reading.query.plain.split()) >= WHOLE
                if long or state.entry is None:
                    reading, ranked = self._bolder(reading, ranked, allowed, CLEARER if long else CLEAR - ranked.confidence)
            if ranked.confidence < self._thresholds.answer:
                least = max(self._thresholds.answer, ranked.confidence + CLEARER)
                ranked = by_matter(self._searcher, reading, ranked, allowed, least)
        clock.mark("search")
        named = reading.found.provinces
        first = self._entries[ranked.hits[0].entry] if ranked.hits else None
        foreign = bool(named) and not set(named) & set(self._selection.provinces)
        if first is not None and first.type in PLAN_TYPES and foreign:
            known = ", ".join(self._selection.provinces)
            return Reply(said(Outcome.OTHER_PROVINCE, asked=named[0], known=known), conversation.remember(state, province=named[0]))
        ranked = self._outright.first(ranked, reading)
        if state.audience is Audience.STAFF:
            ranked = plans_first(ranked, self._entries)
        ranked = named_first(preferred(ranked, reading, self._entries), reading, self._entries)
        ranked = self._twins.answering(ranked, procedure_facet(reading.intent), today)
        plan_province = province in self._selection.provinces
        about_plan = reading.plan_named or self._selection.plan_context(reading, province)
        in_plans = about_plan and first is not None and first.type in PLAN_TYPES
        which_plan = reading.years or reading.numbers or reading.plan_number
        open_topic = () if which_plan else [k for k in reading.topic if k not in ASKING]
        decision = decide(
            ranked,
            self._entries,
            # Words that any question may hold ("đăng ký lại") fit many records a little.
            self._thresholds if reading.own_topic or reading.found.offices else replace(self._thresholds, answer=CLEAR),
            province_known=plan_province,
            in_scope=in_plans,
            topic=open_topic,
            topics=self._topics,
        )
        own = set(reading.own_topic)
        named_anew = reading.names_matter or (first is not None and bool(own) and own <= set(folded_keys(first.title)))
        goes_on = bool(reading.intents) and len(reading.query.plain.split()) <= SHORT and not in_plans and not named_anew
        if decision.kind != "answer" and state.entry in self._by_id and goes_on:
            return self._composer.about(str(state.entry), reading.points, province, state, today, ranked.confidence)
        clock.mark("decide")
        result = self._composer.compose(decision, ranked, reading, question, province, state, today)
        clock.mark("compose")
        return result

    def first(self, reading: Reading, province: str | None, today: dt.date) -> tuple[NDArray[np.bool_], Ranked]:
        """The first search, and the entries it looked at: those that the question's words call for, unless the words could mean something
        else ("cơ quan nào", "kinh phí") and a procedure or guide comes first among all; for sure where a "kế hoạch" is spoken of."""
        permitted = self._selection.permitted(reading, province, today)
        likely = self._selection.likely(reading, province, permitted)
        if likely is not permitted and not reading.surely_plans:
            ranked = self._searcher.search(without_places(reading.query, reading.found), permitted)
            first = self._entries[ranked.hits[0].entry] if ranked.hits else None
            known = province in self._selection.provinces
            other = first is not None and (first.type in _TO_DO if known else first.type not in PLAN_TYPES)
            if other and (ranked.confidence >= self._thresholds.answer or not reading.plan_named):
                return permitted, ranked
        return likely, self._searcher.search(reading.query, likely)

    def _bolder(self, reading: Reading, ranked: Ranked, allowed: NDArray[np.bool_], gain: float) -> tuple[Reading, Ranked]:
        """A second try with slips mended that happen to be words, where the first found nothing sure; kept only if its confidence is
        higher by ``gain``."""
        query = self._searcher.speller.in_context(reading.query)
        if query is reading.query:
            return reading, ranked
        again = self._searcher.search(query, allowed)
        if again.confidence < ranked.confidence + gain:
            return reading, ranked
        return read(query, self._names, self._searcher.speller), again
