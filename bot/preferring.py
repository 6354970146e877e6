"""Among nearly equal hits in plans, which one the form of a question asks for. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from bot.answering import plans
from bot.types import Intent
from bot.understanding.reading import Reading
from knowledge.entries import PLAN_TYPES, Entry, EntryType
from knowledge.search.ranking import Hit, Ranked
from knowledge.text import folded_keys

NEAR = 0.04
"""Share of the best hit's probability from which another plan hit may be put before it by the question's form."""


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
