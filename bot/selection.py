"""Which records may answer a question: by province, year, number, and by whether it speaks of plans at all."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from bot.answering.plans import leads_of
from bot.types import Intent
from bot.understanding.names import Names
from bot.understanding.reading import Reading, normal_number
from knowledge.entries import PLAN_TYPES, Entry, EntryType

Mask = NDArray[np.bool_]


def _numbered(names: Sequence[str]) -> tuple[dict[str, int], NDArray[np.int16]]:
    """A number for each name, and the numbers one after another: compared faster than words."""
    numbers = {name: number for number, name in enumerate(dict.fromkeys(names))}
    return numbers, np.array([numbers[name] for name in names], dtype=np.int16)


class Selection:
    """The plans of an index, and masks over its entries (``True`` where an entry may answer)."""

    def __init__(self, entries: Sequence[Entry], names: Names) -> None:
        self._entries = entries
        self._names = names
        self.plans = {e.id: e for e in entries if e.type is EntryType.PLAN}
        self.provinces = list(dict.fromkeys(str(e.province) for e in self.plans.values()))
        numbered = (e for e in entries if e.type in (EntryType.PLAN, EntryType.LEGAL_DOCUMENT) and (e.record or {}).get("number"))
        self.numbers = {normal_number(str((e.record or {})["number"])): e for e in numbered}
        self._is_plan: Mask = np.array([e.type in PLAN_TYPES for e in entries], dtype=bool)
        self._is_document: Mask = np.array([e.type is EntryType.PLAN for e in entries], dtype=bool)
        self._province_numbers, self._province_of = _numbered([e.province or "" for e in entries])
        self._plan_numbers, self._plan_of = _numbered([e.plan or "" for e in entries])
        self._local: Mask = np.array([e.type is EntryType.PROCEDURE and e.province is not None for e in entries], dtype=bool)

    def of_other_province(self, reading: Reading) -> bool:
        """A question about a plan of a province whose plans are not known."""
        foreign = bool(reading.found.provinces) and not set(reading.found.provinces) & set(self.provinces)
        general = reading.succession or reading.validity or (reading.definition and not reading.plan_named)
        of_plans = reading.plan_named or reading.surely_plans or bool(reading.years)
        return foreign and of_plans and (reading.admin or bool(reading.indices)) and not general

    def plan_context(self, reading: Reading, province: str | None) -> bool:
        """The question is about the plans of a province whose plans are known."""
        general = (reading.definition and not reading.plan_named) or reading.succession or reading.validity
        return province in self.provinces and reading.about_plans and not general

    def numbered_plan(self, reading: Reading) -> Entry | None:
        """The plan whose number the question gives, in full or as "kế hoạch 103"."""
        for number in reading.numbers:
            entry = self.numbers.get(number)
            if entry is not None and entry.type is EntryType.PLAN:
                return entry
        if reading.plan_number is None:
            return None
        numbered = [e for n, e in self.numbers.items() if e.type is EntryType.PLAN and n.split("/")[0] == reading.plan_number]
        return numbered[0] if len(numbered) == 1 else None

    def plan_ids(self, reading: Reading, province: str | None) -> list[str]:
        """Plans of the province and year in question; all plans of the province when no year fits."""
        found = [e for e in self.plans.values() if province is None or e.province == province]
        if province is None:
            return []
        of_year = [e for e in found if set((e.record or {})["years"]) & set(reading.years)]
        return [e.id for e in of_year or found]

    def permitted(self, reading: Reading, province: str | None, today: dt.date) -> Mask:
        """Entries that may answer whatever is asked: a province's own procedures only for that province, plan items only of the asked
        province and year."""
        now = self._names.province_today(province, today) if province else ""
        permitted: Mask = ~self._local | (self._province_of == self._province_numbers.get(now, -1))
        if province in self.provinces:
            kept = np.zeros(len(self._plan_numbers), dtype=bool)
            kept[[self._plan_numbers[p] for p in ("", *self.plan_ids(reading, province)) if p in self._plan_numbers]] = True
            permitted &= kept[self._plan_of]
        return permitted

    def likely(self, reading: Reading, province: str | None, permitted: Mask) -> Mask:
        """Of the permitted entries those that the question's words call for; the same mask where they call for none."""
        if reading.definition and not (province or reading.plan_named or reading.found.offices):
            return permitted & ~self._is_plan
        if reading.document and reading.about_plans and not reading.definition and Intent.REPORT not in reading.intents:
            return permitted & self._is_document
        if self.plan_context(reading, province):
            of_plans = permitted & self._is_plan
            if reading.body_question or (reading.found.offices and set(reading.intents) & {Intent.REPORT, Intent.WHEN}):
                involved = of_plans & self.involving(reading.found.offices)
                return involved if involved.any() else of_plans
            return of_plans
        return permitted

    def involving(self, offices: Sequence[str]) -> Mask:
        """Plan items that one of the offices leads, reports on or is charged with."""

        def theirs(entry: Entry) -> bool:
            return any(self._names.same_body(b, o) for b in leads_of(entry) for o in offices)

        found: Mask = np.zeros(len(self._entries), dtype=bool)
        for number in np.flatnonzero(self._is_plan).tolist():
            found[number] = theirs(self._entries[number])
        return found
