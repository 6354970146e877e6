"""Procedures that the portal lists twice under one name: an older and a newer number, or one for each level of administration.

Who asks cannot know the difference. Of such twins the one that can answer what is asked is shown first.
"""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.answering.facets import facet_lines
from bot.types import Intent
from knowledge.entries import Entry, EntryType
from knowledge.search.ranking import Ranked
from knowledge.twins import shared_name


class Twins:
    """Which procedures share their name."""

    def __init__(self, entries: Sequence[Entry]) -> None:
        groups: dict[tuple[str, str | None], list[int]] = defaultdict(list)
        for number, entry in enumerate(entries):
            if entry.type is EntryType.PROCEDURE:
                groups[shared_name(entry.title), entry.province].append(number)
        self._entries = entries
        self._of: Mapping[int, list[int]] = {n: group for group in groups.values() if len(group) > 1 for n in group}

    def answering(self, ranked: Ranked, intent: Intent, today: dt.date) -> Ranked:
        """The ranking with a twin of the first hit before it where only the twin, found as well, can answer ``intent``."""
        if not ranked.hits or ranked.hits[0].entry not in self._of:
            return ranked
        first = ranked.hits[0]
        if self._answers(first.entry, intent, today):
            return ranked
        group = self._of[first.entry]
        for place, hit in enumerate(ranked.hits[1:], 1):
            if hit.entry in group and self._answers(hit.entry, intent, today):
                rest = (*ranked.hits[1:place], *ranked.hits[place + 1 :])
                return replace(ranked, hits=(replace(hit, share=first.share), replace(first, share=hit.share), *rest))
        return ranked

    def _answers(self, number: int, intent: Intent, today: dt.date) -> bool:
        entry = self._entries[number]
        if intent is Intent.ANY:
            return bool((entry.record or {}).get("guidance")) or bool(facet_lines(entry, Intent.PAPERS, today))
        return bool(facet_lines(entry, intent, today))
