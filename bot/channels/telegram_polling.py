"""Receiving from Telegram by long polling: one replica at a time, by lease."""

from __future__ import annotations

import asyncio
import logging

from telegram import Update
from telegram.error import Conflict, InvalidToken, RetryAfter, TelegramError

from bot.channels.base import Channel, ChannelError, Overloaded, Receives, wait_unless
from bot.channels.leading import Leases, lead
from bot.channels.telegram import LONGEST_PAUSE, NAME, WRONG_TOKEN, TelegramConnector, pause_of, unless_stopped
from bot.channels.telegram_updates import RECEIVED
from bot.storage import StorageError, named

log = logging.getLogger(__name__)

ALREADY_RUNNING = "có chương trình khác đang nhận tin bằng cùng token; chỉ được chạy một"


class TelegramPolling(Channel):
    """Asks Telegram for updates and hands them to the runtime."""

    name = NAME

    def __init__(
        self, connector: TelegramConnector, runtime: Receives, leases: Leases, holder: str, *, poll: int = 30, first_retry: float = 1.0
    ) -> None:
        """
        Args:
            connector: begun and closed here.
            runtime: takes the updates.
            leases: says which replica polls.
            holder: this replica.
            poll: seconds a request for updates stays open.
            first_retry: seconds before the first repeat after an error.
        """
        self._connector, self._runtime, self._leases, self._holder = connector, runtime, leases, holder
        self._poll_seconds, self._first_retry = poll, first_retry

    async def run(self, stop: asyncio.Event) -> None:
        """See :meth:`Channel.run`. While Telegram is out of reach it keeps trying."""
        if await self._connector.begin(stop):
            await self._connector.introduce()
            await lead(self._leases, f"{NAME}:polling", self._holder, self._poll, stop)

    async def _poll(self, stop: asyncio.Event) -> None:
        """Receive updates until told to stop."""
        bot = self._connector.bot
        if not await self._connector.insist(lambda: bot.delete_webhook(drop_pending_updates=False), stop):
            return
        log.info("Telegram: @%s đang nhận tin", bot.username)
        offset: int | None = None
        pause = 0.0  # before the next request after an error; doubles while errors follow each other
        while True:
            try:
                request = bot.get_updates(offset, timeout=self._poll_seconds, allowed_updates=RECEIVED)
                updates = await unless_stopped(request, stop)
                if not isinstance(updates, tuple):
                    return
                for update in updates:
                    await self._keep(update)
                    # Telegram forgets an update when a later offset is asked for: never before it is written down.
                    offset = update.update_id + 1
                pause = 0.0
                continue
            except InvalidToken:
                raise ChannelError(WRONG_TOKEN) from None  # the original message holds the token
            except RetryAfter as error:
                wait = pause_of(error)
            except (TelegramError, StorageError, Overloaded) as error:
                wait = pause = min(max(self._first_retry, 2 * pause), LONGEST_PAUSE)
                reason = ALREADY_RUNNING if isinstance(error, Conflict) else named(error)
                level = logging.ERROR if isinstance(error, StorageError) else logging.WARNING
                log.log(level, "Không nhận được tin từ Telegram, thử lại sau %.1f giây: %s", wait, reason)
            if await wait_unless(stop, wait):
                return

    async def _keep(self, update: Update) -> None:
        await self._runtime.accept(NAME, str(update.update_id), update.to_dict())
