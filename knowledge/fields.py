"""BM25 over several fields of the same records, as one sparse array: a question's terms are looked up once, not once a field.

The lines of all fields stand one after another in one row of scores. A term's posting list holds its lines in all of them, so that
scoring every field is one pass over the lists of the question's terms.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from knowledge.lexical import UNSEEN, Floats, Ints, LexicalIndex, add_postings
from knowledge.terms import TermTable


@dataclass(frozen=True)
class FieldedIndex:
    """Posting lists: places ``lines[starts[t]:starts[t+1]]`` with their ``weights``. ``idf`` has a row a term and a column a field, with
    :data:`knowledge.lexical.UNSEEN` where the field does not hold the term; its last row is for terms that no field holds. The lines of
    field ``f`` have the places ``bounds[f]`` to ``bounds[f + 1]``."""

    terms: TermTable
    starts: NDArray[np.int64]
    lines: Ints
    weights: Floats
    idf: Floats
    bounds: tuple[int, ...]

    @staticmethod
    def of(fields: Sequence[LexicalIndex]) -> FieldedIndex:
        """The fields side by side; each keeps its own weights."""
        hashes = np.unique(np.concatenate([f.terms.hashes for f in fields]))
        bounds = (0, *np.cumsum([f.size for f in fields]).tolist())
        idf = np.full((len(hashes) + 1, len(fields)), UNSEEN, dtype=np.float32)
        owners: list[NDArray[np.int64]] = []
        for column, field in enumerate(fields):
            number = np.empty(len(field.terms), dtype=np.int64)
            number[field.terms.numbers] = np.searchsorted(hashes, field.terms.hashes)
            idf[number, column] = field.idf
            owners.append(np.repeat(number, np.diff(field.starts)))
        owner = np.concatenate(owners)
        order = np.argsort(owner, kind="stable")
        starts = np.concatenate([[0], np.cumsum(np.bincount(owner, minlength=len(hashes)))]).astype(np.int64)
        lines = np.concatenate([f.lines + np.int32(start) for f, start in zip(fields, bounds, strict=False)])[order].astype(np.int32)
        weights = np.concatenate([f.weights for f in fields])[order]
        return FieldedIndex(TermTable(hashes, np.arange(len(hashes), dtype=np.int32)), starts, lines, weights, idf, bounds)

    def shares(self, query: Mapping[str, float]) -> tuple[Floats, ...]:
        """Scores of every line for ``query`` (term → weight), divided by about the best score that a line of its field could get; one
        array a field."""
        numbers = self.terms.find(tuple(query))
        factors = np.fromiter(query.values(), dtype=np.float32, count=len(query))
        known = numbers >= 0
        found = numbers[known]
        spans = zip(self.starts[found].tolist(), self.starts[found + 1].tolist(), factors[known].tolist(), strict=True)
        scores = np.zeros(self.bounds[-1], dtype=np.float32)
        add_postings(scores, self.lines, self.weights, list(spans))
        # -1, the number of an unknown term, is the last row.
        ceilings = factors @ self.idf[numbers]
        shares = tuple(scores[start:end] for start, end in pairwise(self.bounds))
        for share, ceiling in zip(shares, ceilings.tolist(), strict=True):
            share /= ceiling or 1.0
        return shares

    def arrays(self) -> dict[str, NDArray[np.generic]]:
        """What is stored, by the names that :meth:`restore` asks for."""
        return {"hashes": self.terms.hashes, "starts": self.starts, "lines": self.lines, "weights": self.weights, "idf": self.idf}

    @staticmethod
    def restore(load: Callable[[str], NDArray[np.generic]], sizes: Sequence[int]) -> FieldedIndex:
        """Inverse of :meth:`arrays`; ``load`` gives an array by its name, ``sizes`` are the numbers of lines of the fields. Arrays of the
        right type are not copied.

        Raises:
            ValueError: the arrays do not belong together.
        """
        hashes = load("hashes").astype(np.uint64, copy=False)
        starts = load("starts").astype(np.int64, copy=False)
        lines = load("lines").astype(np.int32, copy=False)
        weights = load("weights").astype(np.float32, copy=False)
        idf = load("idf").astype(np.float32, copy=False)
        if idf.shape != (len(hashes) + 1, len(sizes)) or len(starts) != len(hashes) + 1 or not starts[-1] == len(lines) == len(weights):
            raise ValueError("posting lists and terms do not belong together")
        terms = TermTable(hashes, np.arange(len(hashes), dtype=np.int32))
        return FieldedIndex(terms, starts, lines, weights, idf, (0, *np.cumsum(sizes).tolist()))
