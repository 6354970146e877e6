"""A message that says no more than a record's name: that record, whatever else resembles it. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.understanding.phrases import POLITE, without_asking
from bot.understanding.reading import Reading
from knowledge.entries import Entry, EntryType
from knowledge.search.ranking import SURE, Hit, Ranked
from knowledge.text import accented_keys, folded_keys

_BEFORE = POLITE | frozenset(["lam", "can", "nop", "ho", "so", "hay", "qui", "dinh", "luat", "nghi", "nao", "cach", "duoc"])
"""Words before a name that change nothing: "nộp hồ sơ khai sinh"."""
_Keys = tuple[str, ...]


class Outright:
    """The records by their names (title, aliases), as typed with and without marks."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        self._accented: dict[_Keys, set[int]] = {}
        self._folded: dict[_Keys, set[int]] = {}
        for number, entry in enumerate(entries):
            if entry.type in (EntryType.PROCEDURE, EntryType.GUIDE) and entry.province is None:
                for name in (entry.title, *entry.aliases):
                    self._accented.setdefault(tuple(accented_keys(name)), set()).add(number)
                    self._folded.setdefault(tuple(folded_keys(name)), set()).add(number)

    def first(self, ranked: Ranked, reading: Reading) -> Ranked:
        """The ranking with the best of the records so named before all others, and surely; itself where the message names none."""
        named = self._named(reading)
        if not named or not ranked.hits:
            return ranked
        hit = next((h for h in ranked.hits if h.entry in named), Hit(min(named), ranked.hits[0].score, SURE))
        others = [replace(h, share=h.share * (1.0 - SURE)) for h in ranked.hits if h is not hit]
        hits = (Hit(hit.entry, hit.score, SURE), *others)
        return replace(ranked, hits=hits, confidence=max(ranked.confidence, SURE), scope=max(ranked.scope, SURE))

    def _named(self, reading: Reading) -> set[int]:
        marked = reading.query.marked
        for text in dict.fromkeys((reading.query.plain, without_asking(reading.query.plain))):
            keys, folded = accented_keys(text) if marked else folded_keys(text), folded_keys(text)
            found = _at_the_end(self._accented if marked else self._folded, keys, folded)
            if found:
                return found
        return set()


def _at_the_end(table: dict[_Keys, set[int]], keys: Sequence[str], folded: Sequence[str]) -> set[int]:
    start, end = 0, len(keys)
    while end > start:
        for start in range(end):
            if tuple(keys[start:end]) in table:
                return table[tuple(keys[start:end])]
            if folded[start] not in _BEFORE:
                break
        if folded[end - 1] not in POLITE:
            break
        end -= 1
    return set()
