"""Whether the words of a question are those of everyday questions or of messages that no record answers.

A naive Bayes view (Maron, "Automatic Indexing", 1961): each syllable and pair speaks for one side by the logarithm of how much more often
it stands there, less the rarer it is. "Khai tử cho mối tình đầu" has the words of a procedure, but nobody who wants one has ever said
"mối tình".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from knowledge.fields import FieldedIndex
from knowledge.lexical import UNSEEN, Floats

DOUBT = 2.0
"""Messages' worth of doubt: a term that stands in few says little."""
MOST = 4.0
"""What one term may say at most."""
TELLING = 3
"""Terms that say most on either side, which are looked at alone too."""


@dataclass(frozen=True)
class ScopeWords:
    """In how many everyday questions (``inside``) and out-of-scope messages (``outside``) each term stands, and how many there are."""

    index: FieldedIndex
    inside: Floats
    outside: Floats
    sizes: tuple[int, int]

    @staticmethod
    def of(index: FieldedIndex, inside: int, outside: int) -> ScopeWords:
        """``inside`` and ``outside``: the numbers of the fields of the index."""
        counts, sizes = [], []
        for field in (inside, outside):
            size = index.bounds[field + 1] - index.bounds[field]
            idf = index.idf[:-1, field]
            # The inverse of the weight that knowledge.lexical gives a term for the lines it stands in.
            counts.append(np.where(idf == UNSEEN, 0.0, np.rint((size + 1.0) / np.exp(idf) - 0.5)).astype(np.float32))
            sizes.append(size)
        return ScopeWords(index, counts[0], counts[1], (sizes[0], sizes[1]))

    def evidence(self, terms: Mapping[str, float], *, own: bool = False) -> dict[str, float]:
        """What a question's terms say together, and those that say most on either side; positive: outside.

        ``own``: the question is one of the out-of-scope messages itself, which is then not counted.
        """
        numbers = self.index.terms.find(tuple(terms))
        numbers = numbers[numbers >= 0]
        inside, outside = self.inside[numbers], self.outside[numbers] - (1.0 if own else 0.0)
        outside = np.maximum(outside, 0.0)
        seen = inside + outside > 0.0
        if not seen.any() or not self.sizes[1]:
            return {"outside_words": 0.0, "outside_telling": 0.0, "inside_telling": 0.0}
        share = self.sizes[1] / sum(self.sizes)
        said = np.log((outside[seen] + DOUBT * share) / self.sizes[1]) - np.log((inside[seen] + DOUBT * (1.0 - share)) / self.sizes[0])
        said = np.sort(np.clip(said, -MOST, MOST))
        return {
            "outside_words": float(said.mean()),
            "outside_telling": float(np.maximum(said[-TELLING:], 0.0).sum()),
            "inside_telling": float(np.minimum(said[:TELLING], 0.0).sum()),
        }
