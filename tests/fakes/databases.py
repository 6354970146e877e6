"""Fixtures: the same test over SQLite and over PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from bot.storage import Storage
from bot.storage.database import Base
from evaluation.postgresql import NoServer, running_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The start of the address of a running server; skips where there is none."""
    try:
        with running_server() as server:
            yield server.address
    except NoServer as reason:
        pytest.skip(str(reason))


def new_database(server: str) -> str:
    """The address of a new, empty database of ``server``."""
    name = f"t{uuid4().hex}"

    async def create() -> None:
        connection = await asyncpg.connect(server.replace("+asyncpg", "") + "postgres")
        await connection.execute(f"CREATE DATABASE {name} TEMPLATE template0")
        await connection.close()

    asyncio.run(create())
    return server + name


@pytest.fixture(scope="session")
def prepared(postgresql: str) -> str:
    """The address of a database of the server that has all tables. Tests share it: a new one for each would cost more than the test."""
    address = new_database(postgresql)

    async def prepare() -> None:
        storage = Storage(address, secret="only for the tables")
        await storage.open()
        await storage.close()

    asyncio.run(prepare())
    return address


def emptied(address: str) -> str:
    """The same database, without content."""

    async def empty() -> None:
        connection = await asyncpg.connect(address.replace("+asyncpg", ""))
        for table in reversed(Base.metadata.sorted_tables):
            await connection.execute(f"DELETE FROM {table.name}")
        await connection.close()

    asyncio.run(empty())
    return address


def _sqlite(folder: Path) -> str:
    return f"sqlite:///{folder}/new/bot.sqlite3"


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without content, of either kind."""
    if request.param == "sqlite":
        return _sqlite(tmp_path)
    return emptied(request.getfixturevalue("prepared"))


@pytest.fixture(params=["sqlite", "postgresql"])
def empty_database(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of a database without tables, of either kind."""
    return _sqlite(tmp_path) if request.param == "sqlite" else new_database(request.getfixturevalue("postgresql"))
