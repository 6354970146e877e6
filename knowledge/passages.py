"""The index over passages of originals, apart from that of records: passages are looked into where the records say nothing sure, and
however many there are, they change no ranking of records.

A passage is found by the words it shares with the question (BM25 over its text with its headings, as a share of what a perfect passage
could get) and by the likeness of their vectors.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from knowledge.encoding import Encoder
from knowledge.entries import Entry
from knowledge.entry_file import dump_entry, load_entry
from knowledge.lexical import LexicalIndex
from knowledge.search.query import Query
from knowledge.text import accented_keys, folded_keys, with_pairs

Floats = NDArray[np.float32]
PASSAGES = "passages"
_LEGS = ("folded", "accented")
_LEAST = 500
"""Passages as of which the rarity of words means something."""
_DENSE_SHARE = 0.35
"""Weight of the vectors' likeness; the words shared have the rest."""


@dataclass(frozen=True)
class Found:
    """A passage and how well it fits: ``score`` and its parts ``words`` and ``likeness``, each about 0 to 1."""

    entry: Entry
    score: float
    words: float
    likeness: float


@dataclass(frozen=True)
class Passages:
    """Passages with their two lexical legs and unit vectors, one row each."""

    entries: tuple[Entry, ...]
    folded: LexicalIndex
    accented: LexicalIndex
    vectors: Floats

    def search(self, query: Query, encoder: Encoder, allowed: NDArray[np.bool_] | None = None, top: int = 3) -> list[Found]:
        """The best passages for a question, best first. ``allowed``: which may be found."""
        if not self.entries:
            return []
        terms, leg = (query.accented(), self.accented) if query.marked else (query.folded(), self.folded)
        words = leg.shares(terms)
        likeness = self.vectors @ encoder.queries([query.plain])[0]
        scores = (1 - _DENSE_SHARE) * words + _DENSE_SHARE * np.maximum(likeness, 0.0)
        if allowed is not None:
            scores = np.where(allowed, scores, np.float32(-1.0))
        best = np.argsort(-scores, kind="stable")[:top]
        return [Found(self.entries[i], float(scores[i]), float(words[i]), float(likeness[i])) for i in best if scores[i] > 0]


def passage_text(entry: Entry) -> str:
    """What a passage is found by: its headings and its words."""
    return " . ".join([*(entry.record or {}).get("headings", ()), entry.body])


def build_passages(entries: Sequence[Entry], encoder: Encoder) -> Passages:
    texts = [passage_text(e) for e in entries]
    return Passages(
        tuple(entries),
        LexicalIndex.build([with_pairs(folded_keys(t)) for t in texts], _LEAST),
        LexicalIndex.build([with_pairs(accented_keys(t)) for t in texts], _LEAST),
        np.ascontiguousarray(encoder.passages(texts), dtype=np.float32) if texts else np.zeros((0, encoder.dimension), dtype=np.float32),
    )


def write_passages(folder: Path, passages: Passages) -> None:
    """Write the parts into an index folder."""
    with (folder / f"{PASSAGES}.jsonl").open("wb") as out:
        out.writelines(dump_entry(e).encode() + b"\n" for e in passages.entries)
    np.save(folder / f"{PASSAGES}.npy", passages.vectors, allow_pickle=False)
    for name, leg in zip(_LEGS, (passages.folded, passages.accented), strict=True):
        for part, array in leg.arrays().items():
            np.save(folder / f"{PASSAGES}_{name}.{part}.npy", array, allow_pickle=False)


def read_passages(folder: Path, dimension: int) -> Passages:
    """Read what :func:`write_passages` wrote; arrays are memory-mapped.

    Raises:
        ValueError, OSError, KeyError: the files are damaged or do not belong together.
    """

    def array(name: str) -> NDArray[np.generic]:
        return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))

    entries = tuple(load_entry(line) for line in (folder / f"{PASSAGES}.jsonl").read_bytes().split(b"\n") if line)
    vectors = array(PASSAGES).astype(np.float32, copy=False)
    if vectors.shape != (len(entries), dimension):
        raise ValueError("passages and their vectors do not belong together")
    legs = [LexicalIndex.restore(lambda part, name=name: array(f"{PASSAGES}_{name}.{part}"), len(entries)) for name in _LEGS]  # type: ignore[misc]
    return Passages(entries, legs[0], legs[1], vectors)
