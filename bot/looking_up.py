"""Questions that name their record: a procedure code, a document number, a body's duties or successor, a province. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot import conversation
from bot.answering import plans, sections
from bot.composing import Composer
from bot.selection import Selection
from bot.types import Intent, Reply, State
from bot.understanding import phrases as p
from bot.understanding.names import Names
from bot.understanding.reading import Reading
from knowledge.entries import Entry, EntryType
from knowledge.text import folded_keys

_WHO = frozenset({Intent.LEAD, Intent.PARTNER, Intent.REPORT, Intent.WHEN})
_SIGNING = frozenset(["ki", "ban", "hanh", "so"])


class Lookup:
    """Records by what they are called in writing."""

    def __init__(self, entries: Sequence[Entry], names: Names, selection: Selection, composer: Composer) -> None:
        self._entries, self._names, self._selection, self._composer = entries, names, selection, composer
        self._codes = {c: e for e in entries for c in e.other_codes} | {e.code: e for e in entries if e.code}

    def reply(self, reading: Reading, province: str | None, state: State, today: dt.date) -> Reply | None:
        """The reply to a question that names its record; none for every other."""

        def about(entry_id: str, points: tuple[Intent, ...], of: str | None, confidence: float) -> Reply:
            return self._composer.about(entry_id, points, of, state, today, confidence, reading.query.text)

        for code in reading.codes:
            if code in self._codes:
                return about(self._codes[code].id, reading.points, province, 1.0)
        plan = self._selection.numbered_plan(reading)
        if plan is not None and (reading.document or not reading.own_topic) and not reading.body_question:
            return about(plan.id, (Intent.DOCUMENT,), plan.province, 0.95)
        for number in reading.numbers:
            entry = self._selection.numbers.get(number)
            # "Đơn vị đầu mối theo Chỉ thị 06 có nhiệm vụ gì" asks for a plan's task, not for the document.
            tasks = p.BODY_QUESTION.stands_in(folded_keys(reading.query.plain)) and reading.about_plans and bool(reading.own_topic)
            of_plan = tasks or self._selection.plan_context(reading, province)
            if entry is not None and entry.type is EntryType.LEGAL_DOCUMENT and of_plan:
                continue
            if entry is not None and (entry.type is EntryType.LEGAL_DOCUMENT or reading.document or not reading.topic):
                return about(entry.id, reading.points, province, 1.0)
        part = self._section(reading, plan, province, state, today)
        if part is not None:
            return part
        offices = reading.found.offices
        if reading.succession and len(reading.topic) <= 2 and not reading.plan_named:
            old = [o for o in offices if self._names.successors(self._names.offices[o], province, today)]
            if old or offices:
                return about((old or list(offices))[0], (Intent.SUCCESSION,), province, 0.95)
            if reading.found.provinces and not reading.admin:
                entry_id = f"province/{self._names.provinces[reading.found.provinces[0]]['id']}"
                return about(entry_id, (Intent.SUCCESSION,), province, 0.95)
        if reading.body_question and len(reading.own_topic) <= 1:
            named = [plan.id] if plan is not None else self._selection.plan_ids(reading, province)
            if named and (province or reading.about_plans):
                return self._duties(named, reading, province, state, today)
        return None

    def another_body(self, reading: Reading, state: State, today: dt.date) -> Reply | None:
        """The reply to "còn Sở Nội vụ thì sao" after an answer from a plan: what that plan, or the one now named, lays on the body."""
        offices = reading.found.offices
        names_only = offices and not (reading.intents or reading.own_topic or reading.document or reading.succession or reading.definition)
        if not (names_only and conversation.about_plan(state)):
            return None
        if state.intent is not Intent.BODY_DUTIES and (reading.found.provinces or reading.years):
            return None
        own = next((self._names.offices[o].province for o in offices if self._names.offices[o].province in self._selection.provinces), None)
        before = self._selection.plans[str(state.entry).split("/")[0]]
        province = next(iter(reading.found.provinces), own or before.province)
        ids = self._selection.plan_ids(reading, province)
        if province == before.province and not reading.years:
            ids = [before.id]
        return self._duties(ids, reading, province, state, today) if ids else None

    def _duties(self, named: list[str], reading: Reading, province: str | None, state: State, today: dt.date) -> Reply | None:
        """What the named plans lay on the first body of the question of which they say something."""
        role = Intent.PARTNER if Intent.PARTNER in reading.intents else Intent.ANY
        for office in reading.found.offices:
            answer, shown = self._composer.plan_answers.body(named, office, role, self._entries, today)
            if not shown and len(named) == 1 and (reading.about_plans or conversation.about_plan(state)):
                answer, shown = self._composer.plan_answers.unassigned(named[0], office, self._entries)
            if shown:
                items = [(e, round(0.95 - 0.01 * i, 3)) for i, e in enumerate(shown[:10])]
                after = conversation.remember(
                    state, question=reading.query.text, entry=shown[0].id, intent=Intent.BODY_DUTIES, province=province
                )
                return Reply(plans.with_items(answer, items, 0.95), after)
        return None

    def _section(self, reading: Reading, plan: Entry | None, province: str | None, state: State, today: dt.date) -> Reply | None:
        """The reply to a question for a part of a plan as a whole ("mục đích của kế hoạch …"), and for nothing within it."""
        keys = folded_keys(reading.query.plain)
        kind = next((k for k, phrases in p.PLAN_SECTIONS.items() if phrases.stands_in(keys)), None)
        if kind is None or _WHO & set(reading.intents):
            return None
        said = reading.found.provinces or reading.years or plan is not None
        if conversation.about_plan(state) and not said:
            ids = [str(state.entry).split("/")[0]]
        elif plan is not None or (province is not None and (reading.surely_plans or reading.plan_named)):
            ids = [plan.id] if plan is not None else self._selection.plan_ids(reading, province)
        else:
            return None
        ids = [i for i in ids if not self._besides(reading, kind, i)]
        shown = [e for i in ids for e in sections.contents(self._entries, i, kind, reading.indices)]
        if not shown:
            return None
        answer = sections.section(self._composer.plan_answers, shown, kind, today)
        items = [(e, round(0.95 - 0.01 * i, 3)) for i, e in enumerate(shown[:10])]
        after = conversation.remember(
            state, question=reading.query.text, entry=shown[0].id, province=shown[0].province, followups=answer.followups
        )
        return Reply(plans.with_items(answer, items, 0.95), after)

    def _besides(self, reading: Reading, kind: str, plan_id: str) -> list[str]:
        """What a question for a part of a plan speaks of besides the part and the plan."""
        plan = self._selection.plans[plan_id]
        named = set(folded_keys(" ".join([plan.title, *plan.aliases, str((plan.record or {}).get("title", ""))])))
        left = p.without(reading.own_topic, p.PLAN_SECTIONS[kind])
        parts = {k for phrase in p.PLAN_SECTIONS[kind] for k in phrase}
        return [k for k in left if k not in named and k not in parts and k not in p.SECTION_FILLER]

    def other_plan(self, reading: Reading, state: State, today: dt.date) -> Reply | None:
        """The reply to "thế của Hưng Yên ai ký" after an answer from a plan: that province's plan, where it has one only."""
        if not (reading.document and reading.found.provinces and conversation.about_plan(state)):
            return None
        if [k for k in p.without(reading.own_topic, p.DOCUMENT) if k not in _SIGNING] or reading.numbers or reading.plan_number:
            return None
        province = reading.found.provinces[0]
        ids = self._selection.plan_ids(reading, province) if province in self._selection.provinces else []
        return self._composer.about(ids[0], (Intent.DOCUMENT,), province, state, today, 0.95) if len(ids) == 1 else None
