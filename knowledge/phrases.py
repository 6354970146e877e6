"""Whole phrases in a text, many at once: the runs of a text's syllables are made once and compared as sets with whole tables of phrases."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Generic, TypeVar

from knowledge.text import padded

Phrase = tuple[str, ...]
_Value = TypeVar("_Value")
LONGEST = 8
"""Syllables of a run at most. Longer phrases are looked for one by one."""


@lru_cache(maxsize=32)
def _runs(keys: Phrase) -> frozenset[Phrase]:
    n = len(keys)
    return frozenset(keys[i:j] for i in range(n) for j in range(i + 1, min(i + LONGEST, n) + 1))


def runs(keys: Sequence[str]) -> frozenset[Phrase]:
    """Every run of one to :data:`LONGEST` consecutive syllables. The last texts asked for are kept."""
    return _runs(tuple(keys))


class PhraseTable(tuple[Phrase, ...]):
    """Phrases (syllable keys) in their order, and ready to be compared with the runs of a text."""

    short: frozenset[Phrase]
    long: tuple[Phrase, ...]

    def __new__(cls, phrases: Iterable[Phrase]) -> PhraseTable:
        made = super().__new__(cls, phrases)
        made.short = frozenset(p for p in made if len(p) <= LONGEST)
        made.long = tuple(p for p in made if len(p) > LONGEST)
        return made

    def found(self, keys: Sequence[str]) -> frozenset[Phrase]:
        """The phrases that stand in the keys as consecutive whole syllables."""
        found = self.short & runs(keys)
        if self.long:
            text = padded(keys)
            found |= {p for p in self.long if padded(p) in text}
        return found

    def stands_in(self, keys: Sequence[str]) -> bool:
        """Whether any of them does."""
        return not self.short.isdisjoint(runs(keys)) or (bool(self.long) and bool(self.found(keys)))


class LongestFirst(Generic[_Value]):
    """Values by phrase, found at a place of a text; the longest phrase wins."""

    def __init__(self) -> None:
        self._values: dict[Phrase, _Value] = {}
        self._lengths: dict[str, list[int]] = {}

    def add(self, phrase: Phrase, value: _Value) -> None:
        """Add a value; none is added for no syllables, nor a second one for the same phrase."""
        if not phrase or phrase in self._values:
            return
        self._values[phrase] = value
        lengths = self._lengths.setdefault(phrase[0], [])
        if len(phrase) not in lengths:
            lengths.append(len(phrase))
            lengths.sort(reverse=True)

    def at(self, keys: Sequence[str], i: int) -> _Value | None:
        """The value of the longest phrase that begins at ``keys[i]``."""
        for length in self._lengths.get(keys[i], ()):
            value = self._values.get(tuple(keys[i : i + length]))
            if value is not None:
                return value
        return None
