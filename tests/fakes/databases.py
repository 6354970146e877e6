"""Fixtures: the same test over SQLite and over PostgreSQL."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path
from uuid import uuid4

import asyncpg
import pytest

from tests.fakes.postgresql import NoServer, running_server


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The start of the address of a running server; skips where there is none."""
    try:
        with running_server() as address:
            yield address
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


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database, of either kind."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path}/new/bot.sqlite3"
    return new_database(request.getfixturevalue("postgresql"))
