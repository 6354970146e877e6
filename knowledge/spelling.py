"""Mending syllables that are no Vietnamese syllable: Telex keys left in, a neighbouring key, a letter doubled, lost or swapped.

Works on folded syllables against those the index knows. Candidates come from decoding Telex and from one edit (looked up by shared
deletions, as in Garbe's SymSpell); the choice is by how often a candidate stands beside the question's neighbouring syllables.
A syllable that the index knows or that Vietnamese spelling allows is never touched, nor one without a convincing candidate: names and
foreign words stay.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from knowledge.search.query import Query
from knowledge.terms import TermTable
from knowledge.text import folded_key, syllables

SHORTEST = 3
MOST_MENDED = 2
RARELY_BESIDE = 0
OFTEN_BESIDE = 8
"""A syllable that stands beside its neighbours in at most / at least this many lines is taken as a slip / as meant."""
COMMON = 50
"""A syllable that stands in more lines than this is taken as meant, whatever it stands beside: a question about something else altogether
would be turned into one about procedures word by word."""
LONGEST = 10
RAREST = 3
"""Texts in which a syllable must stand to be offered for another."""
_TELEX = (("dd", "d"), ("aa", "a"), ("ee", "e"), ("oo", "o"), ("aw", "a"), ("ow", "o"), ("uw", "u"), ("w", "u"))
_TONE_KEYS = "sfrxj"


_ONSETS = "b c ch d g gh gi h k kh l m n ng ngh nh p ph qu r s t th tr v x"
_RIMES = (
    "a ac ach ai am an ang anh ao ap at au ay e ec em en eng eo ep et eu ech enh i ia ich iec iem ien ieng iep iet "
    "ieu im in inh ip it iu o oa oac oach oai oam oan oang oanh oao oap oat oay oc oe oen oeo oet oi om on ong oong "
    "op ot u ua uan uang uat uay uc ue uech uenh ui um un ung uo uoc uoi uom uon uong uop uot uou up ut uu uy uya "
    "uych uyen uyet uynh uyt uyu y yem yen yet yeu uac "
)
VIETNAMESE = frozenset([*_RIMES.split(), *(o + r for o in _ONSETS.split() for r in _RIMES.split())])
"""Every folded syllable that Vietnamese spelling allows: such a syllable is taken as meant."""


def telex_readings(syllable: str) -> set[str]:
    """Folded syllables that raw Telex keys may stand for: ``giaays`` → ``giay``, ``dduowcj`` → ``duoc``."""
    found = {syllable}
    for i, letter in enumerate(syllable):
        if i > 0 and letter in _TONE_KEYS:
            found.add(syllable[:i] + syllable[i + 1 :])
    for keys, letter in _TELEX:
        found |= {f.replace(keys, letter) for f in found}
    return {folded_key(f) for f in found} - {syllable}


def deletions(syllable: str) -> set[str]:
    return {syllable[:i] + syllable[i + 1 :] for i in range(len(syllable))}


@dataclass(frozen=True)
class Speller:
    """``counts``: how often each folded syllable stands in the index; ``pairs`` the same for adjacent pairs ``a_b``."""

    counts: Mapping[str, int]
    pairs: TermTable
    by_deletion: Mapping[str, tuple[str, ...]]

    @staticmethod
    def of(counts: Mapping[str, int], pairs: Mapping[str, int] | TermTable) -> Speller:
        """``counts``: the syllables that may be meant, see :func:`common`."""
        table: dict[str, list[str]] = {}
        for syllable in counts:
            if SHORTEST - 1 <= len(syllable) <= LONGEST:
                for short in deletions(syllable):
                    table.setdefault(short, []).append(syllable)
        return Speller(counts, pairs if isinstance(pairs, TermTable) else TermTable.of(pairs), {k: tuple(v) for k, v in table.items()})

    def candidates(self, syllable: str) -> dict[str, float]:
        """Known syllables that ``syllable`` may stand for, with what the slip costs."""
        found: dict[str, float] = {}
        for reading in map(folded_key, telex_readings(syllable)):
            if reading in self.counts:
                found[reading] = 0.5
        own = deletions(syllable)
        for word in (*self.by_deletion.get(syllable, ()), *(w for d in own for w in self.by_deletion.get(d, ()))):
            if abs(len(word) - len(syllable)) <= 1:
                found.setdefault(word, 2.0)
        for short in own & self.counts.keys():
            found.setdefault(short, 1.5)
        return found

    def mend(self, syllable: str, before: str | None, after: str | None) -> str | None:
        """The likeliest known syllable in its surroundings, or none when nothing speaks for one."""
        best, best_score = None, 0.0
        for word, cost in self.candidates(syllable).items():
            beside = self.pairs.get(f"{before}_{word}", 0) + self.pairs.get(f"{word}_{after}", 0)
            if cost >= 1.5 and (not beside or len(syllable) == SHORTEST):
                continue
            score = math.log1p(self.counts[word]) + 2.0 * math.log1p(beside) - 3.0 * cost + 6.0
            if score > best_score:
                best, best_score = word, score
        return best

    def query(self, query: Query) -> Query:
        """A query with unknown syllables of its plain text mended."""
        words = syllables(query.plain)
        keys = [folded_key(w) for w in words]
        changed = False
        for i, key in enumerate(keys):
            if key in self.counts or key in VIETNAMESE or not key.isalpha() or not SHORTEST <= len(key) <= LONGEST:
                continue
            better = self.mend(key, keys[i - 1] if i else None, keys[i + 1] if i + 1 < len(keys) else None)
            if better is not None:
                words[i] = keys[i] = better
                changed = True
        return replace(query, plain=" ".join(words)) if changed else query

    def in_context(self, query: Query) -> Query:
        """A query in which syllables that stand beside none of their neighbours anywhere are replaced by ones that often do: slips that
        happen to be words ("qua mạn"). Bolder than :meth:`query`; for a second try when the first found nothing sure."""
        words = syllables(query.plain)
        keys = [folded_key(w) for w in words]
        changed = 0
        for i, key in enumerate(keys):
            before, after = keys[i - 1] if i else None, keys[i + 1] if i + 1 < len(keys) else None
            meant = self._beside(before, key, after) > RARELY_BESIDE or self.counts.get(key, 0) > COMMON
            if changed == MOST_MENDED or not key.isalpha() or len(key) < 2 or meant:
                continue
            options = {w: self._beside(before, w, after) for w in self._one_edit(key)}
            best = max(options, key=lambda w: options[w], default=None)
            if best is not None and options[best] >= OFTEN_BESIDE:
                words[i] = keys[i] = best
                changed += 1
        return replace(query, plain=" ".join(words)) if changed else query

    def together(self, word: str, after: str) -> bool:
        """Whether two syllables stand side by side anywhere in the index."""
        return self.pairs.get(f"{word}_{after}", 0) > 0

    def strangeness(self, query: Query) -> float:
        """Share (0…1) of a query's neighbouring syllables that stand side by side nowhere in the index."""
        keys = [folded_key(w) for w in syllables(query.plain)]
        return sum(not self.together(a, b) for a, b in pairwise(keys)) / max(1, len(keys) - 1)

    def _beside(self, before: str | None, word: str, after: str | None) -> int:
        return self.pairs.get(f"{before}_{word}", 0) + self.pairs.get(f"{word}_{after}", 0)

    def _one_edit(self, key: str) -> set[str]:
        own = deletions(key)
        near = (*self.by_deletion.get(key, ()), *(w for d in own for w in self.by_deletion.get(d, ())), *(own & self.counts.keys()))
        return {w for w in near if abs(len(w) - len(key)) <= 1 and w != key} | (telex_readings(key) & self.counts.keys())


def common(counts: Mapping[str, int]) -> dict[str, int]:
    """Syllables that stand in enough texts to be no slip themselves."""
    return {s: n for s, n in counts.items() if n >= RAREST and s.isalpha()}


def count_terms(documents: Iterable[Sequence[str]]) -> tuple[Counter[str], Counter[str]]:
    """Terms of each text (syllables and pairs, as in the lexical legs) → in how many texts each syllable and each pair stands."""
    counted = Counter(term for document in documents for term in set(document))
    single: Counter[str] = Counter({t: n for t, n in counted.items() if "_" not in t})
    double: Counter[str] = Counter({t: n for t, n in counted.items() if "_" in t})
    return single, double
