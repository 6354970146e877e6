from __future__ import annotations

import asyncio
import sqlite3
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage import MOST_ATTEMPTS, Storage
from bot.types import Intent, Option, State

STATE = State("Tiền Giang", "câu hỏi", "procedure/1", Intent.FEE, (Option("một", "procedure/1", None, Intent.FEE),), (Option("hai"),))


class Clock:
    now = 1_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def storage(tmp_path: Path, clock: Clock) -> AsyncIterator[Storage]:
    storage = Storage(f"sqlite+aiosqlite:///{tmp_path}/new/bot.sqlite3", clock)
    await storage.open()
    yield storage
    await storage.close()


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
async def test_a_foreign_state_is_a_fresh_one(storage: Storage, tmp_path: Path, foreign: str) -> None:
    await storage.conversations.save("telegram", "1", STATE)
    with sqlite3.connect(tmp_path / "new" / "bot.sqlite3") as connection:
        connection.execute("update conversations set state = ?", (foreign,))
    assert await storage.conversations.load("telegram", "1") == State()


async def test_old_conversations_and_updates_go(storage: Storage, clock: Clock) -> None:
    await storage.conversations.save("telegram", "old", STATE)
    await storage.inbox.accept("telegram", "1", {"a": 1})
    clock.now += 31 * 86_400
    await storage.conversations.save("telegram", "new", STATE)
    assert await storage.conversations.prune(30) == 1
    assert await storage.inbox.prune(3) == 1
    assert await storage.conversations.load("telegram", "old") == State()
    assert await storage.conversations.load("telegram", "new") == STATE
    assert await storage.inbox.accept("telegram", "1", {"a": 1})


async def test_updates_are_accepted_once_and_taken_up_again_until_finished(storage: Storage) -> None:
    inbox = storage.inbox
    assert [await inbox.accept("telegram", str(i), {"n": i}) for i in (9, 10, 9)] == [True, True, False]
    assert await inbox.accept("zalo", "9", {"n": 0})
    assert await inbox.unfinished("telegram") == [{"n": 9}, {"n": 10}]
    await inbox.finish("telegram", "9")
    assert await inbox.unfinished("telegram") == [{"n": 10}]
    assert not await inbox.accept("telegram", "9", {"n": 9})


async def test_an_update_that_never_finishes_is_given_up(storage: Storage) -> None:
    await storage.inbox.accept("telegram", "1", {"n": 1})
    for _ in range(MOST_ATTEMPTS):
        assert await storage.inbox.try_again("telegram", "1")
        assert await storage.inbox.unfinished("telegram")
    assert not await storage.inbox.try_again("telegram", "1")
    assert await storage.inbox.unfinished("telegram") == []


async def test_contents_are_forgotten_when_answered(storage: Storage, tmp_path: Path) -> None:
    await storage.inbox.accept("telegram", "1", {"text": "riêng tư"})
    await storage.inbox.finish("telegram", "1")
    with sqlite3.connect(tmp_path / "new" / "bot.sqlite3") as connection:
        assert connection.execute("select payload from updates").fetchall() == [(None,)]
        assert connection.execute("pragma journal_mode").fetchone() == ("wal",)


async def test_many_writers_at_once(storage: Storage) -> None:
    await asyncio.gather(*(storage.conversations.save("telegram", str(i % 7), STATE) for i in range(60)))
    taken = await asyncio.gather(*(storage.inbox.accept("telegram", str(i % 20), {}) for i in range(60)))
    assert sum(taken) == 20
