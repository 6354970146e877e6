"""How alike single words are under an encoder: near words count in part where equal ones are missing.

This is the late interaction of Khattab and Zaharia, "ColBERT" (2020), with the static vectors of words in place of a transformer's.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from knowledge.encoding import Encoder

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class TermVectors:
    """Unit vectors of folded syllables and pairs under an encoder, made when they are first needed."""

    def __init__(self, encoder: Encoder) -> None:
        self._encoder = encoder
        self._rows: dict[str, int] = {}
        self._vectors = np.zeros((4096, encoder.dimension), dtype=np.float32)

    def of(self, terms: Sequence[str]) -> Floats:
        """Vectors of ``terms``, shape ``(len(terms), dimension)``."""
        new = [t for t in dict.fromkeys(terms) if t not in self._rows]
        if new:
            start, end = len(self._rows), len(self._rows) + len(new)
            if end > len(self._vectors):
                grown = np.zeros((max(end, 2 * len(self._vectors)), self._vectors.shape[1]), dtype=np.float32)
                grown[:start] = self._vectors[:start]
                self._vectors = grown
            self._vectors[start:end] = self._encoder.passages([t.replace("_", " ") for t in new])
            self._rows.update(zip(new, range(start, end), strict=True))
        return self._vectors[[self._rows[t] for t in terms]]


def covered(asked: Floats, found: Floats, weights: Floats) -> float:
    """Share (0…1) of the ``weights`` of ``found`` words that ``asked`` words are like; a word is as like as its nearest."""
    total = float(weights.sum())
    if not len(asked) or total <= 0:
        return 0.0
    return float(np.maximum((found @ asked.T).max(axis=1), 0.0) @ weights) / total
