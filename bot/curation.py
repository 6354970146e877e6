"""Answers that staff have written win over what the search finds, while they are valid.

A question gets one where it repeats an example question of it (the same syllables, tone marks or not), or is so like one that a
person would take them for the same: the encoder's cosine *and* the share of common syllables both reach a limit, and the numbers in
both agree. The limits were set on the everyday questions of the knowledge (see :data:`ALIKE`).
"""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from bot.privacy.masking import mask
from bot.storage import CuratedAnswer, StorageError
from bot.storage.curated import CuratedAnswers
from bot.storage.people import day_of
from bot.types import Answer, Item, Outcome, Reply
from bot.wording import CURATED_BY, CURATED_SOURCE, CURATED_UNTIL
from knowledge.encoding import Vectors
from knowledge.text import clean, folded_keys

if TYPE_CHECKING:
    from bot.service import Loaded

log = logging.getLogger(__name__)

ALIKE, IN_COMMON = 0.9, 0.8
"""Least cosine and least share of common syllables (Jaccard) for two questions to count as the same. Among the 28,563 everyday
questions of the knowledge (21/11/2026, embedded encoder) 0.02 % have a question of another record so near; at a share of 0.7 it was
0.09 %, with pairs such as "xin hỗ trợ" and "dừng hỗ trợ"."""
REPLACEABLE = frozenset({Outcome.FOUND, Outcome.WHICH_PROVINCE, Outcome.WHICH_RECORD, Outcome.NOT_KNOWN, Outcome.OTHER_PROVINCE})
"""What an answer by staff may stand in for: not calls for help, refusals, or what the bot does itself."""
SHORTEST = 3
"""Syllables of an example question; a shorter one would catch follow-ups such as "lệ phí?"."""
_FRESH_SECONDS = 5.0


def keys_of(question: str) -> tuple[str, ...]:
    """A question as it is compared: folded syllables, without personal data."""
    return tuple(folded_keys(clean(mask(question).bare)))


@dataclass(frozen=True)
class Examples:
    """The example questions of all valid answers: whose each is, and its syllables."""

    answers: tuple[CuratedAnswer, ...]
    owners: tuple[int, ...]
    questions: tuple[str, ...]
    keys: tuple[tuple[str, ...], ...]

    @staticmethod
    def of(answers: Sequence[CuratedAnswer]) -> Examples:
        rows = [(i, q, keys_of(q)) for i, answer in enumerate(answers) for q in answer.questions]
        rows = [row for row in rows if len(row[2]) >= SHORTEST]
        return Examples(tuple(answers), *(tuple(column) for column in zip(*rows, strict=True)) if rows else ((), (), ()))


class Curation:
    """The valid answers, read again when they or the day change."""

    def __init__(self, answers: CuratedAnswers, today: dt.date | None = None) -> None:
        """``today``: the day to answer for (tests); none: the present day in Vietnam."""
        self._answers, self._today = answers, today
        self._examples = Examples.of(())
        self._vectors: tuple[Examples, str, Vectors] | None = None
        self._known: object = None
        self._looked_at = float("-inf")

    async def refresh(self) -> None:
        """See whether something changed, at most every few seconds. Where the database does not answer, what was valid stays."""
        if time.monotonic() - self._looked_at < _FRESH_SECONDS:
            return
        self._looked_at = time.monotonic()
        try:
            today = self._today or dt.date.fromisoformat(day_of(time.time()))
            found = (await self._answers.version(), today)
            if found != self._known:
                self._examples = Examples.of(await self._answers.in_use(today))
                self._known = found
        except StorageError as error:
            log.error("Không đọc được câu trả lời của cán bộ: %s", error)

    def now(self) -> None:
        """Look again at the next question, for a change made here."""
        self._looked_at = float("-inf")

    def instead(self, text: str, reply: Reply, loaded: Loaded) -> Reply:
        """``reply``, or the answer by staff to ``text``, which keeps the conversation's province and ends its choices. Pure but for the
        vectors of the examples, which are kept; may run in any thread."""
        if not self._examples.questions or reply.effects or reply.answer.outcome not in REPLACEABLE:
            return reply
        found = self.find(text, reply.state.province, loaded)
        if found is None:
            return reply
        state = replace(reply.state, entry=None, options=(), followups=(), others=(), unanswered=0)
        return replace(reply, answer=worded(found), state=state)

    def find(self, text: str, province: str | None, loaded: Loaded) -> CuratedAnswer | None:
        """The answer whose example ``text`` repeats or is most like, none where none is; one for a province only there."""
        examples, asked = self._examples, keys_of(text)
        fits = [i for i, owner in enumerate(examples.owners) if examples.answers[owner].province in (None, province)]
        # Of equals the province's own comes first, then the newer one.
        fits.sort(key=lambda i: (examples.answers[examples.owners[i]].province is None, -examples.owners[i]))
        for i in fits:
            if examples.keys[i] == asked:
                return examples.answers[examples.owners[i]]
        near = [i for i in fits if _in_common(examples.keys[i], asked) >= IN_COMMON and _numbers(examples.keys[i]) == _numbers(asked)]
        if not near or loaded.encode is None:
            return None
        vectors = self._vectors_of(examples, loaded)
        likeness = vectors[near] @ loaded.encode([clean(mask(text).bare)])[0]
        best = int(np.argmax(likeness))
        return examples.answers[examples.owners[near[best]]] if likeness[best] >= ALIKE else None

    def _vectors_of(self, examples: Examples, loaded: Loaded) -> Vectors:
        kept = self._vectors
        if kept is None or kept[0] is not examples or kept[1] != loaded.version:
            assert loaded.encode is not None
            kept = self._vectors = (examples, loaded.version, loaded.encode([clean(mask(q).bare) for q in examples.questions]))
        return kept[2]


def _in_common(one: Sequence[str], other: Sequence[str]) -> float:
    a, b = set(one), set(other)
    return len(a & b) / max(1, len(a | b))


def _numbers(keys: Sequence[str]) -> set[str]:
    return {key for key in keys if any(c.isdigit() for c in key)}


def worded(answer: CuratedAnswer) -> Answer:
    """An answer by staff as people see it: its text, who wrote it and since when it holds, until when, and its sources."""
    lines = [answer.text, CURATED_BY.format(author=answer.author, day=f"{answer.valid_from:%d/%m/%Y}")]
    if answer.valid_to is not None:
        lines[-1] += " " + CURATED_UNTIL.format(day=f"{answer.valid_to:%d/%m/%Y}")
    if answer.sources:
        sources = "; ".join(f"{title} ({address})" if address else title for title, address in answer.sources)
        lines.append(CURATED_SOURCE.format(sources=sources))
    item = Item(f"curated/{answer.id}", "guide", answer.questions[0], answer.province, None, None, None, 1.0)
    links = tuple(address for _, address in answer.sources if address)
    return Answer(Outcome.FOUND, "\n".join(lines), confidence=1.0, items=(item,), links=links, feedback=True)
