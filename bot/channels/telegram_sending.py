"""Sending to Telegram: cut to its length, escaped, and insisted on when the network or Telegram is out of order."""

from __future__ import annotations

import asyncio
import html
import logging
import re
from collections.abc import Awaitable, Callable
from typing import TypeVar

from telegram import Bot, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters
from telegram.constants import ChatAction, MessageLimit, ParseMode
from telegram.error import BadRequest, NetworkError, RetryAfter, TelegramError

from bot.channels.base import OutgoingMessage, wait_unless
from bot.channels.splitting import split
from bot.channels.telegram_updates import Target

log = logging.getLogger(__name__)

_Result = TypeVar("_Result")
_HEADING = re.compile(r"^([^\n:<>]{2,40}:)$", re.MULTILINE)
LONGEST_PAUSE = 30.0


class Postponed(RuntimeError):
    """Not delivered, and not refused either: the program is stopping, or Telegram was out of reach for too long."""


def as_html(text: str) -> str:
    """Plain text → Telegram's HTML: escaped, with lines that are headings ("Giấy tờ:") in bold."""
    return _HEADING.sub(r"<b>\1</b>", html.escape(text, quote=False))


def pause_of(error: RetryAfter) -> float:
    """Seconds that Telegram asks to wait."""
    wait = error.retry_after
    return float(wait if isinstance(wait, int | float) else wait.total_seconds())


class Sender:
    """Sends messages through ``bot``.

    A message that timed out may have arrived all the same; it is sent again, because a repeated answer does less harm than none.
    """

    def __init__(
        self, bot: Bot, stop: asyncio.Event, *, part_pause: float = 1.0, first_pause: float = 1.0, keep_trying: float = 900.0
    ) -> None:
        """
        Args:
            bot: an initialised bot.
            stop: set when the program stops; waits end then.
            part_pause: seconds between the parts of a long answer (Telegram asks for one message a second in a chat).
            first_pause: seconds before the first repeat after a network error; doubled each time up to ``LONGEST_PAUSE``.
            keep_trying: seconds after which a message is postponed.
        """
        self._bot, self._stop = bot, stop
        self._part_pause, self._first_pause, self._keep_trying = part_pause, first_pause, keep_trying

    async def send(self, target: Target, message: OutgoingMessage) -> None:
        """Send an answer in as many messages as it needs, the buttons under the last.

        Raises:
            Postponed: see there.
            telegram.error.TelegramError: Telegram refuses it, for example because the person blocked the bot.
        """
        parts = split(message.text, MessageLimit.MAX_TEXT_LENGTH)
        for number, part in enumerate(parts):
            if number:
                await asyncio.sleep(self._part_pause)
            await self._send_part(target, part, message if number == len(parts) - 1 else None, quoting=number == 0)

    async def _send_part(self, target: Target, part: str, last: OutgoingMessage | None, *, quoting: bool) -> None:
        rows = [[InlineKeyboardButton(b.label, callback_data=b.token) for b in row] for row in (last.rows if last else ())]
        reply_to = target.reply_to if quoting else None
        await self.insist(
            lambda: self._bot.send_message(
                target.chat,
                as_html(part),
                parse_mode=ParseMode.HTML,
                message_thread_id=target.thread,
                link_preview_options=LinkPreviewOptions(is_disabled=True),
                reply_markup=InlineKeyboardMarkup(rows) if rows else None,
                reply_parameters=ReplyParameters(reply_to, allow_sending_without_reply=True) if reply_to else None,
            )
        )

    async def insist(self, call: Callable[[], Awaitable[_Result]]) -> _Result:
        """Repeat a call until Telegram accepts or refuses it.

        Raises:
            Postponed: see there.
            telegram.error.TelegramError: refused.
        """
        loop = asyncio.get_running_loop()
        deadline, pause = loop.time() + self._keep_trying, self._first_pause
        while True:
            try:
                return await call()
            except RetryAfter as error:
                wait = pause_of(error) + 0.1
                log.warning("Telegram yêu cầu chờ %.0f giây", wait)
            except BadRequest:  # a NetworkError by inheritance, but trying again changes nothing
                raise
            except NetworkError as error:
                wait, pause = pause, min(2 * pause, LONGEST_PAUSE)
                log.warning("Không gọi được Telegram (%s), thử lại sau %.1f giây", type(error).__name__, wait)
            if loop.time() + wait > deadline or await wait_unless(self._stop, wait):
                raise Postponed

    async def keep_typing(self, target: Target, after: float = 0.7) -> None:
        """Show "đang nhập" from ``after`` seconds on until cancelled; most answers are there sooner. It is shown for 5 s each time."""
        await asyncio.sleep(after)
        while True:
            try:
                await self._bot.send_chat_action(target.chat, ChatAction.TYPING, message_thread_id=target.thread)
            except TelegramError as error:
                log.debug("Không báo được trạng thái đang nhập: %s", type(error).__name__)
            await asyncio.sleep(4.5)
