"""Telegram as a connector, over python-telegram-bot's types and calls. Receiving is in ``telegram_polling`` and ``telegram_webhook``."""

from __future__ import annotations

import asyncio
import html
import logging
import re
from collections.abc import Awaitable, Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import Any, TypeVar

from telegram import Bot, BotCommand, InlineKeyboardButton, InlineKeyboardMarkup, LinkPreviewOptions, ReplyParameters, Update
from telegram.constants import ChatAction, MessageLimit, ParseMode
from telegram.error import BadRequest, ChatMigrated, Forbidden, InvalidToken, RetryAfter, TelegramError

from bot.channels.base import ChannelError, Connector, IncomingMessage, Refused, RetryLater, Rows, wait_unless
from bot.channels.links import parameter_of
from bot.channels.telegram_request import TelegramRequest
from bot.channels.telegram_updates import Target, incoming
from bot.channels.wording import COMMANDS, COMMANDS_ENGLISH

log = logging.getLogger(__name__)

NAME = "telegram"
WRONG_TOKEN = "Telegram không nhận token: kiểm tra BOT_TELEGRAM_TOKEN (lấy lại từ @BotFather)."
LONGEST_PAUSE = 30.0
GROUP_PAUSE = 3.0
"""Seconds after a message to a group: Telegram takes 20 a minute there."""
_CONNECTIONS = 64
_HEADING = re.compile(r"^([^\n:<>]{2,40}:)$", re.MULTILINE)
_Result = TypeVar("_Result")


def as_html(text: str) -> str:
    """Plain text → Telegram's HTML: escaped, with lines that are headings ("Giấy tờ:") in bold."""
    return _HEADING.sub(r"<b>\1</b>", html.escape(text, quote=False))


def pause_of(error: RetryAfter) -> float:
    """Seconds that Telegram asks to wait."""
    wait = error.retry_after
    return float(wait if isinstance(wait, int | float) else wait.total_seconds())


@contextmanager
def _translated(token_pause: float) -> Iterator[None]:
    """Telegram's errors as the runtime knows them. Texts of errors never hold the token, except those of ``InvalidToken``."""
    try:
        yield
    except RetryAfter as error:
        raise RetryLater(pause_of(error) + 0.1, "429") from None
    except InvalidToken:
        # Whoever runs the bot can mend the token; what was answered meanwhile is not thrown away.
        raise RetryLater(token_pause, WRONG_TOKEN) from None
    except (Forbidden, BadRequest, ChatMigrated) as error:
        raise Refused(error.message) from error
    except TelegramError as error:
        raise RetryLater(None, type(error).__name__) from error


