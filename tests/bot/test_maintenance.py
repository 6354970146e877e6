"""The commands ``backup`` and ``change-key`` as an operator types them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.__main__ import main
from bot.storage import Storage
from bot.storage.keys import FILE


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The data folder of an installation, with a database in which tokens are kept."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))

    async def fill() -> None:
        storage = Storage(f"sqlite:///{tmp_path}/var/bot.sqlite3")
        await storage.open()
        await storage.tokens.save("zalo", {"access": "a-0"})
        await storage.close()

    asyncio.run(fill())
    return tmp_path


def kept(file: Path) -> object:
    async def load() -> object:
        storage = Storage(f"sqlite:///{file}")
        await storage.open()
        pair = await storage.tokens.load("zalo")
        await storage.close()
        return pair

    return asyncio.run(load())


def test_backup(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    assert main(["backup", "copy.sqlite3"]) == 0
    told = capsys.readouterr()
    assert "đã kiểm tra nguyên vẹn" in told.err and FILE in told.err and told.out == ""
    (folder / FILE).write_bytes((folder / "var" / FILE).read_bytes())
    assert kept(folder / "copy.sqlite3") == {"access": "a-0"}
    assert main(["backup", "copy.sqlite3"]) == 2
    assert "không ghi đè" in capsys.readouterr().err
    assert main(["backup", "none/copy.sqlite3"]) == 2
    assert "none/copy.sqlite3: không có tệp hoặc thư mục này" in capsys.readouterr().err
    monkeypatch.setenv("BOT_DATABASE_URL", "postgresql+asyncpg://bot:mat-khau@may/bot")
    assert main(["backup", "other.sqlite3"]) == 2
    told = capsys.readouterr()
    assert "pg_dump" in told.err and "mat-khau" not in told.err


def test_change_key(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    database = folder / "var" / "bot.sqlite3"
    (folder / "var" / FILE).rename(folder / "old.key")
    assert main(["change-key", "--old", "old.key"]) == 0
    assert "1 mục được mã hóa lại, 0 mục" in capsys.readouterr().err
    assert (folder / "var" / FILE).read_text() != (folder / "old.key").read_text()
    assert kept(database) == {"access": "a-0"}
    assert main(["change-key", "--old", "none.key"]) == 2
    assert "none.key: không có tệp" in capsys.readouterr().err
    (folder / "var" / FILE).unlink()
    assert main(["change-key", "--old", "old.key"]) == 2
    assert "chưa đổi gì" in capsys.readouterr().err
    assert main(["change-key"]) == 0
    assert "zalo-authorise" in capsys.readouterr().err
    assert kept(database) is None


def test_import_database(folder: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_SECRET_KEY", (folder / "var" / FILE).read_text())
    monkeypatch.setenv("BOT_DATABASE_URL", f"sqlite:///{folder}/new/bot.sqlite3")
    assert main(["import-database", "var/bot.sqlite3"]) == 0
    assert "tokens 1" in capsys.readouterr().err
    assert main(["import-database", "var/bot.sqlite3"]) == 2
    assert "Chưa chuyển gì" in capsys.readouterr().err
