from __future__ import annotations

import asyncio

import pytest
from sqlalchemy import select

from bot.storage import Storage
from bot.storage.tokens import TokenRow
from tests.bot.storage.conftest import SECRET, Clock


async def test_one_holder_at_a_time(storage: Storage, clock: Clock) -> None:
    leases = storage.leases
    assert sum(await asyncio.gather(*(leases.acquire("poll:telegram", f"host-{n}", 30) for n in range(8)))) == 1
    await leases.release("poll:telegram", "nobody")
    holders = [n for n in range(8) if await leases.acquire("poll:telegram", f"host-{n}", 30)]  # only the holder renews
    assert len(holders) == 1
    assert await leases.acquire("token:zalo", "another", 30)
    clock.now += 31
    assert await leases.acquire("poll:telegram", "another", 30)
    assert not await leases.acquire("poll:telegram", f"host-{holders[0]}", 30)
    await leases.release("poll:telegram", "another")
    assert await leases.acquire("poll:telegram", "third", 30)


async def test_a_clock_set_back_holds_no_lease_for_ever(storage: Storage, clock: Clock) -> None:
    assert await storage.leases.acquire("poll:telegram", "host-1", 30)
    clock.now -= 86_400
    assert await storage.leases.acquire("poll:telegram", "host-2", 30)


async def test_pairs_of_tokens(storage: Storage, database_url: str, caplog: pytest.LogCaptureFixture) -> None:
    tokens = storage.tokens
    assert await tokens.load("zalo") is None and await tokens.previous("zalo") is None
    for n in (1, 2, 3):
        await tokens.save("zalo", {"access_token": f"bí mật {n}", "expires": n})
    assert await tokens.load("zalo") == {"access_token": "bí mật 3", "expires": 3}
    assert await tokens.previous("zalo") == {"access_token": "bí mật 2", "expires": 2}
    [stored] = await storage._database.rows(select(TokenRow.pair, TokenRow.previous))
    assert "access" not in stored.pair and "access" not in (stored.previous or "")
    other = Storage(database_url, secret=SECRET + "!")
    assert await other.tokens.load("zalo") is None
    assert "khôi phục khóa cũ" in caplog.text
    await other.close()
