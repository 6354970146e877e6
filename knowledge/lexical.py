"""BM25 over short lines of text, as sparse arrays that load in milliseconds.

Each term's weight in a line is computed when the index is built (Robertson and Zaragoza, "The Probabilistic Relevance
Framework: BM25 and Beyond", 2009), so that a query is a sum over the posting lists of its terms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

K1 = 0.9
B = 0.4
FREQUENT = 24
"""A term in more than one of this many lines is added as a dense row."""


@dataclass(frozen=True)
class LexicalIndex:
    """Posting lists: line numbers ``lines[starts[t]:starts[t+1]]`` with their ``weights``, and each term's ``idf``."""

    terms: Mapping[str, int]
    starts: NDArray[np.int64]
    lines: Ints
    weights: Floats
    idf: Floats
    size: int
    _rows: dict[int, Floats] = field(default_factory=dict, repr=False, compare=False)

    @staticmethod
    def build(documents: Sequence[Sequence[str]]) -> LexicalIndex:
        """``documents``: the terms of each line. An empty list gives an index that finds nothing."""
        counts = [Counter(d) for d in documents]
        lengths = np.array([len(d) for d in documents], dtype=np.float32)
        mean = float(lengths.mean()) if len(lengths) else 1.0
        postings: dict[str, list[tuple[int, int]]] = {}
        for line, counter in enumerate(counts):
            for term, tf in counter.items():
                postings.setdefault(term, []).append((line, tf))
        ordered = sorted(postings)
        n = len(documents)
        df = np.array([len(postings[t]) for t in ordered], dtype=np.float32)
        idf = np.log1p((n - df + 0.5) / (df + 0.5)).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(df)]).astype(np.int64)
        flat = [p for t in ordered for p in postings[t]]
        lines = np.array([p[0] for p in flat], dtype=np.int32)
        counted = np.array([p[1] for p in flat], dtype=np.float32)
        norm = K1 * (1 - B + B * lengths / max(mean, 1e-6))
        weights = np.repeat(idf, df.astype(np.int64)) * counted * (K1 + 1) / (counted + norm[lines]) if flat else counted
        return LexicalIndex({t: i for i, t in enumerate(ordered)}, starts, lines, weights.astype(np.float32), idf, n)

    def scores(self, query: Mapping[str, float]) -> Floats:
        """Score of every line for ``query`` (term → weight), shape ``(size,)``."""
        total = np.zeros(self.size, dtype=np.float32)
        rare: list[tuple[slice, float]] = []
        for term, weight in query.items():
            number = self.terms.get(term)
            if number is None:
                continue
            span = slice(self.starts[number], self.starts[number + 1])
            if (span.stop - span.start) * FREQUENT > self.size:
                total += self._row(number, span) if weight == 1.0 else self._row(number, span) * np.float32(weight)
            else:
                rare.append((span, weight))
        if rare:
            # One bincount over all short lists is several times faster than adding list by list.
            lines = np.concatenate([self.lines[span] for span, _ in rare])
            weights = np.concatenate([self.weights[span] if w == 1.0 else self.weights[span] * np.float32(w) for span, w in rare])
            total += np.bincount(lines, weights, self.size)
        return total

    def _row(self, number: int, span: slice) -> Floats:
        """The weights of a frequent term as one dense row, kept: adding rows is faster than walking through long lists."""
        row = self._rows.get(number)
        if row is None:
            row = np.zeros(self.size, dtype=np.float32)
            row[self.lines[span]] = self.weights[span]
            self._rows[number] = row
        return row

    def ceiling(self, query: Mapping[str, float], unseen: float = 6.0) -> float:
        """About the best score a line could get: the sum of the query's idf; a term never seen counts ``unseen``."""
        numbers = [self.terms.get(term, -1) for term in query]
        known = self.idf[numbers] if len(self.idf) else np.zeros(len(numbers), dtype=np.float32)
        idf = np.where(np.array(numbers) < 0, np.float32(unseen), known)
        return float(idf @ np.fromiter(query.values(), dtype=np.float32, count=len(numbers))) or 1.0

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What is stored, without the terms."""
        return {"starts": self.starts, "lines": self.lines, "weights": self.weights, "idf": self.idf}

    @staticmethod
    def restore(terms: Sequence[str], load: Callable[[str], NDArray[np.generic]], size: int) -> LexicalIndex:
        """Inverse of :meth:`arrays`; ``load`` gives an array by its name."""
        return LexicalIndex(
            {t: i for i, t in enumerate(terms)},
            load("starts").astype(np.int64, copy=False),
            load("lines").astype(np.int32, copy=False),
            load("weights").astype(np.float32, copy=False),
            load("idf").astype(np.float32, copy=False),
            size,
        )
