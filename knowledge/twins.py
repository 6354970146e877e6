"""Procedures that people cannot tell apart by name: listed twice under an older and a newer number, or once for each level."""

from __future__ import annotations

import re

from knowledge.text import folded_key, syllables

_BRACKETS = re.compile(r"\([^)]*\)")
_OPENINGS = {"thu", "tuc", "giai", "quyet", "viec"}
ALIKE = 0.75
"""Share of common syllables from which two names are taken for the same."""


def name_words(title: str) -> list[str]:
    """A name's syllables in small letters, without brackets (the level) and an opening "Thủ tục", "Giải quyết"."""
    words = syllables(_BRACKETS.sub(" ", title))
    while words and folded_key(words[0]) in _OPENINGS:
        words = words[1:]
    return words


def _keys(title: str) -> list[str]:
    return [folded_key(word) for word in name_words(title)]


def shared_name(title: str) -> str:
    """A procedure's name without what differs between twins: brackets (the level), marks, and an opening "Thủ tục", "Giải quyết"."""
    return " ".join(_keys(title))


def alike(one: str, other: str) -> bool:
    """Whether two names are the same but for a few syllables (Jaccard, "The distribution of the flora in the alpine zone", 1912)."""
    a, b = set(_keys(one)), set(_keys(other))
    return one == other or (bool(a | b) and len(a & b) / len(a | b) >= ALIKE)
