"""A running Telegram channel over the stub assistant: runtime, polling or webhook, as the program puts them together."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from bot.channels.assembly import Chat, Plan, Receiver, assemble
from bot.channels.base import Receives
from bot.channels.runtime import Limits
from bot.channels.telegram import TelegramConnector
from bot.channels.telegram_polling import TelegramPolling
from bot.channels.telegram_webhook import TelegramWebhook
from bot.handover.desk import Desk
from bot.service import AnswerService, Loaded
from bot.storage import Storage
from evaluation.imitations.running import SECRET, at_work, opened
from evaluation.imitations.telegram import TOKEN, FakeTelegram
from tests.fakes.assistant import stub


@dataclass(frozen=True)
class Pace:
    """Seconds: ``timeout`` of a call, ``poll`` of a request for updates, ``part`` between messages, ``retry`` before the first
    repeat."""

    timeout: float = 8.0
    poll: int = 1
    part: float = 0.0
    retry: float = 0.05


QUICK = Pace()


@dataclass
class Channel:
    """What tests look into."""

    storage: Storage
    service: AnswerService
    chat: Chat
    receiving: asyncio.Task[None]


def sqlite(folder: Path) -> str:
    """The address of a database in ``folder``."""
    return f"sqlite+aiosqlite:///{folder}/bot.sqlite3"


@asynccontextmanager
async def running(
    telegram: FakeTelegram,
    database: str,
    *,
    loaded: Loaded | None = None,
    token: str = TOKEN,
    pace: Pace = QUICK,
    limits: Limits | None = None,
    holder: str = "one",
    desk: Desk | None = None,
    webhook: str = "",
) -> AsyncIterator[Channel]:
    """Runs until the end of the body, then stops as SIGTERM would. ``webhook``: the address for updates; none: it polls."""
    connector = TelegramConnector(token, telegram.url, part_pause=pace.part, per_second=1000, timeout=pace.timeout, first_retry=pace.retry)

    def serves(storage: Storage) -> AnswerService:
        return AnswerService(storage, lambda: loaded or stub(), lambda: "v1", desk=desk)

    quick = Limits(first_retry=pace.retry, look_every=0.05, a_minute=1000)
    async with opened(database, serves) as (service, storage):

        def receiver(runtime: Receives) -> Receiver:
            if webhook:
                delivered = TelegramWebhook(connector, runtime, webhook, SECRET)
                return delivered, delivered.route()
            return TelegramPolling(connector, runtime, storage.leases, holder, poll=pace.poll, first_retry=pace.retry), None

        chat = assemble([Plan(connector, receiver)], service, storage, holder, limits or quick)
        async with at_work(chat) as tasks:
            yield Channel(storage, service, chat, tasks[0])
