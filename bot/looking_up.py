"""Questions that name their record: a procedure code, a document number, a body's duties or successor, a province. Pure."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot import conversation
from bot.answering import plans
from bot.composing import Composer
from bot.selection import Selection
from bot.types import Intent, Reply, State
from bot.understanding import phrases as p
from bot.understanding.names import Names
from bot.understanding.reading import Reading
from knowledge.entries import Entry, EntryType

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
            if entry is not None and entry.type is EntryType.LEGAL_DOCUMENT and self._selection.plan_context(reading, province):
                continue
            if entry is not None and (entry.type is EntryType.LEGAL_DOCUMENT or reading.document or not reading.topic):
                return about(entry.id, reading.points, province, 1.0)
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
                role = Intent.PARTNER if Intent.PARTNER in reading.intents else Intent.ANY
                for office in offices:
                    answer, shown = self._composer.plan_answers.body(named, office, role, self._entries, today)
                    if not shown and len(named) == 1 and reading.about_plans:
                        answer, shown = self._composer.plan_answers.unassigned(named[0], office, self._entries)
                    if shown:
                        items = [(e, round(0.95 - 0.01 * i, 3)) for i, e in enumerate(shown[:10])]
                        after = conversation.remember(
                            state, question=reading.query.text, entry=shown[0].id, intent=Intent.BODY_DUTIES, province=province
                        )
                        return Reply(plans.with_items(answer, items, 0.95), after)
        return None

    def other_plan(self, reading: Reading, state: State, today: dt.date) -> Reply | None:
        """The reply to "thế của Hưng Yên ai ký" after an answer from a plan: that province's plan, where it has one only."""
        if not (reading.document and reading.found.provinces and conversation.about_plan(state)):
            return None
        if [k for k in p.without(reading.own_topic, p.DOCUMENT) if k not in _SIGNING] or reading.numbers or reading.plan_number:
            return None
        province = reading.found.provinces[0]
        ids = self._selection.plan_ids(reading, province) if province in self._selection.provinces else []
        return self._composer.about(ids[0], (Intent.DOCUMENT,), province, state, today, 0.95) if len(ids) == 1 else None
