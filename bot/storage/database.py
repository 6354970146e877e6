"""One database, SQLite or PostgreSQL, with two ways in: :meth:`Database.read` and :meth:`Database.write`.

SQLite has one writer at a time. ``write`` therefore begins with ``BEGIN IMMEDIATE``, so that what is read inside is still true
when it is changed, and the tasks of one process queue for it in order instead of polling the file's lock.

Durability on SQLite (write-ahead log): a commit survives the end of the process in any case. Only with ``synchronous=FULL`` does
it survive the power going out as well. What must not be lost once another side was told (an accepted message, a pair of tokens)
is written with ``durable=True``, which is FULL. All else is NORMAL: after a power failure it may be missing, and is then done again.
Syncing the log once also secures every commit before it. PostgreSQL has ``synchronous_commit`` for the same.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import JSON, BigInteger, Connection, Insert, Integer, event, func, make_url, text
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from bot.storage.errors import StorageError, explained

Clock = Callable[[], float]
"""Seconds since 1970 (UTC)."""
BUSY_SECONDS = 10.0
"""How long a writer waits for another process before it says that the database is busy."""
DAY = 86_400.0
COUNTED = {"sqlite_autoincrement": True}
"""For tables with a counted id. Without it SQLite gives the ids of deleted rows again, and others may still refer to the old ones."""
OPEN = text("closed_at IS NULL")
"""The rows of a queue that an index needs: all others are only kept to recognise repeats."""

BigId = BigInteger().with_variant(Integer, "sqlite")
"""Ids that count up. SQLite numbers rows by itself only where the column is called INTEGER."""
Json = JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")


class Base(DeclarativeBase):
    """The tables. Times are seconds since 1970 (UTC); days are dates in ISO form, counted in Vietnam."""


_SQLITE: dict[str, Any] = {"connect_args": {"timeout": BUSY_SECONDS}}
_POSTGRESQL: dict[str, Any] = {
    "pool_pre_ping": True,
    "pool_size": 8,
    "connect_args": {
        "timeout": BUSY_SECONDS,
        "command_timeout": 60.0,
        "server_settings": {"application_name": "hoi-dap-hanh-chinh", "synchronous_commit": "off", "lock_timeout": "10s"},
    },
}


class Database:
    """Connections and transactions. Errors of the database come out as :class:`bot.storage.errors.StorageError`."""

    def __init__(self, url: str, clock: Clock = time.time) -> None:
        self.url = make_url(url)
        self.clock = clock
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # Error messages must not hold values: they may be what a person wrote.
        self.engine: AsyncEngine = create_async_engine(self.url, hide_parameters=True, **(_SQLITE if self.is_sqlite else _POSTGRESQL))
        self._writing = asyncio.Lock()
        if self.is_sqlite:
            event.listen(self.engine.sync_engine, "connect", _tune_sqlite)
            event.listen(self.engine.sync_engine, "begin", _begin_sqlite)

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database; none in memory or on a server."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """A connection for reading; all statements of the block see one moment (SQLite).

        Raises:
            StorageError: the database did not answer.
        """
        with _explaining():
            async with self.engine.connect() as connection:
                yield connection

    @asynccontextmanager
    async def write(self, *, durable: bool = False) -> AsyncIterator[AsyncConnection]:
        """A transaction: all of the block or nothing of it. ``durable``: see the module.

        Raises:
            StorageError: nothing was written.
        """
        with _explaining():
            if not self.is_sqlite:
                async with self.engine.connect() as connection, connection.begin():
                    if durable:
                        await connection.execute(text("SET LOCAL synchronous_commit TO on"))
                    yield connection
                return
            async with self._writing, self.engine.connect() as connection:
                await connection.execution_options(writing="FULL" if durable else "NORMAL")
                async with connection.begin():
                    yield connection

    def insert(self, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
        """An insert that has ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    async def serialise(self, connection: AsyncConnection, name: str) -> None:
        """Until the transaction ends, nobody else passes here with the same ``name``. SQLite's writers are alone anyway."""
        if not self.is_sqlite:
            await connection.execute(func.pg_advisory_xact_lock(func.hashtextextended(name, 0)).select())

    async def close(self) -> None:
        await self.engine.dispose()


async def new_id(connection: AsyncConnection, statement: Insert) -> int:
    """Insert one row; gives its id."""
    key = (await connection.execute(statement)).inserted_primary_key
    assert key is not None
    return int(key[0])


class _explaining:
    """Turns the drivers' errors into :class:`StorageError`; leaves mistakes of the program as they are."""

    def __enter__(self) -> None:
        return None

    def __exit__(self, _type: object, error: BaseException | None, _traceback: object) -> None:
        if isinstance(error, (SQLAlchemyError, OSError)) and not isinstance(error, StorageError):
            known = explained(error)
            if known is not None:
                raise known from error


def _tune_sqlite(connection: Any, _record: object) -> None:
    # SQLAlchemy's own BEGIN (below) instead of the driver's, which would begin a transaction only at the first change.
    connection.isolation_level = None
    cursor = connection.cursor()
    for pragma in (f"busy_timeout={int(BUSY_SECONDS * 1000)}", "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()


def _begin_sqlite(connection: Connection) -> None:
    level = connection.get_execution_options().get("writing")
    if level is None:
        connection.exec_driver_sql("BEGIN")
        return
    info = connection.connection.info
    if info.get("synchronous") != level:  # cannot be changed inside a transaction
        connection.exec_driver_sql(f"PRAGMA synchronous={level}")
        info["synchronous"] = level
    connection.exec_driver_sql("BEGIN IMMEDIATE")
