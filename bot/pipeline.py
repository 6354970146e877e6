"""From a message to an answer: a pure function of the message, the conversation's state, the index and the day.

The steps run in order over one context, and each may end the turn: clean → screen → read → place in the conversation → look up
names and numbers → search → decide → compose.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass, field, replace

import numpy as np
from numpy.typing import NDArray

from bot import conversation, wording
from bot.answering import general, plans, procedures
from bot.deciding import Decision, Thresholds, decide
from bot.types import Answer, Intent, Option, Outcome, Reply, State
from bot.understanding.names import Names
from bot.understanding.reading import Reading, normal_number, read
from knowledge.entries import PLAN_TYPES, Entry, EntryType
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import Hit, Ranked, Searcher
from knowledge.text import clean, folded_keys

LONGEST_QUESTION = 1000
NEAR = 0.04
"""Share of the best hit's probability from which another plan hit may be put before it by the question's form."""
Mask = NDArray[np.bool_]


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

    def __init__(self, index: SearchIndex, today: dt.date | None = None) -> None:
        self.index = index
        self.searcher = Searcher(index)
        self.thresholds = Thresholds.of(self.searcher.ranking.calibration)
        self.names = Names(index.entries)
        self._today = today
        self._plans = {e.id: e for e in index.entries if e.type is EntryType.PLAN}
        self._provinces_with_plans = list(dict.fromkeys(str(e.province) for e in self._plans.values()))
        self._plan_answers = plans.PlanAnswers(self.names, self._plans)
        self._numbers = {
            normal_number(str((e.record or {})["number"])): e
            for e in index.entries
            if e.type in (EntryType.PLAN, EntryType.LEGAL_DOCUMENT) and (e.record or {}).get("number")
        }
        self._codes = {e.code: e for e in index.entries if e.code}
        self._vocabulary = self.searcher.speller.counts
        self._is_plan: Mask = np.array([e.type in PLAN_TYPES for e in index.entries], dtype=bool)
        self._province_of = np.array([e.province or "" for e in index.entries])
        self._local: Mask = np.array([e.type is EntryType.PROCEDURE and e.province is not None for e in index.entries], dtype=bool)

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
        if len(text) > LONGEST_QUESTION:
            return self._said(Outcome.TOO_LONG, length=len(text), limit=LONGEST_QUESTION), state
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
        if turn.option is not None and turn.option.entry:
            return self._about(turn.option.entry, turn.intent, turn.option.province or state.province, state, 1.0)
        if turn.entry is not None:
            return self._about(turn.entry, turn.intent, state.province, state, 1.0)
        question = turn.question or text
        if question != text:
            reading = replace(read(self.searcher.query(question), self.names, self._vocabulary), intents=(turn.intent,))
        province = turn.province or self._plan_province(reading) or self._remembered(state)
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

    def _plan_province(self, reading: Reading) -> str | None:
        return reading.found.provinces[0] if reading.found.provinces else None

    def _remembered(self, state: State) -> str | None:
        return state.province

    def _look_up(self, reading: Reading, province: str | None, state: State, clock: _Clock) -> tuple[Answer, State] | None:
        """Questions that name their record: a procedure code, a document number, a body's duties or successor, a province."""
        for code in reading.codes:
            if code in self._codes:
                return self._about(self._codes[code].id, reading.intent, province, state, 1.0, reading.query.text)
        for number in reading.numbers:
            entry = self._numbers.get(number)
            if entry is not None and (entry.type is EntryType.LEGAL_DOCUMENT or reading.document or not reading.topic):
                return self._about(entry.id, reading.intent, province, state, 1.0, reading.query.text)
        offices = reading.found.offices
        if reading.succession and len(reading.topic) <= 2:
            old = [o for o in offices if self.names.successors(self.names.offices[o], province, self.today)]
            if old or offices:
                return self._about((old or list(offices))[0], Intent.SUCCESSION, province, state, 0.95, reading.query.text)
            if reading.found.provinces and not reading.admin:
                entry_id = f"province/{self.names.provinces[reading.found.provinces[0]]['id']}"
                return self._about(entry_id, Intent.SUCCESSION, province, state, 0.95, reading.query.text)
        if reading.body_question and len(reading.topic) <= 2:
            named = self._plan_ids(reading, province)
            if named and (province or reading.plan_named or reading.admin):
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

    def _plan_ids(self, reading: Reading, province: str | None) -> list[str]:
        """Plans of the province and year in question; all plans of the province when no year fits."""
        found = [e for e in self._plans.values() if province is None or e.province == province]
        if province is None:
            return []
        of_year = [e for e in found if set((e.record or {})["years"]) & set(reading.years)]
        return [e.id for e in of_year or found]

    def _allowed(self, reading: Reading, province: str | None) -> Mask:
        """Entries that may answer: a province's own procedures only for that province, plan items only of the asked province and
        year."""
        today = self.names.province_today(province, self.today) if province else ""
        allowed: Mask = ~self._local | (self._province_of == today)
        if reading.definition and not (province or reading.plan_named or reading.found.offices):
            allowed &= ~self._is_plan
        if province in self._provinces_with_plans:
            allowed &= ~self._is_plan | (self._province_of == province)
            ids = set(self._plan_ids(reading, province))
            if len(ids) < sum(e.province == province for e in self._plans.values()):
                other = np.array([e.plan is not None and e.plan not in ids for e in self.index.entries], dtype=bool)
                allowed &= ~other
        return allowed

    def _search(self, reading: Reading, question: str, province: str | None, state: State, clock: _Clock) -> tuple[Answer, State]:
        ranked = self.searcher.search(reading.query, self._allowed(reading, province))
        clock.mark("search")
        named = reading.found.provinces
        first = self.index.entries[ranked.hits[0].entry] if ranked.hits else None
        foreign = bool(named) and not set(named) & set(self._provinces_with_plans)
        if first is not None and first.type in PLAN_TYPES and foreign and (reading.admin or reading.plan_named):
            known = ", ".join(self._provinces_with_plans)
            return self._said(Outcome.OTHER_PROVINCE, asked=named[0], known=known), conversation.remember(state, province=named[0])
        ranked = self._prefer(ranked, reading)
        plan_province = province in self._provinces_with_plans
        decision = decide(ranked, self.index.entries, self.thresholds, province_known=plan_province)
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
            return self._said(Outcome.NOT_KNOWN), conversation.remember(state, province=province)
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
