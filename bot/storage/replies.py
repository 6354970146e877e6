"""Answers already given to requests that carry their own id, so that one sent again gets the same answer and counts once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Float, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import Base, Database
from bot.storage.errors import LeaseLost
from bot.storage.keys import Keys, Unreadable


class ReplyRow(Base):
    __tablename__ = "replies"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    conversation: Mapped[str] = mapped_column(String(128), primary_key=True)
    message: Mapped[str] = mapped_column(String(64), primary_key=True)
    answer: Mapped[str] = mapped_column(Text)
    given_at: Mapped[float] = mapped_column(Float, index=True)


@dataclass(frozen=True)
class Told:
    """What was answered (JSON-able) to the message that its sender calls ``message``."""

    message: str
    answer: Mapping[str, Any]


class Replies:
    """The answers, encrypted."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database, self._keys = database, keys

    async def find(self, channel: str, conversation: str, message: str) -> dict[str, Any] | None:
        """The answer given to a message, none where it has not been answered."""
        mine = (ReplyRow.channel == channel, ReplyRow.conversation == conversation, ReplyRow.message == message)
        sealed = await self._database.value(select(ReplyRow.answer).where(*mine))
        if sealed is None:
            return None
        try:
            found: dict[str, Any] = self._keys.open(sealed)
        except Unreadable:
            return None
        return found

    def put_within(self, connection: Connection, channel: str, conversation: str, told: Told) -> None:
        """Keep an answer as a part of a transaction.

        Raises:
            LeaseLost: another process has answered the message meanwhile; this answer must not be given.
        """
        values = {"answer": self._keys.seal(dict(told.answer)), "given_at": self._database.clock()}
        statement = self._database.insert(ReplyRow).values(channel=channel, conversation=conversation, message=told.message, **values)
        if not connection.execute(statement.on_conflict_do_nothing()).rowcount:
            raise LeaseLost("Tin này đã được một tiến trình khác trả lời.")
