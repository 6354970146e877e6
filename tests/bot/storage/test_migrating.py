from __future__ import annotations

import asyncio
import sys
from functools import partial
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import Connection, text

from bot.storage import Storage
from bot.storage.database import Base, Database
from bot.storage.errors import StorageNewer
from bot.types import State
from tests.bot.storage.conftest import SECRET

ROOT = Path(__file__).resolve().parents[3]
BEFORE = (
    "CREATE TABLE conversations (channel VARCHAR(32) NOT NULL, key VARCHAR(128) NOT NULL, state TEXT NOT NULL, updated_at FLOAT NOT NULL, PRIMARY KEY (channel, key))",
    "CREATE INDEX ix_conversations_updated_at ON conversations (updated_at)",
    "CREATE TABLE updates (id {id}, channel VARCHAR(32) NOT NULL, update_id VARCHAR(128) NOT NULL, payload TEXT, attempts INTEGER NOT NULL, received_at FLOAT NOT NULL, UNIQUE (channel, update_id))",
    "CREATE INDEX ix_updates_received_at ON updates (received_at)",
    """INSERT INTO conversations VALUES ('telegram', 'a', '{{"province": "Huế", "question": null, "entry": null, "intent": "any", "options": [], "followups": []}}', 5)""",
    """INSERT INTO updates (channel, update_id, payload, attempts, received_at) VALUES ('telegram', '1', NULL, 0, 5), ('telegram', '2', '{{"text": "một"}}', 1, 6), ('telegram', '3', '{{"text": "hai"}}', 0, 7)""",
)
"""The database as the version without migrations made it."""


@pytest.fixture
def before(empty_database: str) -> str:
    """The address of a database of the version without migrations, with content."""
    database = Database(empty_database)
    counted = "INTEGER NOT NULL PRIMARY KEY" if database.is_sqlite else "SERIAL PRIMARY KEY"
    if database.file is not None:
        database.file.parent.mkdir(parents=True)

    def work(connection: Connection) -> None:
        for statement in BEFORE:
            connection.exec_driver_sql(statement.format(id=counted))

    async def make() -> None:
        await database.write(work)
        await database.close()

    asyncio.run(make())
    return empty_database


def test_a_database_from_before_is_taken_over_without_loss(before: str) -> None:
    async def check() -> None:
        for _ in range(2):
            storage = Storage(before, lambda: 10.0, secret=SECRET)
            await storage.open()
            assert await storage.conversations.load("telegram", "a") == State(province="Huế")
            assert not await storage.inbox.accept("telegram", "1", {})
            first = await storage.inbox.claim("me", 9)
            assert [(e.event_id, e.payload, e.attempt) for e in first] == [("2", {"text": "một"}, 2)]
            await storage.inbox.postpone(first[0], 0, counts=False)
            assert (await storage.inbox.waiting()).count == 2
            await storage.close()

    asyncio.run(check())


OPEN = """
import asyncio, sys
from bot.storage import Storage
async def main():
    storage = Storage(sys.argv[1], secret=sys.argv[2])
    await storage.open()
    print(await storage.inbox.accept("telegram", "99", {}))
    await storage.close()
asyncio.run(main())
"""


async def test_processes_that_start_at_once_do_not_collide(empty_database: str) -> None:
    command = (sys.executable, "-c", OPEN, empty_database, SECRET)
    pipe = asyncio.subprocess.PIPE
    started = [await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdout=pipe, stderr=pipe) for _ in range(3)]
    said = [await process.communicate() for process in started]
    assert [process.returncode for process in started] == [0] * 3, said
    assert sorted(out.strip() for out, _ in said) == [b"False"] * 2 + [b"True"]


async def test_a_newer_database_is_refused_and_left_alone(storage: Storage, database_url: str) -> None:
    def number(connection: Connection, value: str) -> str:
        before = connection.execute(text("SELECT version_num FROM alembic_version")).scalar_one()
        connection.execute(text("UPDATE alembic_version SET version_num = :value"), {"value": value})
        return str(before)

    current = await storage._database.write(partial(number, value="9999"))
    other = Storage(database_url, secret=SECRET)
    with pytest.raises(StorageNewer, match=r"9999.*Cài lại phiên bản mới"):
        await other.open()
    await other.close()
    assert await storage._database.write(partial(number, value=current)) == "9999"


async def test_the_steps_lead_to_the_tables_of_the_code(storage: Storage) -> None:
    def differences(connection: Connection) -> list[object]:
        return list(compare_metadata(MigrationContext.configure(connection, opts={"compare_type": True}), Base.metadata))

    assert await storage._database.read(differences) == []


async def test_a_step_that_fails_leaves_the_database_as_it_was(before: str, monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.storage import migrating

    def failing(*_: object) -> None:
        raise OSError("no space left on device")

    monkeypatch.setattr(migrating.command, "upgrade", failing)
    storage = Storage(before, secret=SECRET)
    with pytest.raises(Exception, match="Hết chỗ"):
        await storage.open()
    monkeypatch.undo()
    tables = await storage._database.read(
        lambda connection: set(MigrationContext.configure(connection).dialect.get_table_names(connection))
    )
    assert tables == {"conversations", "updates"}
    await storage.open()
    assert (await storage.inbox.waiting()).count == 2
    await storage.close()
