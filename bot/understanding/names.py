"""Names in a question: provinces of today and before, bodies, and which today's province and body stands for them."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Container, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from bot.understanding.guessing import one_slip
from bot.understanding.phrases import PERSON_AFTER
from knowledge.entries import Entry, EntryType
from knowledge.phrases import LongestFirst, Phrase, runs
from knowledge.search.query import Query
from knowledge.text import accented_keys, folded_keys, has_marks, syllables

_Match = tuple[Phrase, str, str, Phrase]
"""The syllables of a name in a table's form, its kind, what it names, and its syllables with their marks."""
_BEFORE_PLACES = frozenset(("tinh", "cua", "o", "tai", "tp"))
_ONLY_BEFORE_PLACES = frozenset(("tinh", "tp"))
LETTERS_A_SLIP = 4
"""Letters that a name must have for each slip it is read through: "pa nô" is not "Hà Nội"."""
_PLACE_WORDS = frozenset(("tinh", "thanh", "pho", "tp", "o", "tai"))
LEAST_KEPT = 2
"""Syllables that a question must have besides places."""
_WRITTEN_OUT = (("uy ban nhan dan", "ubnd"), ("ubnd tinh", "ubnd"))


@dataclass(frozen=True)
class Found:
    """Names found in one question, in reading order; ``rest`` are its folded syllables without them; ``places``: the numbers of the
    syllables that name provinces."""

    provinces: tuple[str, ...]
    offices: tuple[str, ...]
    rest: tuple[str, ...]
    places: frozenset[int] = frozenset()


def _is_person(folded: Sequence[str], start: int, length: int) -> bool:
    """Whether the province's name at ``start`` is a person's there ("Đoàn TNCS Hồ Chí Minh")."""
    name = tuple(folded[start : start + length])
    return any(tuple(folded[max(0, start - len(w)) : start]) == w for w in PERSON_AFTER.get(name, ()))


def _outside_and_inside(name: str) -> list[str]:
    """``Văn phòng UBND tỉnh (Trung tâm …)`` → the two bodies that it names; none for a name without brackets."""
    found = re.fullmatch(r"(.+?)\s*\((.+)\)\s*", name)
    return list(found.groups()) if found else []


def without_places(query: Query, found: Found) -> Query:
    """The question without the provinces that it names, and the words before them; itself where little else stands in it. Where somebody
    lives says nothing about what they need, but every record that happens to name the place would come nearer."""
    words = syllables(query.plain)
    dropped = set(found.places)
    for i in sorted(found.places, reverse=True):
        before = i - 1
        while before >= 0 and before not in dropped and folded_keys(words[before])[0] in _PLACE_WORDS:
            dropped.add(before)
            before -= 1
    kept = [w for i, w in enumerate(words) if i not in dropped]
    if not dropped or len(kept) < LEAST_KEPT:
        return query
    text = " ".join(kept)
    return Query(text, text, query.added, has_marks(text))


def canonical(name: str) -> str:
    """A body's name in one spelling: folded, "Ủy ban nhân dân" as "ubnd", without "tỉnh" after it."""
    text = " ".join(folded_keys(name))
    for long, short in _WRITTEN_OUT:
        text = text.replace(long, short)
    return text


