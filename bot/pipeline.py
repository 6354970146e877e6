"""From a message to an answer: a pure function of the message, the conversation's state, the index and the day.

The steps run in order over one context, and each may end the turn: clean → screen → read → place in the conversation → look up
names and numbers → search → decide → compose.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field, replace

from bot import conversation, wording
from bot.answering import general, plans, procedures
from bot.deciding import Decision, Thresholds, decide
from bot.selection import Selection
from bot.types import Answer, Intent, Option, Outcome, Reply, State
from bot.understanding.names import Names
from bot.understanding.reading import Reading, read
from knowledge.entries import PLAN_TYPES, Entry, EntryType
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import Hit, Ranked, Searcher
from knowledge.text import clean, folded_keys

LONGEST_QUESTION = 1000
SHORT = 7
"""Syllables up to which a question that finds nothing sure is read as going on about the last answer."""
NEAR = 0.04
"""Share of the best hit's probability from which another plan hit may be put before it by the question's form."""


@dataclass
class _Clock:
    """Milliseconds spent in each step."""

    started: float = field(default_factory=time.perf_counter)
    last: float = field(default_factory=time.perf_counter)
    steps: dict[str, float] = field(default_factory=dict)

    def mark(self, name: str) -> None:
        now = time.perf_counter()
        self.steps[name] = self.steps.get(name, 0.0) + (now - self.last) * 1e3
        self.last = now

    @property
    def total(self) -> float:
        return (time.perf_counter() - self.started) * 1e3


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
        self._plan_answers = plans.PlanAnswers(self.names, self.selection.plans)
        self._codes = {e.code: e for e in index.entries if e.code}
        self._vocabulary = self.searcher.speller.counts

    @property
    def today(self) -> dt.date:
        return self._today or dt.date.today()

    def reply(self, text: str, state: State | None = None) -> Reply:
        """Answer one message.

        Args:
            text: what the person wrote, any length and content.
            state: what the conversation remembers; none for a single question.

        Returns:
            The answer, the new state, the milliseconds it took and each step's share.
        """
        clock = _Clock()
        answer, after = self._turn(text, state or State(), clock)
        return Reply(answer, after, clock.total, clock.steps)

    # --- steps -----------------------------------------------------------------------------------------------------------

    def _turn(self, text: str, state: State, clock: _Clock) -> tuple[Answer, State]:
        if len(text) > self._longest:
            return self._said(Outcome.TOO_LONG, length=len(text), limit=self._longest), state
        text = clean(text)
        if not text:
            return self._said(Outcome.EMPTY), state
        query = self.searcher.query(text)
        reading = read(query, self.names, self._vocabulary)
        clock.mark("understand")
        turn = conversation.place(reading, state)
        if turn.option is None and turn.entry is None:
            screened = self._screen(reading, state)
            if screened is not None:
                return screened
        clock.mark("place")
        if turn.option is not None and turn.option.entry is not None and turn.option.entry in self.index.by_id:
            return self._about(turn.option.entry, turn.intent, turn.option.province or state.province, state, 1.0)
        if turn.entry is not None and turn.entry in self.index.by_id:
            return self._about(turn.entry, turn.intent, state.province, state, 1.0)
        question = turn.question or text
        if turn.again:
            years = reading.years
            reading = read(self.searcher.query(question), self.names, self._vocabulary)
            found = replace(reading.found, provinces=(turn.province,) if turn.province else reading.found.provinces)
            reading = replace(reading, intents=(turn.intent,), found=found, years=years or reading.years)
        named = reading.found.provinces
        province = turn.province or (named[0] if named else state.province)
        if self.selection.of_other_province(reading):
            known = ", ".join(self.selection.provinces)
            return self._said(Outcome.OTHER_PROVINCE, asked=named[0], known=known), conversation.remember(state, province=named[0])
        looked_up = self._look_up(reading, province, state, clock)
        if looked_up is not None:
            return looked_up
        return self._search(reading, question, province, state, clock)

    def _screen(self, reading: Reading, state: State) -> tuple[Answer, State] | None:
        """Small talk, refusals, and a message that only names the province."""
        if reading.small_talk is not None:
            return self._said(reading.small_talk), conversation.remember(state)
        if reading.refused is not None:
            return self._said(reading.refused), conversation.remember(state)
        only_province = reading.found.provinces and not (reading.topic or reading.found.offices or reading.intents or reading.numbers)
        if only_province and not state.question and not reading.succession and not reading.definition:
            name = reading.found.provinces[0]
            return self._said(Outcome.PROVINCE_NOTED, province=name), conversation.remember(state, province=name)
        return None

    def _look_up(self, reading: Reading, province: str | None, state: State, clock: _Clock) -> tuple[Answer, State] | None:
        """Questions that name their record: a procedure code, a document number, a body's duties or successor, a province."""
        for code in reading.codes:
            if code in self._codes:
                return self._about(self._codes[code].id, reading.intent, province, state, 1.0, reading.query.text)
        plan = self.selection.numbered_plan(reading)
        if plan is not None and (reading.document or not reading.own_topic) and not reading.body_question:
            return self._about(plan.id, Intent.DOCUMENT, plan.province, state, 0.95, reading.query.text)
        for number in reading.numbers:
            entry = self.selection.numbers.get(number)
            if entry is not None and entry.type is EntryType.LEGAL_DOCUMENT and self.selection.plan_context(reading, province):
                continue
            if entry is not None and (entry.type is EntryType.LEGAL_DOCUMENT or reading.document or not reading.topic):
                return self._about(entry.id, reading.intent, province, state, 1.0, reading.query.text)
        offices = reading.found.offices
        if reading.succession and len(reading.topic) <= 2 and not reading.plan_named:
            old = [o for o in offices if self.names.successors(self.names.offices[o], province, self.today)]
            if old or offices:
                return self._about((old or list(offices))[0], Intent.SUCCESSION, province, state, 0.95, reading.query.text)
            if reading.found.provinces and not reading.admin:
                entry_id = f"province/{self.names.provinces[reading.found.provinces[0]]['id']}"
                return self._about(entry_id, Intent.SUCCESSION, province, state, 0.95, reading.query.text)
        if reading.body_question and len(reading.own_topic) <= 1:
            named = [plan.id] if plan is not None else self.selection.plan_ids(reading, province)
            if named and (province or reading.about_plans):
                role = Intent.PARTNER if Intent.PARTNER in reading.intents else Intent.ANY
                for office in offices:
                    answer, shown = self._plan_answers.body(named, office, role, self.index.entries, self.today)
                    if shown:
                        clock.mark("look_up")
                        items = [(e, round(0.95 - 0.01 * i, 3)) for i, e in enumerate(shown[:10])]
                        after = conversation.remember(
                            state, question=reading.query.text, entry=shown[0].id, intent=Intent.BODY_DUTIES, province=province
                        )
                        return plans.with_items(answer, items, 0.95), after
        clock.mark("look_up")
        return None

    def _search(self, reading: Reading, question: str, province: str | None, state: State, clock: _Clock) -> tuple[Answer, State]:
        ranked = self.searcher.search(reading.query, self.selection.allowed(reading, province, self.today))
        clock.mark("search")
        named = reading.found.provinces
        first = self.index.entries[ranked.hits[0].entry] if ranked.hits else None
        foreign = bool(named) and not set(named) & set(self.selection.provinces)
        if first is not None and first.type in PLAN_TYPES and foreign:
            known = ", ".join(self.selection.provinces)
            return self._said(Outcome.OTHER_PROVINCE, asked=named[0], known=known), conversation.remember(state, province=named[0])
        ranked = self._prefer(ranked, reading)
        plan_province = province in self.selection.provinces
        in_plans = self.selection.plan_context(reading, province)
        in_plans |= first is not None and first.type in PLAN_TYPES and reading.plan_named
        decision = decide(ranked, self.index.entries, self.thresholds, province_known=plan_province, in_scope=in_plans)
        if decision.kind != "answer" and state.entry and reading.intents and len(reading.query.plain.split()) <= SHORT and not in_plans:
            return self._about(state.entry, reading.intent, province, state, ranked.confidence)
        clock.mark("decide")
        result = self._compose(decision, ranked, reading, question, province, state)
        clock.mark("compose")
        return result

    def _prefer(self, ranked: Ranked, reading: Reading) -> Ranked:
        """Among nearly equal plan hits, put first what the question's form asks for.

        A question about the document itself (number, date, signer) wants the plan, a question about a task wants a task and not the
        plan; "sở nào" wants something that a Sở leads, "phòng nào" a Phòng.
        """
        entries = self.index.entries
        if not ranked.hits or entries[ranked.hits[0].entry].type not in PLAN_TYPES:
            return ranked
        task_asked = bool(set(reading.intents) & {Intent.LEAD, Intent.PARTNER, Intent.WHEN, Intent.REPORT})

        def wanted(hit: Hit) -> int:
            entry = entries[hit.entry]
            if entry.type not in PLAN_TYPES or hit.share < NEAR * ranked.hits[0].share:
                return 2
            if reading.document:
                return 0 if entry.type is EntryType.PLAN else 1
            if task_asked and entry.type is EntryType.PLAN:
                return 1
            if reading.lead_kind and not any(folded_keys(b)[:1] == [reading.lead_kind] for b in plans.leads_of(entry)):
                return 1
            return 0

        order = sorted(ranked.hits, key=wanted)
        shares = [h.share for h in ranked.hits]
        return replace(ranked, hits=tuple(replace(h, share=s) for h, s in zip(order, shares, strict=True)))

    def _compose(
        self, decision: Decision, ranked: Ranked, reading: Reading, question: str, province: str | None, state: State
    ) -> tuple[Answer, State]:
        if decision.kind == "decline":
            return self._said(Outcome.NOT_KNOWN), conversation.remember(state, province=province, question=question, entry=None)
        entries = [(self.index.entries[h.entry], h.share) for h in decision.hits]
        if decision.kind == "answer":
            best = entries[0][0]
            answer = self.answer_about(best, reading.intent, province)
            after = conversation.remember(
                state, question=question, entry=best.id, intent=reading.intent, province=province, followups=answer.followups
            )
            return plans.with_items(answer, entries, ranked.confidence), after
        if decision.kind == "ask_province":
            options = tuple(Option(str(e.province), entry=e.id, province=e.province) for e, _ in entries)
            outcome = Outcome.WHICH_PROVINCE
        else:
            options = tuple(Option(e.title, entry=e.id) for e, _ in entries)
            outcome = Outcome.WHICH_RECORD
        lines = [wording.OUTCOMES[outcome], *(f"{i}. {o.label}" for i, o in enumerate(options, 1)), wording.CHOOSE]
        asked = Answer(outcome, "\n".join(lines), options=options)
        after = conversation.remember(state, question=question, intent=reading.intent, options=options, province=province, entry=None)
        return plans.with_items(asked, entries, ranked.confidence), after

    # --- composing -------------------------------------------------------------------------------------------------------

    def answer_about(self, entry: Entry, intent: Intent, province: str | None) -> Answer:
        """The answer from one record, the asked point first."""
        if entry.type is EntryType.PLAN:
            return self._plan_answers.document(entry, self.today)
        if entry.type in PLAN_TYPES:
            return self._plan_answers.item(entry, intent, self.today)
        if entry.type is EntryType.PROCEDURE:
            return procedures.answer(entry, _procedure_facet(intent), self.today)
        if entry.type is EntryType.GUIDE:
            return general.guide(entry)
        if entry.type is EntryType.TERM:
            return general.term(entry)
        if entry.type is EntryType.LEGAL_DOCUMENT:
            return general.legal_document(entry, self.today)
        if entry.type is EntryType.PROVINCE:
            return general.province(entry, self.names, self.today)
        return general.office(entry, province, self.names, self.today)

    def _about(
        self, entry_id: str, intent: Intent, province: str | None, state: State, confidence: float, question: str | None = None
    ) -> tuple[Answer, State]:
        entry = self.index.entries[self.index.by_id[entry_id]]
        answer = self.answer_about(entry, intent, province)
        after = conversation.remember(
            state, question=question or state.question or entry.title, entry=entry.id, intent=intent,
            province=province, followups=answer.followups,
        )  # fmt: skip
        return plans.with_items(answer, [(entry, confidence)], confidence), after

    def _said(self, outcome: Outcome, **values: object) -> Answer:
        text = wording.OUTCOMES[outcome].format(help=wording.HELP, **values)
        return Answer(outcome, text)


def _procedure_facet(intent: Intent) -> Intent:
    """Staff intents carried over to a procedure mean its nearest facet."""
    return {Intent.WHEN: Intent.TIME, Intent.LEAD: Intent.WHERE, Intent.PARTNER: Intent.ANY}.get(intent, intent)
