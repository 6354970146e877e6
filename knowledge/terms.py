"""Terms as two sorted arrays instead of a Python dictionary: hundreds of thousands of terms that cost no memory but the mapped file.

A term is known by its 64-bit BLAKE2 hash. Among a million terms two share a hash once in 37 million times; :meth:`TermTable.of`
refuses such a pair, and a question's unknown word meets a known hash less often still.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import blake2b
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

Hashes = NDArray[np.uint64]
Numbers = NDArray[np.int32]
_Other = TypeVar("_Other")


def _hashes(terms: Sequence[str]) -> Hashes:
    digests = b"".join(blake2b(t.encode("utf-8", "surrogatepass"), digest_size=8).digest() for t in terms)
    return np.frombuffer(digests, dtype="<u8").astype(np.uint64, copy=False)


@lru_cache(maxsize=64)
def _asked(terms: tuple[str, ...]) -> Hashes:
    """Hashes of a question's terms; all legs of one question ask for the same ones."""
    return _hashes(terms)


@dataclass(frozen=True)
class TermTable:
    """Terms → numbers from 0. ``hashes`` ascend strictly; ``numbers[i]`` belongs to ``hashes[i]``."""

    hashes: Hashes
    numbers: Numbers

    def __post_init__(self) -> None:
        """Raises: ValueError: the two arrays cannot be what :meth:`of` makes."""
        if self.hashes.shape != self.numbers.shape or self.hashes.ndim != 1 or self.hashes.dtype != np.uint64:
            raise ValueError("hashes and numbers must be two rows of one length")
        if np.any(self.hashes[1:] <= self.hashes[:-1]):
            raise ValueError("hashes must ascend")

    @staticmethod
    def of(numbers: Mapping[str, int]) -> TermTable:
        """Raises: ValueError: two terms with one hash."""
        hashes = _hashes(list(numbers))
        order = np.argsort(hashes, kind="stable")
        return TermTable(hashes[order], np.fromiter(numbers.values(), dtype=np.int32, count=len(numbers))[order])

    def __len__(self) -> int:
        return len(self.hashes)

    def find(self, terms: tuple[str, ...]) -> Numbers:
        """The number of each term, -1 for terms that are not in the table; shape ``(len(terms),)``."""
        if not len(self.hashes) or not terms:
            return np.full(len(terms), -1, dtype=np.int32)
        asked = _asked(terms)
        places = np.minimum(np.searchsorted(self.hashes, asked), len(self.hashes) - 1)
        return np.where(self.hashes[places] == asked, self.numbers[places], np.int32(-1))

    def get(self, term: str, default: _Other) -> int | _Other:
        number = int(self.find((term,))[0])
        return default if number < 0 else number
