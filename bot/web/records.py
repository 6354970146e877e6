"""The records of one index, to be leafed through: lists with filters, and single records as plain values."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from knowledge.entries import Entry, EntryType
from knowledge.schema import LifeEvent
from knowledge.text import folded_keys

Values = dict[str, Any]
_PLAN_PARTS: tuple[tuple[str, EntryType, str | None], ...] = (
    ("tasks", EntryType.TASK, None),
    ("duties", EntryType.DUTY, "bodies"),
    ("reports", EntryType.DUTY, "who"),
    ("contents", EntryType.CONTENT, None),
)
"""The parts of a plan: name, type of entry, and the key by which entries of one type are told apart."""


def _keys(text: str) -> str:
    """Folded syllables, each between spaces, so that words match whole and without tone marks."""
    return f" {' '.join(folded_keys(text))} "


def _says(haystack: str, words: Sequence[str]) -> bool:
    return all(f" {key} " in haystack for key in words)


def _same(value: str, asked: str) -> bool:
    return _keys(value) == _keys(asked)


@dataclass(frozen=True)
class _Listed:
    """A procedure with what it is found by, folded: words of its names, fields, audience, level, province. Its record lies in a file and
    is read only to be shown; ``shown_fields`` and ``guided`` are what lists need of it."""

    entry: Entry
    names: str
    fields: tuple[str, ...]
    audience: tuple[str, ...]
    level: tuple[str, ...]
    province: str
    shown_fields: tuple[str, ...]
    guided: bool

    @staticmethod
    def of(entry: Entry, names: str) -> _Listed:
        record = entry.record or {}
        facts: Mapping[str, Any] = record.get("catalogue", {})
        audience, level = (tuple(map(_keys, facts.get(key, ()))) for key in ("audience", "level"))
        fields, province = tuple(_fields(record)), _keys(entry.province or "")
        return _Listed(entry, names, tuple(map(_keys, fields)), audience, level, province, fields, "guidance" in record)


class Records:
    """Read-only views over ``entries``. Lists are in Vietnamese alphabetical order of folded names."""

    def __init__(self, entries: Sequence[Entry], life_events: Sequence[LifeEvent] = ()) -> None:
        self._life_events = life_events
        self._titles = {e.id: e.title for e in entries}
        by_type: dict[EntryType, list[Entry]] = {t: [] for t in EntryType}
        for entry in entries:
            by_type[entry.type].append(entry)
        for found in by_type.values():
            found.sort(key=lambda e: (_keys(e.title), e.id))
        self._by_type = by_type
        self._procedures = {e.id.partition("/")[2]: e for e in by_type[EntryType.PROCEDURE]}
        self._plans = {e.id: e for e in by_type[EntryType.PLAN]}
        self._offices = {e.id.partition("/")[2]: e for e in by_type[EntryType.OFFICE]}
        named = (*by_type[EntryType.PROCEDURE], *by_type[EntryType.OFFICE])
        self._names = {e.id: _keys(" ".join([e.title, *e.aliases, e.code or ""])) for e in named}
        self._listed = tuple(_Listed.of(e, self._names[e.id]) for e in by_type[EntryType.PROCEDURE] if not e.internal)

    # --- procedures ------------------------------------------------------------------------------------------------------

    def procedures(
        self, *, field: str = "", audience: str = "", level: str = "", province: str = "", words: str = "", guided: bool | None = None
    ) -> list[Entry]:
        """The procedures that fit everything asked, to be shown by :func:`summary`. Without ``province`` only those in force
        everywhere; internal ones and those that are gone never."""
        return [one.entry for one in self._fitting(field, audience, level, province, words, guided)]

    def _fitting(self, field: str, audience: str, level: str, province: str, words: str, guided: bool | None) -> Iterator[_Listed]:
        field_key, level_key, province_key = _keys(field), _keys(level), _keys(province)
        audience_keys, word_keys = folded_keys(audience), folded_keys(words)
        for one in self._listed:
            if one.entry.province and one.province != province_key:
                continue
            if guided is not None and guided != one.guided:
                continue
            if field and field_key not in one.fields:
                continue
            if audience and not any(_says(a, audience_keys) for a in one.audience):
                continue
            if level and level_key not in one.level:
                continue
            if words and not _says(one.names, word_keys):
                continue
            yield one

    def procedure(self, code: str) -> Values | None:
        """One procedure with all that is known: the portal's facts (``catalogue``) and written guidance (``guidance``)."""
        entry = self._procedures.get(code)
        if entry is None:
            return None
        record = entry.record or {}
        guidance, facts = record.get("guidance"), record.get("catalogue")
        link = (facts or {}).get("link")
        portal = {"title": "Cổng Dịch vụ công quốc gia", **({"url": link} if link else {})}
        sources = [*(guidance or {}).get("sources", ()), *([portal] if facts else [])]
        checked = max(str(part["checked_on"]) for part in (guidance, facts) if part)
        return {**summary(entry), "catalogue": facts, "guidance": guidance, "sources": sources, "checked_on": checked}

    def fields(self) -> list[Values]:
        """The fields of procedures that are in force everywhere, with how many each has."""
        counts = Counter(f for one in self._fitting("", "", "", "", "", None) for f in one.shown_fields)
        return [{"name": name, "procedures": count} for name, count in sorted(counts.items(), key=lambda c: _keys(c[0]))]

    def life_events(self) -> list[Values]:
        """Situations of life with the records that people need in them; only records that are here."""
        found = []
        for event in self._life_events:
            choices = [
                {"label": c.label, "record": c.record, "title": self._titles[c.record]} for c in event.choices if c.record in self._titles
            ]
            found.append({"id": event.id, "name": event.name, "choices": choices})
        return found

    # --- plans -----------------------------------------------------------------------------------------------------------

    def plans(self, *, province: str = "", year: int | None = None) -> list[Values]:
        """The plans, without what they lay on whom."""
        found = []
        for entry in self._plans.values():
            record = entry.record or {}
            if (province and not _same(str(entry.province), province)) or (year is not None and year not in record["years"]):
                continue
            counts = {name: len(items) for name, items in self._parts(entry.id)}
            found.append({"id": entry.id, **{k: v for k, v in record.items() if k != "id"}, "counts": counts})
        return found

    def plan(self, plan_id: str) -> Values | None:
        """One plan with its tasks, duties, reports and contents; each names its place in the document (``section``)."""
        if plan_id not in self._plans:
            return None
        about = next(p for p in self.plans() if p["id"] == plan_id)
        return {**about, **dict(self._parts(plan_id))}

    def _parts(self, plan_id: str) -> Iterator[tuple[str, list[Values]]]:
        for name, kind, key in _PLAN_PARTS:
            mine = [e for e in self._by_type[kind] if e.plan == plan_id and (key is None or key in (e.record or {}))]
            yield name, [{**(e.record or {}), "id": e.id, "title": e.title, "section": e.section} for e in mine]

    # --- bodies and places -----------------------------------------------------------------------------------------------

    def offices(self, *, province: str = "", level: str = "", words: str = "") -> list[Values]:
        """The bodies; with ``province`` also those that exist in every province."""
        found = []
        for office_id, entry in self._offices.items():
            record = entry.record or {}
            if province and entry.province and not _same(entry.province, province):
                continue
            if level and not _same(str(record.get("level", "")), level):
                continue
            if words and not _says(self._names[entry.id], folded_keys(words)):
                continue
            found.append({**record, "id": office_id})
        return found

    def office(self, office_id: str) -> Values | None:
        entry = self._offices.get(office_id)
        return None if entry is None else {**(entry.record or {}), "id": office_id}

    def provinces(self, *, former: bool = False) -> list[Values]:
        """The provinces and cities of today, with what was merged into each; ``former``: those that are no more instead."""
        records = [e.record or {} for e in self._by_type[EntryType.PROVINCE]]
        return [dict(r) for r in records if bool(r.get("merged_into")) == former]


def _fields(record: Mapping[str, Any]) -> Sequence[str]:
    if "catalogue" in record:
        return list(record["catalogue"]["fields"])
    return [str(record["guidance"]["field"])]


def summary(entry: Entry) -> Values:
    """A procedure as lists show it."""
    record = entry.record or {}
    facts: Mapping[str, Any] = record.get("catalogue", {})
    guided = [record["guidance"]["office"]] if "guidance" in record else []
    return {
        "id": entry.id,
        "code": entry.code,
        "title": entry.title,
        "fields": list(_fields(record)),
        "level": list(facts.get("level", ())),
        "audience": list(facts.get("audience", ())),
        "bodies": list(facts.get("bodies", ())) or guided,
        "province": entry.province,
        "guided": "guidance" in record,
        "link": facts.get("link"),
    }
