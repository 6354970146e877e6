"""Tokens in the database: shared by processes, previous pair kept, one refresher at a time."""

from __future__ import annotations

import asyncio
from pathlib import Path

from bot.channels.zalo_oa.oauth import Pair
from bot.channels.zalo_oa.token_store import StoredTokens
from bot.channels.zalo_oa.tokens import Kept, TokenKeeper
from bot.storage import Storage
from evaluation.imitations.running import SECRET
from tests.bot.channels.zalo_oa.conftest import Setting

OLD, NEW = Pair("a-0", "r-0", 1.0), Pair("a-1", "r-1", 2.0)


async def test_the_pair_and_the_one_before(tmp_path: Path) -> None:
    database = f"sqlite+aiosqlite:///{tmp_path}/bot.sqlite3"
    for _ in range(2):  # the second time after a restart
        storage = Storage(database, secret=SECRET)
        await storage.open()
        tokens = StoredTokens(storage.tokens, storage.leases, "123", "one")
        if await tokens.load() is None:
            await tokens.save(OLD)
            assert await tokens.load() == Kept(OLD)
            await tokens.save(NEW)
        assert await tokens.load() == Kept(NEW, OLD)
        assert await StoredTokens(storage.tokens, storage.leases, "456", "one").load() is None
        await storage.close()
    assert b"r-1" not in (tmp_path / "bot.sqlite3").read_bytes()


async def test_one_process_at_a_time(tmp_path: Path) -> None:
    storages = [Storage(f"sqlite+aiosqlite:///{tmp_path}/bot.sqlite3", secret=SECRET) for _ in range(2)]
    for storage in storages:
        await storage.open()
    one, two = (StoredTokens(s.tokens, s.leases, "123", holder) for s, holder in zip(storages, ("one", "two"), strict=True))
    async with one.lease() as first, two.lease() as second:
        assert (first, second) == (True, False)
    async with two.lease() as second:
        assert second
    for storage in storages:
        await storage.close()


async def test_replicas_on_one_database_refresh_once(setting: Setting, tmp_path: Path) -> None:
    storages = [Storage(f"sqlite+aiosqlite:///{tmp_path}/bot.sqlite3", secret=SECRET) for _ in range(3)]
    for storage in storages:
        await storage.open()
    stores = [StoredTokens(s.tokens, s.leases, "123", f"replica {i}") for i, s in enumerate(storages)]
    await stores[0].save(Pair(setting.zalo.access, setting.zalo.refresh, 4e9))
    setting.zalo.expire()
    keepers = [TokenKeeper(store, setting.oauth) for store in stores]
    assert set(await asyncio.gather(*(k.after_refusal("access-0") for k in keepers for _ in range(2)))) == {setting.zalo.access}
    assert setting.zalo.refreshes == ["refresh-0"]
    for storage in storages:
        await storage.close()
