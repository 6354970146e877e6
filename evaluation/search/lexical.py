"""The lexical legs over articles, passages and titles, and the articles as numbers of their syllables."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.search.collection import Document
from evaluation.search.postings import Postings, Vocabulary
from knowledge.lexical import LexicalIndex

Ints = NDArray[np.int64]

PASSAGE = 100
"""Syllables in a passage."""
LONG_TEXT_K1, LONG_TEXT_B = 1.2, 0.75
"""The textbook parameters of BM25; those of :mod:`knowledge.lexical` are for short lines and let long articles win."""
UNSEEN = 6.0
"""Idf of a syllable that stands in no article, as in :meth:`LexicalIndex.ceiling`."""


@dataclass(frozen=True)
class Lexical:
    """One form of the keys (``accented`` or folded): the legs, the postings of whole articles before weighting, and the numbers of the
    syllables of each document's title, body and source."""

    accented: bool
    vocabulary: Vocabulary
    postings: Postings
    article: LexicalIndex
    passage: LexicalIndex
    title: LexicalIndex
    titles: Sequence[Ints]
    bodies: Sequence[Ints]
    sources: Sequence[Ints]
    syllables: int
    """How many different syllables articles have; their numbers are those of their terms in ``article``."""

    @staticmethod
    def build(documents: Sequence[Document], start: Ints, vocabulary: Vocabulary, *, accented: bool) -> Lexical:
        """Index ``documents``, whose passages begin at ``start`` (one element more than documents)."""
        titles = [vocabulary.read(d.title) for d in documents]
        bodies = [vocabulary.read(d.body) for d in documents]
        count = len(documents)
        article = Postings.of([np.concatenate(pair) for pair in zip(titles, bodies, strict=True)], range(count), count, vocabulary)
        segments: list[Ints] = []
        owners: list[int] = []
        for number, (title, body) in enumerate(zip(titles, bodies, strict=True)):
            for offset, passage in enumerate(_cut(body)):
                segments += [title, passage]
                owners += [int(start[number]) + offset] * 2
        passage_postings = Postings.of(segments, owners, int(start[-1]), vocabulary)
        title_postings = Postings.of(titles, range(count), count, vocabulary)
        leg, passage_leg, title_leg = (p.weighted(LONG_TEXT_K1, LONG_TEXT_B) for p in (article, passage_postings, title_postings))
        known = len(vocabulary.numbers)
        # Read last: the syllables of articles then keep the numbers that terms have in their leg.
        sources = [vocabulary.read(d.source) for d in documents]
        return Lexical(accented, vocabulary, article, leg, passage_leg, title_leg, titles, bodies, sources, known)

    def idf(self, syllable: str) -> float:
        """Inverse document frequency of a syllable's key over articles."""
        number = self.vocabulary.numbers.get(syllable)
        return UNSEEN if number is None or number >= self.syllables else float(self.article.idf[number])


def _cut(numbers: Ints) -> list[Ints]:
    return [numbers[i : i + PASSAGE] for i in range(0, max(len(numbers), 1), PASSAGE)]
