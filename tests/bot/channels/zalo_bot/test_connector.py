from __future__ import annotations

import logging
from collections.abc import AsyncIterator

import pytest

from bot.channels.base import Button, Refused, RetryLater
from bot.channels.http import Http
from bot.channels.zalo_bot.client import ZaloBotApi
from bot.channels.zalo_bot.connector import ZaloBotConnector
from evaluation.imitations.failures import Broken, Hanging, Refusing, TooMany
from evaluation.imitations.zalo_bot import TOKEN, FakeZaloBot


@pytest.fixture
async def zalo() -> AsyncIterator[FakeZaloBot]:
    async with FakeZaloBot().serving() as server:
        yield server


@pytest.fixture
async def connector(zalo: FakeZaloBot) -> AsyncIterator[ZaloBotConnector]:
    async with Http(2.0) as http:
        yield ZaloBotConnector(ZaloBotApi(http, zalo.url, TOKEN))


async def test_plain_text_with_numbered_choices(zalo: FakeZaloBot, connector: ZaloBotConnector) -> None:
    await connector.send("c1", "Trả lời.", ((Button("Giấy tờ", "f:1:aa"), Button("Lệ phí", "f:2:aa")),), "m1")
    await connector.show_typing("c1")
    assert zalo.calls == [
        ("sendMessage", {"chat_id": "c1", "text": "Trả lời.\n\nHỏi thêm: 1. Giấy tờ · 2. Lệ phí"}),
        ("sendChatAction", {"chat_id": "c1", "action": "typing"}),
    ]


@pytest.mark.parametrize("failure", [Broken(), Broken(200), Hanging(30.0), Refusing(500, "internal")])
async def test_out_of_order(zalo: FakeZaloBot, connector: ZaloBotConnector, failure: Broken | Hanging | Refusing) -> None:
    zalo.failures.append(failure)
    with pytest.raises(RetryLater) as raised:
        await connector.send("c1", "Chào", ())
    assert TOKEN not in repr(raised.value) and raised.value.__cause__ is None
    await connector.send("c1", "Chào", ())
    assert zalo.texts() == ["Chào"]


async def test_a_quota_is_not_run_against(zalo: FakeZaloBot, connector: ZaloBotConnector, caplog: pytest.LogCaptureFixture) -> None:
    zalo.failures.extend([TooMany(), TooMany(), Refusing(429, "Quota exceeded")])
    waits = []
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            with pytest.raises(RetryLater) as raised:
                await connector.send("c1", "Chào", ())
            waits.append(raised.value.seconds)
        await connector.send("c1", "Chào", ())
    assert waits == [60.0, 120.0, 240.0]
    assert caplog.text.count("3.000 tin mỗi tháng") == 1
    zalo.failures.append(TooMany())
    with pytest.raises(RetryLater) as raised:
        await connector.send("c1", "Chào", ())
    assert raised.value.seconds == 60.0  # it had worked in between


@pytest.mark.parametrize("code", [400, 403, 404])
async def test_not_ok_under_200_is_a_refusal(zalo: FakeZaloBot, connector: ZaloBotConnector, code: int) -> None:
    zalo.failures.append(Refusing(code, "chat not found"))
    with pytest.raises(Refused, match=str(code)):
        await connector.send("c1", "Chào", ())
    assert zalo.calls == []


async def test_a_wrong_token_is_told_once_and_loses_nothing(zalo: FakeZaloBot, caplog: pytest.LogCaptureFixture) -> None:
    async with Http(2.0) as http:
        wrong = ZaloBotConnector(ZaloBotApi(http, zalo.url, "1:sai"))
        for _ in range(2):
            with pytest.raises(RetryLater):
                await wrong.send("c1", "Chào", ())
    assert caplog.text.count("BOT_ZALO_BOT_TOKEN") == 1 and "1:sai" not in caplog.text
