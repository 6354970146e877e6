"""BM25 over short lines of text, as sparse arrays that load in milliseconds.

Each term's weight in a line is computed when the index is built (Robertson and Zaragoza, "The Probabilistic Relevance
Framework: BM25 and Beyond", 2009), so that a query is a sum over the posting lists of its terms.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import count

import numpy as np
from numpy.typing import NDArray

from knowledge.terms import TermTable

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]

K1 = 0.9
B = 0.4
FREQUENT = 24
"""A term in more than one of this many lines is added as a dense row."""
DENSE_BYTES = 4 << 20
"""Memory that the dense rows of one leg may take; further frequent terms walk through their lists."""


@dataclass(frozen=True)
class LexicalIndex:
    """Posting lists: line numbers ``lines[starts[t]:starts[t+1]]`` with their ``weights``, and each term's ``idf``."""

    terms: TermTable
    starts: NDArray[np.int64]
    lines: Ints
    weights: Floats
    idf: Floats
    size: int
    _rows: dict[int, Floats] = field(default_factory=dict, repr=False, compare=False)
    _free: Iterator[int] = field(default_factory=count, repr=False, compare=False)

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
        rare: list[tuple[slice, float]] = []
        spans = zip(self.starts[numbers].tolist(), self.starts[numbers + 1].tolist(), strict=True) if len(self.idf) else ()
        for number, (start, end), weight in zip(numbers.tolist(), spans, query.values(), strict=False):
            if number < 0:
                continue
            row = self._row(number, start, end)
            if row is None:
                rare.append((slice(start, end), weight))
            else:
                total += row if weight == 1.0 else row * np.float32(weight)
        if rare:
            # One bincount over all short lists is several times faster than adding list by list.
            lines = np.concatenate([self.lines[span] for span, _ in rare])
            weights = np.concatenate([self.weights[span] if w == 1.0 else self.weights[span] * np.float32(w) for span, w in rare])
            total += np.bincount(lines, weights, self.size)
        return total

    def _row(self, number: int, start: int, end: int) -> Floats | None:
        """The weights of a frequent term as one dense row, kept: adding rows is faster than walking through long lists."""
        row = self._rows.get(number)
        if row is None and (end - start) * FREQUENT > self.size and len(self._rows) < len(self._block):
            # Threads may come here together: each takes a row of its own.
            place = next(self._free)
            if place < len(self._block):
                row = self._block[place]
                row[self.lines[start:end]] = self.weights[start:end]
                self._rows[number] = row
        return row

    @cached_property
    def _block(self) -> Floats:
        """Room for the rows in one piece, which the system gets back whole when the index is let go; a row that is not used takes none."""
        return np.zeros((-(-DENSE_BYTES // (4 * max(self.size, 1))), self.size), dtype=np.float32)

    def ceiling(self, query: Mapping[str, float], unseen: float = 6.0) -> float:
        """About the best score a line could get: the sum of the query's idf; a term never seen counts ``unseen``."""
        return self._ceiling(query, self.terms.find(tuple(query)), unseen)

    def _ceiling(self, query: Mapping[str, float], numbers: Ints, unseen: float = 6.0) -> float:
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
