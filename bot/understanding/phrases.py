"""The phrase tables of ``phrases.yaml`` as syllable keys, and how a message is compared with them."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from bot.types import Intent, Outcome
from knowledge.phrases import Phrase, PhraseTable
from knowledge.text import folded_keys, padded

_TABLES: Mapping[str, Any] = yaml.safe_load(Path(__file__).with_name("phrases.yaml").read_text(encoding="utf-8"))


def table(phrases: Iterable[str]) -> PhraseTable:
    """Phrases as folded syllable keys."""
    return PhraseTable(tuple(folded_keys(p)) for p in phrases)


INTENTS: Mapping[Intent, PhraseTable] = {Intent(name): table(rows) for name, rows in _TABLES["intents"].items()}
"""In the order of the file: the first intent found is the main one."""
DOCUMENT = table(_TABLES["document"])
PLAN_SECTIONS: Mapping[str, PhraseTable] = {name: table(rows) for name, rows in _TABLES["plan_sections"].items()}
SECTION_FILLER = frozenset(_TABLES["section_filler"])
DEFINITION = table(_TABLES["definition"])
SUCCESSION = table(_TABLES["succession"])
VALIDITY = table(_TABLES["validity"])
BODY_QUESTION = table(_TABLES["body_question"])
SMALL_TALK: Mapping[Outcome, PhraseTable] = {Outcome(name): table(rows) for name, rows in _TABLES["small_talk"].items()}
"""Taken as small talk only when little else stands in the message."""
MATTERS = table(_TABLES["matters"])
FOLLOW_UP = table(_TABLES["follow_up"])
POINTING_BACK = table(_TABLES["pointing_back"])
FILLER = frozenset(k for word in _TABLES["filler"] for k in folded_keys(word))
"""Syllables that carry no topic of their own; a message of nothing else continues what was asked before."""
GENERIC = frozenset(_TABLES["generic"])
ACTS: Mapping[str, PhraseTable] = {name: table(rows) for name, rows in _TABLES["acts"].items()}
"""What people ask of the bot itself; taken so only when nothing else stands in the message."""
COMMANDS: Mapping[str, str] = _TABLES["commands"]
CORRECTION = table(_TABLES["correction"])
"""How people begin to say what they meant instead."""
POLITE = frozenset(_TABLES["polite"])
NUMBER_LABELS = frozenset(_TABLES["number_labels"])
PERSON_AFTER: Mapping[Phrase, tuple[Phrase, ...]] = {
    tuple(folded_keys(name)): table(rows) for name, rows in _TABLES["person_after"].items()
}
"""Names of provinces that are a person's after certain words ("Đoàn TNCS Hồ Chí Minh")."""
NEXT_QUESTION = table(_TABLES["next_question"])
"""Words between two questions of one message."""

GOES_ON: Mapping[str, frozenset[str]] = {word: frozenset(folded_keys(" ".join(after))) for word, after in _TABLES["goes_on"].items()}
"""Words with which the last word of a phrase is part of another ("hộ" in "hộ chiếu")."""
GOES_BEFORE: Mapping[str, frozenset[str]] = {
    word: frozenset(folded_keys(" ".join(before))) for word, before in _TABLES["goes_before"].items()
}
"""Words with which the first word of a phrase is part of another ("hội" in "xã hội")."""
PAPERS: Mapping[str, PhraseTable] = {name: table(rows) for name, rows in _TABLES["papers"].items()}
LOST = table(_TABLES["lost"])

ASKING = {"gi", "dau", "may", "nao", "bao", "lau", "ai", "nhieu", "nhiu", "chi", "mo"}

ORDINALS: Mapping[str, int] = {
    "nhat": 1,
    "dau": 1,
    "mot": 1,
    "hai": 2,
    "nhi": 2,
    "ba": 3,
    "tu": 4,
    "bon": 4,
    "nam": 5,
    "lam": 5,
    "sau": 6,
    "bay": 7,
    "tam": 8,
    "chin": 9,
    "muoi": 10,
}


_padded = lru_cache(maxsize=None)(padded)


_INTENT_PHRASES = PhraseTable(phrase for phrases in INTENTS.values() for phrase in phrases)
_INTENTS_OF: dict[Phrase, list[tuple[int, Intent]]] = {}
"""The intents of each phrase, with its places in the file."""
for _place, (_intent, _phrase) in enumerate((i, phrase) for i, phrases in INTENTS.items() for phrase in phrases):
    _INTENTS_OF.setdefault(_phrase, []).append((_place, _intent))
_RANK = {intent: rank for rank, intent in enumerate(INTENTS)}
_STAFF = {Intent.PARTNER: 0, Intent.LEAD: 0}


