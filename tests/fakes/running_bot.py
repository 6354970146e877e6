"""The Telegram channel over the stub assistant in a process of its own, to be killed: ``python running_bot.py DATABASE_URL BASE_URL``."""

from __future__ import annotations

import asyncio
import signal
import sys

from config.logging import set_up_logging
from evaluation.imitations.telegram import FakeTelegram
from tests.fakes.telegram_channel import QUICK, running


async def main(database_url: str, base_url: str) -> None:
    stop = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stop.set)
    async with running(FakeTelegram(url=base_url), database_url, pace=QUICK):
        await stop.wait()


if __name__ == "__main__":
    set_up_logging("DEBUG")
    asyncio.run(main(*sys.argv[1:]))