class TelegramConnector(Connector):
    """Reads updates and sends messages. :meth:`begin` before :meth:`read`, :meth:`close` at the end."""

    name = NAME
    part_length = int(MessageLimit.MAX_TEXT_LENGTH)

    def __init__(
        self,
        token: str,
        base_url: str = "https://api.telegram.org",
        *,
        part_pause: float = 1.0,
        per_second: float = 25.0,
        timeout: float = 15.0,
        first_retry: float = 1.0,
        token_pause: float = 60.0,
    ) -> None:
        """
        Args:
            token: of the bot.
            base_url: address of Telegram's server, or of one that imitates it.
            part_pause: seconds between two messages to one person (Telegram asks for one).
            per_second: most messages a second in all (Telegram names about 30).
            timeout: seconds to wait for the server.
            first_retry: seconds before the first repeat while starting; doubled each time up to ``LONGEST_PAUSE``.
            token_pause: seconds before a message is sent again that was refused for the token.
        """
        self.part_pause, self.per_second = part_pause, per_second
        self._first_retry, self._token_pause = first_retry, token_pause
        address = base_url.rstrip("/")
        self.bot = Bot(
            token,
            f"{address}/bot",
            f"{address}/file/bot",
            request=TelegramRequest(timeout, _CONNECTIONS),
            get_updates_request=TelegramRequest(timeout, 1),
        )

    async def begin(self, stop: asyncio.Event) -> bool:
        """Ask Telegram who this bot is, which reading needs; insists until told to stop (then False).

        Raises:
            ChannelError: Telegram refuses the token.
        """
        return await self.insist(self.bot.initialize, stop)

    async def introduce(self) -> None:
        """Set the commands that Telegram offers, by language. Where it does not take them, the bot works all the same."""
        for language, commands in (("", COMMANDS), ("vi", COMMANDS), ("en", COMMANDS_ENGLISH)):
            try:
                await self.bot.set_my_commands([BotCommand(n, w) for n, w in commands.items()], language_code=language or None)
            except TelegramError as error:
                log.warning("Không đặt được danh sách lệnh Telegram (%s)", type(error).__name__)

    async def close(self) -> None:
        with suppress(TelegramError, RuntimeError):
            await self.bot.shutdown()

    async def insist(self, call: Callable[[], Awaitable[object]], stop: asyncio.Event) -> bool:
        """Repeat a call until Telegram accepts it, or until told to stop (then False). A call under way is given up at once then.

        Raises:
            ChannelError: Telegram refuses the token.
            telegram.error.BadRequest: refused for another reason.
        """
        pause = self._first_retry
        while True:
            try:
                return await unless_stopped(call(), stop) is not STOPPED
            except InvalidToken:
                raise ChannelError(WRONG_TOKEN) from None  # the original message holds the token
            except RetryAfter as error:
                wait = pause_of(error) + 0.1
            except BadRequest:  # a NetworkError by inheritance, but trying again changes nothing
                raise
            except TelegramError as error:
                wait, pause = pause, min(2 * pause, LONGEST_PAUSE)
                log.warning("Không gọi được Telegram (%s), thử lại sau %.1f giây", type(error).__name__, wait)
            if await wait_unless(stop, wait):
                return False

    def read(self, payload: Mapping[str, Any]) -> IncomingMessage | None:
        """See :meth:`Connector.read`; raises ``RuntimeError`` before :meth:`begin`."""
        me = self.bot.bot
        try:
            message = incoming(Update.de_json(dict(payload), None), me)
            if message is not None:
                Target.of(message.destination)
            return message
        except (KeyError, TypeError, AttributeError, ValueError, OverflowError, OSError) as error:  # the library takes values of any type
            raise ValueError(f"not an update: {type(error).__name__}") from error

    async def send(self, address: str, text: str, rows: Rows, quote: str | None = None) -> None:
        """See :meth:`Connector.send`."""
        target = Target.of(address)
        with _translated(self._token_pause):
            try:
                await self._send(target, text, rows, quote)
            except ChatMigrated as error:  # the group became a supergroup under another number; message ids are new too
                await self._send(replace(target, chat=error.new_chat_id), text, rows, None)

    async def _send(self, target: Target, text: str, rows: Rows, quote: str | None) -> None:
        keyboard = [[InlineKeyboardButton(b.label, callback_data=b.token) for b in row] for row in rows]
        await self.bot.send_message(
            target.chat,
            as_html(text),
            parse_mode=ParseMode.HTML,
            message_thread_id=target.thread,
            link_preview_options=LinkPreviewOptions(is_disabled=True),
            reply_markup=InlineKeyboardMarkup(keyboard) if keyboard else None,
            reply_parameters=ReplyParameters(int(quote), allow_sending_without_reply=True) if quote else None,
        )

    def pause_after(self, address: str) -> float:
        """See :meth:`Connector.pause_after`."""
        return max(self.part_pause, GROUP_PAUSE if self.part_pause else 0.0) if Target.of(address).group else self.part_pause

    async def show_typing(self, address: str) -> None:
        """See :meth:`Connector.show_typing`. Telegram shows it for 5 seconds."""
        target = Target.of(address)
        await self.bot.send_chat_action(target.chat, ChatAction.TYPING, message_thread_id=target.thread)

    async def acknowledge(self, payload: Mapping[str, Any]) -> None:
        """End a pressed button's waiting mark."""
        query = payload.get("callback_query")
        if isinstance(query, Mapping) and isinstance(query.get("id"), str):
            await self.bot.answer_callback_query(query["id"])

    def link_to(self, entry: str) -> str | None:
        """See :meth:`Connector.link_to`: opens a private chat in which the record is told."""
        parameter = parameter_of(entry)
        return f"https://t.me/{self.bot.username}?start={parameter}" if parameter else None


class _Stopped:
    """The answer of a call that was given up."""


STOPPED = _Stopped()


async def unless_stopped(call: Awaitable[_Result], stop: asyncio.Event) -> _Result | _Stopped:
    """A call's result, or ``STOPPED`` where ``stop`` is set first; whatever the call raises comes out."""
    task, stopping = asyncio.ensure_future(call), asyncio.ensure_future(stop.wait())
    try:
        await asyncio.wait({task, stopping}, return_when=asyncio.FIRST_COMPLETED)
        return task.result() if task.done() else STOPPED
    finally:
        task.cancel()
        stopping.cancel()
        await asyncio.gather(task, stopping, return_exceptions=True)
