"""What a short message with typing errors means where it goes on about something: its point and its province. Pure.

The speller leaves alone what Vietnamese spelling allows ("si" for "ai"), for in a new question it may be meant. In a follow-up the
choice is small, so each syllable may be one slip away: a letter changed, left out, doubled, or swapped with the next (Damerau).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from functools import lru_cache

from bot.types import Intent, Outcome
from bot.understanding import phrases as p
from knowledge.text import folded_keys

LONGEST = 8
"""Syllables of a message that may be read so."""


@lru_cache(maxsize=65536)
def one_slip(typed: str, meant: str) -> bool:
    """Whether two syllables are the same but for one slip of a key."""
    if typed == meant:
        return True
    a, b = len(typed), len(meant)
    if abs(a - b) > 1 or max(a, b) < 2:
        return False
    i = 0
    while i < min(a, b) and typed[i] == meant[i]:
        i += 1
    if a == b:
        swapped = typed[i : i + 2] == meant[i : i + 2][::-1] and typed[i + 2 :] == meant[i + 2 :]
        return typed[i + 1 :] == meant[i + 1 :] or swapped
    return typed[i + 1 :] == meant[i:] if a > b else typed[i:] == meant[i + 1 :]


def _matches(keys: Sequence[str], phrase: Sequence[str]) -> int | None:
    """Slips with which the phrase stands in the keys, none where it does not; at most half of its syllables may have slipped."""
    n = len(phrase)
    best: int | None = None
    for i in range(len(keys) - n + 1):
        slips = 0
        for typed, meant in zip(keys[i : i + n], phrase, strict=True):
            if typed == meant:
                continue
            slips += 1
            if slips > n // 2 or not one_slip(typed, meant):
                break
        else:
            best = slips if best is None else min(best, slips)
    return best


def guess_intent(keys: Sequence[str], *, beside: int = LONGEST) -> Intent | None:
    """The point that a short message most likely asks for, by the phrase of two syllables or more that it comes nearest to; ``beside``:
    how many syllables may stand around the phrase."""
    if len(keys) > LONGEST:
        return None
    found: list[tuple[int, int, Intent]] = []
    for intent, phrases in p.INTENTS.items():
        for phrase in phrases:
            slips = _matches(keys, phrase) if 1 < len(phrase) >= len(keys) - beside else None
            if slips is not None:
                found.append((slips, -len(phrase), intent))
    return min(found, key=lambda f: f[:2])[2] if found else None


def guess_name(keys: Sequence[str], names: Iterable[str]) -> str | None:
    """The one name that a short message comes near to; none where it comes near to none, or to several."""
    if len(keys) > LONGEST:
        return None
    near = [name for name in names if len(folded_keys(name)) > 1 and _matches(keys, folded_keys(name)) is not None]
    return near[0] if len(near) == 1 else None


def guess_talk(keys: Sequence[str]) -> Outcome | None:
    """The greeting, thanks or farewell that a short message holds or comes near to."""
    if len(keys) > LONGEST:
        return None
    near = ((o, _matches(keys, phrase)) for o, phrases in p.SMALL_TALK.items() for phrase in phrases if len(phrase) > 1)
    found = [(slips, outcome) for outcome, slips in near if slips is not None]
    return min(found)[1] if found else None
