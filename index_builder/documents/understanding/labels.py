"""Numbering of Vietnamese administrative documents: ``Phần``, ``Chương``, ``I.``, ``Điều 1.``, ``1.``, ``1.1.``, ``a)``, ``-``, ``+`` …

Rank follows Nghị định 30/2020/NĐ-CP, phụ lục I: the smaller, the higher.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import IntEnum

LETTERS = "abcdđeghiklmnopqrstuvxy"
_ROMAN = {"I": 1, "V": 5, "X": 10}


class Rank(IntEnum):
    ANNEX = 0
    PART = 1
    CHAPTER = 2
    CAPITAL = 3
    ROMAN = 4
    ARTICLE = 5
    ARABIC = 6
    PLAIN = 7
    """A heading without a number."""
    DECIMAL = 8
    DECIMAL_3 = 9
    LETTER = 10
    ROUND = 11
    STAR = 12
    DASH = 13
    PLUS = 14
    DOT = 15
    TEXT = 99


@dataclass(frozen=True)
class Label:
    """``shown``: as a section path names it ("IV", "1", "a"); ``number``: its place in the sequence, 0 where it has none."""

    rank: Rank
    shown: str
    number: int = 0


def roman(text: str) -> int:
    """Roman numeral of I, V, X → number; 0 where it is none."""
    total = 0
    values = [_ROMAN.get(c, 0) for c in text]
    for value, following in zip(values, [*values[1:], 0], strict=True):
        total += -value if value < following else value
    return total if all(values) else 0


_PATTERNS: tuple[tuple[Rank, re.Pattern[str]], ...] = tuple(
    (rank, re.compile(pattern))
    for rank, pattern in (
        (Rank.PART, r"(?:PHẦN|Phần) (?P<n>[IVX]+|thứ \w+|THỨ \w+|\d+|[A-E])\b[.:]?\s*"),
        (Rank.CHAPTER, r"(?:CHƯƠNG|Chương) (?P<n>[IVX]+|\d+)\b[.:]?\s*"),
        (Rank.PLAIN, r"(?P<n>(?:Nhiệm vụ|Nội dung|Hoạt động|Giải pháp|Công việc) (?:số )?\d{1,2})\s*[:.]\s*(?=\S)"),
        (Rank.ARTICLE, r"Điều (?P<n>\d{1,3})[.:]\s*"),
        (Rank.DECIMAL_3, r"(?P<n>\d{1,2}\.\d{1,2}\.\d{1,2})(?:[.)/:]\s*|\s+)(?=\D)"),
        (Rank.DECIMAL, r"(?P<n>(?:\d{1,2}|[IVX]+)\.\d{1,2})(?:[.)/:]\s*|\s+)(?=\D)"),
        (Rank.ROMAN, r"(?P<n>[IVX]{1,5})\s*(?:[.)/:]|[-–](?=\s))\s*(?=\S)"),
        (Rank.CAPITAL, r"(?P<n>[A-HĐ])\s*[.)/]\s+(?=\S)"),
        (Rank.ARABIC, r"(?P<n>\d{1,2})\s*(?:[.)/](?=\s|[^\d\s])|[-–](?=\s))\s*(?=\S)"),
        (Rank.ROUND, r"\((?P<n>\d{1,2}|[ivx]+|[a-zđ])\)\s*(?=\S)"),
        (Rank.LETTER, r"(?P<n>[a-zđ])\s*(?:[)/]\s*|\.\s+)(?=\S)"),
        (Rank.DASH, r"(?P<n>[-–—−])\s*(?=[^\s\d-])"),
        (Rank.DASH, r"(?P<n>[-–—−])\s+(?=\S)"),
        (Rank.PLUS, r"(?P<n>\+)\s*(?=\S)"),
        (Rank.STAR, r"(?P<n>\*|❖|✓|➢)\s*(?=\S)"),
        (Rank.DOT, r"(?P<n>[•·▪◦○●■])\s*(?=\S)"),
    )
)


def parse(text: str) -> tuple[Label, str] | None:
    """The label a line opens with and the rest of the line; None where it opens with none."""
    for rank, pattern in _PATTERNS:
        match = pattern.match(text)
        if match:
            shown = match["n"]
            return Label(rank, shown, _number(rank, shown)), text[match.end() :]
    return None


def _number(rank: Rank, shown: str) -> int:
    if shown.isdigit():
        return int(shown)
    if rank in (Rank.DECIMAL, Rank.DECIMAL_3):
        return int(shown.rsplit(".", 1)[1])
    if rank is Rank.LETTER:
        return LETTERS.find(shown) + 1
    if rank is Rank.CAPITAL:
        return "ABCDEFGH".find(shown) + 1
    return roman(shown)
