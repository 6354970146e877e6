"""A question as the legs see it: its syllables, what the lexicon makes of them, and the aspects it names."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from knowledge.text import accented_keys, folded_keys, has_marks, with_pairs

ADDED_WEIGHT = 0.6


@dataclass(frozen=True)
class Query:
    """``text`` is what the person wrote (cleaned); ``plain`` the same with shorthand written out; ``added`` official words
    that the lexicon offers for everyday ones."""

    text: str
    plain: str
    added: tuple[str, ...]
    marked: bool

    def accented(self) -> dict[str, float]:
        return _terms(accented_keys(self.plain), [accented_keys(a) for a in self.added])

    def folded(self) -> dict[str, float]:
        return _terms(folded_keys(self.plain), [folded_keys(a) for a in self.added])


def _terms(own: Sequence[str], added: Sequence[Sequence[str]]) -> dict[str, float]:
    """Terms of the question with weight 1, terms that the lexicon adds with less."""
    weights = {term: ADDED_WEIGHT for phrase in added for term in with_pairs(phrase)}
    weights.update(dict.fromkeys(with_pairs(own), 1.0))
    return weights


def plain_query(text: str) -> Query:
    """A query without any lexicon."""
    return Query(text, text, (), has_marks(text))