@dataclass
class Names:
    """The gazetteer of one index."""

    entries: Sequence[Entry]
    provinces: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    offices: dict[str, Entry] = field(default_factory=dict)
    _accented: LongestFirst[_Match] = field(default_factory=LongestFirst)
    _folded: LongestFirst[_Match] = field(default_factory=LongestFirst)
    _by_name: dict[str, list[str]] = field(default_factory=dict)
    _initials: dict[str, str] = field(default_factory=dict)
    _inner: list[tuple[Phrase, str]] = field(default_factory=list)

    def __post_init__(self) -> None:
        for entry in self.entries:
            if entry.type is EntryType.PROVINCE:
                record = entry.record or {}
                name = str(record["name"])
                self.provinces[name] = record
                self._add("province", name, [name, *entry.aliases])
                for initials in record.get("abbreviations", ()):
                    self._initials[folded_keys(str(initials))[0]] = name
            elif entry.type is EntryType.OFFICE:
                self.offices[entry.id] = entry
                self._add("office", entry.id, [entry.title, *entry.aliases])
                for spelling in (entry.title, *entry.aliases):
                    ids = self._by_name.setdefault(canonical(spelling), [])
                    if entry.id not in ids:
                        ids.append(entry.id)
        forms = ((name, tuple(keys(name))) for name in self.provinces for keys in (accented_keys, folded_keys))
        self._inner = [(form, name) for name, form in forms if len(form) > 1]

    def _add(self, kind: str, value: str, spellings: Iterable[str]) -> None:
        for spelling in spellings:
            marked = tuple(accented_keys(spelling))
            for table, keys in ((self._accented, marked), (self._folded, tuple(folded_keys(spelling)))):
                if keys and (len(keys) > 1 or len(keys[0]) > 2):
                    table.add(keys, (keys, kind, value, marked))

    def find(self, query: Query, *, initials: bool = False) -> Found:
        """All names in a question; the longest wins at each place. In a marked question a name of two syllables or more counts too where
        some or all of its syllables lack their marks; provinces by their ``initials`` only where the caller says so."""
        folded = folded_keys(query.plain)
        accented, as_typed = accented_keys(query.plain), frozenset(accented_keys(query.text))
        provinces: dict[str, None] = {}
        offices: dict[str, None] = {}
        rest: list[str] = []
        places: set[int] = set()
        i = 0
        while i < len(folded):
            match = self._accented.at(accented, i) if query.marked else self._folded.at(folded, i)
            if match is None and query.marked:
                match = self._with_marks_missing(accented, folded, i, as_typed)
            if match is None and initials and folded[i] in self._initials:
                match = ((folded[i],), "province", self._initials[folded[i]], ())
            if match is None:
                rest.append(folded[i])
                i += 1
                continue
            keys, kind, value, _ = match
            if kind == "province" and _is_person(folded, i, len(keys)):
                rest += folded[i : i + len(keys)]
                i += len(keys)
                continue
            (provinces if kind == "province" else offices).setdefault(value)
            places |= set(range(i, i + len(keys))) if kind == "province" else set()
            if kind == "office":
                inner = self._province_inside(keys)
                if inner:
                    provinces.setdefault(inner)
            i += len(keys)
        return Found(tuple(provinces), tuple(self._settle(offices, provinces)), tuple(rest), frozenset(places))

    def _with_marks_missing(self, accented: Sequence[str], folded: Sequence[str], i: int, typed_words: Container[str]) -> _Match | None:
        """The name at a place of a marked question whose every syllable is written as it should be or without any mark. Two syllables of
        which one is marked are taken for a name only where one must follow, or where the other lost its mark when a slip was mended: as
        typed, "hai phòng" is two rooms."""
        match = self._folded.at(folded, i)
        if match is None or len(match[0]) < 2:
            return None
        typed = tuple(accented[i : i + len(match[0])])
        if typed == match[0]:
            return match
        meant = len(typed) > 2 or (i > 0 and folded[i - 1] in _ONLY_BEFORE_PLACES)
        meant |= any(word not in typed_words for word in typed)
        return match if meant and all(w in pair for w, pair in zip(typed, zip(match[0], match[3], strict=False), strict=False)) else None

    def nearly(self, found: Found, together: Callable[[str, str], bool]) -> Found:
        """``found`` with the one province whose name stands in its ``rest`` but for slips of the keyboard, one a syllable at most;
        ``found`` itself where none does, or several do equally well.

        For questions that surely speak of some province's plans: elsewhere everyday words come near to names. Even there syllables that
        stand side by side in known texts (``together``) are taken as meant, unless they are a name's own after a word such as "tỉnh"
        (whose marks are then wrong).
        """
        rest = found.rest
        strange = [i for i in range(len(rest) - 1) if not together(rest[i], rest[i + 1])]
        placed = [i + 1 for i, word in enumerate(rest) if word in _BEFORE_PLACES]
        best: dict[str, tuple[int, int, int]] = {}
        for form, name in self._inner:
            for i in (*strange, *(i for i in placed if rest[i : i + len(form)] == form)):
                typed = rest[i : i + len(form)]
                if len(typed) == len(form) and one_slip(typed[0], form[0]) and all(map(one_slip, typed, form)):
                    slips = sum(map(str.__ne__, typed, form))
                    if slips * LETTERS_A_SLIP > sum(map(len, form)):
                        continue
                    best[name] = min((slips, i, len(form)), best.get(name, (slips, i, len(form))))
        least = min((slips for slips, _, _ in best.values()), default=0)
        nearest = [(name, i, n) for name, (slips, i, n) in best.items() if slips == least]
        if len(nearest) != 1:
            return found
        name, i, n = nearest[0]
        return Found((name,), tuple(self._settle(found.offices, (name,))), rest[:i] + rest[i + n :])

    def _province_inside(self, keys: Sequence[str]) -> str | None:
        """The province that a body's own name carries ("Báo Quảng Nam")."""
        inside = runs(keys)
        return next((name for form, name in self._inner if form in inside), None)

    def office_of(self, name: str, province: str | None = None) -> Entry | None:
        """The office record of a body's name as a plan writes it; of several with that name the one of ``province``."""
        found = [self.offices[i] for i in self._by_name.get(canonical(name), ())]
        return next((o for o in found if o.province == province), next(iter(found), None))

    def _settle(self, offices: Iterable[str], provinces: Iterable[str]) -> dict[str, None]:
        """Where an office's name is shared ("Văn phòng Sở"), the one of the question's province."""
        settled: dict[str, None] = {}
        for office in offices:
            twins = [i for ids in self._by_name.values() if office in ids for i in ids]
            local = [i for i in twins if self.offices[i].province in tuple(provinces)]
            settled.setdefault(office if self.offices[office].province in (None, *provinces) or not local else local[0])
        return settled

    def same_body(self, name: str, office: str) -> bool:
        """Whether a body named in a plan is the office asked for (by record, or by one name inside the other)."""
        if any(office in self._by_name.get(canonical(part), ()) for part in (name, *_outside_and_inside(name))):
            return True
        asked, written = canonical(self.offices[office].title), canonical(name)
        return written == asked or (written.startswith(asked + " ") and len(asked.split()) > 1)

    def province_today(self, name: str, today: dt.date) -> str:
        """The province that stands for ``name`` on ``today``."""
        record = self.provinces.get(name, {})
        merged, until = record.get("merged_into"), record.get("valid_to")
        if merged and (until is None or today > dt.date.fromisoformat(str(until))):
            return str(merged)
        return name

    def successors(self, office: Entry, province: str | None, today: dt.date) -> list[Mapping[str, Any]]:
        """Who took over from a body by ``today``: the general successions, and those of ``province``."""
        rows = (office.record or {}).get("successors", [])
        past = [r for r in rows if not r.get("since") or dt.date.fromisoformat(str(r["since"])) <= today]
        return [r for r in past if r.get("province") in (None, province)]
