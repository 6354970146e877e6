"""BM25 over short lines of text, as sparse arrays that load in milliseconds.

Each term's weight in a line is computed when the index is built (Robertson and Zaragoza, "The Probabilistic Relevance
Framework: BM25 and Beyond", 2009), so that a query is a sum over the posting lists of its terms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from knowledge.terms import TermTable

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

K1 = 0.9
B = 0.4
UNSEEN = 6.0
"""What a term that stands nowhere adds to the ceiling, as if it had this idf."""


def add_postings(total: Floats, lines: Ints, weights: Floats, spans: Sequence[tuple[int, int, float]]) -> None:
    """Add to ``total`` the ``weights`` of the posting lists at ``spans`` (start, end, factor), each at its line.

    All lists are added in one pass: NumPy's ``add.at`` is fast for plain indices and values of the target's own type, and going through a
    call for every list costs more than the adding.
    """
    if spans:
        places = np.concatenate([lines[start:end] for start, end, _ in spans], dtype=np.intp)
        values = [weights[start:end] if factor == 1.0 else weights[start:end] * np.float32(factor) for start, end, factor in spans]
        np.add.at(total, places, np.concatenate(values))


@dataclass(frozen=True)
class LexicalIndex:
    """Posting lists: line numbers ``lines[starts[t]:starts[t+1]]`` with their ``weights``, and each term's ``idf``."""

    terms: TermTable
    starts: NDArray[np.int64]
    lines: Ints
    weights: Floats
    idf: Floats
    size: int

    @staticmethod
    def build(documents: Sequence[Sequence[str]], least: int = 0) -> LexicalIndex:
        """``documents``: the terms of each line. An empty list gives an index that finds nothing. ``least``: how rare a term is, is
        reckoned as if there were so many lines: in a handful of lines every term would count as frequent."""
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
        idf = np.log1p((max(n, least) - df + 0.5) / (df + 0.5)).astype(np.float32)
        starts = np.concatenate([[0], np.cumsum(df)]).astype(np.int64)
        flat = [p for t in ordered for p in postings[t]]
        lines = np.array([p[0] for p in flat], dtype=np.int32)
        counted = np.array([p[1] for p in flat], dtype=np.float32)
        norm = K1 * (1 - B + B * lengths / max(mean, 1e-6))
        weights = np.repeat(idf, df.astype(np.int64)) * counted * (K1 + 1) / (counted + norm[lines]) if flat else counted
        return LexicalIndex(TermTable.of({t: i for i, t in enumerate(ordered)}), starts, lines, weights.astype(np.float32), idf, n)

    def scores(self, query: Mapping[str, float]) -> Floats:
        """Score of every line for ``query`` (term → weight), shape ``(size,)``."""
        return self._scores(query, self.terms.find(tuple(query)))

    def shares(self, query: Mapping[str, float]) -> Floats:
        """:meth:`scores` divided by :meth:`ceiling`, the terms looked up once."""
        numbers = self.terms.find(tuple(query))
        scores = self._scores(query, numbers)
        scores /= self._ceiling(query, numbers)
        return scores

    def _scores(self, query: Mapping[str, float], numbers: Ints) -> Floats:
        total = np.zeros(self.size, dtype=np.float32)
        known = np.flatnonzero(numbers >= 0)
        found = numbers[known]
        factors = np.fromiter(query.values(), dtype=np.float64, count=len(query))[known]
        spans = list(zip(self.starts[found].tolist(), self.starts[found + 1].tolist(), factors.tolist(), strict=True))
        add_postings(total, self.lines, self.weights, spans)
        return total

    def ceiling(self, query: Mapping[str, float], unseen: float = UNSEEN) -> float:
        """About the best score a line could get: the sum of the query's idf; a term never seen counts ``unseen``."""
        return self._ceiling(query, self.terms.find(tuple(query)), unseen)

    def _ceiling(self, query: Mapping[str, float], numbers: Ints, unseen: float = UNSEEN) -> float:
        weights = np.fromiter(query.values(), dtype=np.float64, count=len(query))
        known = numbers >= 0
        return float(weights[known] @ self.idf[numbers[known]] + unseen * weights[~known].sum()) or 1.0

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What is stored, by the names that :meth:`restore` asks for."""
        return {
            "hashes": self.terms.hashes,
            "numbers": self.terms.numbers,
            "starts": self.starts,
            "lines": self.lines,
            "weights": self.weights,
            "idf": self.idf,
        }

    @staticmethod
    def restore(load: Callable[[str], NDArray[np.generic]], size: int) -> LexicalIndex:
        """Inverse of :meth:`arrays`; ``load`` gives an array by its name. Arrays of the right type are not copied.

        Raises:
            ValueError: the arrays do not belong together.
        """
        terms = TermTable(load("hashes").astype(np.uint64, copy=False), load("numbers").astype(np.int32, copy=False))
        starts = load("starts").astype(np.int64, copy=False)
        lines = load("lines").astype(np.int32, copy=False)
        weights = load("weights").astype(np.float32, copy=False)
        idf = load("idf").astype(np.float32, copy=False)
        if not len(terms) == len(idf) == len(starts) - 1 or not starts[-1] == len(lines) == len(weights):
            raise ValueError("posting lists and terms do not belong together")
        return LexicalIndex(terms, starts, lines, weights, idf, size)
