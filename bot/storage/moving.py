"""Everything that a SQLite database holds, brought into another, empty one: from the file to PostgreSQL."""

from __future__ import annotations

import tempfile
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Connection, func, insert, inspect, select, text

from bot.storage.copying import copy_database
from bot.storage.database import Base, Database
from bot.storage.errors import StorageError
from bot.storage.migrating import upgrade

_AT_ONCE = 500
"""Rows of one insert."""


class NotEmpty(StorageError):
    """The database that is to take the rows has some already."""


async def bring_in(source: Path, database: Database) -> dict[str, int]:
    """Copy all rows of the file ``source``, of this version or an earlier one, into ``database``; gives their number by table.

    Raises:
        NotEmpty: ``database`` has rows already.
        StorageError: ``source`` cannot be read, or ``database`` not written; nothing was copied.
    """
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "copy.sqlite3"  # the file itself stays as it is, also where it is of an earlier version
        copy_database(source, copy)
        old = Database(f"sqlite:///{copy}")
        try:
            await upgrade(old)
            rows = await old.read(_all_rows)
        finally:
            await old.close()
    await upgrade(database)
    await database.write(lambda connection: _put(connection, rows), durable=True)
    return {table: len(found) for table, found in rows.items() if found}


def _all_rows(connection: Connection) -> dict[str, list[dict[str, Any]]]:
    return {t.name: [dict(row) for row in connection.execute(select(t)).mappings()] for t in Base.metadata.sorted_tables}


def _put(connection: Connection, rows: Mapping[str, list[dict[str, Any]]]) -> None:
    for table in Base.metadata.sorted_tables:
        if connection.execute(select(func.count()).select_from(table)).scalar_one():
            raise NotEmpty(f"Cơ sở dữ liệu đích đã có dữ liệu (bảng {table.name}); chỉ chuyển vào cơ sở dữ liệu trống. Chưa chuyển gì.")
    for table in Base.metadata.sorted_tables:
        found = rows[table.name]
        for start in range(0, len(found), _AT_ONCE):
            connection.execute(insert(table), found[start : start + _AT_ONCE])
        if connection.dialect.name == "postgresql":
            _count_on(connection, table.name)


def _count_on(connection: Connection, table: str) -> None:
    """Have PostgreSQL number new rows after the ones that came with their numbers."""
    if any(column["name"] == "id" for column in inspect(connection).get_columns(table)):
        # Names are the program's own.
        connection.execute(
            text(f"SELECT setval(pg_get_serial_sequence('{table}', 'id'), COALESCE((SELECT max(id) FROM {table}), 0) + 1, false)")
        )
