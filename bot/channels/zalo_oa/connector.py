"""The two directions of a Zalo Official Account."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from typing import Any

from bot.channels.base import Connector, IncomingMessage, Refused, RetryLater, Rows
from bot.channels.numbering import with_choices
from bot.channels.splitting import split, units
from bot.channels.zalo_oa import buttons, events
from bot.channels.zalo_oa.client import ANONYMOUS, CONSULTATION, ZaloApi
from bot.channels.zalo_oa.errors import Remedy, ZaloError, advice, blames_content, remedy
from bot.channels.zalo_oa.tokens import TokenKeeper

log = logging.getLogger(__name__)

NAME = "zalo_oa"
LONGEST = 1900
"""Zalo takes 2,000 characters and refuses more. Whether it counts code points or UTF-16 units is not known: units, with a margin."""
SHORTEST = 200
"""Below this length it is not the length that Zalo refuses."""


class ZaloOaConnector(Connector):
    """Reads events and sends consultation messages."""

    name = NAME
    part_length = 1700  # leaves room for the line of choices
    part_pause = 0.5

    def __init__(
        self,
        api: ZaloApi,
        tokens: TokenKeeper,
        shape: buttons.Shape = buttons.Shape.NONE,
        *,
        per_second: float = 30.0,
        now: Callable[[], float] = time.time,
    ) -> None:
        """
        Args:
            api, tokens: to send with.
            shape: how buttons are written.
            per_second: most messages a second; the documentation allows an application 66.
            now: seconds since 1970.
        """
        self.per_second = per_second
        self._api, self._tokens, self._shape, self._now = api, tokens, shape, now
        self._told: set[int] = set()

    def read(self, payload: Mapping[str, Any]) -> IncomingMessage | None:
        """See :meth:`Connector.read`."""
        return events.read(payload)

    async def send(self, address: str, text: str, rows: Rows, quote: str | None = None) -> None:
        """See :meth:`Connector.send`."""
        recipient = events.Recipient.of(address)
        plain = self._shape is buttons.Shape.NONE or recipient.conversation is not None
        shown = [] if plain else [b for row in rows for b in row][: buttons.MOST]
        while True:
            written = with_choices(text, rows, LONGEST, shown=len(shown))
            message = buttons.message(written, shown, self._shape)
            if quote is not None:
                message["quote_message_id"] = quote
            try:
                await self._deliver(recipient, message)
                self._told.clear()
                return
            except ZaloError as error:
                what = remedy(error.code)
                if what is Remedy.SHORTEN and units(written) > SHORTEST:
                    await self._send_halves(address, written, quote)
                    return
                if shown and what is Remedy.PLAIN:
                    # One refused shape is refused for good; the choices go into the text from now on.
                    self._shape, shown = buttons.Shape.NONE, []
                    self._tell(error.code, "Zalo OA không nhận nút bấm (lỗi %d), gửi lựa chọn bằng chữ. Đặt BOT_ZALO_OA_BUTTONS khác.")
                elif quote is not None and blames_content(error.code):
                    quote = None  # a message that cannot be quoted fails the whole answer, under no number of its own
                else:
                    raise self._failure(error, what) from error

    async def close(self) -> None:
        """See :meth:`Connector.close`. A refresh under way is waited for."""
        await self._tokens.close()
        await self._api.close()

    async def _deliver(self, recipient: events.Recipient, message: Mapping[str, Any]) -> None:
        """Send, with another token where the one at hand is refused, and once more where Zalo says just that it failed."""
        token = await self._tokens.current()
        repeated, renewed = False, False
        while True:
            try:
                if recipient.conversation is None:
                    data = await self._api.send(token, CONSULTATION, {"user_id": recipient.user}, message)
                else:
                    to = {"anonymous_id": recipient.user, "conversation_id": recipient.conversation}
                    data = await self._api.send(token, ANONYMOUS, to, {"text": message["text"]})
                _note_quota(data)
                return
            except ZaloError as error:
                what = remedy(error.code)
                if what is Remedy.TOKEN and not renewed:
                    token, renewed = await self._tokens.after_refusal(token), True
                elif what is Remedy.REPEAT and not repeated:
                    repeated = True
                else:
                    raise

    async def _send_halves(self, address: str, text: str, quote: str | None) -> None:
        """A text that Zalo finds too long, in smaller messages; its choices are in it by now."""
        for part in split(text, max(units(text) // 2 + 1, SHORTEST)):
            await self.send(address, part, (), quote)
            quote = None

    def _failure(self, error: ZaloError, what: Remedy) -> RetryLater | Refused:
        """What the runtime should know of an error that could not be mended here."""
        if what is Remedy.WAIT:
            return RetryLater(60.0 - self._now() % 60.0, str(error))  # the limit is counted by the minute
        if what is Remedy.TOKEN:
            return RetryLater(60.0, str(error))
        if what is not Remedy.GIVE_UP:
            self._tell(error.code, "%s", advice(error))
        return Refused(str(error))

    def _tell(self, code: int, message: str, *values: object) -> None:
        """An operator's message, once until something is delivered again."""
        if code not in self._told:
            self._told.add(code)
            log.error(message, *(values or (code,)))


def _note_quota(data: Mapping[str, Any]) -> None:
    """Which quota a message was counted against; without the field it was charged for."""
    quota = data.get("quota")
    log.debug("Zalo OA: hạn mức %s", quota.get("quota_type") if isinstance(quota, Mapping) else "tính phí")
