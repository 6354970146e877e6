"""The Telegram channel over the stub assistant in a process of its own, to be killed: ``python running_bot.py DATABASE_URL BASE_URL``."""

from __future__ import annotations

import asyncio
import signal
import sys

from bot.channels.telegram import Pace, TelegramChannel
from bot.service import AnswerService
from bot.storage import Storage
from config.logging import set_up_logging
from tests.fakes.assistant import stub
from tests.fakes.telegram_server import TOKEN


async def main(database_url: str, base_url: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    storage = Storage(database_url)
    await storage.open()
    service = AnswerService(storage.conversations, stub, lambda: "v1")
    await service.open()
    await TelegramChannel(TOKEN, service, storage.inbox, base_url, Pace(timeout=10, poll=1, part=0, first_retry=0.1)).run(stop)
    await storage.close()


if __name__ == "__main__":
    set_up_logging("DEBUG")
    asyncio.run(main(*sys.argv[1:]))
