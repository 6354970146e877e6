"""What outlives a restart: conversations, and the updates a channel has accepted. SQLAlchemy, SQLite by default.

Nothing that a person wrote is kept longer than needed: an update's content goes when it is answered, a conversation holds only
its last question, and both are pruned.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import Float, Integer, String, Text, UniqueConstraint, delete, event, insert, make_url, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncEngine, create_async_engine
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from bot.types import State

log = logging.getLogger(__name__)

Clock = Callable[[], float]
MOST_ATTEMPTS = 3
"""Times an update is taken up again after a crash before it is given up: a message that kills the program must not do so forever."""


class Base(DeclarativeBase):
    """The tables. Times are seconds since 1970 (UTC)."""


class ConversationRow(Base):
    __tablename__ = "conversations"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[float] = mapped_column(Float, index=True)


class UpdateRow(Base):
    """An accepted update. ``payload`` holds it until it is answered; the row stays for a while to recognise repeats."""

    __tablename__ = "updates"
    __table_args__ = (UniqueConstraint("channel", "update_id"),)

    id: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(32))
    update_id: Mapped[str] = mapped_column(String(128))
    payload: Mapped[str | None] = mapped_column(Text)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    received_at: Mapped[float] = mapped_column(Float, index=True)


class Conversations:
    """The state of each conversation, by channel and key."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    async def load(self, channel: str, key: str) -> State:
        """The stored state; a fresh one where there is none, or where it was written by another version."""
        query = select(ConversationRow.state).where(ConversationRow.channel == channel, ConversationRow.key == key)
        async with self._engine.connect() as connection:
            stored = (await connection.execute(query)).scalar_one_or_none()
        if stored is None:
            return State()
        try:
            return State.from_json(json.loads(stored))
        except (KeyError, TypeError, ValueError, IndexError):
            log.warning("Bỏ trạng thái không đọc được của một cuộc trò chuyện (kênh %s)", channel)
            return State()

    async def save(self, channel: str, key: str, state: State) -> None:
        values = {"state": json.dumps(state.to_json(), ensure_ascii=False), "updated_at": self._clock()}
        change = update(ConversationRow).where(ConversationRow.channel == channel, ConversationRow.key == key).values(**values)
        async with self._engine.begin() as connection:
            if (await connection.execute(change)).rowcount:
                return
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(ConversationRow).values(channel=channel, key=key, **values))
        except IntegrityError:  # another process wrote it in between
            async with self._engine.begin() as connection:
                await connection.execute(change)

    async def forget(self, channel: str, key: str) -> None:
        async with self._engine.begin() as connection:
            await connection.execute(delete(ConversationRow).where(ConversationRow.channel == channel, ConversationRow.key == key))

    async def prune(self, days: float) -> int:
        """Delete conversations untouched for ``days``; gives their number."""
        async with self._engine.begin() as connection:
            gone = await connection.execute(delete(ConversationRow).where(ConversationRow.updated_at < self._clock() - days * 86_400))
        return int(gone.rowcount)


class Inbox:
    """Updates as they arrive, written down before they are acknowledged, so that a crash neither loses nor repeats one."""

    def __init__(self, engine: AsyncEngine, clock: Clock) -> None:
        self._engine, self._clock = engine, clock

    async def accept(self, channel: str, update_id: str, payload: Mapping[str, Any]) -> bool:
        """Write an update down; False where it had been accepted before."""
        values = {"payload": json.dumps(payload, ensure_ascii=False), "attempts": 0, "received_at": self._clock()}
        try:
            async with self._engine.begin() as connection:
                await connection.execute(insert(UpdateRow).values(channel=channel, update_id=update_id, **values))
        except IntegrityError:
            return False
        return True

    async def finish(self, channel: str, update_id: str) -> None:
        """The update is answered: forget its content, keep its id."""
        change = update(UpdateRow).where(UpdateRow.channel == channel, UpdateRow.update_id == update_id).values(payload=None)
        async with self._engine.begin() as connection:
            await connection.execute(change)

    async def unfinished(self, channel: str) -> list[dict[str, Any]]:
        """Accepted and not answered, in order of arrival: what to take up after a restart."""
        query = select(UpdateRow.payload).where(UpdateRow.channel == channel, UpdateRow.payload.is_not(None)).order_by(UpdateRow.id)
        async with self._engine.connect() as connection:
            return [json.loads(payload) for (payload,) in await connection.execute(query) if payload is not None]

    async def try_again(self, channel: str, update_id: str) -> bool:
        """Count one more attempt at an update left by an earlier run; False, and it is struck off, after the last one."""
        this = (UpdateRow.channel == channel, UpdateRow.update_id == update_id)
        async with self._engine.begin() as connection:
            await connection.execute(update(UpdateRow).where(*this).values(attempts=UpdateRow.attempts + 1))
            attempts = (await connection.execute(select(UpdateRow.attempts).where(*this))).scalar_one_or_none()
        if attempts is not None and attempts <= MOST_ATTEMPTS:
            return True
        log.error("Bỏ một tin nhắn kênh %s đã thử %d lần không xong", channel, MOST_ATTEMPTS)
        await self.finish(channel, update_id)
        return False

    async def prune(self, days: float) -> int:
        """Delete updates older than ``days``, answered or not; gives their number."""
        async with self._engine.begin() as connection:
            gone = await connection.execute(delete(UpdateRow).where(UpdateRow.received_at < self._clock() - days * 86_400))
        return int(gone.rowcount)


class Storage:
    """The database and its repositories. Call :meth:`open` before use and :meth:`close` at the end."""

    def __init__(self, url: str, clock: Clock = time.time) -> None:
        self._url = make_url(url)
        self._engine = create_async_engine(self._url)
        if self._is_sqlite:
            event.listen(self._engine.sync_engine, "connect", _tune_sqlite)
        self.conversations = Conversations(self._engine, clock)
        self.inbox = Inbox(self._engine, clock)

    @property
    def _is_sqlite(self) -> bool:
        return self._url.get_backend_name() == "sqlite"

    async def open(self) -> None:
        """Create the folder (SQLite) and the tables where they are missing.

        Raises:
            OSError, sqlalchemy.exc.SQLAlchemyError: the database cannot be reached or written.
        """
        if self._is_sqlite and self._url.database and self._url.database != ":memory:":
            Path(self._url.database).parent.mkdir(parents=True, exist_ok=True)
        async with self._engine.begin() as connection:
            await connection.run_sync(Base.metadata.create_all)

    async def close(self) -> None:
        await self._engine.dispose()


def _tune_sqlite(connection: Any, _record: object) -> None:
    """Write-ahead log: readers and the writer don't block each other, and a killed process loses nothing it committed."""
    cursor = connection.cursor()
    for pragma in ("journal_mode=WAL", "synchronous=NORMAL", "busy_timeout=5000"):
        cursor.execute(f"PRAGMA {pragma}")
    cursor.close()
