"""Which of the offered choices a short message picks: by number, ordinal, position, words, or province. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence

from bot.types import Option
from bot.understanding import phrases as p
from knowledge.text import contains_phrase, folded_keys

_NUMBER = re.compile(
    r"^(?:(?:da|vang|ok|oke|u|em|minh|toi|tui|a|c|anh|chi|i|la|chon|lay|cho|bam|cai|so|muc|thu|dong|viec|cau|"
    r"lua chon|phuong an|cach|option)\s+)*"
    r"(\w+)(?:\s+(?:tien|a|i|nhe|nha|nghe|nhen|hen|di|do|ne|em|anh|chi|oi|ad|bot|ban|vay|voi|cam on|luon))*$"
)
"""A number with the words people put around it; keys are folded, so "ý" is ``i``."""
_LONGEST_CHOICE = 12
_FEW = 5
"""Syllables up to which a message may pick a choice by some of its words."""
_LAST = (("cuoi",), ("cuoi", "cung"), ("sau", "cung"), ("chot",))
_MIDDLE = ("giua",)


def number_in(keys: Sequence[str]) -> int | None:
    """The number that a short message consists of (from 1), none where it says anything else."""
    match = _NUMBER.match(" ".join(keys))
    if match is None:
        return None
    word = match[1]
    return int(word) if word.isascii() and word.isdigit() and len(word) <= 3 else p.ORDINALS.get(word)


def choose(text: str, options: Sequence[Option], provinces: Sequence[str]) -> Option | None:
    """The option that a short message picks.

    Args:
        text: the message.
        options: what was offered, in the order shown.
        provinces: the provinces that the message names.

    Returns:
        The choice, none where the message picks none or more than one.
    """
    keys = folded_keys(text)
    if not options or not keys:
        return None
    labels = [folded_keys(o.label) for o in options]
    for option, label in zip(options, labels, strict=True):
        if label == keys:
            return option
    if len(keys) > _LONGEST_CHOICE:
        return None
    number = number_in(keys)
    if number is not None:
        return options[number - 1] if 1 <= number <= len(options) else None
    core = p.without([k for k in keys if k not in p.FILLER], [("thu",), ("so",)])
    if tuple(core) in _LAST:
        return options[-1]
    if tuple(core) == _MIDDLE and len(options) % 2:
        return options[len(options) // 2]
    if provinces:
        named = [o for o in options if o.province == provinces[0]]
        if len(named) == 1:
            return named[0]
    holding = [o for o, label in zip(options, labels, strict=True) if len(keys) >= 2 and contains_phrase(label, keys)]
    if len(holding) == 1:
        return holding[0]
    return _by_own_words(core, options, labels) if len(keys) <= _FEW and not p.ASKING & set(keys) else None


def _by_own_words(core: Sequence[str], options: Sequence[Option], labels: Sequence[Sequence[str]]) -> Option | None:
    """The one option whose label holds every word of the message, where at least one of them stands in no other label: "mất" out of
    "bị rách" and "bị mất"."""
    if not core:
        return None
    holding = [o for o, label in zip(options, labels, strict=True) if set(core) <= set(label)]
    return holding[0] if len(holding) == 1 else None
