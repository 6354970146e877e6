"""Which secret key a database is used with, and changing it.

A mark of the key (a keyed hash, which does not tell it) stands in the database. Without it, a restored copy with another key, or two
replicas with different keys, would be noticed only by messages and tokens that cannot be read any more.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.storage.database import Database
from bot.storage.errors import SecretChanged
from bot.storage.inbox import InboxRow
from bot.storage.keys import Keys, Unreadable
from bot.storage.notices import SwitchRow
from bot.storage.replies import ReplyRow
from bot.storage.tokens import TokenRow

NAME = "secret_key"
"""The row of the table ``switches`` that holds the mark."""
_CHANGED = (
    "Khóa bí mật không phải khóa đã dùng với cơ sở dữ liệu này. Đặt lại khóa cũ: BOT_SECRET_KEY, hoặc tệp secret.key đi cùng bản sao lưu. "
    "Nếu cố ý đổi khóa hoặc đã mất khóa cũ: python -m bot change-key"
)


@dataclass(frozen=True)
class Changed:
    """What changing the key did: values that are encrypted with the new one, and values that could not be read and are gone (events
    waiting for an answer, tokens, answers kept for repeats)."""

    kept: int
    gone: int


def _mark(keys: Keys) -> str:
    return keys.digest("mark")[:32]


async def check_key(database: Database, keys: Keys) -> None:
    """See that ``keys`` are those of this database; the first ones it is opened with become so.

    Raises:
        SecretChanged: they are others.
    """

    def work(connection: Connection) -> None:
        row = {"name": NAME, "value": _mark(keys), "set_by": "", "set_at": database.clock()}
        connection.execute(database.insert_new(SwitchRow), [row])
        if connection.execute(select(SwitchRow.value).where(SwitchRow.name == NAME)).scalar_one() != _mark(keys):
            raise SecretChanged(_CHANGED)

    await database.write(work)


async def change_key(database: Database, before: Keys | None, now: Keys) -> Changed:
    """Encrypt everything with ``now`` that ``before`` can read, delete the rest, and set the mark; all of it or nothing.

    Raises:
        SecretChanged: ``before`` is given and is not the key of this database either.
        StorageError: it was not done.
    """

    def work(connection: Connection) -> Changed:
        known = connection.execute(select(SwitchRow.value).where(SwitchRow.name == NAME)).scalar_one_or_none()
        if before is not None and known not in (None, _mark(before)):
            raise SecretChanged("Khóa cũ được đưa không phải khóa đã dùng với cơ sở dữ liệu này; chưa đổi gì.")
        kept = gone = 0
        for table, columns in _SEALED:
            for row in connection.execute(select(table).where(table.c[columns[0]].is_not(None))).mappings().all():
                sealed = {name: _again(row[name], before, now) for name in columns if row[name] is not None}
                this = [column == row[column.name] for column in table.primary_key]
                if sealed and sealed[columns[0]] is None:
                    connection.execute(delete(table).where(*this))
                elif sealed:
                    connection.execute(update(table).where(*this).values(sealed))
                kept += sum(value is not None for value in sealed.values())
                gone += sum(value is None for value in sealed.values())
        values = {"value": _mark(now), "set_by": "", "set_at": database.clock()}
        statement = database.insert(SwitchRow).values(name=NAME, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["name"], set_=values))
        return Changed(kept, gone)

    return await database.write(work, durable=True)


_SEALED: tuple[tuple[Any, tuple[str, ...]], ...] = (
    (TokenRow.__table__, ("pair", "previous")),
    (InboxRow.__table__, ("payload",)),
    (ReplyRow.__table__, ("answer",)),
)
"""Where encrypted values stand; without the first of a row the row is of no use."""


def _again(sealed: str, before: Keys | None, now: Keys) -> str | None:
    """The value encrypted with ``now``; none where it cannot be read."""
    try:
        return now.seal((before or now).open(sealed))
    except Unreadable:
        return None
