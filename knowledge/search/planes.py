"""The order in which a lexical field keeps the lines of entries: the first lines of all entries, then the second ones, and so on.

Entries with the most lines come first, so that the ``j``-th lines of all entries that have so many are one run. The best line of every
entry is then a few maxima of whole runs, three times faster than one short loop an entry (``maximum.reduceat``).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
_Line = TypeVar("_Line")


@dataclass(frozen=True)
class Planes:
    """``rank``: each entry's place among all by falling number of lines; ``bounds``: where each run begins, and the end; ``place``: where
    the lines stand, numbered entry by entry."""

    rank: Ints
    bounds: tuple[int, ...]
    place: Ints

    @staticmethod
    def of(start: Ints) -> Planes:
        """``start``: where the lines of each entry begin when numbered entry by entry, and where the last ones end."""
        counts = np.diff(start)
        rank = np.empty(len(counts), dtype=np.int64)
        rank[np.argsort(-counts, kind="stable")] = np.arange(len(counts))
        # Entries with more than j lines, for each j.
        sizes = len(counts) - np.cumsum(np.bincount(counts))[:-1] if len(counts) else counts
        bounds = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)
        within = np.arange(start[-1]) - np.repeat(start[:-1], counts)
        return Planes(rank, tuple(bounds.tolist()), bounds[within] + np.repeat(rank, counts))

    def placed(self, lines: Sequence[_Line]) -> list[_Line]:
        """Lines given entry by entry, in this order."""
        return [lines[i] for i in np.argsort(self.place)]

    def best(self, scores: Floats) -> Floats:
        """The best line score of every entry, 0 for entries without lines; scores are not below 0."""
        top = np.zeros(len(self.rank), dtype=np.float32)
        for start, end in zip(self.bounds, self.bounds[1:], strict=False):
            run = top[: end - start]
            np.maximum(run, scores[start:end], out=run)
        return top[self.rank]
