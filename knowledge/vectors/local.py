"""Vectors inside the program: an exhaustive scan while they are few, a FAISS index over compressed vectors above.

The full vectors stay in one memory-mapped file, so that processes on one machine share them and only what is looked at is read. The
approximate index holds one byte a component and gives more candidates than asked for; the full vectors decide among them.

==================  ==========================================================  ====================================
rows                index                                                       source
==================  ==========================================================  ====================================
below 2,000         none: every row is compared
below 200,000       HNSW graph over 8-bit vectors                               Malkov and Yashunin, 2018
from there on       inverted lists over 8-bit vectors, about 4·√rows lists      Jégou, Douze and Schmid, 2011
==================  ==========================================================  ====================================

An HNSW graph answers faster, but takes hours to build for millions of rows where inverted lists take minutes (docs/scaling.md).
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from enum import StrEnum
from functools import cached_property
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.vectors.base import Floats, Ints

faiss: Any = import_module("faiss")
"""Untyped: the stubs that come with the package lack half of it."""
APPROXIMATE_FROM = 2_000
LISTS_FROM = 200_000
_LINKS, _BREADTH = 24, 100
"""HNSW: links of a node in the graph, and candidates kept while building and searching."""
_TRAINING_ROWS_A_LIST = 48
_LISTS_VISITED = 0.02
_SPARE = 32
"""Candidates that the approximate index gives beyond the wanted rows; the full vectors choose among them."""


class Kind(StrEnum):
    """How rows are found: all compared, through a graph, or through inverted lists."""

    FLAT = "flat"
    GRAPH = "hnsw-sq8"
    LISTS = "ivf-sq8"

    @staticmethod
    def for_rows(rows: int) -> Kind:
        return Kind.FLAT if rows < APPROXIMATE_FROM else Kind.GRAPH if rows < LISTS_FROM else Kind.LISTS


def _make(vectors: Floats, kind: Kind) -> Any:
    dimension = vectors.shape[1]
    if kind is Kind.GRAPH:
        graph = faiss.IndexHNSWSQ(dimension, faiss.ScalarQuantizer.QT_8bit, _LINKS, faiss.METRIC_INNER_PRODUCT)
        graph.hnsw.efConstruction = _BREADTH
        graph.train(vectors)
        return graph
    lists = max(16, round(4 * math.sqrt(len(vectors))))
    inverted = faiss.index_factory(dimension, f"IVF{lists},SQ8", faiss.METRIC_INNER_PRODUCT)
    step = max(1, len(vectors) // (_TRAINING_ROWS_A_LIST * lists))
    inverted.train(np.ascontiguousarray(vectors[::step]))
    return inverted


def build_index(vectors: Floats, kind: Kind | None = None) -> Any | None:
    """The approximate index over unit rows, or none where every row is to be compared. Uses all cores.

    Args:
        vectors: shape ``(rows, dimension)``, float32; may be memory-mapped.
        kind: for measuring; by default what fits the number of rows.
    """
    kind = kind or Kind.for_rows(len(vectors))
    if kind is Kind.FLAT:
        return None
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    try:
        index = _make(vectors, kind)
        for start in range(0, len(vectors), 100_000):
            index.add(np.ascontiguousarray(vectors[start : start + 100_000]))
    finally:
        # One question is too little work to share; other questions are answered meanwhile.
        faiss.omp_set_num_threads(1)
    return index


def _parameters(index: Any, allowed: Ints | None) -> Any:
    chosen = None if allowed is None else faiss.IDSelectorBatch(allowed)
    if isinstance(index, faiss.IndexHNSW):
        return faiss.SearchParametersHNSW(efSearch=_BREADTH, sel=chosen)
    return faiss.SearchParametersIVF(nprobe=max(8, round(_LISTS_VISITED * index.nlist)), sel=chosen)


@dataclass(frozen=True)
class LocalVectors:
    """Rows found by ``index`` and put in order by the full ``vectors``; without an index all rows are compared."""

    vectors: Floats
    index: Any | None

    @staticmethod
    def over(vectors: Floats, kind: Kind | None = None) -> LocalVectors:
        """Vectors in memory with the index that fits their number."""
        return LocalVectors(vectors, build_index(vectors, kind))

    @staticmethod
    def read(vectors: Floats, path: Path) -> LocalVectors:
        """The index that :meth:`write` left at ``path``, memory-mapped.

        Raises:
            RuntimeError, ValueError: the file is no index, or not one over these vectors.
        """
        if not path.exists():
            if len(vectors) >= APPROXIMATE_FROM:
                raise ValueError(f"{path.name} is missing")
            return LocalVectors(vectors, None)
        index = faiss.read_index(str(path), faiss.IO_FLAG_MMAP_IFC)
        if (index.ntotal, index.d) != vectors.shape:
            raise ValueError(f"{path.name} holds {index.ntotal} vectors of {index.d} numbers, not {vectors.shape}")
        return LocalVectors(vectors, index)

    def write(self, path: Path) -> None:
        if self.index is not None:
            faiss.write_index(self.index, str(path))

    def search(self, vectors: Floats, k: int, allowed: Ints | None = None) -> tuple[Floats, Ints]:
        found = [self._one(vector, k, rows) for vector, rows in zip(vectors, self._candidates(vectors, k, allowed), strict=True)]
        return np.stack([f[0] for f in found]), np.stack([f[1] for f in found])

    def _candidates(self, vectors: Floats, k: int, allowed: Ints | None) -> list[Ints | slice]:
        if self.index is None:
            return [slice(None) if allowed is None else allowed] * len(vectors)
        if allowed is not None and len(allowed) < APPROXIMATE_FROM:
            return [allowed] * len(vectors)
        parameters = self._unlimited if allowed is None else _parameters(self.index, allowed)
        _, rows = self.index.search(np.ascontiguousarray(vectors), k + _SPARE, params=parameters)
        return [r[r >= 0] for r in rows]

    @cached_property
    def _unlimited(self) -> Any:
        return _parameters(self.index, None)

    def _one(self, vector: Floats, k: int, rows: Ints | slice) -> tuple[Floats, Ints]:
        scores = self.vectors[rows] @ vector
        best = np.argsort(-scores, kind="stable")[:k]
        numbers = best if isinstance(rows, slice) else rows[best]
        found = np.full(k, -np.inf, dtype=np.float32), np.full(k, -1, dtype=np.int64)
        found[0][: len(best)], found[1][: len(best)] = scores[best], numbers
        return found


def recall(approximate: LocalVectors, exact: LocalVectors, vectors: Floats, k: int = 10) -> float:
    """Share of the ``k`` truly nearest rows that the approximate search finds, mean over the given unit vectors. A row exactly as near
    as the last of them counts as well: records without questions have the same vector twice."""
    found, _ = approximate.search(vectors, k)
    true, _ = exact.search(vectors, k)
    return float((found >= true[:, -1:] - 1e-6).mean())
