"""Procedures that people cannot tell apart by name: listed twice under an older and a newer number, or once for each level."""

from __future__ import annotations

import re

from knowledge.text import folded_keys

_BRACKETS = re.compile(r"\([^)]*\)")
_OPENINGS = {"thu", "tuc", "giai", "quyet", "viec"}
ALIKE = 0.75
"""Share of common syllables from which two names are taken for the same."""


def _keys(title: str) -> list[str]:
    keys = folded_keys(_BRACKETS.sub(" ", title))
    while keys and keys[0] in _OPENINGS:
        keys = keys[1:]
    return keys


def shared_name(title: str) -> str:
    """A procedure's name without what differs between twins: brackets (the level), marks, and an opening "Thủ tục", "Giải quyết"."""
    return " ".join(_keys(title))


def alike(one: str, other: str) -> bool:
    """Whether two names are the same but for a few syllables (Jaccard, "The distribution of the flora in the alpine zone", 1912)."""
    a, b = set(_keys(one)), set(_keys(other))
    return one == other or (bool(a | b) and len(a & b) / len(a | b) >= ALIKE)
