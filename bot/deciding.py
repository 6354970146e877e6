"""From ranked entries to a decision: answer, ask back, or decline. Pure; thresholds come with the ranking model."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from knowledge.entries import PLAN_TYPES, Entry, EntryType
from knowledge.search.ranking import Hit, Ranked
from knowledge.text import folded_keys

MOST_OPTIONS = 4
FEWEST_ITEMS = 5
STAFF_NEAR = 0.02
"""Share of the best hit from which staff are shown a plan's item before it."""
ALIKE = 0.75
"""Share of the topic's best coverage from which another province's plan speaks of the same thing."""


@dataclass(frozen=True)
class Thresholds:
    """Confidence from which the first hit is asserted, and scope below which nothing is offered; learnt with the calibration. Within a
    known plan the wrong item is seen at once from its title and source, so ``answer_plan`` is lower. ``ask``: scope from
    which an unsure question is worth asking back about. ``unsure``: confidence below which the question is read a second time."""

    answer: float
    decline: float
    near: float = 0.25
    answer_plan: float = 0.12
    ask: float = 0.6
    unsure: float = 0.4

    @staticmethod
    def of(calibration: Mapping[str, Any]) -> Thresholds:
        return Thresholds(calibration.get("answer_from", 0.5), calibration.get("decline_below", 0.2))


@dataclass(frozen=True)
class Decision:
    """``kind``: ``answer`` | ``ask_record`` | ``ask_province`` | ``decline``; ``hits`` are the evidence, best first."""

    kind: str
    hits: tuple[Hit, ...]


def one_per_province(hits: Sequence[Hit], entries: Sequence[Entry], near: float) -> list[Hit]:
    """The best plan hit of each province among those not much worse than the first."""
    best: dict[str, Hit] = {}
    for hit in hits:
        entry = entries[hit.entry]
        if entry.type in PLAN_TYPES and entry.province and hit.share >= near * hits[0].share:
            best.setdefault(entry.province, hit)
    return list(best.values())


def alike_per_province(hits: Sequence[Hit], entries: Sequence[Entry], topic: Sequence[str]) -> list[Hit]:
    """For each province the best plan hit that speaks of (nearly) as much of the question's topic as the one that speaks of most."""

    def covered(hit: Hit) -> float:
        entry = entries[hit.entry]
        words = set(folded_keys(f"{entry.title} {entry.body}"))
        return sum(word in words for word in topic) / max(1, len(topic))

    plan_hits = [(hit, covered(hit)) for hit in hits if entries[hit.entry].type in PLAN_TYPES and entries[hit.entry].province]
    most = max((share for _, share in plan_hits), default=0.0)
    best: dict[str | None, Hit] = {}
    for hit, share in plan_hits:
        if most and share >= ALIKE * most:
            best.setdefault(entries[hit.entry].province, hit)
    return list(best.values())


def plans_first(ranked: Ranked, entries: Sequence[Entry]) -> Ranked:
    """For staff: items of plans before others that are hardly likelier. Each place keeps its share."""
    least = STAFF_NEAR * ranked.hits[0].share if ranked.hits else 0.0
    order = sorted(ranked.hits, key=lambda h: not (entries[h.entry].type in PLAN_TYPES and h.share >= least))
    return replace(ranked, hits=tuple(replace(h, share=s.share) for h, s in zip(order, ranked.hits, strict=True)))


def distinct(hits: Sequence[Hit], entries: Sequence[Entry], limit: int) -> list[Hit]:
    """The first hits with different titles."""
    seen: set[str] = set()
    kept = []
    for hit in hits:
        title = entries[hit.entry].title.lower()
        if title not in seen:
            seen.add(title)
            kept.append(hit)
    return kept[:limit]


def decide(
    ranked: Ranked,
    entries: Sequence[Entry],
    thresholds: Thresholds,
    *,
    province_known: bool,
    in_scope: bool = False,
    topic: Sequence[str] = (),
) -> Decision:
    """Decide on a ranking. A plan item without a province is asked back when other provinces' plans fit nearly as well, by the ranking
    or by what they speak of. ``in_scope``: the question is known to be one for the index (it names a plan's province and speaks of
    plans), so it is not declined. ``topic``: the question's folded syllables, none where it says which plan it means."""
    if not ranked.hits or (ranked.scope < thresholds.decline and not in_scope):
        return Decision("decline", ())
    first = entries[ranked.hits[0].entry]
    if first.type in PLAN_TYPES and not province_known:
        near = one_per_province(ranked.hits, entries, thresholds.near)
        named = {entries[h.entry].province for h in near}
        alike = [h for h in alike_per_province(ranked.hits, entries, topic) if entries[h.entry].province not in named]
        provinces = [*near, *alike]
        if len(provinces) > 1:
            return Decision("ask_province", tuple(provinces[:MOST_OPTIONS]))
    if ranked.confidence < (thresholds.answer_plan if in_scope else thresholds.answer):
        options = distinct([h for h in ranked.hits if h.share >= 0.03], entries, MOST_OPTIONS)
        if not in_scope and ranked.scope < thresholds.ask:
            return Decision("decline", ())
        if len(options) >= 2 and first.type in (EntryType.PROCEDURE, EntryType.GUIDE, *PLAN_TYPES):
            return Decision("ask_record", tuple(options))
    return Decision("answer", tuple(h for i, h in enumerate(ranked.hits) if i < FEWEST_ITEMS or h.share >= 0.02)[:10])
