"""The bare bound: the least that a search with words and vectors can cost, put together by hand from two libraries.

FAISS compares the question's vector with every row, the library bm25s scores every text, and reciprocal ranks join the two lists. It
reads no intents, mends no spelling, knows no provinces, decides and composes nothing.
"""

from __future__ import annotations

from collections.abc import Sequence
from importlib import import_module
from typing import Any

import numpy as np

from knowledge.encoding import Encoder
from knowledge.search.index import SearchIndex, name_lines, question_lines
from knowledge.vectors.base import Floats

bm25s: Any = import_module("bm25s")
faiss: Any = import_module("faiss")
"""Untyped both: they bring no stubs, or half of them."""
DEPTH = 100
_CONSTANT = 60
"""Of reciprocal rank fusion (Cormack, Clarke and Büttcher, "Reciprocal Rank Fusion Outperforms Condorcet", 2009)."""


def line_texts(index: SearchIndex) -> list[str]:
    """The text of each vector row; beside a record's centroid stands its body."""
    return [*name_lines(index.entries), *question_lines(index.entries), *(e.body for e in index.entries)]


class BareBound:
    """Texts and their vectors, row by row."""

    def __init__(self, texts: Sequence[str], vectors: Floats, encoder: Encoder) -> None:
        faiss.omp_set_num_threads(1)
        self._encoder = encoder
        self._flat = faiss.IndexFlatIP(vectors.shape[1])
        self._flat.add(np.ascontiguousarray(vectors))
        self._bm25 = bm25s.BM25()
        self._bm25.index(bm25s.tokenize(list(texts), stopwords=None, show_progress=False), show_progress=False)

    @staticmethod
    def of_lines(index: SearchIndex) -> BareBound:
        """Over the same vectors and texts as the bot: a row for each name and question, and one a record with its body."""
        return BareBound(line_texts(index), index.vectors, index.encoder)

    @staticmethod
    def of_records(index: SearchIndex) -> BareBound:
        """Over one row a record: all its texts together, and the centroid of their vectors. Less to compare, so a stricter bound."""
        texts = [" . ".join((e.title, *e.aliases, *e.questions, e.body)) for e in index.entries]
        return BareBound(texts, index.vectors[index.centroid_offset :], index.encoder)

    def search(self, question: str) -> list[int]:
        """The rows found, best first."""
        _, near = self._flat.search(self._encoder.queries([question]), DEPTH)
        words = bm25s.tokenize([question], stopwords=None, show_progress=False, return_ids=False)
        alike, _ = self._bm25.retrieve(words, k=DEPTH, show_progress=False)
        joined: dict[int, float] = {}
        for rows in (near[0].tolist(), alike[0].tolist()):
            for rank, row in enumerate(rows, 1):
                joined[row] = joined.get(row, 0.0) + 1.0 / (_CONSTANT + rank)
        return sorted(joined, key=lambda row: -joined[row])
