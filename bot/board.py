"""What staff have set for everybody: the pause of the bot, and notices (floods, a system that is down)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.storage import PAUSE, Level, Notice, StorageError
from bot.storage.notices import Notices
from bot.types import Reply
from bot.wording import NOTICE

log = logging.getLogger(__name__)

_FRESH_SECONDS = 5.0
_AGAIN_SECONDS = 6 * 3600
"""A conversation is shown the same notice again after this long."""

Seen = tuple[tuple[int, int], ...]
"""Notices that a conversation has been shown, each with the time (Unix seconds). Kept in its state, so that every replica knows."""


@dataclass(frozen=True)
class Posted:
    """What holds now: ``pause`` the text people are told instead of an answer, none where the bot answers."""

    pause: str | None = None
    notices: tuple[Notice, ...] = ()


class Board:
    """Reads what is posted, at most every few seconds."""

    def __init__(self, notices: Notices, clock: Callable[[], float] = time.monotonic) -> None:
        self._notices, self._clock = notices, clock
        self._posted, self._read_at = Posted(), float("-inf")

    async def posted(self) -> Posted:
        """What holds now; where the database does not answer, what held before."""
        if self._clock() - self._read_at >= _FRESH_SECONDS:
            self._read_at = self._clock()
            try:
                pause = await self._notices.switched(PAUSE)
                self._posted = Posted(None if pause is None else str(pause), tuple(await self._notices.recent()))
            except StorageError as error:
                log.error("Không đọc được thông báo: %s", error)
        return self._posted

    def show(self, reply: Reply, posted: Posted, seen: Seen = ()) -> Reply:
        """The reply with the notices that the conversation has not been shown lately; urgent ones stand before the answer. Its state
        knows them as seen."""
        now = int(time.time())
        # A time ahead of now was written before the clock was set back.
        lately = tuple((number, at) for number, at in seen if now - _AGAIN_SECONDS < at <= now)
        due = [notice for notice in posted.notices if notice.id not in dict(lately)]
        state = replace(reply.state, seen=(*lately, *((notice.id, now) for notice in due)))
        before = [NOTICE.format(text=n.text) for n in due if n.level is not Level.INFO]
        after = [NOTICE.format(text=n.text) for n in due if n.level is Level.INFO]
        answer = replace(reply.answer, text="\n\n".join([*before, reply.answer.text, *after]))
        return replace(reply, answer=answer, state=state)
