"""Cutting a long answer into messages that a chat service accepts. Pure."""

from __future__ import annotations

import re

_BREAKS = (
    re.compile(r"\n\s*\n"),
    re.compile(r"\n"),
    # The end of a sentence, but not "Điều 5." or "1.001193": a letter before the mark and a space after it.
    re.compile(r"(?<=[^\W\d][.!?…;])\s+"),
    re.compile(r"\s+"),
)
_LEAST_FILLED = 0.5
"""A break is taken where it leaves at least this share of a message filled; else the next finer kind of break is tried."""


def units(text: str) -> int:
    """Length in UTF-16 code units, which is how Telegram counts: most emoji are two."""
    return len(text) + sum(ord(c) > 0xFFFF for c in text)


def split(text: str, limit: int) -> list[str]:
    """Cut at paragraphs, else lines, sentences, words, and only then inside a word.

    Args:
        text: any text; blank text gives no part.
        limit: most UTF-16 units in a part, at least 2.

    Returns:
        Parts without blanks at their ends, in order; together they hold everything but the white space at the cuts.
    """
    if limit < 2:
        raise ValueError("limit must be at least 2")
    parts = []
    text = text.strip()
    while units(text) > limit:
        head = _fitting(text, limit)
        cut = _cut(text, head)
        parts.append(text[:cut].rstrip())
        text = text[cut:].lstrip()
    return [*parts, text] if text else parts


def _fitting(text: str, limit: int) -> int:
    """Most characters from the start that make up at most ``limit`` units."""
    used = 0
    for i, char in enumerate(text):
        used += 2 if ord(char) > 0xFFFF else 1
        if used > limit:
            return i
    return len(text)


def _cut(text: str, most: int) -> int:
    """Where to cut within the first ``most`` characters."""
    for pattern in _BREAKS:
        # A break that begins right at the limit is good too: its white space is dropped.
        found = [m.start() for m in pattern.finditer(text, 0, most + 1) if most * _LEAST_FILLED <= m.start() <= most]
        if found:
            return found[-1]
    return most
