"""Soft coverage: how much of a question stands in an article when near words count in part.

Every syllable and adjacent pair of the question is compared with every one of the article's under the encoder; the best likeness of
each, weighted by the term's idf, is summed. This is the late interaction of Khattab and Zaharia, "ColBERT" (2020), with the static
vectors of terms in place of a transformer's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from evaluation.search.collection import Document
from knowledge.encoding import Encoder
from knowledge.lexical import LexicalIndex
from knowledge.text import accented_keys, folded_keys, with_pairs

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]
UNSEEN = 6.0
"""Idf of a term that stands nowhere, as in :meth:`LexicalIndex.ceiling`."""


class TermVectors:
    """Unit vectors of folded syllables and pairs under an encoder, made when they are first needed."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: dict[str, int] = {}
        self._vectors = np.zeros((4096, encoder.dimension), dtype=np.float32)

    def rows(self, terms: Sequence[str]) -> Ints:
        """Row numbers of ``terms``."""
        new = [t for t in dict.fromkeys(terms) if t not in self._rows]
        if new:
            start, end = len(self._rows), len(self._rows) + len(new)
            if end > len(self._vectors):
                grown = np.zeros((max(end, 2 * len(self._vectors)), self._vectors.shape[1]), dtype=np.float32)
                grown[:start] = self._vectors[:start]
                self._vectors = grown
            self._vectors[start:end] = self._encoder.passages([t.replace("_", " ") for t in new])
            self._rows.update(zip(new, range(start, end), strict=True))
        return np.array([self._rows[t] for t in terms], dtype=np.int64)

    def vectors(self, rows: Ints) -> Floats:
        """Vectors of rows, shape ``(len(rows), dimension)``."""
        return self._vectors[rows]


class SoftCoverage:
    """Scores of single documents for a question; ``article`` is the accented leg over whole articles, for its idf."""

    def __init__(self, documents: Sequence[Document], encoder: Encoder, article: LexicalIndex) -> None:
        self._documents = documents
        self._terms = TermVectors(encoder)
        self._article = article
        self._rows: dict[int, Ints] = {}

    def _idf(self, term: str) -> float:
        number = self._article.terms.get(term, None)
        return UNSEEN if number is None else float(self._article.idf[number])

    def _rows_of(self, number: int) -> Ints:
        if number not in self._rows:
            document = self._documents[number]
            keys = with_pairs(folded_keys(f"{document.title} . {document.body}"))
            self._rows[number] = self._terms.rows(list(dict.fromkeys(keys)))
        return self._rows[number]

    def scores(self, question: str, numbers: Sequence[int]) -> Floats:
        """Share (0…1) of the question's weight that each document covers, shape ``(len(numbers),)``."""
        terms = dict(zip(with_pairs(folded_keys(question)), with_pairs(accented_keys(question)), strict=True))
        out = np.zeros(len(numbers), dtype=np.float32)
        if not terms:
            return out
        weights = np.array([self._idf(accented) for accented in terms.values()], dtype=np.float32)
        weights /= max(float(weights.sum()), 1e-9)
        asked = self._terms.vectors(self._terms.rows(list(terms)))
        rows = [self._rows_of(n) for n in numbers]
        for place, found in enumerate(rows):
            if len(found):
                out[place] = np.maximum((asked @ self._terms.vectors(found).T).max(axis=1), 0.0) @ weights
        return out
