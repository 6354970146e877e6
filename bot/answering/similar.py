"""Procedures of nearly the same name as the one answered about, where the question does not tell which of them is meant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from functools import lru_cache

from bot.answering.naming import short_form, shown_title
from bot.types import Answer, Option
from bot.wording import LEVELS, SIMILAR
from knowledge.entries import Entry, EntryType
from knowledge.text import folded_key
from knowledge.twins import name_words

MOST = 3
ALIKE = 0.5
"""Share of common syllables from which two names are taken for nearly the same (Jaccard)."""


def similar(best: Entry, others: Sequence[Entry], topic: Sequence[str], asked: Sequence[str]) -> list[Option]:
    """They as choices, told apart by code and level: those that differ in nothing but the level or the number, and those that differ
    by words in both names while the question holds only words that both have ("trợ cấp tuất": every month, or once). Written guidance
    speaks for all levels.

    Args:
        best: what is answered.
        others: what was found beside it, best first.
        topic: the folded syllables of the question that say what it is about.
        asked: all its folded syllables.
    """
    if best.type is not EntryType.PROCEDURE:
        return []
    own = _words(best.title)
    guided = "guidance" in (best.record or {})
    found: list[Entry] = []
    names: list[frozenset[str]] = []
    for entry in others:
        its = _words(entry.title)
        if entry is best or entry.province != best.province or len(own & its) < ALIKE * len(own | its):
            continue
        common = {folded_key(word) for word in own & its}
        decided = {folded_key(word) for word in own - its} & set(asked)
        open_between = own - its and its - own and topic and common.issuperset(topic) and not decided
        if ((open_between and its not in names) or (own == its and not guided)) and _may_be_meant(best, entry):
            found.append(entry)
            names.append(its)
    return [Option(_label(entry), entry=entry.id) for entry in found[:MOST]]


def with_similar(answer: Answer, near: Sequence[Option]) -> Answer:
    """The answer with a line that names them and a button for each."""
    if not near:
        return answer
    line = SIMILAR.format(names="; ".join(o.label for o in near))
    return replace(answer, text=f"{answer.text}\n{line}", followups=(*answer.followups, *near))


@lru_cache(maxsize=256)
def _words(title: str) -> frozenset[str]:
    return frozenset(name_words(title))


def _may_be_meant(best: Entry, entry: Entry) -> bool:
    """A procedure of its own that people use. Asked last: a record is read from disk."""
    if entry.type is not EntryType.PROCEDURE or entry.internal or entry.code in best.other_codes:
        return False
    return "successor" not in (entry.record or {})


def _label(entry: Entry) -> str:
    levels = (entry.record or {}).get("catalogue", {}).get("level", ())
    title = short_form(shown_title(entry))
    level = LEVELS.get(levels[0]) if len(levels) == 1 else None
    known = [f"mã {entry.code}"] if entry.code else []
    known += [level] if level and level not in title.lower() else []
    return title + (f" ({', '.join(known)})" if known else "")
