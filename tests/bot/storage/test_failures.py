"""A full disk, a database that cannot be written, a server that goes away: clear errors, and nothing half done."""

from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest
from sqlalchemy import event, text
from sqlalchemy.exc import OperationalError

from bot.storage import Part, Storage, StorageError, Turn
from bot.storage.errors import (
    PASSING,
    SecretMissing,
    StorageBusy,
    StorageDamaged,
    StorageFailing,
    StorageFull,
    StorageGone,
    StorageReadOnly,
    StorageRefused,
    explained,
)
from bot.types import State
from evaluation.postgresql import NoServer, running_server
from tests.bot.storage.conftest import SECRET


def sqlite_file(tmp_path: Path) -> str:
    return f"sqlite:///{tmp_path}/bot.sqlite3"


async def test_a_full_disk(tmp_path: Path) -> None:
    storage = Storage(sqlite_file(tmp_path), secret=SECRET)
    await storage.open()
    await storage.inbox.accept("telegram", "1", {"text": "một"}, "a")
    [taken] = await storage.inbox.claim("me")
    engine = storage._database._local
    assert engine is not None
    full = True

    @event.listens_for(engine, "checkout")
    def _limit(connection: sqlite3.Connection, *_: object) -> None:
        connection.execute(f"PRAGMA max_page_count={1 if full else 2**30}")  # not below what is used

    with pytest.raises(StorageFull, match="Giải phóng dung lượng đĩa"):
        await storage.inbox.accept("telegram", "2", {"text": "dài" * 30_000}, "b")
    with pytest.raises(StorageFull):
        await storage.turns.complete(Turn("telegram", "a", State(province="Huế"), (Part("a", "dài" * 30_000),)), taken)
    assert await storage.conversations.load("telegram", "a") == State()
    full = False
    await storage.turns.complete(Turn("telegram", "a", State(province="Huế"), (Part("a", "dài" * 30_000),)), taken)
    assert (await storage.outbox.waiting()).count == 1
    assert await storage._database.read(lambda c: c.execute(text("PRAGMA integrity_check")).scalar_one()) == "ok"
    await storage.close()


async def test_a_database_that_cannot_be_written(tmp_path: Path) -> None:
    storage = Storage(sqlite_file(tmp_path), secret=SECRET)
    await storage.open()
    engine = storage._database._local
    assert engine is not None
    event.listen(engine, "checkout", lambda connection, *_: connection.execute("PRAGMA query_only=ON"))
    with pytest.raises(StorageReadOnly, match="quyền ghi"):
        await storage.inbox.accept("telegram", "1", {}, "a")
    assert (await storage.inbox.waiting()).count == 0
    await storage.close()


async def test_a_path_that_leads_nowhere(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    storage = Storage(f"sqlite:///{tmp_path}/file/bot.sqlite3")
    with pytest.raises(StorageGone, match="Kiểm tra đường dẫn"):
        await storage.open()
    await storage.close()
    storage = Storage(f"sqlite:///{tmp_path}", secret=SECRET)
    with pytest.raises(StorageGone, match="Kiểm tra đường dẫn"):
        await storage.open()
    await storage.close()


async def test_not_a_database(tmp_path: Path) -> None:
    (tmp_path / "bot.sqlite3").write_bytes(b"something else " * 999)
    storage = Storage(sqlite_file(tmp_path), secret=SECRET)
    with pytest.raises(StorageDamaged, match="khôi phục từ bản sao lưu"):
        await storage.open()
    await storage.close()
    assert (tmp_path / "bot.sqlite3").read_bytes().startswith(b"something else")


async def test_somebody_else_writes_for_too_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.storage.database.BUSY_SECONDS", 0.05)
    storage = Storage(sqlite_file(tmp_path), secret=SECRET)
    await storage.open()
    with sqlite3.connect(tmp_path / "bot.sqlite3", isolation_level=None) as other:
        other.execute("BEGIN IMMEDIATE")
        with pytest.raises(StorageBusy, match="đang bận"):
            await storage.inbox.accept("telegram", "1", {}, "a")
        assert (await storage.inbox.waiting()).count == 0  # reading goes on
        other.execute("ROLLBACK")
    assert await storage.inbox.accept("telegram", "1", {}, "a")
    await storage.close()


async def test_no_server() -> None:
    storage = Storage("postgresql+asyncpg://bot:mat-khau@127.0.0.1:1/bot", secret=SECRET)
    with pytest.raises(StorageGone, match="BOT_DATABASE_URL") as told:
        await storage.open()
    assert "mat-khau" not in str(told.value)
    await storage.close()


async def test_what_a_server_refuses(postgresql: str) -> None:
    for address, told in (
        (postgresql + "khong-co", "createdb"),
        (postgresql.replace("bot@", "khong-co@") + "postgres", "không nhận tài khoản"),
    ):
        storage = Storage(address, secret=SECRET)
        with pytest.raises(StorageRefused, match=told):
            await storage.open()
        await storage.close()
    wrong = "password authentication failed for user"
    assert isinstance(explained(OperationalError("", {}, RuntimeError(f'{wrong} "bot"'))), StorageRefused)


async def test_a_server_needs_a_common_key() -> None:
    storage = Storage("postgresql+asyncpg://bot@127.0.0.1:1/bot")
    with pytest.raises(SecretMissing, match="BOT_SECRET_KEY"):
        await storage.open()
    await storage.close()


async def test_connections_broken_by_the_server_are_made_again(storage: Storage) -> None:
    if storage._database.is_sqlite:
        pytest.skip("only servers break connections")
    await asyncio.gather(*(storage.inbox.accept("telegram", str(n), {}, "a") for n in range(5)))
    other = Storage(storage._database.url.render_as_string(hide_password=False), secret=SECRET)
    kill = text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()")
    await other._database.write(lambda connection: connection.execute(kill).all())
    assert await storage.inbox.accept("telegram", "9", {}, "a")
    assert (await storage.inbox.waiting()).count == 6
    await other.close()


def test_a_server_that_goes_away_and_comes_back() -> None:
    async def check(address: str) -> None:
        storage = Storage(address + "postgres", secret=SECRET)
        await storage.open()
        assert await storage.inbox.accept("telegram", "1", {}, "a")
        with server.stopped():
            with pytest.raises(StorageGone, match="Kiểm tra máy chủ"):
                await storage.inbox.accept("telegram", "2", {}, "a")
            with pytest.raises(StorageError):
                await storage.inbox.waiting()
        assert await storage.inbox.accept("telegram", "2", {}, "a")
        assert (await storage.inbox.waiting()).count == 2
        await storage.close()

    try:
        with running_server() as server:
            asyncio.run(check(server.address))
    except NoServer as reason:
        pytest.skip(str(reason))


async def test_values_are_not_in_errors(storage: Storage) -> None:
    with pytest.raises(Exception, match=r"constraint|violates") as told:
        await storage._database.write(
            lambda c: [
                c.execute(text("INSERT INTO switches (name, set_by, set_at) VALUES ('x', :by, 1)"), {"by": "riêng tư"}) for _ in "12"
            ]
        )
    assert "riêng tư" not in str(told.value)


def test_a_disk_that_fails_is_not_called_a_broken_file() -> None:
    """A full disk shows itself so as well, and a copy of yesterday put in place of a good file would lose a day."""
    told = explained(OperationalError("SELECT 1", {}, sqlite3.OperationalError("disk I/O error")))
    assert isinstance(told, StorageFailing) and isinstance(told, PASSING)
    assert "df -h" in str(told) and "khôi phục" not in str(told)
