"""The desk between the bot and staff: who waits, what is promised, what is passed on, and when the bot is quiet."""

from __future__ import annotations

import datetime as dt
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from bot.handover.hours import OfficeHours, spoken
from bot.storage import Case
from bot.storage.hand_overs import HandOvers
from bot.wording import HAND_OVER_CLOSED, HAND_OVER_OPEN, HAND_OVER_UNKNOWN
from knowledge.text import fold, syllables

log = logging.getLogger(__name__)

CONSOLE = "console"
"""Who has taken a case where a member of staff wrote from the channel's own console."""
ANSWERED_WITHIN = 4 * 3600.0
"""Seconds of an opening in which an answer is promised."""
_AGAIN_AFTER = 3600.0
"""Seconds of silence in a case after which the person is told again that the message was passed on."""
_WAY_OUT = frozenset(
    {"gap bot", "gap lai bot", "noi chuyen voi bot", "hoi bot", "quay lai bot", "tro lai bot", "ve bot", "bot oi", "bot", "thoat"}
)
_POLITE = frozenset({"a", "nhe", "voi", "di", "nha"})


def wants_bot(text: str) -> bool:
    """Whether a person with staff asks for the bot again."""
    words = syllables(fold(text))
    while words and words[-1] in _POLITE:
        words.pop()
    return " ".join(words) in _WAY_OUT


@dataclass(frozen=True)
class Promise:
    """What a person who asks for staff is told, and by when (seconds since 1970) an answer is due; none: not known."""

    words: str
    by: float | None


class Desk:
    """Opens, feeds and ends cases. Writing of what belongs to a turn is the turn's."""

    def __init__(
        self,
        hand_overs: HandOvers,
        hours: OfficeHours | None = None,
        *,
        quiet_minutes: float = 30.0,
        clock: Callable[[], float] = time.time,
    ) -> None:
        """
        Args:
            hand_overs: the cases.
            hours: when staff answer; none: not known, nothing is promised.
            quiet_minutes: how long the bot leaves a conversation alone after staff wrote in it from the channel's console.
            clock: seconds since 1970.
        """
        self._hand_overs, self._hours = hand_overs, hours
        self._quiet, self._clock = quiet_minutes * 60, clock

    @property
    def hours(self) -> OfficeHours | None:
        """When staff answer; none: not known."""
        return self._hours

    async def case(self, channel: str, key: str) -> Case | None:
        """The open case of a conversation. One that staff opened by writing from the console ends by itself after a quiet time."""
        case = await self._hand_overs.current(channel, key)
        if case is not None and case.taken_by == CONSOLE:
            written = [said.at for said in await self._hand_overs.messages(case.id) if said.author is not None]
            if self._clock() - max(written, default=case.taken_at or case.opened_at) > self._quiet:
                await self._hand_overs.close(case.id, CONSOLE)
                return None
        return case

    async def promise(self) -> Promise:
        """What to tell a person who asks for staff now."""
        place = await self._hand_overs.waiting() + 1
        if self._hours is None:
            return Promise(HAND_OVER_UNKNOWN.format(place=place), None)
        now = dt.datetime.fromtimestamp(self._clock(), dt.UTC)
        if self._hours.is_open(now):
            return Promise(HAND_OVER_OPEN.format(place=place), self._clock() + ANSWERED_WITHIN)
        opening = self._hours.next_opening(now)
        if opening is None:
            return Promise(HAND_OVER_UNKNOWN.format(place=place), None)
        today = now.astimezone(opening.tzinfo).date()
        return Promise(HAND_OVER_CLOSED.format(opening=spoken(opening, today)), opening.timestamp() + ANSWERED_WITHIN)

    async def is_first_word(self, case: Case) -> bool:
        """Whether a message of the person in ``case`` is to be acknowledged: the first, or the first after a long silence."""
        said = await self._hand_overs.messages(case.id)
        by_person = [s for s in said if s.author is None]
        return not by_person or self._clock() - said[-1].at > _AGAIN_AFTER

    async def end(self, case: Case) -> None:
        """The person wants the bot again."""
        await self._hand_overs.close(case.id, "")

    async def staff_wrote(self, channel: str, key: str, text: str, address: str) -> None:
        """A member of staff wrote from the channel's own console: the bot leaves the conversation to them."""
        await self._hand_overs.take_over(channel, key, CONSOLE, text, address)
