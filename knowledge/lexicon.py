"""What people type → what official texts say: shorthand is written out, everyday words get their official ones beside them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from knowledge.phrases import LongestFirst
from knowledge.schema import LexiconEntry
from knowledge.search.query import Query
from knowledge.spelling import VIETNAMESE
from knowledge.text import accented_key, accented_keys, clean, folded_key, folded_keys, has_marks, syllables

REWRITES = frozenset({"abbreviation", "teencode", "misspelling"})
"""Kinds that replace what was typed; the others (everyday, regional, former names) only add official words."""


@dataclass(frozen=True)
class _Rule:
    keys: tuple[str, ...]
    means: tuple[str, ...]
    rewrites: bool


@dataclass
class Lexicon:
    """Rules by their syllables: one table for questions with marks, one for questions without. Of several rules for the same
    syllables the first counts."""

    entries: Sequence[LexiconEntry] = ()
    _accented: LongestFirst[_Rule] = field(default_factory=LongestFirst)
    _folded: LongestFirst[_Rule] = field(default_factory=LongestFirst)

    def __post_init__(self) -> None:
        for entry in self.entries:
            rewrites = entry.kind in REWRITES
            for table, keys in ((self._accented, accented_keys(entry.written)), (self._folded, folded_keys(entry.written))):
                table.add(tuple(keys), _Rule(tuple(keys), entry.means, rewrites))

    def query(self, text: str) -> Query:
        """A typed question → the query of it. The longest rule wins at each place; what it rewrites is not read again."""
        text = clean(text)
        words = syllables(text)
        marked = has_marks(text)
        added: dict[str, None] = {}
        out = self._apply(words, marked, added)
        if out != words:
            # Shorthand that was written out may make an everyday phrase whole.
            self._apply(out, marked, added, rewrite=False)
        return Query(text, " ".join(out), tuple(added), marked)

    def _apply(self, words: list[str], marked: bool, added: dict[str, None], *, rewrite: bool = True) -> list[str]:
        """Syllables with the rules applied; official words that rules add are put into ``added``."""
        folded = [folded_key(w) for w in words]
        accented = [accented_key(w) for w in words] if marked else folded
        out: list[str] = []
        i = 0
        while i < len(words):
            rule = self._rule(accented, folded, i, marked)
            if rule is None or (rule.rewrites and not rewrite):
                out.append(words[i])
                i += 1
                continue
            if rule.rewrites:
                out += syllables(rule.means[0])
                added.update(dict.fromkeys(rule.means[1:]))
            else:
                out += words[i : i + len(rule.keys)]
                added.update(dict.fromkeys(rule.means))
            i += len(rule.keys)
        return out

    def _rule(self, accented: Sequence[str], folded: Sequence[str], i: int, marked: bool) -> _Rule | None:
        """The longest rule that fits at place ``i``. In a question with marks, words typed without any fit without them too, if there are
        two or more, or one that is no Vietnamese word: people leave out marks here and there, but ``ma`` need not be ``má``."""
        exact = (self._accented if marked else self._folded).at(accented, i)
        if not marked:
            return exact
        loose = self._folded.at(folded, i)
        if loose is None or (exact is not None and len(exact.keys) >= len(loose.keys)):
            return exact
        end = i + len(loose.keys)
        unmarked = list(accented[i:end]) == list(folded[i:end])
        return loose if unmarked and (len(loose.keys) > 1 or folded[i] not in VIETNAMESE) else exact
