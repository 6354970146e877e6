"""Receiving by webhook and by polling, over HTTP."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from bot.channels.base import ChannelError
from bot.channels.http import Http
from bot.channels.receiving import LARGEST_BODY, Intake
from bot.channels.zalo_bot.client import ZaloBotApi
from bot.channels.zalo_bot.events import read
from bot.channels.zalo_bot.receivers import PATH, make_route, poll, register
from evaluation.imitations.failures import Broken, Refusing, TooMany
from evaluation.imitations.zalo_bot import SECRET, TOKEN, FakeZaloBot
from evaluation.loopback import serving
from tests.waiting import PATIENCE, until


class Events:
    """Takes events as the runtime does: each id once, what means nothing not at all."""

    def __init__(self) -> None:
        self.taken: dict[str, Mapping[str, Any]] = {}
        self.failing: list[Exception] = []

    async def accept(self, channel: str, event_id: str, payload: Mapping[str, Any]) -> bool:
        assert channel == "zalo_bot"
        if self.failing:
            raise self.failing.pop(0)
        return read(payload) is not None and self.taken.setdefault(event_id, payload) is payload

    def texts(self) -> list[str]:
        return [e["message"]["text"] for e in self.taken.values()]

    async def wait_for(self, number: int) -> list[str]:
        await until(lambda: len(self.taken) >= number)
        return self.texts()


@asynccontextmanager
async def webhook(events: Events) -> AsyncIterator[FakeZaloBot]:
    app = FastAPI()
    app.routes.append(make_route(SECRET, Intake("zalo_bot", events)))
    async with serving(app) as url:
        yield FakeZaloBot(webhook=url + PATH)


@asynccontextmanager
async def polling(zalo: FakeZaloBot, events: Events, token: str = TOKEN) -> AsyncIterator[asyncio.Task[None]]:
    stop = asyncio.Event()
    async with Http(2.0) as http:
        task = asyncio.create_task(poll(ZaloBotApi(http, zalo.url, token), events, stop, wait=1, first_pause=0.01))
        yield task
        stop.set()
        await asyncio.wait([task], timeout=PATIENCE)
        assert task.done()


@pytest.mark.parametrize("wrapped", [False, True])
async def test_both_shapes_once_each(wrapped: bool) -> None:
    events = Events()
    async with webhook(events) as zalo:
        event = zalo.event(text="chào")
        assert await zalo.deliver(event, wrapped=wrapped) == 200
        assert await zalo.deliver(event, wrapped=not wrapped) == 200
    assert events.texts() == ["chào"]


@pytest.mark.parametrize("secret", [None, "", "sai", SECRET + "x", SECRET.upper()])
async def test_the_secret_is_needed(secret: str | None) -> None:
    events = Events()
    async with webhook(events) as zalo:
        assert await zalo.deliver(zalo.event(text="chào"), secret=secret) == 401
    assert events.taken == {}


async def test_foreign_bodies() -> None:
    events = Events()
    async with webhook(events) as zalo:
        for body in (b"", b"null", b"[]", b"{", b"[" * 20_000, b'{"event_name": ["x"]}'):
            assert await zalo.deliver(body) == 200
        assert await zalo.deliver(b"x" * (LARGEST_BODY + 1)) == 413
    assert events.taken == {}


async def test_polling_takes_the_webhook_off_and_every_message_once(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    events = Events()
    async with FakeZaloBot().serving() as zalo, polling(zalo, events):
        for i in range(3):
            zalo.push(zalo.event(text=f"câu {i}"))
        assert await events.wait_for(3) == ["câu 0", "câu 1", "câu 2"]
        assert not zalo.webhook_set
    assert caplog.text.count("đang nhận tin") == 1, "as Telegram says it"


async def test_polling_outlasts_errors() -> None:
    events = Events()
    zalo = FakeZaloBot()
    zalo.poll_failures.extend([Broken(), TooMany(), Refusing(408, "Request timeout"), Refusing(400, "?")])
    async with zalo.serving(), polling(zalo, events):
        zalo.push(zalo.event(text="chào"))
        assert await events.wait_for(1) == ["chào"]


async def test_a_message_that_cannot_be_kept_is_not_lost() -> None:
    events = Events()
    events.failing = [OperationalError("insert", {}, OSError("locked"))] * 3
    async with FakeZaloBot().serving() as zalo, polling(zalo, events):
        zalo.push(zalo.event(text="một"))
        zalo.push(zalo.event(text="hai"))
        assert await events.wait_for(2) == ["một", "hai"]


async def test_a_wrong_token_ends_polling() -> None:
    async with FakeZaloBot().serving() as zalo, polling(zalo, Events(), token="1:sai") as task:
        with pytest.raises(ChannelError, match="BOT_ZALO_BOT_TOKEN"):
            await task


@pytest.mark.parametrize("reachable", [True, False])
async def test_registering_the_webhook(reachable: bool, caplog: pytest.LogCaptureFixture) -> None:
    async with FakeZaloBot(reachable=reachable).serving() as zalo, Http(2.0) as http:
        with caplog.at_level(logging.INFO):
            await register(ZaloBotApi(http, zalo.url, TOKEN), "https://bot.tinh.gov.vn" + PATH, SECRET, asyncio.Event())
        assert zalo.done("setWebhook") == [{"url": "https://bot.tinh.gov.vn" + PATH, "secret_token": SECRET}]
    assert ("Zalo không gọi được webhook" in caplog.text) is not reachable
    assert SECRET not in caplog.text
