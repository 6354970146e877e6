"""The state of each conversation, by channel and key."""

from __future__ import annotations

import json
import logging
from dataclasses import replace

from sqlalchemy import Connection, Float, String, Text, delete, select
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
        stored = await self._database.value(query)
        if stored is None:
            return State()
        try:
            return State.from_json(json.loads(stored))
        except (KeyError, TypeError, ValueError, IndexError):
            log.warning("Bỏ trạng thái không đọc được của một cuộc trò chuyện (kênh %s)", channel)
            return State()

    async def save(self, channel: str, key: str, state: State) -> None:
        await self._database.write(lambda connection: self.save_within(connection, channel, key, state))

    def save_within(self, connection: Connection, channel: str, key: str, state: State) -> None:
        """Save as a part of a transaction."""
        if state.question:
            state = replace(state, question=self._mask(state.question))
        values = {"state": json.dumps(state.to_json(), ensure_ascii=False), "updated_at": self._database.clock()}
        statement = self._database.insert(ConversationRow).values(channel=channel, key=key, **values)
        connection.execute(statement.on_conflict_do_update(index_elements=["channel", "key"], set_=values))

    async def forget(self, channel: str, key: str) -> None:
        await self._database.change(delete(ConversationRow).where(ConversationRow.channel == channel, ConversationRow.key == key))

    async def prune(self, days: float) -> int:
        """Delete conversations untouched for ``days``; gives their number."""
        old = ConversationRow.updated_at < self._database.clock() - days * DAY
        return await self._database.change(delete(ConversationRow).where(old))
