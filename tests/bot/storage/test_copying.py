"""Copies of the database: whole while it is written to, never over another file, and nothing left of one that failed."""

from __future__ import annotations

import sqlite3
import stat
from contextlib import closing
from pathlib import Path

import pytest

from bot.storage import Storage, StorageError
from bot.storage.copying import CannotCopy, copy_database
from bot.storage.errors import StorageDamaged
from evaluation.imitations.running import SECRET


async def test_a_copy_of_a_database_in_use(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path}/bot.sqlite3", secret=SECRET)
    await storage.open()
    await storage.inbox.accept("telegram", "1", {"a": 1}, "c")
    copy = tmp_path / "copy.sqlite3"
    assert copy_database(tmp_path / "bot.sqlite3", copy) == copy.stat().st_size > 0
    assert stat.S_IMODE(copy.stat().st_mode) == 0o600
    await storage.inbox.accept("telegram", "2", {"a": 2}, "c")
    await storage.close()
    restored = Storage(f"sqlite:///{copy}", secret=SECRET)
    await restored.open()
    assert (await restored.inbox.waiting()).count == 1, "what came after the copy is not in it"
    await restored.close()


def test_nothing_is_overwritten_and_nothing_is_left(tmp_path: Path) -> None:
    source, target = tmp_path / "bot.sqlite3", tmp_path / "copy.sqlite3"
    with pytest.raises(CannotCopy, match="BOT_DATA_DIR"):
        copy_database(source, target)
    source.write_bytes(b"something else " * 999)
    with pytest.raises(StorageDamaged):
        copy_database(source, target)
    assert not target.exists()
    with closing(sqlite3.connect(tmp_path / "good.sqlite3")) as good:
        good.execute("CREATE TABLE a (b)")
    target.write_text("cũ")
    with pytest.raises(CannotCopy, match="không ghi đè"):
        copy_database(tmp_path / "good.sqlite3", target)
    assert target.read_text() == "cũ"
    with pytest.raises(OSError, match="none"):
        copy_database(tmp_path / "good.sqlite3", tmp_path / "none" / "copy.sqlite3")


async def test_the_file_is_its_owners_and_missed_when_it_goes(tmp_path: Path) -> None:
    file = tmp_path / "bot.sqlite3"
    storage = Storage(f"sqlite:///{file}", secret=SECRET)
    assert not storage.is_lost(), "not open yet"
    await storage.open()
    assert all(stat.S_IMODE(path.stat().st_mode) == 0o600 for path in tmp_path.iterdir())
    assert not storage.is_lost()
    file.rename(tmp_path / "away")
    assert storage.is_lost()
    file.write_bytes(b"")
    assert storage.is_lost(), "another file of that name"
    await storage.close()
    assert issubclass(CannotCopy, StorageError)
