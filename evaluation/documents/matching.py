"""When two bodies, times, places and items are the same, and which item of a draft answers which item of the gold.

Titles of the gold are in our own words, so an item is recognised by where it stands, by who leads, and by the share of its words
that the original's wording holds too. Items are matched one to one by the Hungarian method.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from scipy.optimize import linear_sum_assignment

from index_builder.documents.understanding.directory import Directory, key_of, written_out
from index_builder.documents.understanding.time_atoms import atoms, normal_form
from knowledge.text import folded_keys

A = TypeVar("A")
B = TypeVar("B")
ACCEPTED = 0.5
LONG = 10
"""From this many syllables on, the gold may shorten the description of a body."""


@dataclass(frozen=True)
class Bodies:
    """Compares bodies of one document: spelling, short forms, "các", the province's name behind "tỉnh" and the own department's name
    at the end make no difference; nor do two names of one record of the directory."""

    directory: Directory
    province: str
    department: str = ""

    def key(self, name: str) -> str:
        plain = re.sub(r"\([^()]*\)", " ", written_out(name))
        if self.department:
            plain = re.sub(rf"(?<=\w)\s+(?:thuộc\s+)?{re.escape(self.department)}$", "", plain.strip())
        plain = re.sub(rf"\b(tỉnh|thành phố)\s+{re.escape(self.province)}\b", r"\1", plain)
        return key_of(plain)

    def same(self, gold: str, found: str) -> bool:
        one, other = self.key(gold), self.key(found)
        if one == other:
            return True
        links = [self.directory.link(n, self.province) for n in (gold, found)]
        if links[0] and links[0] == links[1]:
            return True
        return len(one.split()) >= LONG and _within(one.split(), other.split())

    def common(self, gold: Sequence[str], found: Sequence[str]) -> int:
        """How many bodies of the gold are found, one for one."""
        left = list(found)
        count = 0
        for body in gold:
            match = next((f for f in left if self.same(body, f)), None)
            if match is not None:
                left.remove(match)
                count += 1
        return count

    def equal(self, gold: Sequence[str], found: Sequence[str]) -> bool:
        return len(gold) == len(found) == self.common(gold, found)


def _within(short: Sequence[str], long: Sequence[str]) -> bool:
    """Whether ``short`` stands in ``long`` in order, gaps allowed."""
    rest = iter(long)
    return all(word in rest for word in short)


def same_time(gold: str | None, found: str | None) -> bool:
    """Equal by normalised form; by wording where neither has one."""
    if not gold or not found:
        return not gold and not found
    one, other = (sorted(normal_form(atoms(t)).split("; ")) for t in (gold, found))
    return one == other if any(one) or any(other) else folded_keys(gold) == folded_keys(found)


_STEPS = re.compile(
    r"phụ lục(?:\s+(?P<annex>(?:số\s+)?[ivx\d]+))?|stt\s*(?P<stt>[\d.]+)|gạch đầu dòng\s*(?P<dash>\d+)|dấu cộng\s*(?P<plus>\d+)|"
    r"câu thứ\s*(?P<sentence>\w+)"
    r"|điều\s*(?P<article>\d+)|khoản\s*(?P<clause>\d+)|điểm\s*(?P<point>\w)|phần\s+(?P<part>[\w\s]+)|đoạn cuối(?P<last>)|"
    r"hàng\s*(?P<row>\d+)|(?<!\w)(?:mục\s+)?(?P<path>[ivx]+(?:\.[\wđ]+)*|\d+(?:\.[\wđ]+)*)\b",
    re.IGNORECASE,
)


def place_key(section: str) -> tuple[str, ...]:
    """ "Mục IV.1, gạch đầu dòng 3" → ``("iv", "1", "dash 3")``."""
    steps: list[str] = []
    for match in _STEPS.finditer(section.lower()):
        kind = match.lastgroup
        if match[0].startswith("phụ lục"):
            steps.append("annex")
        elif match[0].startswith("đoạn cuối"):
            return ("last",)
        elif kind == "path":
            steps += match["path"].split(".")
        elif kind:
            steps.append(f"{kind} {match[kind].strip()}")
    return tuple(steps)


def place_agreement(gold: str, found: str) -> float:
    """1 for the same place; for one within the other (a section and its dash) the share in common."""
    one, other = place_key(gold), place_key(found)
    if one == other:
        return 1.0
    shared = sum(1 for _ in takewhile_equal(one, other))
    return 0.6 * shared / max(len(one), len(other), 1)


def takewhile_equal(one: Sequence[str], other: Sequence[str]) -> list[str]:
    """The steps two paths share from their beginning."""
    shared: list[str] = []
    for a, b in zip(one, other, strict=False):
        if a != b:
            break
        shared.append(a)
    return shared


def word_agreement(gold: str, found: str) -> float:
    """The share of the gold's syllables that the found wording holds."""
    words = set(folded_keys(gold))
    return len(words & set(folded_keys(found))) / len(words) if words else 0.0


def pair(gold: Sequence[A], found: Sequence[B], score: Callable[[A, B], float]) -> list[tuple[int, int]]:
    """Index pairs ``(gold, found)`` with the largest total score, one to one; pairs below ``ACCEPTED`` are left out."""
    if not gold or not found:
        return []
    scores = np.array([[score(g, f) for f in found] for g in gold])
    rows, columns = linear_sum_assignment(-scores)
    return [(int(r), int(c)) for r, c in zip(rows, columns, strict=True) if scores[r, c] >= ACCEPTED]
