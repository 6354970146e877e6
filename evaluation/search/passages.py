"""Search over titled texts of any kind, without a trained ranking: the legs' scores are added with a few round weights.

The learned ranking knows procedures and plans; a collection of anything else has neither everyday questions nor its features. Five legs
are left: BM25 over the whole article, over its best passage and over its title, and the encoder's likeness to the title and to the best
passage. The best few articles of the sum are then told apart by soft coverage (:mod:`evaluation.search.soft`). All three lexical
legs are divided by what a perfect article could get, so that a term counts the same in each. The best passage
stands in for the article because a long article holds many subjects (Callan, "Passage-Level Evidence in Document Retrieval", 1994).

``WEIGHTS``, ``SOFT_WEIGHT`` and ``RERANKED`` are round numbers chosen on 150 questions that were written for randomly drawn law articles
(``evaluation/sets/law``) and on 400 made from titles and clauses of others by leaving words out; no benchmark was used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.search.collection import Document
from evaluation.search.postings import Postings, Vocabulary
from evaluation.search.soft import SoftCoverage
from knowledge.encoding import Encoder
from knowledge.lexical import LexicalIndex
from knowledge.search.query import Query
from knowledge.text import accented_keys, folded_keys, syllables

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

WEIGHTS: Mapping[str, float] = {"article": 1.0, "passage": 1.0, "title": 0.5, "dense_title": 0.2, "dense_passage": 0.2}
SOFT_WEIGHT = 0.4
RERANKED = 20
PASSAGE = 100
"""Syllables in a passage."""
LONG_TEXT_K1, LONG_TEXT_B = 1.2, 0.75
"""The textbook parameters of BM25; those of :mod:`knowledge.lexical` are for short lines and let long articles win."""


@dataclass(frozen=True)
class Lexical:
    """The lexical legs of one form of the keys (accented or folded), and the postings of whole articles before weighting."""

    postings: Postings
    article: LexicalIndex
    passage: LexicalIndex
    title: LexicalIndex


def _cut(numbers: Ints) -> list[Ints]:
    return [numbers[i : i + PASSAGE] for i in range(0, max(len(numbers), 1), PASSAGE)]


@dataclass(frozen=True)
class PassageSearch:
    """An index of titled texts. ``start`` says where each document's passages begin, one element more than documents."""

    documents: tuple[Document, ...]
    lexical: Mapping[str, Lexical]
    start: Ints
    titles: Floats
    passages: Floats
    encoder: Encoder
    soft: SoftCoverage

    @staticmethod
    def build(documents: Sequence[Document], encoder: Encoder, *, folded: bool = False) -> PassageSearch:
        """Index ``documents``; ``folded`` also makes legs for questions without tone marks."""
        texts = [syllables(d.body) for d in documents]
        cut = [[text[i : i + PASSAGE] for i in range(0, max(len(text), 1), PASSAGE)] for text in texts]
        start = np.concatenate([[0], np.cumsum([len(c) for c in cut])]).astype(np.int64)
        lines = [" ".join([d.title, *passage]) for d, passages in zip(documents, cut, strict=True) for passage in passages]
        forms = {"accented": accented_keys, **({"folded": folded_keys} if folded else {})}
        lexical = {form: _lexical(documents, start, Vocabulary(keys)) for form, keys in forms.items()}
        return PassageSearch(
            tuple(documents),
            lexical,
            start,
            encoder.passages([d.title for d in documents]),
            encoder.passages(lines),
            encoder,
            SoftCoverage(documents, encoder, lexical["accented"].article),
        )

    def legs(self, query: Query) -> dict[str, Floats]:
        """Scores of every document in each leg, shape ``(documents,)``: the lexical ones 0…about 1, the dense ones -1…1."""
        accented = query.marked or "folded" not in self.lexical
        lexical = self.lexical["accented" if accented else "folded"]
        terms = query.accented() if accented else query.folded()
        ceiling = np.float32(lexical.article.ceiling(terms))
        vector = self.encoder.queries([query.plain])[0]
        return {
            "article": lexical.article.scores(terms) / ceiling,
            "passage": np.maximum.reduceat(lexical.passage.scores(terms), self.start[:-1]) / ceiling,
            "title": lexical.title.scores(terms) / ceiling,
            "dense_title": self.titles @ vector,
            "dense_passage": np.maximum.reduceat(self.passages @ vector, self.start[:-1]),
        }

    def whole(self, query: Query, legs: Mapping[str, Floats]) -> Floats:
        """The weighted sum of the legs, with soft coverage added to the best ``RERANKED``; shape ``(documents,)``."""
        total: Floats = np.zeros(len(self.start) - 1, dtype=np.float32)
        for name, weight in WEIGHTS.items():
            total += np.float32(weight) * legs[name]
        best = np.argsort(-total, kind="stable")[:RERANKED]
        total[best] += SOFT_WEIGHT * self.soft.scores(query.plain, best.tolist())
        return total


def _lexical(documents: Sequence[Document], start: Ints, vocabulary: Vocabulary) -> Lexical:
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
    return Lexical(article, *(p.weighted(LONG_TEXT_K1, LONG_TEXT_B) for p in (article, passage_postings, title_postings)))
