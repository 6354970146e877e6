"""One database, SQLite or PostgreSQL, with two ways in: :meth:`Database.read` and :meth:`Database.write`.

SQLite has one writer at a time. ``write`` therefore begins with ``BEGIN IMMEDIATE``, so that what is read inside is still true
when it is changed, and all writing of a process goes through one thread, in order, instead of polling the file's lock.

Durability on SQLite (write-ahead log): a commit survives the end of the process in any case. Only with ``synchronous=FULL`` does
it survive the power going out as well. What must not be lost once another side was told (an accepted message, a pair of tokens)
is written with ``durable=True``, which is FULL. All else is NORMAL: after a power failure it may be missing, and is then done again.
Syncing the log once also secures every commit before it. PostgreSQL has ``synchronous_commit`` for the same.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cache, partial
from pathlib import Path
from typing import Any, TypeVar, TypeVarTuple

from sqlalchemy import (
    JSON,
    BigInteger,
    Connection,
    Delete,
    Engine,
    Insert,
    Integer,
    Row,
    Select,
    Update,
    create_engine,
    event,
    make_url,
    text,
)
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.exc import SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase

from bot.storage.errors import StorageError, StorageGone, explained

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


_POSTGRESQL: dict[str, Any] = {
    "timeout": BUSY_SECONDS,
    "command_timeout": 60.0,
    "server_settings": {"application_name": "hoi-dap-hanh-chinh", "synchronous_commit": "off", "lock_timeout": "10s"},
}
_ADVISORY_LOCKS = text("SELECT pg_advisory_xact_lock(hashtextextended(name, 0)) FROM unnest(CAST(:names AS text[])) AS name")
_T = TypeVar("_T")
_Columns = TypeVarTuple("_Columns")


class Database:
    """Connections and transactions. Errors of the database come out as :class:`bot.storage.errors.StorageError`.

    What is done in a transaction is a plain function of a connection. On SQLite it runs in a thread of its own, as a whole: handing
    every statement to a thread would cost several times what the statement does. On PostgreSQL it runs on the event loop.
    """

    def __init__(self, url: str, clock: Clock = time.time) -> None:
        self.url = make_url(url)
        self.clock = clock
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        # Error messages must not hold values (hide_parameters): they may be what a person wrote.
        self._local: Engine | None = None
        self._remote: AsyncEngine | None = None
        if self.is_sqlite:
            self._local = create_engine(self.url.set(drivername="sqlite"), hide_parameters=True, connect_args={"timeout": BUSY_SECONDS})
            event.listen(self._local, "connect", _tune_sqlite)
            event.listen(self._local, "begin", _begin_sqlite)
        else:
            self._remote = create_async_engine(self.url, hide_parameters=True, pool_size=8, connect_args=_POSTGRESQL)
        self._opened: tuple[int, int] | None = None
        self._writer = ThreadPoolExecutor(1, "storage-write")
        self._readers = ThreadPoolExecutor(4, "storage-read")

    @property
    def file(self) -> Path | None:
        """The file of a SQLite database; none in memory or on a server."""
        name = self.url.database
        return Path(name) if self.is_sqlite and name and name != ":memory:" else None

    def remember_file(self) -> None:
        """Note which file is open, for :meth:`is_lost`."""
        self._opened = _identity(self.file)

    def is_lost(self) -> bool:
        """Whether another file, or none, stands where the open one did. On a server, in memory: never."""
        return self._opened is not None and _identity(self.file) != self._opened

    async def read(self, work: Callable[[Connection], _T]) -> _T:
        """Run ``work``, which only reads; its result must not depend on the connection any more.

        Raises:
            StorageError: the database did not answer.
        """
        if self._local is not None:
            return await asyncio.get_running_loop().run_in_executor(self._readers, partial(_locally, self._local, work, {}))
        return await self._remotely(work, {"isolation_level": "AUTOCOMMIT"}, durable=False)

    async def write(self, work: Callable[[Connection], _T], *, durable: bool = False) -> _T:
        """Run ``work`` in a transaction: all of it or nothing. ``durable``: see the module. It may be run a second time, where the
        connection broke before the first run ended.

        Raises:
            StorageError: nothing was written; or, where the connection broke at the very end, perhaps all.
        """
        if self._local is not None:
            options = {"writing": "FULL" if durable else "NORMAL"}
            return await asyncio.get_running_loop().run_in_executor(self._writer, partial(_locally, self._local, work, options))
        return await self._remotely(work, {}, durable=durable)

    async def _remotely(self, work: Callable[[Connection], _T], options: Mapping[str, Any], *, durable: bool) -> _T:
        assert self._remote is not None

        def run(connection: Connection) -> _T:
            if durable:
                connection.execute(text("SET LOCAL synchronous_commit TO on"))
            return work(connection)

        again = True
        while True:
            worked = False
            try:
                with _explaining():
                    async with self._remote.connect() as connection:
                        await connection.execution_options(**options)
                        result = await connection.run_sync(run)
                        worked = True
                        await connection.commit()
                        return result
            except StorageGone:
                # A connection of the pool may be dead since the server was started again. At the commit it is not known whether it
                # happened: then the caller must decide.
                if worked or not again:
                    raise
                again = False

    async def rows(self, query: Select[*_Columns]) -> Sequence[Row[*_Columns]]:
        """The rows of a query."""
        return await self.read(lambda connection: connection.execute(query).all())

    async def value(self, query: Select[Any]) -> Any:
        """The first column of the only row of a query; none where there is no row."""
        return await self.read(lambda connection: connection.execute(query).scalar_one_or_none())

    async def change(self, statement: Insert | Update | Delete, *, durable: bool = False) -> int:
        """One statement as a transaction; gives the number of rows changed."""
        return await self.write(lambda connection: connection.execute(statement).rowcount, durable=durable)

    def insert(self, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
        """An insert that has ``on_conflict_do_nothing`` and ``on_conflict_do_update``."""
        return sqlite.insert(table) if self.is_sqlite else postgresql.insert(table)

    def insert_new(self, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
        """An insert, made once, that leaves alone what is there already."""
        return _insert_new(self, table)

    def serialise(self, connection: Connection, *names: str) -> None:
        """Until the transaction ends, nobody else passes here with one of ``names``. SQLite's writers are alone anyway."""
        if not self.is_sqlite:
            # Always in the same order, so that two who need several of them never wait for each other.
            connection.execute(_ADVISORY_LOCKS, {"names": sorted(set(names))})

    async def close(self) -> None:
        """Wait for what is under way and close all connections."""
        await asyncio.to_thread(self._writer.shutdown)
        await asyncio.to_thread(self._readers.shutdown)
        if self._local is not None:
            self._local.dispose()
        if self._remote is not None:
            await self._remote.dispose()


def _identity(file: Path | None) -> tuple[int, int] | None:
    try:
        found = file.stat() if file is not None else None
    except OSError:
        return None
    return (found.st_dev, found.st_ino) if found is not None else None


def _locally(engine: Engine, work: Callable[[Connection], _T], options: Mapping[str, Any]) -> _T:
    with _explaining(), engine.connect() as connection:
        connection.execution_options(**options)
        with connection.begin():
            return work(connection)


@cache
def _insert_new(database: Database, table: type[Base]) -> sqlite.Insert | postgresql.Insert:
    return database.insert(table).on_conflict_do_nothing()


def new_id(connection: Connection, statement: Insert) -> int:
    """Insert one row; gives its id."""
    key = connection.execute(statement).inserted_primary_key
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
    # secure_delete: what was erased is overwritten in the file, too.
    timeout = f"busy_timeout={int(BUSY_SECONDS * 1000)}"
    for pragma in (timeout, "journal_mode=WAL", "synchronous=NORMAL", "foreign_keys=ON", "secure_delete=FAST"):
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
