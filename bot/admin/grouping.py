"""Questions that ask the same in other words, put together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bot.curation import keys_of
from knowledge.encoding import Vectors

ALIKE = 0.72
"""Cosine to a group's first question from which a question joins it. Lower than for answering: a person looks at the group."""


@dataclass(frozen=True)
class Bad:
    """A question that was not answered, or not well. ``logged``: its line in the log; ``opinion``: the complaint about it."""

    text: str
    why: str
    at: float
    logged: int | None = None
    opinion: int | None = None
    entry: str | None = None


@dataclass(frozen=True)
class Group:
    """Questions like the first; the most frequent wording comes first. ``shown``: one question of each wording."""

    questions: tuple[Bad, ...]

    @property
    def shown(self) -> tuple[Bad, ...]:
        first: dict[tuple[str, ...], Bad] = {}
        for question in self.questions:
            first.setdefault(keys_of(question.text), question)
        return tuple(first.values())

    @property
    def size(self) -> int:
        return len(self.questions)

    @property
    def latest(self) -> float:
        return max(q.at for q in self.questions)

    @property
    def entry(self) -> str | None:
        """The record that was the best found for most of them."""
        found = [q.entry for q in self.questions if q.entry]
        return max(found, key=found.count) if found else None


def group(questions: Sequence[Bad], encode: Callable[[Sequence[str]], Vectors] | None) -> list[Group]:
    """Leader clustering: wordings in order of frequency; each joins the nearest leader that is like it, or leads a group itself.

    Args:
        questions: at most some hundreds; time grows with wordings times groups.
        encode: texts → unit vectors; none: only the same wordings come together.

    Returns:
        The largest group first, then the newest.
    """
    wordings: dict[tuple[str, ...], list[Bad]] = {}
    for question in questions:
        wordings.setdefault(keys_of(question.text), []).append(question)
    ordered = sorted(wordings.values(), key=len, reverse=True)
    if encode is None or not ordered:
        groups = ordered
    else:
        vectors = encode([same[0].text for same in ordered])
        groups, leaders = [], np.zeros((0, vectors.shape[1]), dtype=np.float32)
        for same, vector in zip(ordered, vectors, strict=True):
            likeness = leaders @ vector
            best = int(np.argmax(likeness)) if len(likeness) else -1
            if best >= 0 and likeness[best] >= ALIKE:
                groups[best].extend(same)
            else:
                groups.append(list(same))
                leaders = np.vstack([leaders, vector])
    found = [Group(tuple(members)) for members in groups]
    return sorted(found, key=lambda g: (-g.size, -g.latest))
