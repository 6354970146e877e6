"""What a search needs of a store of vectors."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Protocol

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]


class VectorsUnavailable(RuntimeError):
    """The store of vectors cannot be used; the message says what to do."""


class VectorIndex(Protocol):
    """Vectors by row number, searched by inner product."""

    def search(self, vectors: Floats, k: int, allowed: Ints | None = None) -> tuple[Floats, Ints]:
        """The ``k`` best rows for each of the unit vectors, shape ``(n, dimension)``.

        Args:
            allowed: row numbers that may be found; none: all.

        Returns:
            Similarities and row numbers, both ``(n, k)``, best first. Places that stay empty hold the number -1.
        """
        ...


class VectorServer(Protocol):
    """A server that holds the vectors of published versions instead of the index folder."""

    def holds(self, version: str) -> bool:
        """Raises: VectorsUnavailable."""
        ...

    def publish(self, version: str, vectors: Floats, kept: Iterable[str]) -> None:
        """Store the vectors of a version and make it the current one; versions that are neither this nor ``kept`` are dropped.

        Raises:
            VectorsUnavailable: not all of it arrived; nothing of this version stays.
        """
        ...

    def opened(self, version: str, rows: int) -> VectorIndex:
        """A version's vectors for searching."""
        ...
