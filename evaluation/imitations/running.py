"""A chat channel over its imitation, put together as the program does it, with quick pauses."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import TypeVar

from fastapi import FastAPI

from bot.channels.assembly import Chat, Plan, assemble
from bot.channels.runtime import Limits
from bot.channels.webhooks import WithWebhooks
from bot.service import AnswerService, Loaded
from bot.storage import Storage
from evaluation.loopback import serving

STOPPING = 30.0
"""Seconds until what was told to stop must have ended. Much more than is needed."""
SECRET = "k" * 32
"""Of the databases, so that processes and replicas read each other's rows."""

QUICK = Limits(first_retry=0.05, look_every=0.05, a_minute=100_000)


Service = TypeVar("Service", bound=AnswerService)


def serves(loaded: Loaded) -> Callable[[Storage], AnswerService]:
    """A service over ``loaded``."""
    return lambda storage: AnswerService(storage, lambda: loaded, lambda: loaded.version)


@asynccontextmanager
async def opened(database: str, make: Callable[[Storage], Service]) -> AsyncIterator[tuple[Service, Storage]]:
    """A service on a database."""
    storage = Storage(database, secret=SECRET)
    await storage.open()
    service = make(storage)
    await service.open()
    try:
        yield service, storage
    finally:
        await storage.close()


@asynccontextmanager
async def at_work(chat: Chat) -> AsyncIterator[list[asyncio.Task[None]]]:
    """The channel receives and sends until the end of the body, then stops as SIGTERM would; gives the tasks, those of its receivers
    first."""
    stop = asyncio.Event()
    tasks = [asyncio.create_task(part.run(stop)) for part in (*chat.receivers, chat.runtime)]
    try:
        yield tasks
    finally:
        stop.set()
        await asyncio.wait(tasks, timeout=STOPPING)
        assert all(task.done() for task in tasks)
        await chat.close()


@asynccontextmanager
async def running(
    service: AnswerService, storage: Storage, plan: Callable[[Storage], Plan], holder: str = "one", limits: Limits = QUICK
) -> AsyncIterator[tuple[Chat, str]]:
    """Runs until the end of the body, then stops as SIGTERM would; gives the channel and the address of its routes."""
    chat = assemble([plan(storage)], service, storage, holder, limits)
    async with serving(WithWebhooks(FastAPI(), chat.routes)) as url, at_work(chat):
        yield chat, url
