"""Telegram's webhook: who gets in, what is kept, what is answered."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import httpx
import pytest
from fastapi import FastAPI
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.channels.base import ChannelError
from bot.channels.runtime import Limits
from bot.channels.telegram_webhook import LARGEST_UPDATE, PATH
from bot.channels.webhooks import WithWebhooks
from evaluation.imitations.failures import Refusing
from evaluation.imitations.telegram import FakeTelegram
from tests.fakes.telegram_channel import SECRET, Channel, running, sqlite
from tests.waiting import PATIENCE, until

URL = "https://hoidap.example.vn" + PATH
OURS = {"X-Telegram-Bot-Api-Secret-Token": SECRET}


def client(channel: Channel) -> httpx.AsyncClient:
    app = WithWebhooks(FastAPI(), channel.chat.routes)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot")


def update(telegram: FakeTelegram, text: str, number: int, chat: int = 42) -> dict[str, Any]:
    return {"update_id": number, **telegram.message(text, chat)}


def _message(change: bytes) -> bytes:
    """A message with one field changed to what Telegram never sends."""
    chat = b'"date": 1790000000, "chat": {"id": 42, "type": "private"}, "from": {"id": 42, "is_bot": false, "first_name": "An"}'
    return b'{"update_id": 7, "message": {"message_id": 1, "text": "x", ' + chat + b", " + change + b"}}"


async def registered(telegram: FakeTelegram) -> dict[str, Any]:
    return (await until(lambda: telegram.done("setWebhook")))[0]


async def test_an_update_is_acknowledged_at_once_and_answered_once(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, sqlite(tmp_path), webhook=URL) as channel, client(channel) as web:
        told = await registered(telegram)
        assert (told["url"], told["secret_token"]) == (URL, SECRET)
        assert "drop_pending_updates" not in told or not told["drop_pending_updates"]
        for number in (1, 2, 1, 2, 2):
            assert (await web.post(PATH, json=update(telegram, f"tin {number}", number), headers=OURS)).status_code == 200
        assert await telegram.wait_for(2) == ["1: tin 1", "2: tin 2"]
        await asyncio.sleep(0.2)
        assert len(telegram.texts()) == 2
    assert not telegram.done("getUpdates")


@pytest.mark.parametrize("headers", [{}, {"X-Telegram-Bot-Api-Secret-Token": ""}, {"X-Telegram-Bot-Api-Secret-Token": SECRET + "x"}])
async def test_without_the_secret_nobody_gets_in(telegram: FakeTelegram, tmp_path: Path, headers: dict[str, str]) -> None:
    async with running(telegram, sqlite(tmp_path), webhook=URL) as channel, client(channel) as web:
        await registered(telegram)
        assert (await web.post(PATH, json=update(telegram, "giả", 1), headers=headers)).status_code == 403
        assert (await channel.storage.inbox.waiting()).count == 0
        await asyncio.sleep(0.1)
    assert telegram.texts() == []


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"", 400),
        (b"khong phai json", 400),
        (b"[" * 100_000, 400),
        (b"[]", 400),
        (b'{"update_id": true}', 400),
        (b'{"update_id": -1}', 400),
        (b'{"update_id": "7"}', 400),
        (b'{"update_id": 1' + b"0" * 30 + b"}", 400),
        (b"\xff\xfe", 400),
        (b" " * (LARGEST_UPDATE + 1), 413),
        (b'{"update_id": 7}', 200),
        (b'{"update_id": 7, "message": 3}', 200),
        (b'{"update_id": 7, "message": {"message_id": "x", "chat": {}}}', 200),
        (b'{"update_id": 7, "callback_query": {"id": 1}}', 200),
        (_message(b'"date": 1e300'), 200),
        (_message(b'"date": 9223372036854775807'), 200),
        (_message(b'"text": ["x"]'), 200),
        (_message(b'"chat": {"id": "abc", "type": "private"}'), 200),
    ],
)
async def test_foreign_bodies_are_refused_or_dropped(telegram: FakeTelegram, tmp_path: Path, body: bytes, status: int) -> None:
    async with running(telegram, sqlite(tmp_path), webhook=URL) as channel, client(channel) as web:
        await registered(telegram)
        assert (await web.post(PATH, content=body, headers=OURS)).status_code == status
        assert (await web.post(PATH, json=update(telegram, "còn sống", 8), headers=OURS)).status_code == 200
        assert await telegram.wait_for(1) == ["1: còn sống"]


async def test_half_of_a_character_does_no_harm(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, sqlite(tmp_path), webhook=URL) as channel, client(channel) as web:
        await registered(telegram)
        body = json.dumps(update(telegram, "nửa \ud800 chữ", 1))
        assert (await web.post(PATH, content=body, headers=OURS)).status_code == 200
        assert await telegram.wait_for(1) == ["1: nửa \ufffd chữ"]


async def test_too_much_waiting_is_delivered_again_later(telegram: FakeTelegram, tmp_path: Path) -> None:
    full = Limits(most_waiting=0)
    async with running(telegram, sqlite(tmp_path), webhook=URL, limits=full) as channel, client(channel) as web:
        await registered(telegram)

        async def refused() -> bool:
            return (await web.post(PATH, json=update(telegram, "đông quá", 1), headers=OURS)).status_code == 503

        await until(refused, every=0.05)  # it looks at the queue every two seconds


async def test_other_addresses_are_the_web_applications(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, sqlite(tmp_path), webhook=URL) as channel, client(channel) as web:
        assert (await web.get("/docs")).status_code == 200
        assert (await web.get(PATH)).status_code == 405
        assert (await web.get("/webhooks/openapi.json")).status_code == 404


async def test_an_address_that_telegram_refuses_is_told(telegram: FakeTelegram, tmp_path: Path) -> None:
    telegram.fail("setWebhook", Refusing(400, "Bad Request: bad webhook: HTTPS url must be provided for webhook"))
    async with running(telegram, sqlite(tmp_path), webhook="http://x" + PATH) as channel:
        await asyncio.wait([channel.receiving], timeout=PATIENCE)
        with pytest.raises(ChannelError, match="BOT_TELEGRAM_WEBHOOK_URL"):
            await channel.receiving


async def test_a_layer_around_the_routes_sees_which_one_it_was(telegram: FakeTelegram, tmp_path: Path) -> None:
    seen: list[str] = []

    def around(app: ASGIApp) -> ASGIApp:
        async def layer(scope: Scope, receive: Receive, send: Send) -> None:
            await app(scope, receive, send)
            seen.append(getattr(scope.get("route"), "path", ""))

        return layer

    async with running(telegram, sqlite(tmp_path), webhook=URL) as channel:
        app = WithWebhooks(FastAPI(), channel.chat.routes, around)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://bot") as http:
            assert (await http.post(PATH)).status_code == 403
            assert (await http.get(PATH)).status_code == 405
            assert (await http.post(PATH + "/more")).status_code == 404
    assert seen == [PATH, PATH, ""]
