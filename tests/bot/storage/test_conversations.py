from __future__ import annotations

import asyncio
from dataclasses import replace

import pytest
from sqlalchemy import update

from bot.storage import Storage
from bot.storage.conversations import ConversationRow
from bot.types import Intent, Option, State
from tests.bot.storage.conftest import Clock

STATE = State("Tiền Giang", "câu hỏi", "procedure/1", Intent.FEE, (Option("một", "procedure/1", None, Intent.FEE),), (Option("hai"),))


async def test_conversations_are_kept_apart(storage: Storage) -> None:
    conversations = storage.conversations
    assert await conversations.load("telegram", "1") == State()
    await conversations.save("telegram", "1", State(province="Huế"))
    await conversations.save("telegram", "1", STATE)
    await conversations.save("zalo", "1", State(province="Hà Nội"))
    assert await conversations.load("telegram", "1") == STATE
    assert (await conversations.load("zalo", "1")).province == "Hà Nội"
    await conversations.forget("telegram", "1")
    assert await conversations.load("telegram", "1") == State()


@pytest.mark.parametrize("foreign", ["{}", "[]", "không phải json", '{"intent": "xyz"}', "null"])
async def test_a_foreign_state_is_a_fresh_one(storage: Storage, foreign: str) -> None:
    await storage.conversations.save("telegram", "1", STATE)
    await storage._database.change(update(ConversationRow).values(state=foreign))
    assert await storage.conversations.load("telegram", "1") == State()


async def test_what_a_person_wrote_is_masked(storage: Storage) -> None:
    await storage.conversations.save("telegram", "1", replace(STATE, question="số tôi là 0912345678"))
    assert (await storage.conversations.load("telegram", "1")).question == "số tôi là [số điện thoại]"


async def test_old_conversations_go(storage: Storage, clock: Clock) -> None:
    await storage.conversations.save("telegram", "old", STATE)
    clock.now += 31 * 86_400
    await storage.conversations.save("telegram", "new", STATE)
    assert await storage.conversations.prune(30) == 1
    assert await storage.conversations.load("telegram", "old") == State()
    assert await storage.conversations.load("telegram", "new") == STATE


async def test_many_writers_at_once(storage: Storage) -> None:
    await asyncio.gather(*(storage.conversations.save("telegram", str(i % 7), STATE) for i in range(60)))
    taken = await asyncio.gather(*(storage.inbox.accept("telegram", str(i % 20), {}) for i in range(60)))
    assert sum(taken) == 20
