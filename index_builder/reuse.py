"""Vectors of a version that is already published, so that a build encodes only what is new."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from knowledge.encoding import Encoder, Vectors
from knowledge.entry_file import read_entries
from knowledge.passages import passage_text, read_passages
from knowledge.search.index import name_lines, question_lines
from knowledge.store import VECTORS, IndexUnusable, current_folder, load_array, read_manifest, verify_files


class Reusing:
    """An encoder that takes the vectors of texts it has seen from ``known`` (text → row) and encodes the others. ``encoded`` counts
    those."""

    def __init__(self, encoder: Encoder, known: Mapping[str, Vectors]) -> None:
        self._encoder, self._known = encoder, known
        self.identity, self.dimension = encoder.identity, encoder.dimension
        self.encoded = 0

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.queries(texts)

    def passages(self, texts: Sequence[str]) -> Vectors:
        fresh = list(dict.fromkeys(t for t in texts if t not in self._known))
        self.encoded += len(fresh)
        rows = dict(zip(fresh, self._encoder.passages(fresh), strict=True)) if fresh else {}
        out = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for i, text in enumerate(texts):
            found = rows.get(text)
            out[i] = self._known[text] if found is None else found
        return out


def published_vectors(root: Path, encoder: Encoder) -> dict[str, Vectors]:
    """Vector of each line and passage of the version in use; empty where there is none that is sound and made with this encoder."""
    try:
        folder = current_folder(root)
        manifest = read_manifest(folder)
        if manifest["encoder"] != encoder.identity:
            return {}
        verify_files(folder, manifest, deep=True)
        entries = read_entries(folder)
        vectors = load_array(folder, VECTORS).astype(np.float32, copy=False)
        passages = read_passages(folder, encoder.dimension)
    except (IndexUnusable, OSError, ValueError, KeyError):
        return {}
    lines = [*name_lines(entries), *question_lines(entries)]
    known = dict(zip(lines, vectors, strict=False))
    return known | dict(zip(map(passage_text, passages.entries), passages.vectors, strict=True))
