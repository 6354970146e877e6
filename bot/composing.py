"""From records and decisions to answers: which composer speaks for which type of record, and what the conversation keeps of it. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot import wording
from bot.answering import general, plans, procedures
from bot.answering.naming import choice_names, shown_title
from bot.answering.similar import similar, with_similar
from bot.conversation import remember
from bot.deciding import Decision
from bot.menus import listing
from bot.requests import said
from bot.types import Answer, Intent, Option, Outcome, Reply, State
from bot.understanding.names import Names
from bot.understanding.reading import Reading
from knowledge.entries import PLAN_TYPES, Entry, EntryType
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import Ranked
from knowledge.text import folded_keys

MOST_OTHERS = 4
"""Records kept in case the answer is not the one that was meant."""

NEAREST = 12
"""Hits among which procedures of nearly the same name as the answered one are looked for."""

_OFFERED = (*PLAN_TYPES, EntryType.PROCEDURE, EntryType.GUIDE)
"""Types of records that are offered when another was not the one meant."""


class Composer:
    """Answers over the records of one index."""

    def __init__(self, index: SearchIndex, names: Names, plan_entries: dict[str, Entry]) -> None:
        self._index, self._names = index, names
        self.plan_answers = plans.PlanAnswers(names, plan_entries)

    def answer_about(self, entry: Entry, intent: Intent, province: str | None, today: dt.date, also: Sequence[Intent] = ()) -> Answer:
        """The answer from one record, the asked point first, then what else was asked (``also``)."""
        if entry.type is EntryType.PLAN:
            return self.plan_answers.document(entry, today)
        if entry.type in PLAN_TYPES:
            return self.plan_answers.item(entry, intent, today)
        if entry.type is EntryType.PROCEDURE:
            return procedures.answer(entry, procedure_facet(intent), today, [procedure_facet(i) for i in also])
        if entry.type is EntryType.GUIDE:
            return general.guide(entry)
        if entry.type is EntryType.TERM:
            return general.term(entry)
        if entry.type is EntryType.LEGAL_DOCUMENT:
            return general.legal_document(entry, today)
        if entry.type is EntryType.PROVINCE:
            return general.province(entry, self._names, today)
        return general.office(entry, province, self._names, today)

    def about(
        self,
        entry_id: str,
        intents: Sequence[Intent],
        province: str | None,
        state: State,
        today: dt.date,
        confidence: float,
        question: str | None = None,
    ) -> Reply:
        """The answer from one record by its id. ``intents``: the asked points in order; ``question``: what to remember as asked."""
        entry = self._index.entries[self._index.by_id[entry_id]]
        intent = intents[0] if intents else Intent.ANY
        answer = self.answer_about(entry, intent, province, today, intents[1:])
        after = remember(
            state, question=question or state.question or entry.title, entry=entry.id, intent=intent, province=province,
            followups=answer.followups, others=state.others if state.entry == entry.id else (),
        )  # fmt: skip
        return Reply(plans.with_items(answer, [(entry, confidence)], confidence), after)

    def compose(
        self, decision: Decision, ranked: Ranked, reading: Reading, question: str, province: str | None, state: State, today: dt.date
    ) -> Reply:
        """The reply to a decision: an answer, choices to ask back with, or that nothing is known."""
        if decision.kind == "decline":
            return Reply(said(Outcome.NOT_KNOWN), remember(state, province=province, question=question, entry=None, others=()))
        entries = [(self._index.entries[h.entry], h.share) for h in decision.hits]
        if decision.kind == "answer":
            best = entries[0][0]
            answer = self.answer_about(best, reading.intent, province, today, reading.points[1:])
            found = [self._index.entries[h.entry] for h in ranked.hits[:NEAREST]]
            answer = with_similar(answer, similar(best, found, reading.own_topic, folded_keys(reading.query.plain)))
            titles = {best.title.lower(): best.id}
            for entry in (e for e, _ in entries[1:] if (e.type in PLAN_TYPES) == (best.type in PLAN_TYPES) and e.type in _OFFERED):
                titles.setdefault(entry.title.lower(), entry.id)
            after = remember(
                state, question=question, entry=best.id, intent=reading.intent, province=province, followups=answer.followups,
                others=tuple(titles.values())[1 : MOST_OTHERS + 1],
            )  # fmt: skip
            return Reply(plans.with_items(answer, entries, ranked.confidence), after)
        if decision.kind == "ask_province":
            options = tuple(Option(str(e.province), entry=e.id, province=e.province) for e, _ in entries)
            outcome = Outcome.WHICH_PROVINCE
        else:
            names = choice_names([shown_title(e) for e, _ in entries])
            options = tuple(Option(name, entry=e.id) for name, (e, _) in zip(names, entries, strict=True))
            outcome = Outcome.WHICH_RECORD
        asked = Answer(outcome, listing(wording.OUTCOMES[outcome], options), options=options)
        after = remember(state, question=question, intent=reading.intent, options=options, province=province, entry=None, others=())
        return Reply(plans.with_items(asked, entries, ranked.confidence), after)


def procedure_facet(intent: Intent) -> Intent:
    """Staff intents carried over to a procedure mean its nearest facet."""
    return {Intent.WHEN: Intent.TIME, Intent.LEAD: Intent.WHERE, Intent.PARTNER: Intent.ANY}.get(intent, intent)
