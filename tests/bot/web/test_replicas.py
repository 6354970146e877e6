"""Two programs behind a balancer, on one database: the messages of a conversation are answered one after another all the same."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import replace

import httpx
import pytest

from bot.service import AnswerService, Loaded
from bot.storage import Level, Notice, Storage
from bot.types import Reply, State
from bot.web.api import create_app
from bot.web.page import make_router
from tests.fakes.assistant import StubAssistant, stub
from tests.fakes.databases import database_url, postgresql, prepared  # noqa: F401  (fixtures)
from tests.waiting import PATIENCE


class Gate(StubAssistant):
    """``chờ`` waits until it is let through."""

    def __init__(self) -> None:
        self.reached, self.open = threading.Event(), threading.Event()

    def reply(self, text: str, state: State | None = None, now: float | None = None) -> Reply:
        if text == "chờ":
            self.reached.set()
            self.open.wait(PATIENCE)
        return super().reply(text, state, now)


@pytest.fixture
def gate() -> Gate:
    return Gate()


@pytest.fixture
async def replicas(database_url: str, gate: Gate) -> AsyncIterator[list[httpx.AsyncClient]]:  # noqa: F811
    def load() -> Loaded:
        return replace(stub(), assistant=gate)

    async with AsyncExitStack() as stack:
        clients = []
        for _ in range(2):
            storage = Storage(database_url, secret="shared by all of them")
            await storage.open()
            stack.push_async_callback(storage.close)
            service = AnswerService(storage, load, lambda: "v1")
            await service.open()
            app = create_app(service, routers=[make_router(service)])
            client = httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")
            clients.append(await stack.enter_async_context(client))
        yield clients
        gate.open.set()


async def ask(client: httpx.AsyncClient, text: str, message: str | None = None) -> str:
    response = await client.post("/web/ask", json={"text": text, "conversation": "c-1", "message": message})
    assert response.status_code == 200, response.text
    return str(response.json()["answer"])


async def test_each_message_is_answered_on_the_state_the_one_before_left(replicas: list[httpx.AsyncClient]) -> None:
    answers = await asyncio.gather(*(ask(replicas[n % 2], "tin") for n in range(12)))
    assert sorted(answers, key=lambda a: int(a.split(":")[0])) == [f"{n}: tin" for n in range(1, 13)]


async def test_a_message_sent_to_both_is_answered_once(replicas: list[httpx.AsyncClient]) -> None:
    for number in range(4):
        both = await asyncio.gather(*(ask(client, "tin", f"m-{number}") for client in replicas))
        assert both == [f"{number + 1}: tin"] * 2


async def test_a_slow_turn_does_not_undo_a_quick_one(replicas: list[httpx.AsyncClient], gate: Gate) -> None:
    slow = asyncio.create_task(ask(replicas[0], "chờ"))
    await asyncio.to_thread(gate.reached.wait, PATIENCE)
    assert await ask(replicas[1], "nhanh") == "1: nhanh"
    gate.open.set()
    assert await slow == "2: chờ"


async def test_what_was_erased_meanwhile_does_not_come_back(replicas: list[httpx.AsyncClient], gate: Gate) -> None:
    assert await ask(replicas[0], "một") == "1: một"
    slow = asyncio.create_task(ask(replicas[0], "chờ"))
    await asyncio.to_thread(gate.reached.wait, PATIENCE)
    assert (await replicas[1].delete("/web/conversations/c-1")).status_code == 204
    assert await ask(replicas[1], "mới") == "1: mới"
    gate.open.set()
    assert await slow == "2: chờ", "on the conversation as it is now"


async def test_a_notice_is_shown_once_whoever_answers(replicas: list[httpx.AsyncClient], database_url: str) -> None:  # noqa: F811
    storage = Storage(database_url, secret="shared by all of them")
    await storage.notices.add(Notice("Mưa lũ, trụ sở đóng cửa.", Level.URGENT, 0.0, None, "lan"))
    await storage.close()
    answers = [await ask(replicas[n % 2], "tin") for n in range(3)]
    assert ["Mưa lũ" in answer for answer in answers] == [True, False, False]
    assert [answer.split("\n")[-1] for answer in answers] == ["1: tin", "2: tin", "3: tin"]
