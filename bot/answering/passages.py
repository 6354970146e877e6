"""Answers in the words of an original: where no record answers surely, the passage that does is quoted with its place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace

import numpy as np

from bot.answering.parts import sentence
from bot.answering.plans import with_items
from bot.types import Answer, Outcome, Reply
from bot.understanding.reading import Reading
from bot.wording import QUOTED, QUOTED_NOTE
from knowledge.encoding import Encoder
from knowledge.entries import Entry
from knowledge.passages import Passages
from knowledge.search.query import Query

STEPS_IN = frozenset({Outcome.NOT_KNOWN, Outcome.OTHER_PROVINCE, Outcome.UNREADABLE})
"""Outcomes of the records in whose place a passage may answer."""
WORDS_FROM = SCORE_FROM = 0.5
"""Share of the question's words (weighted by rarity) that a passage must hold, and the least score, to be quoted. Of 1,775 questions
that no record answers, none reached 0.5 in five added plans but one about another province's plan; questions about their passages
began at 0.53."""
UNSURE_IN = frozenset({Outcome.FOUND, Outcome.WHICH_RECORD})
UNSURE_BELOW, VERBATIM = 0.5, 0.75
"""A record found with less confidence gives way to a passage that holds this share of the question's words."""
MOST_ITEMS = 3


class PassageAnswers:
    """Quotes from the originals of one index."""

    def __init__(self, passages: Passages | None, encoder: Encoder) -> None:
        self._passages, self._encoder = passages, encoder

    def in_place(self, made: Reply, read: Callable[[], Reading]) -> Reply:
        """The reply, or in place of one that found nothing a quotation. ``read`` reads the message, where that is needed."""
        answer = made.answer
        unsure = answer.outcome in UNSURE_IN and answer.confidence < UNSURE_BELOW
        if not (unsure or answer.outcome in STEPS_IN) or self._passages is None or not self._passages.entries:
            return made
        reading = read()
        found = self.answer(reading.query, reading.found.provinces, VERBATIM if unsure else WORDS_FROM)
        return made if found is None else replace(made, answer=found)

    def answer(self, query: Query, provinces: Sequence[str], words_from: float = WORDS_FROM) -> Answer | None:
        """A quotation that answers the question, none where no passage does. ``provinces``: those the question names; only their
        originals and those of no province are quoted. ``words_from``: the share of the question's words that a passage must hold."""
        if self._passages is None or not self._passages.entries:
            return None
        allowed = np.array([not provinces or e.province is None or e.province in provinces for e in self._passages.entries])
        found = self._passages.search(query, self._encoder, allowed, MOST_ITEMS)
        if not found or found[0].words < words_from or found[0].score < SCORE_FROM:
            return None
        items = [(f.entry, round(f.score, 4)) for f in found if f.score >= SCORE_FROM]
        return with_items(quotation(found[0].entry), items, found[0].score)


def quotation(entry: Entry) -> Answer:
    """The passage in its own words, with where it stands."""
    record = entry.record or {}
    headings = [h.rstrip(" .:") for h in record.get("headings", ())]
    # "Điều 5; Điều 5. Đăng ký xe" would say its number twice.
    said = [p for p in (entry.section or "").split(", ") if p and not (headings and headings[-1].startswith(p))]
    place = "; ".join(p for p in (", ".join(said), *headings[-1:]) if p)
    text = QUOTED.format(document=record.get("document") or "", place=f" ({place})" if place else "", text=sentence(entry.body))
    return Answer(Outcome.FOUND, text, notes=(QUOTED_NOTE,))
