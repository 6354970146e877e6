"""The two directions of a bot on the Zalo Bot Platform."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from bot.channels.base import Connector, IncomingMessage, Refused, RetryLater, Rows
from bot.channels.calling import TooMany
from bot.channels.numbering import with_choices
from bot.channels.zalo_bot import events
from bot.channels.zalo_bot.client import UNAUTHORISED, ZaloBotApi, ZaloBotError

log = logging.getLogger(__name__)

NAME = "zalo_bot"
LONGEST = 1900
"""The platform takes 2,000 characters; in which units is not known: UTF-16 units, with a margin."""
WRONG_TOKEN = "Zalo không nhận token của bot: kiểm tra BOT_ZALO_BOT_TOKEN (lấy lại trong Zalo Bot Manager)."
_OVER_QUOTA = "Zalo Bot báo hết hạn mức (429). Gói Basic gửi được 3.000 tin mỗi tháng; tin chưa gửi được sẽ thử lại thưa dần."
_FIRST_PAUSE, _LONGEST_PAUSE = 60.0, 3600.0


class ZaloBotConnector(Connector):
    """Reads events and sends plain text; choices stand numbered in it."""

    name = NAME
    part_length = 1700  # leaves room for the line of choices
    part_pause = 1.0

    def __init__(self, api: ZaloBotApi, *, per_second: float = 10.0, first_pause: float = _FIRST_PAUSE) -> None:
        """
        Args:
            api: to send with.
            per_second: most messages a second; no rate is documented.
            first_pause: seconds to wait after a refused token, and after the first 429, doubled with each that follows.
        """
        self._api, self.per_second = api, per_second
        self._first_pause = self._pause = first_pause
        self._told_token = False

    def read(self, payload: Mapping[str, Any]) -> IncomingMessage | None:
        """See :meth:`Connector.read`."""
        return events.read(payload)

    async def send(self, address: str, text: str, rows: Rows, quote: str | None = None) -> None:
        """See :meth:`Connector.send`. The platform documents no way to quote."""
        try:
            await self._api.send(address, with_choices(text, rows, LONGEST))
        except TooMany as error:
            raise self._slower(error) from error
        except ZaloBotError as error:
            if error.code == UNAUTHORISED:
                # Whoever runs the bot can mend the token; what was answered meanwhile is not thrown away.
                if not self._told_token:
                    self._told_token = True
                    log.error(WRONG_TOKEN)
                raise RetryLater(self._first_pause, str(error)) from error
            raise Refused(str(error)) from error
        self._pause, self._told_token = self._first_pause, False

    async def show_typing(self, address: str) -> None:
        """See :meth:`Connector.show_typing`."""
        await self._api.show_typing(address)

    async def close(self) -> None:
        """See :meth:`Connector.close`."""
        await self._api.close()

    def _slower(self, error: TooMany) -> TooMany:
        """A 429 names no time; it may be a quota that lasts till the end of the month, so each waits twice as long."""
        if self._pause == self._first_pause:
            log.error(_OVER_QUOTA)
        wait = error.seconds or self._pause
        self._pause = min(2 * self._pause, _LONGEST_PAUSE)
        return TooMany(wait, str(error))
