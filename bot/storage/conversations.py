"""The state of each conversation, by channel and key."""

from __future__ import annotations

import json
import logging
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import BigInteger, Connection, Float, String, Text, bindparam, delete, select, tuple_
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import DAY, Base, Database
from bot.storage.errors import Overtaken
from bot.storage.people import Mask
from bot.storage.together import Together
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


@dataclass(frozen=True)
class Next:
    """A state to save. ``since``: what it was made from; none: whatever is stored is replaced."""

    channel: str
    key: str
    state: State
    since: Remembered | None = None


_WHO = tuple_(ConversationRow.channel, ConversationRow.key)
_RECALL = select(ConversationRow.channel, ConversationRow.key, ConversationRow.state, ConversationRow.version).where(
    _WHO.in_(bindparam("who", expanding=True))
)
_UNCHANGED = (
    select(ConversationRow.channel, ConversationRow.key)
    .where(tuple_(ConversationRow.channel, ConversationRow.key, ConversationRow.version).in_(bindparam("known", expanding=True)))
    .with_for_update()
)


class Conversations:
    """What conversations remember. ``mask`` takes personal data out of the question a state holds."""

    def __init__(self, database: Database, mask: Mask) -> None:
        self._database, self._mask = database, mask
        self._recalling: Together[tuple[str, str], Remembered] = Together(self._recall_all)
        insert = database.insert(ConversationRow)
        further = {"state": insert.excluded.state, "updated_at": insert.excluded.updated_at, "version": ConversationRow.version + 1}
        self._put = insert.on_conflict_do_update(index_elements=["channel", "key"], set_=further)
        self._begin = insert.on_conflict_do_nothing().returning(ConversationRow.channel, ConversationRow.key)

    async def load(self, channel: str, key: str) -> State:
        """The stored state; a fresh one where there is none, or where it was written by another version of the program."""
        return (await self.recall(channel, key)).state

    async def recall(self, channel: str, key: str) -> Remembered:
        """:meth:`load`, with the version of what was read."""
        return await self._recalling.put((channel, key))

    async def _recall_all(self, who: Sequence[tuple[str, str]]) -> list[Remembered]:
        rows = await self._database.read(lambda connection: connection.execute(_RECALL, {"who": list(who)}).all())
        found = {(row.channel, row.key): _remembered(row.channel, row.state, row.version) for row in rows}
        return [found.get(one, NOTHING) for one in who]

    async def save(self, channel: str, key: str, state: State) -> None:
        await self._database.write(lambda connection: self.save_within(connection, [Next(channel, key, state)]))

    def save_within(self, connection: Connection, states: Sequence[Next]) -> None:
        """Save states of different conversations as a part of a transaction.

        Raises:
            Overtaken: another process has stored, or erased, one of the conversations since; its state must be made again.
        """
        begun = [one for one in states if one.since is not None and one.since.version is None]
        known = {(one.channel, one.key, one.since.version) for one in states if one.since is not None and one.since.version is not None}
        unchanged = connection.execute(_UNCHANGED, {"known": list(known)}).all() if known else []
        new = connection.execute(self._begin, [self._row(one) for one in begun]).all() if begun else []
        if len(unchanged) < len(known) or len(new) < len(begun):
            raise Overtaken("Cuộc trò chuyện này vừa được một tiến trình khác ghi.")
        rows = [self._row(one) for one in states if one not in begun]
        if rows:
            connection.execute(self._put, rows)

    def _row(self, one: Next) -> dict[str, Any]:
        state = replace(one.state, question=self._mask(one.state.question)) if one.state.question else one.state
        return {
            "channel": one.channel,
            "key": one.key,
            "state": json.dumps(state.to_json(), ensure_ascii=False),
            "updated_at": self._database.clock(),
            # A conversation that was erased and begun again must not look like the one before: its versions begin anywhere.
            "version": secrets.randbelow(2**53),
        }

    async def forget(self, channel: str, key: str) -> None:
        await self._database.change(delete(ConversationRow).where(ConversationRow.channel == channel, ConversationRow.key == key))

    async def prune(self, days: float) -> int:
        """Delete conversations untouched for ``days``; gives their number."""
        old = ConversationRow.updated_at < self._database.clock() - days * DAY
        return await self._database.change(delete(ConversationRow).where(old))


def _remembered(channel: str, stored: str, version: int) -> Remembered:
    try:
        return Remembered(State.from_json(json.loads(stored)), version)
    except (KeyError, TypeError, ValueError, IndexError):
        log.warning("Bỏ trạng thái không đọc được của một cuộc trò chuyện (kênh %s)", channel)
        return Remembered(State(), version)
