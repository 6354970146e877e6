"""Search over titled texts of any kind: legs add up to the best few articles, and learned signs put these in order.

The learned ranking of the bot knows procedures and plans; a collection of anything else has neither everyday questions nor its features.
Five legs are left: BM25 over the whole article, over its best passage and over its title, and the encoder's likeness to the title and to
the best passage. All three lexical legs are divided by what a perfect article could get, so that a term counts the same in each. The best
passage stands in for the article because a long article holds many subjects (Callan, "Passage-Level Evidence in Document Retrieval",
1994). The best ``RERANKED`` of their sum are then ordered by signs (:mod:`evaluation.search.signs`) with weights from
:mod:`evaluation.search.learning`.

``WEIGHTS`` are round numbers chosen on 150 questions that were written for randomly drawn law articles (the first of
``evaluation/sets/law``) and on 400 made from titles and clauses of others by leaving words out; no benchmark was used.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from evaluation.search.collection import Document
from evaluation.search.lexical import PASSAGE, Lexical
from evaluation.search.postings import Vocabulary
from evaluation.search.signs import Signs
from knowledge.encoding import Encoder
from knowledge.search.query import Query
from knowledge.text import accented_keys, folded_keys, syllables

Floats = NDArray[np.float32]
Ints = NDArray[np.int64]

WEIGHTS: Mapping[str, float] = {"article": 1.0, "passage": 1.0, "title": 0.5, "dense_title": 0.2, "dense_passage": 0.2}
RERANKED = 100


@dataclass(frozen=True)
class Best:
    """The best documents of a question by the sum of the legs, best first, and their signs, shape ``(len(numbers), len(SIGNS))``."""

    numbers: Ints
    signs: Floats


@dataclass(frozen=True)
class PassageSearch:
    """An index of titled texts. ``start`` says where each document's passages begin, one element more than documents."""

    documents: tuple[Document, ...]
    lexical: Mapping[str, Lexical]
    start: Ints
    titles: Floats
    passages: Floats
    encoder: Encoder
    signs: Signs

    @staticmethod
    def build(documents: Sequence[Document], encoder: Encoder, *, folded: bool = False) -> PassageSearch:
        """Index ``documents``; ``folded`` also makes legs for questions without tone marks."""
        texts = [syllables(d.body) for d in documents]
        cut = [[text[i : i + PASSAGE] for i in range(0, max(len(text), 1), PASSAGE)] for text in texts]
        start = np.concatenate([[0], np.cumsum([len(c) for c in cut])]).astype(np.int64)
        lines = [" ".join([d.title, *passage]) for d, passages in zip(documents, cut, strict=True) for passage in passages]
        lexical = {"accented": Lexical.build(documents, start, Vocabulary(accented_keys), accented=True)}
        if folded:
            lexical["folded"] = Lexical.build(documents, start, Vocabulary(folded_keys), accented=False)
        titles = encoder.passages([d.title for d in documents])
        return PassageSearch(tuple(documents), lexical, start, titles, encoder.passages(lines), encoder, Signs(documents, encoder))

    def form(self, query: Query) -> Lexical:
        """The form of the keys that a question is compared in."""
        return self.lexical["accented" if query.marked or "folded" not in self.lexical else "folded"]

    def legs(self, query: Query) -> dict[str, Floats]:
        """Scores of every document in each leg, shape ``(documents,)``: the lexical ones 0…about 1, the dense ones -1…1."""
        lexical = self.form(query)
        terms = query.accented() if lexical.accented else query.folded()
        ceiling = np.float32(lexical.article.ceiling(terms))
        vector = self.encoder.queries([query.plain])[0]
        return {
            "article": lexical.article.scores(terms) / ceiling,
            "passage": np.maximum.reduceat(lexical.passage.scores(terms), self.start[:-1]) / ceiling,
            "title": lexical.title.scores(terms) / ceiling,
            "dense_title": self.titles @ vector,
            "dense_passage": np.maximum.reduceat(self.passages @ vector, self.start[:-1]),
        }

    def total(self, legs: Mapping[str, Floats]) -> Floats:
        """The weighted sum of the legs, shape ``(documents,)``."""
        total: Floats = np.zeros(len(self.documents), dtype=np.float32)
        for name, weight in WEIGHTS.items():
            total += np.float32(weight) * legs[name]
        return total

    def best(self, query: Query, legs: Mapping[str, Floats], total: Floats) -> Best:
        """The best documents by ``total`` with their signs."""
        numbers = np.argsort(-total, kind="stable")[:RERANKED]
        return Best(numbers, self.signs.matrix(query.plain, self.form(query), legs, total, numbers.tolist()))

    def whole(self, query: Query, legs: Mapping[str, Floats], weights: Floats) -> Floats:
        """Scores of all documents, shape ``(documents,)``: the best ones by their signs under ``weights``, all others below them."""
        total = self.total(legs)
        best = self.best(query, legs, total)
        learned = best.signs @ weights
        total[best.numbers] = total.max() + 1.0 + learned - learned.min()
        return total
