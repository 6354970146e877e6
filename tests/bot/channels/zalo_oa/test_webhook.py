"""The webhook over HTTP: what is let in, what is answered, and in what time."""

from __future__ import annotations

import asyncio
import hashlib
import json
import logging
import time
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

import pytest
from fastapi import FastAPI
from sqlalchemy.exc import OperationalError

from bot.channels.base import Overloaded
from bot.channels.receiving import LARGEST_BODY, Intake
from bot.channels.zalo_oa.webhook import PATH, Account, make_route
from evaluation.imitations.zalo_oa import APP_ID, APP_SECRET, OA_ID, SECRET_KEY, FakeZaloOa
from evaluation.loopback import serving


class Events:
    """Takes events as the runtime does: each id once. ``failing``: what the next attempts raise; ``ready``: until it is set they wait."""

    def __init__(self) -> None:
        self.taken: dict[str, Mapping[str, Any]] = {}
        self.failing: list[Exception] = []
        self.ready = asyncio.Event()
        self.ready.set()

    async def accept(self, channel: str, event_id: str, payload: Mapping[str, Any]) -> bool:
        await self.ready.wait()
        if self.failing:
            raise self.failing.pop(0)
        assert channel == "zalo_oa"
        return self.taken.setdefault(event_id, payload) is payload


@asynccontextmanager
async def webhook(events: Events, *, patience: float = 1.5, key: str = SECRET_KEY, secret: str = APP_SECRET) -> AsyncIterator[FakeZaloOa]:
    app = FastAPI()
    intake = Intake("zalo_oa", events, patience=patience)
    app.routes.append(make_route(Account(APP_ID, OA_ID, key, secret), intake))
    async with serving(app) as url:
        yield FakeZaloOa(webhook=url + PATH)
        await intake.drain()


@pytest.mark.parametrize("prefix", ["mac=", ""])
@pytest.mark.parametrize("upper", [False, True])
@pytest.mark.parametrize("in_header", [False, True])
async def test_every_form_of_signature(prefix: str, upper: bool, in_header: bool) -> None:
    events = Events()
    async with webhook(events) as zalo:
        stamp = str(int(time.time() * 1000) + 5) if in_header else None
        assert await zalo.deliver(zalo.text("chào"), prefix=prefix, upper=upper, header_time=stamp) == 200
    assert len(events.taken) == 1


async def test_a_header_that_was_not_signed_does_not_hide_the_body_s_time() -> None:
    events = Events()
    async with webhook(events) as zalo:
        event = zalo.text("chào")
        raw = json.dumps(event, ensure_ascii=False).encode()
        made = hashlib.sha256(APP_ID.encode() + raw + event["timestamp"].encode() + SECRET_KEY.encode()).hexdigest()
        assert await zalo.deliver(event, signature=f"mac={made}", header_time="123") == 200
    assert len(events.taken) == 1


async def test_forged_events_are_refused() -> None:
    events = Events()
    async with webhook(events) as zalo:
        event = zalo.text("chào")
        assert await zalo.deliver(event, key="khong-phai-khoa") == 401
        assert await zalo.deliver(event, signature="mac=" + "0" * 64) == 401
        assert await zalo.deliver(event, signature="rac") == 401
        assert await zalo.deliver(event | {"app_id": "999"}) == 401  # signed, but of another application
        assert await zalo.deliver(b"[1, 2]", signature="mac=" + "0" * 64) == 401
    assert events.taken == {}


async def test_the_console_s_probe_is_answered_and_dropped() -> None:
    events = Events()
    async with webhook(events) as zalo:
        assert await zalo.deliver(b"", signature=None) == 200
        assert await zalo.deliver(b"{}", signature=None) == 200
        assert await zalo.deliver(zalo.text("chào"), signature=None) == 200
    assert events.taken == {}


async def test_swapped_keys_are_recognised(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        async with webhook(Events(), key=APP_SECRET, secret=SECRET_KEY) as zalo:
            assert await zalo.deliver(zalo.text("chào"), key="nguoi-la") == 401, "a stranger's comes first"
            assert await zalo.deliver(zalo.text("chào")) == 401
            assert await zalo.deliver(zalo.text("chào")) == 401
    assert caplog.text.count("hai khóa bị đặt nhầm chỗ") == 1
    assert APP_SECRET not in caplog.text and SECRET_KEY not in caplog.text


async def test_repeats_and_events_out_of_order() -> None:
    events = Events()
    async with webhook(events) as zalo:
        hours_ago = zalo.text("hai giờ trước") | {"timestamp": str(int((time.time() - 1.95 * 3600) * 1000))}
        for event in (zalo.text("mới"), hours_ago, hours_ago):
            assert await zalo.deliver(event) == 200
    assert [e["message"]["text"] for e in events.taken.values()] == ["mới", "hai giờ trước"]


async def test_too_old_or_from_the_future_is_dropped() -> None:
    events = Events()
    async with webhook(events) as zalo:
        for hours in (-4, 1):
            event = zalo.text("x") | {"timestamp": str(int((time.time() + hours * 3600) * 1000))}
            assert await zalo.deliver(event) == 200
    assert events.taken == {}


async def test_what_is_of_no_use_is_acknowledged(caplog: pytest.LogCaptureFixture) -> None:
    events = Events()
    with caplog.at_level(logging.INFO):
        async with webhook(events) as zalo:
            assert await zalo.deliver(zalo.event("su_kien_moi", info={"phone": "0912345678"})) == 200
            assert await zalo.deliver(zalo.text("x") | {"recipient": {"id": "555"}}) == 200
    assert events.taken == {}
    assert "su_kien_moi" in caplog.text and "0912345678" not in caplog.text


async def test_acknowledged_in_time_while_the_database_is_slow() -> None:
    events = Events()
    events.ready.clear()
    async with webhook(events, patience=0.05) as zalo:
        assert await zalo.deliver(zalo.text("chào")) == 200
        assert events.taken == {}
        events.ready.set()
    assert len(events.taken) == 1


async def test_what_could_not_be_kept_is_asked_for_again() -> None:
    events = Events()
    events.failing = [OperationalError("insert", {}, OSError("disk full")), Overloaded()]
    async with webhook(events) as zalo:
        event = zalo.text("chào")
        assert [await zalo.deliver(event) for _ in range(3)] == [503, 503, 200]
    assert len(events.taken) == 1


async def test_acknowledged_and_then_not_kept_is_tried_harder() -> None:
    events = Events()
    events.failing = [OperationalError("insert", {}, OSError("locked"))]
    events.ready.clear()
    async with webhook(events, patience=0.05) as zalo:
        assert await zalo.deliver(zalo.text("chào")) == 200
        events.ready.set()
    assert len(events.taken) == 1


async def test_bodies_have_a_limit() -> None:
    events = Events()
    async with webhook(events) as zalo:
        assert await zalo.deliver(b"x" * (LARGEST_BODY + 1), signature="mac=" + "0" * 64) == 413
        assert await zalo.deliver(b"[" * 20_000, signature="mac=" + "0" * 64) == 401
    assert events.taken == {}
