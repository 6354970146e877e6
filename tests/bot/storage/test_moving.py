"""From the file to a server: every row arrives, what was encrypted is read, and numbering goes on."""

from __future__ import annotations

from pathlib import Path

import pytest
from sqlalchemy import func, select

from bot.storage import Level, Notice, Part, Storage, StorageError
from bot.storage.database import Base
from bot.storage.errors import SecretChanged
from bot.storage.moving import NotEmpty
from tests.bot.storage.conftest import SECRET


async def counts(storage: Storage) -> dict[str, int]:
    tables = Base.metadata.sorted_tables
    return {t.name: await storage._database.value(select(func.count()).select_from(t)) for t in tables}


async def test_everything_arrives(empty_database: str, tmp_path: Path) -> None:
    file = tmp_path / "old" / "bot.sqlite3"
    old = Storage(f"sqlite:///{file}", secret=SECRET)
    await old.open()
    await old.inbox.accept("telegram", "1", {"text": "một"}, "c")
    await old.outbox.put("zalo", "a", "x:1", [Part("a", "một", rows=((("Giấy tờ", "o:1"),),))])
    await old.tokens.save("zalo", {"access": "a-0"})
    await old.notices.add(Notice("Nghỉ lễ", Level.INFO, 0.0, None, "lan"))
    before = await counts(old)
    await old.close()

    new = Storage(empty_database, secret=SECRET)
    moved = await new.bring_in(file)
    assert moved == {table: number for table, number in before.items() if number}
    await new.open()
    assert await counts(new) == before
    assert [event.payload for event in await new.inbox.claim("one")] == [{"text": "một"}]
    assert [sending.rows for sending in await new.outbox.claim("one")] == [((("Giấy tờ", "o:1"),),)]
    assert await new.tokens.load("zalo") == {"access": "a-0"}
    assert await new.inbox.accept("telegram", "2", {"text": "hai"}, "d") and not await new.inbox.accept("telegram", "1", {}, "c")
    assert await new.notices.add(Notice("Mưa bão", Level.URGENT, 0.0, None, "lan")) == 2
    with pytest.raises(NotEmpty, match="Chưa chuyển gì"):
        await new.bring_in(file)
    await new.close()
    with pytest.raises(SecretChanged):
        await Storage(empty_database, secret="k" * 32).open()


async def test_what_is_no_database_changes_nothing(empty_database: str, tmp_path: Path) -> None:
    new = Storage(empty_database, secret=SECRET)
    (tmp_path / "text").write_text("không phải cơ sở dữ liệu" * 99)
    for source in ("none", "text"):
        with pytest.raises(StorageError):
            await new.bring_in(tmp_path / source)
    await new.open()
    assert sum((await counts(new)).values()) == 1, "the mark of the key"
    await new.close()