def _own_phrases(keys: Sequence[str]) -> list[tuple[Intent, Phrase]]:
    """Intents with the phrases that show them, the main one first: a phrase that asks ("… gì", "… đâu", "bao …") before a bare noun
    ("thời hạn", "lệ phí"), a longer one before a shorter, then the order of the file. A phrase inside a longer one does not count."""
    placed = sorted((place, i, p) for p in _found(keys) for place, i in _INTENTS_OF[p])
    found = [(i, p) for _, i, p in placed]
    own = [(i, p) for i, p in found if not any(len(q) > len(p) and _padded(p) in _padded(q) for _, q in found)]
    own.sort(key=lambda x: (_STAFF.get(x[0], 1), ASKING.isdisjoint(x[1]), -len(x[1]), _RANK[x[0]]))
    return own


def _starts(phrase: Phrase, keys: Sequence[str]) -> Iterator[int]:
    """Where a phrase stands in the keys with its first and last words as words of their own."""
    size = len(phrase)
    before, after = GOES_BEFORE.get(phrase[0], frozenset()), GOES_ON.get(phrase[-1], frozenset())
    for start in range(len(keys) - size + 1):
        if tuple(keys[start : start + size]) != phrase:
            continue
        if not (start and keys[start - 1] in before) and not (start + size < len(keys) and keys[start + size] in after):
            yield start


def _found(keys: Sequence[str]) -> list[Phrase]:
    def stands(phrase: Phrase) -> bool:
        plain = phrase[0] not in GOES_BEFORE and phrase[-1] not in GOES_ON
        return plain or next(_starts(phrase, keys), None) is not None

    return [phrase for phrase in _INTENT_PHRASES.found(keys) if stands(phrase)]


def intents_in(keys: Sequence[str]) -> tuple[tuple[Intent, ...], tuple[Intent, ...]]:
    """Intents whose phrases stand in the keys, the main one first; and where two or more points are asked side by side ("bao lâu và ở
    đâu"), those in the order they were asked."""
    own = _own_phrases(keys)
    intents = tuple(dict.fromkeys(i for i, _ in own))
    return intents, _side_by_side(keys, own) if len(intents) > 1 else ()


def matters_in(keys: Sequence[str]) -> list[str]:
    """What is asked about in words that are filler one by one, each as one word ("so_do")."""
    return ["_".join(phrase) for phrase in MATTERS if next(_starts(phrase, keys), None) is not None]


def asking_count(text: str) -> int:
    """How many asking phrases stand apart in a text: an upper bound of its questions."""
    keys = folded_keys(text)
    own = sorted({p for _, p in _own_phrases(keys)}, key=len, reverse=True)
    rest = padded(keys)
    count = 0
    for phrase in own:
        count += rest.count(_padded(phrase))
        rest = rest.replace(_padded(phrase), " | ")
    return count


def _side_by_side(keys: Sequence[str], own: Sequence[tuple[Intent, Phrase]]) -> tuple[Intent, ...]:
    text = padded(keys)
    taken: list[tuple[int, int, Intent]] = []
    for intent, phrase in own:
        start = text.find(_padded(phrase))
        end = start + len(_padded(phrase)) - 1
        apart = all(end <= a or start >= b for a, b, _ in taken)
        if apart and intent not in (i for _, _, i in taken) and (ASKING & set(phrase) or not taken):
            taken.append((start, end, intent))
    return tuple(i for _, _, i in sorted(taken)) if len(taken) > 1 else ()


def without(keys: Sequence[str], phrases: Iterable[Phrase]) -> list[str]:
    """Keys with every occurrence of the phrases taken out."""
    left = list(keys)
    present = set(left)
    # What holds a syllable that the keys don't hold needs no search.
    for phrase in sorted((p for p in phrases if p[0] in present and present.issuperset(p)), key=len, reverse=True):
        n = len(phrase)
        i = 0
        while i + n <= len(left):
            if tuple(left[i : i + n]) == phrase:
                del left[i : i + n]
            else:
                i += 1
    return left


def without_asking(text: str) -> str:
    """A text without the phrases by which it asks: what it is about."""
    words = [(word, folded_keys(word)) for word in text.split()]
    keys = [key for _, own in words for key in own]
    left: list[str | None] = list(keys)
    for phrase in _INTENT_PHRASES.found(keys):
        for start in _starts(phrase, keys):
            left[start : start + len(phrase)] = [None] * len(phrase)
    kept, place = [], 0
    for word, own in words:
        if None not in left[place : place + len(own)]:
            kept.append(word)
        place += len(own)
    return " ".join(kept)


def papers_lost(keys: Sequence[str]) -> list[str]:
    """The papers that a message says are lost, in its order, by what a question about one of them calls it; none where none is lost."""
    if not LOST.stands_in(keys):
        return []
    text = padded(keys)
    places = {name: min((text.find(_padded(p)) for p in table.found(keys)), default=-1) for name, table in PAPERS.items()}
    return sorted((name for name, place in places.items() if place >= 0), key=places.__getitem__)
