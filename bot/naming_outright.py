"""A message that says no more than a record's name: that record, whatever else resembles it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.understanding.phrases import POLITE, without_asking
from bot.understanding.reading import Reading
from knowledge.entries import Entry, EntryType
from knowledge.search.ranking import SURE, Hit, Ranked
from knowledge.text import accented_keys, folded_keys

_VERBS = frozenset(["lam", "xin", "di", "dang", "can"])
"""Words before a name that change nothing: "đi làm khai sinh"."""
_Keys = tuple[str, ...]


class Outright:
    """The records by their names (title, aliases), as typed with and without marks."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._accented: dict[_Keys, set[int]] = {}
        self._folded: dict[_Keys, set[int]] = {}
        for number, entry in enumerate(entries):
            if entry.type in (EntryType.PROCEDURE, EntryType.GUIDE):
                for name in (entry.title, *entry.aliases):
                    self._accented.setdefault(tuple(accented_keys(name)), set()).add(number)
                    self._folded.setdefault(tuple(folded_keys(name)), set()).add(number)

    def first(self, ranked: Ranked, reading: Reading) -> Ranked:
        """The ranking with the best of the records so named before all others, and surely; itself where the message names none."""
        named = self._named(reading)
        hit = next((h for h in ranked.hits if h.entry in named), None)
        if hit is None:
            return ranked
        others = [replace(h, share=h.share * (1.0 - SURE)) for h in ranked.hits if h is not hit]
        hits = (Hit(hit.entry, hit.score, SURE), *others)
        return replace(ranked, hits=hits, confidence=max(ranked.confidence, SURE), scope=max(ranked.scope, SURE))

    def _named(self, reading: Reading) -> set[int]:
        matter = without_asking(reading.query.plain)
        table, keys = (self._accented, accented_keys(matter)) if reading.query.marked else (self._folded, folded_keys(matter))
        folded = folded_keys(matter)
        start, end = 0, len(keys)
        while end > start and folded[end - 1] in POLITE:
            end -= 1
        while start < end:
            if tuple(keys[start:end]) in table:
                return table[tuple(keys[start:end])]
            if folded[start] not in POLITE and folded[start] not in _VERBS:
                break
            start += 1
        return set()
