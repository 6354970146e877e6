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
_AGAIN_SECONDS = 6 * 3600.0
"""A conversation is shown the same notice again after this long."""
_REMEMBERED = 20_000


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
        self._shown: dict[tuple[str, str, int], float] = {}

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

    def show(self, reply: Reply, posted: Posted, channel: str, key: str) -> Reply:
        """The reply with the notices that this conversation has not been shown lately; urgent ones stand before the answer. Without
        a ``key`` all are shown."""
        due = [notice for notice in posted.notices if self._is_due(notice, channel, key)]
        if not due:
            return reply
        before = [NOTICE.format(text=n.text) for n in due if n.level is not Level.INFO]
        after = [NOTICE.format(text=n.text) for n in due if n.level is Level.INFO]
        return replace(reply, answer=replace(reply.answer, text="\n\n".join([*before, reply.answer.text, *after])))

    def _is_due(self, notice: Notice, channel: str, key: str) -> bool:
        if not key:
            return True
        now, mark = self._clock(), (channel, key, notice.id)
        if now - self._shown.get(mark, float("-inf")) < _AGAIN_SECONDS:
            return False
        if len(self._shown) >= _REMEMBERED:
            self._shown = {known: at for known, at in self._shown.items() if now - at < _AGAIN_SECONDS / 2}
        self._shown[mark] = now
        return True
