"""Among nearly equal hits, which one the form of a question asks for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answering import plans
from bot.types import Intent
from bot.understanding.reading import Reading
from bot.wording import FACETS
from knowledge.entries import PLAN_TYPES, Entry, EntryType
from knowledge.phrases import runs
from knowledge.search.ranking import Hit, Ranked
from knowledge.text import folded_keys

NEAR = 0.04
"""Share of the best hit's probability from which another plan hit may be put before it by the question's form."""


NAMED_AMONG = 3
"""Hits among which a procedure that the question names by one of its names goes before a guide that it does not name."""
LEAST_NAMED = 0.1
"""Share that such a procedure must have."""


def named_first(ranked: Ranked, reading: Reading, entries: Sequence[Entry]) -> Ranked:
    """Put a procedure that is named outright before a guide that is not: "nhờ người khác đi đổi căn cước được không" is asked of "đổi căn
    cước", which says more about it than what holds for procedures at large. And before a notion where one side of a procedure is asked
    for: a notion has no fee."""
    said = runs(folded_keys(reading.query.plain))

    def named(hit: Hit) -> bool:
        entry = entries[hit.entry]
        return any(len(keys) > 1 and keys in said for keys in (tuple(folded_keys(n)) for n in (entry.title, *entry.aliases)))

    best = entries[ranked.hits[0].entry].type if ranked.hits else None
    notion = best is EntryType.TERM and bool(set(reading.intents) & set(FACETS))
    if not notion and (best is not EntryType.GUIDE or named(ranked.hits[0])):
        return ranked
    among = (h for h in ranked.hits[1:NAMED_AMONG] if h.share >= LEAST_NAMED and entries[h.entry].type is EntryType.PROCEDURE)
    first = next((h for h in among if named(h)), None)
    if first is None:
        return ranked
    order = [first, *(h for h in ranked.hits if h is not first)]
    return replace(ranked, hits=tuple(replace(h, share=s.share) for h, s in zip(order, ranked.hits, strict=True)))


def preferred(ranked: Ranked, reading: Reading, entries: Sequence[Entry]) -> Ranked:
    """Among nearly equal plan hits, put first what the question's form asks for.

    A question about the document itself (number, date, signer) wants the plan, a question about a task wants a task and not the
    plan; "sở nào" wants something that a Sở leads, "phòng nào" a Phòng.
    """
    if not ranked.hits or entries[ranked.hits[0].entry].type not in PLAN_TYPES:
        return ranked
    task_asked = bool(set(reading.intents) & {Intent.LEAD, Intent.PARTNER, Intent.WHEN, Intent.REPORT})

    def wanted(hit: Hit) -> int:
        entry = entries[hit.entry]
        if entry.type not in PLAN_TYPES or hit.share < NEAR * ranked.hits[0].share:
            return 2
        if reading.document:
            return 0 if entry.type is EntryType.PLAN else 1
        if task_asked and entry.type is EntryType.PLAN:
            return 1
        if reading.lead_kind and not any(folded_keys(b)[:1] == [reading.lead_kind] for b in plans.leads_of(entry)):
            return 1
        return 0

    order = sorted(ranked.hits, key=wanted)
    shares = [h.share for h in ranked.hits]
    return replace(ranked, hits=tuple(replace(h, share=s) for h, s in zip(order, shares, strict=True)))
