"""Messages that are no question for the index, whatever records they resemble: danger, insults, prying, what is against the law. Pure.

A phrase is compared with the tone marks that a message is typed with: "thi hộ" is not "thì hồ sơ", nor "làm giả" "làm gia công". Only
what is typed without marks is compared without.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from bot.types import Outcome
from bot.understanding import phrases as p
from knowledge.phrases import Phrase, PhraseTable
from knowledge.text import accented_keys, folded_keys

_TABLES: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("screening.yaml").read_text(encoding="utf-8"))
UNMARKED = 0.2
"""Share of syllables with marks below which a message is read as typed without marks."""
SPECIFIC = 3
"""Syllables from which a phrase is still itself with a mark left out here and there."""
SCOLDING = 4
"""Syllables with a topic of their own from which a message with an insult is a question after all."""
BRIEF = 14
"""Syllables up to which a thing and its owner are a wish to be told, without a word that says so."""
PLEA = 6
"""Syllables up to which a cry for help is one."""
READABLE = 0.5
"""Share of known syllables from which a message is taken for words."""
_TIED = [tuple(folded_keys(w)) for w in ("hồ sơ", "gia đình", "gia công", "gia hạn", "giá trị", "bảng giá", "giá đất", "chạy cho")]
"""Words whose half is no part of a phrase where marks are missing: "thi ho so" is no "thi hộ"."""


@dataclass(frozen=True)
class Typed:
    """A message's syllables with marks (``accented``) and without (``folded``), one for one; ``unmarked``: it is typed without."""

    accented: tuple[str, ...]
    folded: tuple[str, ...]
    unmarked: bool

    @staticmethod
    def of(text: str) -> Typed:
        accented, folded = tuple(map(_tone, accented_keys(text))), tuple(folded_keys(text))
        marked = sum(a != f for a, f in zip(accented, folded, strict=True))
        return Typed(accented, folded, marked < UNMARKED * len(folded))


def _tone(key: str) -> str:
    """A key with ``ngã`` as ``hỏi``: half the country writes one for the other."""
    return key[:-1] + "3" if key.endswith("4") else key


class MarkedTable:
    """Phrases written with marks."""

    def __init__(self, phrases: Iterable[str], only_marked: frozenset[Phrase] = frozenset()) -> None:
        """``only_marked``: folded phrases that say nothing without marks."""
        self._accented: dict[Phrase, list[Phrase]] = {}
        for phrase in phrases:
            self._accented.setdefault(tuple(folded_keys(phrase)), []).append(tuple(map(_tone, accented_keys(phrase))))
        self._folded = PhraseTable(self._accented)
        self._only_marked = only_marked

    def found(self, typed: Typed) -> list[Phrase]:
        """The folded phrases that stand in a message."""
        return [phrase for phrase in self._folded.found(typed.folded) if any(self._at(typed, phrase, i) for i in _places(typed, phrase))]

    def stands_in(self, typed: Typed) -> bool:
        """Whether any phrase does."""
        return bool(self.found(typed))

    def _at(self, typed: Typed, phrase: Phrase, start: int) -> bool:
        end = start + len(phrase)
        written = typed.accented[start:end]
        cut = any(_cuts(typed.folded, tied, start, end) for tied in _TIED)
        if typed.unmarked:
            return phrase not in self._only_marked and not cut
        lenient = len(phrase) >= SPECIFIC and not cut
        return any(
            all(w == m or (lenient and w == f) for w, m, f in zip(written, meant, phrase, strict=True)) for meant in self._accented[phrase]
        )


def _places(typed: Typed, phrase: Phrase) -> list[int]:
    n = len(phrase)
    return [i for i in range(len(typed.folded) - n + 1) if typed.folded[i : i + n] == phrase]


def _cuts(keys: Sequence[str], word: Phrase, start: int, end: int) -> bool:
    """Whether the run from ``start`` to ``end`` holds a part of an occurrence of ``word``, but not the whole of it."""
    n = len(word)
    for i in range(max(0, start - n + 1), min(end, len(keys) - n + 1)):
        if tuple(keys[i : i + n]) == word and not (start <= i and i + n <= end):
            return True
    return False


_ONLY_MARKED = frozenset(tuple(folded_keys(phrase)) for phrase in _TABLES["only_marked"])
_MARKED = {name: MarkedTable(rows, _ONLY_MARKED) for name, rows in _TABLES.items() if name != "only_marked"}


@dataclass(frozen=True)
class Screened:
    """``outcome``: what the message gets instead of an answer, none for a question. ``harm``: beside the answer the numbers to call are
    said."""

    outcome: Outcome | None
    harm: bool = False


def screen(texts: Sequence[str], known: float) -> Screened:
    """Look at a message.

    Args:
        texts: the message as typed, and with its abbreviations written out.
        known: the share of its syllables that the index knows, 0–1.
    """
    readings = [Typed.of(text) for text in dict.fromkeys(texts)]

    def says(name: str) -> bool:
        return any(_MARKED[name].stands_in(typed) for typed in readings)

    harm = says("harm")
    plea = says("plea") and len(readings[0].folded) <= PLEA
    danger = Outcome.DISTRESS if says("distress") else Outcome.EMERGENCY if plea or says("emergency") else None
    if danger is not None and not says("official"):
        return Screened(danger)
    if harm or danger is Outcome.DISTRESS:
        return Screened(None, harm=True)
    if says("manipulation"):
        return Screened(Outcome.MANIPULATION)
    if _prying(readings[0], says):
        return Screened(Outcome.PERSONAL_DATA)
    if says("unlawful") and not says("reporting"):
        return Screened(Outcome.UNLAWFUL)
    if any(_scolding(typed) for typed in readings):
        return Screened(Outcome.UPSET)
    return Screened(Outcome.UNREADABLE if known < READABLE else None)


def _prying(typed: Typed, says: Any) -> bool:
    asked = says("telling") or len(typed.folded) <= BRIEF
    return asked and says("private_things") and says("private_owners") and not says("own_affairs")


def _scolding(typed: Typed) -> bool:
    said = _MARKED["upset"].found(typed)
    return bool(said) and sum(k not in p.FILLER for k in p.without(typed.folded, said)) < SCOLDING
