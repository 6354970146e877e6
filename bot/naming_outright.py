"""A message that says no more than a record's name: that record, whatever else resembles it. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace

import numpy as np

from bot.understanding.phrases import POLITE, without_asking
from bot.understanding.reading import Reading
from knowledge.entries import Entry, EntryType
from knowledge.search.ranking import SURE, Hit, Ranked
from knowledge.terms import TermTable
from knowledge.text import accented_keys, folded_keys

_BEFORE = POLITE | frozenset(["lam", "can", "nop", "ho", "so", "hay", "qui", "dinh", "luat", "nghi", "nao", "cach", "duoc"])
"""Words before a name that change nothing: "nộp hồ sơ khai sinh"."""


class _Names:
    """Names → the numbers of the records that have them, in arrays: ten thousand names as Python objects would take 10 MB."""

    def __init__(self, pairs: Iterable[tuple[str, int]]) -> None:
        owners: dict[str, list[int]] = {}
        for name, number in pairs:
            owners.setdefault(name, []).append(number)
        self._table = TermTable.of({name: i for i, name in enumerate(owners)})
        self._start = np.cumsum([0, *map(len, owners.values())])
        self._owner = np.fromiter((n for numbers in owners.values() for n in numbers), dtype=np.int32)

    def of(self, name: str) -> list[int]:
        """Empty for what is no name."""
        number = int(self._table.find((name,))[0])
        return self._owner[self._start[number] : self._start[number + 1]].tolist() if number >= 0 else []


class Outright:
    """The records by their names (title, aliases), as typed with and without marks."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        kinds = (EntryType.PROCEDURE, EntryType.GUIDE)
        own = [(number, e) for number, e in enumerate(entries) if e.type in kinds and e.province is None]
        self._accented, self._folded = (
            _Names((" ".join(keys(name)), number) for number, e in own for name in (e.title, *e.aliases))
            for keys in (accented_keys, folded_keys)
        )

    def first(self, ranked: Ranked, reading: Reading) -> Ranked:
        """The ranking with the best of the records so named before all others, and surely; itself where the message names none."""
        named = self._named(reading)
        if not named or not ranked.hits:
            return ranked
        hit = next((h for h in ranked.hits if h.entry in named), Hit(min(named), ranked.hits[0].score, SURE))
        others = [replace(h, share=h.share * (1.0 - SURE)) for h in ranked.hits if h is not hit]
        hits = (Hit(hit.entry, hit.score, SURE), *others)
        return replace(ranked, hits=hits, confidence=max(ranked.confidence, SURE), scope=max(ranked.scope, SURE))

    def _named(self, reading: Reading) -> list[int]:
        marked = reading.query.marked
        for text in dict.fromkeys((reading.query.plain, without_asking(reading.query.plain))):
            keys, folded = accented_keys(text) if marked else folded_keys(text), folded_keys(text)
            found = _at_the_end(self._accented if marked else self._folded, keys, folded)
            if found:
                return found
        return []


def _at_the_end(table: _Names, keys: Sequence[str], folded: Sequence[str]) -> list[int]:
    start, end = 0, len(keys)
    while end > start:
        for start in range(end):
            found = table.of(" ".join(keys[start:end]))
            if found:
                return found
            if folded[start] not in _BEFORE:
                break
        if folded[end - 1] not in POLITE:
            break
        end -= 1
    return []
