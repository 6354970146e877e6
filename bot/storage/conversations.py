"""The state of each conversation, by channel and key."""

from __future__ import annotations

import json
import logging
import secrets
from dataclasses import dataclass, replace

from sqlalchemy import BigInteger, Connection, Float, String, Text, delete, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import DAY, Base, Database
from bot.storage.errors import Overtaken
from bot.storage.people import Mask
from bot.types import State

log = logging.getLogger(__name__)


class ConversationRow(Base):
    __tablename__ = "conversations"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    key: Mapped[str] = mapped_column(String(128), primary_key=True)
    state: Mapped[str] = mapped_column(Text)
    updated_at: Mapped[float] = mapped_column(Float, index=True)
    version: Mapped[int] = mapped_column(BigInteger, default=0, server_default="0")


@dataclass(frozen=True)
class Remembered:
    """A state, and the version it was read as (none: nothing was stored), to be given back when the next one is saved."""

    state: State
    version: int | None = None


NOTHING = Remembered(State())


class Conversations:
    """What conversations remember. ``mask`` takes personal data out of the question a state holds."""

    def __init__(self, database: Database, mask: Mask) -> None:
        self._database, self._mask = database, mask

    async def load(self, channel: str, key: str) -> State:
        """The stored state; a fresh one where there is none, or where it was written by another version of the program."""
        return (await self.recall(channel, key)).state

    async def recall(self, channel: str, key: str) -> Remembered:
        """:meth:`load`, with the version of what was read."""
        mine = (ConversationRow.channel == channel, ConversationRow.key == key)
        rows = await self._database.rows(select(ConversationRow.state, ConversationRow.version).where(*mine))
        if not rows:
            return NOTHING
        stored, version = rows[0]
        try:
            return Remembered(State.from_json(json.loads(stored)), version)
        except (KeyError, TypeError, ValueError, IndexError):
            log.warning("Bỏ trạng thái không đọc được của một cuộc trò chuyện (kênh %s)", channel)
            return Remembered(State(), version)

    async def save(self, channel: str, key: str, state: State) -> None:
        await self._database.write(lambda connection: self.save_within(connection, channel, key, state))

    def save_within(self, connection: Connection, channel: str, key: str, state: State, since: Remembered | None = None) -> None:
        """Save as a part of a transaction.

        Args:
            since: what ``state`` was made from; none: whatever is stored is replaced.

        Raises:
            Overtaken: another process has stored, or erased, the conversation since; ``state`` must be made again.
        """
        if state.question:
            state = replace(state, question=self._mask(state.question))
        # A conversation that was erased and begun again must not look like the one before: its versions begin anywhere.
        begun = {"channel": channel, "key": key, "version": secrets.randbelow(2**53)}
        values = {"state": json.dumps(state.to_json(), ensure_ascii=False), "updated_at": self._database.clock()}
        insert = self._database.insert(ConversationRow).values(**begun, **values)
        further = {**values, "version": ConversationRow.version + 1}
        if since is None:
            connection.execute(insert.on_conflict_do_update(index_elements=["channel", "key"], set_=further))
            return
        if since.version is None:
            saved = connection.execute(insert.on_conflict_do_nothing()).rowcount
        else:
            mine = (ConversationRow.channel == channel, ConversationRow.key == key, ConversationRow.version == since.version)
            saved = connection.execute(update(ConversationRow).where(*mine).values(further)).rowcount
        if not saved:
            raise Overtaken("Cuộc trò chuyện này vừa được một tiến trình khác ghi.")

    async def forget(self, channel: str, key: str) -> None:
        await self._database.change(delete(ConversationRow).where(ConversationRow.channel == channel, ConversationRow.key == key))

    async def prune(self, days: float) -> int:
        """Delete conversations untouched for ``days``; gives their number."""
        old = ConversationRow.updated_at < self._database.clock() - days * DAY
        return await self._database.change(delete(ConversationRow).where(old))
