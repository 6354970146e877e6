"""From ranked entries to a decision: answer, ask back, or decline. Pure; thresholds come with the ranking model."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from knowledge.entries import PLAN_TYPES, Entry, EntryType
from knowledge.search.ranking import Hit, Ranked
from knowledge.text import folded_keys, with_pairs

MOST_OPTIONS = 4
FEWEST_ITEMS = 5
STAFF_NEAR = 0.02
"""Share of the best hit from which staff are shown a plan's item before it."""
ALIKE = 0.85
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


_OFFERED = (EntryType.PROCEDURE, EntryType.GUIDE, *PLAN_TYPES)
"""Types of records among which a person can choose by their titles."""


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


class PlanTopics:
    """How much of what a question speaks of each item of a plan speaks of: syllables and adjacent pairs, the rarer in plans the weightier
    (inverse document frequency), so that "bản tin phát thanh … truyền thanh xã" is not found again wherever "tuyên truyền" stands."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        plans = [e for e in entries if e.type in PLAN_TYPES]
        self._terms = {e.id: frozenset(with_pairs(folded_keys(f"{e.title} {e.body}"))) for e in plans}
        counts = Counter(term for terms in self._terms.values() for term in terms)
        self._weights = {term: math.log(len(plans) / count) for term, count in counts.items()}

    def covered(self, entry: Entry, topic: Sequence[str]) -> float:
        """The share of the topic's weight that the item holds, 0–1; what no plan holds has no weight."""
        weights = {term: self._weights[term] for term in with_pairs(topic) if term in self._weights}
        held = sum(w for term, w in weights.items() if term in self._terms[entry.id])
        return held / max(sum(weights.values()), 1e-9)

    def alike(self, hits: Sequence[Hit], entries: Sequence[Entry], topic: Sequence[str]) -> list[Hit]:
        """For each province the best plan hit that speaks of (nearly) as much of the topic as the one that speaks of most."""
        of_plans = [h for h in hits if entries[h.entry].type in PLAN_TYPES and entries[h.entry].province]
        held = [(hit, self.covered(entries[hit.entry], topic)) for hit in of_plans]
        most = max((share for _, share in held), default=0.0)
        best: dict[str | None, Hit] = {}
        for hit, share in held:
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
    topics: PlanTopics | None = None,
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
        same = topics.alike(ranked.hits, entries, topic) if topics is not None else []
        alike = [h for h in same if entries[h.entry].province not in named]
        provinces = [*near, *alike]
        if len(provinces) > 1:
            return Decision("ask_province", tuple(provinces[:MOST_OPTIONS]))
    if ranked.confidence < (thresholds.answer_plan if in_scope else thresholds.answer):
        offered = [h for h in ranked.hits if h.share >= 0.03 and entries[h.entry].type in _OFFERED]
        options = distinct(offered, entries, MOST_OPTIONS)
        if not in_scope and ranked.scope < thresholds.ask:
            return Decision("decline", ())
        if len(options) >= 2 and first.type in _OFFERED:
            return Decision("ask_record", tuple(options))
    return Decision("answer", tuple(h for i, h in enumerate(ranked.hits) if i < FEWEST_ITEMS or h.share >= 0.02)[:10])
