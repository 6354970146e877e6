"""The state of each conversation, by channel and key."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

from sqlalchemy import Float, String, Text, delete, select
from sqlalchemy.ext.asyncio import AsyncConnection
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import DAY, Base, Database
from bot.storage.people import Mask
from bot.types import State

log = logging.getLogger(__name__)


class ConversationRow(Base):
    __tablename__ = "conversations"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[float] = mapped_column(Float, index=True)


class Conversations:
    """What conversations remember. ``mask`` takes personal data out of the question a state holds."""

    def __init__(self, database: Database, mask: Mask) -> None:
        self._database, self._mask = database, mask

    async def load(self, channel: str, key: str) -> State:
        """The stored state; a fresh one where there is none, or where it was written by another version."""
        query = select(ConversationRow.state).where(ConversationRow.channel == channel, ConversationRow.key == key)
        async with self._database.read() as connection:
            stored = (await connection.execute(query)).scalar_one_or_none()
        if stored is None:
            return State()
        try:
            return State.from_json(json.loads(stored))
        except (KeyError, TypeError, ValueError, IndexError):
            log.warning("Bỏ trạng thái không đọc được của một cuộc trò chuyện (kênh %s)", channel)
            return State()

    async def save(self, channel: str, key: str, state: State) -> None:
        async with self._database.write() as connection:
            await self.save_within(connection, channel, key, state)

    async def save_within(self, connection: AsyncConnection, channel: str, key: str, state: State) -> None:
        """Save as a part of a transaction."""
        if state.question:
            state = replace(state, question=self._mask(state.question))
        values = {"state": json.dumps(state.to_json(), ensure_ascii=False), "updated_at": self._database.clock()}
        statement = self._database.insert(ConversationRow).values(channel=channel, key=key, **values)
        await connection.execute(statement.on_conflict_do_update(index_elements=["channel", "key"], set_=values))

    async def forget(self, channel: str, key: str) -> None:
        async with self._database.write() as connection:
            await connection.execute(delete(ConversationRow).where(ConversationRow.channel == channel, ConversationRow.key == key))

    async def prune(self, days: float) -> int:
        """Delete conversations untouched for ``days``; gives their number."""
        old = ConversationRow.updated_at < self._database.clock() - days * DAY
        async with self._database.write() as connection:
            return int((await connection.execute(delete(ConversationRow).where(old))).rowcount)
