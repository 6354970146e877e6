"""The Telegram channel: long polling with python-telegram-bot.

An update is written to the inbox before Telegram is told that it arrived, and struck off after its answer was sent. So a restart
neither loses a message nor answers one twice, but for the moment between Telegram taking an answer and the strike: a program
killed right then sends that one answer again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass
from typing import Any, TypeVar

from sqlalchemy.exc import SQLAlchemyError
from telegram import BotCommand, CallbackQuery, Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError
from telegram.ext import AIORateLimiter, ApplicationBuilder, CallbackContext, TypeHandler

from bot.channels.base import Channel, ChannelError, IncomingMessage, OutgoingMessage, wait_unless
from bot.channels.dialogue import Dialogue
from bot.channels.telegram_sending import LONGEST_PAUSE, Postponed, Sender, pause_of
from bot.channels.telegram_updates import RECEIVED, ByChat, Target, incoming
from bot.channels.wording import COMMANDS
from bot.service import AnswerService
from bot.storage import Inbox
from bot.types import Outcome
from bot.wording import OUTCOMES

log = logging.getLogger(__name__)

NAME = "telegram"
WRONG_TOKEN = "Telegram không nhận token: kiểm tra BOT_TELEGRAM_TOKEN (lấy lại từ @BotFather)."
ALREADY_RUNNING = "có chương trình khác đang nhận tin bằng cùng token; chỉ được chạy một"
_Result = TypeVar("_Result")
_Context = CallbackContext[Any, Any, Any, Any]


@dataclass(frozen=True)
class Pace:
    """Seconds: ``timeout`` to wait for Telegram's server, ``poll`` a request for updates stays open (whole seconds), ``part``
    between the parts of a long answer, ``first_retry`` before the first repeat after an error."""

    timeout: float = 15.0
    poll: int = 30
    part: float = 1.0
    first_retry: float = 1.0


class TelegramChannel(Channel):
    """Telegram. ``base_url`` is the address of its server, or of one that imitates it."""

    name = NAME

    def __init__(
        self, token: str, service: AnswerService, inbox: Inbox, base_url: str = "https://api.telegram.org", pace: Pace | None = None
    ) -> None:
        self._token, self._base_url = token, base_url.rstrip("/")
        self._service, self._inbox, self._pace = service, inbox, pace or Pace()

    async def run(self, stop: asyncio.Event) -> None:
        """See :meth:`Channel.run`. While Telegram is out of reach it keeps trying."""
        try:
            await _Session(self._token, self._base_url, self._service, self._inbox, self._pace, stop).run()
        except Postponed:
            return  # told to stop before it had begun
        except InvalidToken:
            raise ChannelError(WRONG_TOKEN) from None  # the original message holds the token


class _Session:
    """One run, from the first call to the last."""

    def __init__(self, token: str, base_url: str, service: AnswerService, inbox: Inbox, pace: Pace, stop: asyncio.Event) -> None:
        self._inbox, self._pace, self._stop = inbox, pace, stop
        self._dialogue = Dialogue(service, NAME)
        self._left: set[int] = set()  # updates that an earlier run accepted and did not answer
        self._app = (
            ApplicationBuilder()
            .token(token)
            .base_url(f"{base_url}/bot")
            .base_file_url(f"{base_url}/file/bot")
            .updater(None)
            .job_queue(None)
            .concurrent_updates(ByChat())
            # Keeps below Telegram's general rates. A 429 is waited out by the sender, in that chat only, not for everybody.
            .rate_limiter(AIORateLimiter(max_retries=0))
            .connect_timeout(pace.timeout)
            .read_timeout(pace.timeout)
            .write_timeout(pace.timeout)
            .pool_timeout(pace.timeout)
            .get_updates_connect_timeout(pace.timeout)
            .get_updates_read_timeout(pace.timeout)
            .build()
        )
        self._bot = self._app.bot
        self._sender = Sender(self._bot, stop, part_pause=pace.part, first_pause=pace.first_retry)
        self._app.add_handler(TypeHandler(Update, self._on_update))
        self._app.add_error_handler(self._on_error)

    async def run(self) -> None:
        """Work until told to stop.

        Raises:
            InvalidToken: Telegram refuses the token.
            Postponed: told to stop while starting.
        """
        try:
            await self._unless_stopped(self._begin())
            await self._poll()
        finally:
            if self._app.running:
                await self._app.stop()  # waits for the answers under way
            await self._app.shutdown()

    async def _unless_stopped(self, work: Coroutine[Any, Any, _Result]) -> _Result:
        """Await ``work``, but give it up when told to stop.

        Raises:
            Postponed: given up.
        """
        task, stopping = asyncio.create_task(work), asyncio.create_task(self._stop.wait())
        try:
            await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
            if not task.done():
                raise Postponed
            return await task
        finally:
            stopping.cancel()
            task.cancel()
            await asyncio.gather(task, stopping, return_exceptions=True)

    async def _begin(self) -> None:
        await self._sender.insist(self._app.initialize)
        await self._sender.insist(lambda: self._bot.delete_webhook(drop_pending_updates=False))
        commands = [BotCommand(name, what) for name, what in COMMANDS.items()]
        for language in (None, "vi"):
            try:
                await self._bot.set_my_commands(commands, language_code=language)
            except TelegramError as error:
                log.warning("Không đặt được danh sách lệnh Telegram (%s)", type(error).__name__)
        await self._app.start()
        for payload in await self._inbox.unfinished(NAME):
            left = Update.de_json(payload, self._bot)
            self._left.add(left.update_id)
            await self._app.update_queue.put(left)
        log.info("Telegram: @%s đang nhận tin", self._bot.username)

    async def _poll(self) -> None:
        """Receive updates until told to stop."""
        offset: int | None = None
        pause = 0.0  # before the next request after an error; doubles while errors follow each other
        while True:
            try:
                request = self._bot.get_updates(offset, timeout=self._pace.poll, allowed_updates=RECEIVED)
                for update in await self._unless_stopped(request):
                    if await self._inbox.accept(NAME, str(update.update_id), update.to_dict()):
                        await self._app.update_queue.put(update)
                    # Telegram forgets an update when a later offset is asked for: never before it is written down.
                    offset = update.update_id + 1
                pause = 0.0
                continue
            except Postponed:
                return
            except InvalidToken:
                raise
            except RetryAfter as error:
                wait = pause_of(error)
            except (TelegramError, SQLAlchemyError) as error:
                wait = pause = min(max(self._pace.first_retry, 2 * pause), LONGEST_PAUSE)
                reason = ALREADY_RUNNING if isinstance(error, Conflict) else type(error).__name__
                log.warning("Không nhận được tin từ Telegram, thử lại sau %.1f giây: %s", wait, reason)
            if await wait_unless(self._stop, wait):
                return

    async def _on_update(self, update: Update, _context: _Context) -> None:
        if self._stop.is_set():
            return  # stays in the inbox for the next start
        if update.update_id in self._left and not await self._inbox.try_again(NAME, str(update.update_id)):
            return
        try:
            found = incoming(update, self._bot.bot)
            if update.callback_query is not None:
                self._app.create_task(_acknowledge(update.callback_query), update)
            if found is not None:
                await self._answer(*found)
        except Postponed:
            return  # stays in the inbox
        except Exception:
            await self._finish(update)
            raise
        await self._finish(update)

    async def _answer(self, message: IncomingMessage, target: Target) -> None:
        typing = asyncio.create_task(self._sender.keep_typing(target))
        try:
            async with self._dialogue.turn(message) as outgoing:
                typing.cancel()
                await self._sender.send(target, outgoing)
        finally:
            typing.cancel()

    async def _finish(self, update: Update) -> None:
        try:
            await self._inbox.finish(NAME, str(update.update_id))
        except SQLAlchemyError:
            log.exception("Không ghi được là đã trả lời; tin này sẽ được trả lời lại khi khởi động sau")

    async def _on_error(self, update: object, context: _Context) -> None:
        error = context.error
        if isinstance(error, TelegramError):
            # Telegram refused an answer, for example because the person blocked the bot: nobody is left to tell.
            log.warning("Telegram từ chối tin nhắn: %s: %s", type(error).__name__, error.message)
            return
        log.error("Lỗi khi xử lý tin nhắn Telegram", exc_info=error)
        found = incoming(update, self._bot.bot) if isinstance(update, Update) else None
        if found is not None:
            with suppress(TelegramError, Postponed):
                await self._sender.send(found[1], OutgoingMessage(OUTCOMES[Outcome.FAILED]))


async def _acknowledge(query: CallbackQuery) -> None:
    """End the button's waiting mark. A press from before a restart may be too old for it, which does not matter."""
    with suppress(TelegramError):
        await query.answer()
