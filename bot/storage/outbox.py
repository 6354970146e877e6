"""The outbox: every message to send, written in the same transaction as the turn it belongs to, until the channel took it.

Its text is deleted when it is sent. A program killed between the channel's taking a message and :meth:`Outbox.sent` sends that one
again: none of the channels lets a message be sent under a key that it would recognise.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Connection, Float, Index, Integer, String, Text, UniqueConstraint, bindparam, exists, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import COUNTED, OPEN, Base, BigId, Database, Json
from bot.storage.leasing import Waiting, bounded_lease, bounded_pause, taking
from bot.storage.together import TOGETHER_SECONDS, Together

log = logging.getLogger(__name__)

GIVE_UP_AFTER = 24 * 3600.0
"""Seconds after which a message that could not be sent is given up: an answer of yesterday is of no use."""
Rows = tuple[tuple[tuple[str, str], ...], ...]
"""Rows of buttons, each (label, token)."""


class OutboxRow(Base):
    """One message. Open until ``closed_at`` is set; ``outcome``: sent, failed, erased. ``cause``: what it answers, such as
    ``inbox:17``; ``sequence``: which part of that answer."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("cause", "sequence"),
        Index("outbox_open", "channel", "conversation", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("outbox_next", "created_at", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("outbox_message", "channel", "message_id"),
        COUNTED,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(32))
    conversation: Mapped[str] = mapped_column(String(128))
    address: Mapped[str] = mapped_column(String(256))
    cause: Mapped[str] = mapped_column(String(64))
    sequence: Mapped[int] = mapped_column(Integer)
    text: Mapped[str | None] = mapped_column(Text)
    rows: Mapped[Any] = mapped_column(Json, nullable=True)
    quote: Mapped[str | None] = mapped_column(String(128))
    created_at: Mapped[float] = mapped_column(Float, index=True)
    not_before: Mapped[float | None] = mapped_column(Float)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    holder: Mapped[str | None] = mapped_column(String(128))
    lease_until: Mapped[float | None] = mapped_column(Float)
    closed_at: Mapped[float | None] = mapped_column(Float)
    outcome: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(String(256))
    message_id: Mapped[str | None] = mapped_column(String(128))
    carried: Mapped[Any] = mapped_column(Json, nullable=True)


@dataclass(frozen=True)
class Part:
    """A message to send: fits the channel's length; ``delay``: seconds to hold it back. ``carried``: numbers under which
    it goes on (:mod:`bot.tracing`)."""

    address: str
    text: str
    rows: Rows = ()
    quote: str | None = None
    delay: float = 0.0
    carried: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Sending:
    """A message taken to be sent. ``attempt`` counts from 1."""

    id: int
    channel: str
    conversation: str
    address: str
    text: str
    rows: Rows
    quote: str | None
    cause: str
    sequence: int
    created_at: float
    attempt: int
    carried: Mapping[str, str] = field(default_factory=dict)


class Outbox:
    """The queue of messages to send, shared by all senders of all replicas."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._noting: Together[tuple[Sending, str | None], None] = Together(self._all_sent, pause=TOGETHER_SECONDS)

    async def put(self, channel: str, conversation: str, cause: str, parts: Sequence[Part]) -> None:
        """Queue messages outside a turn, such as a notice. The same ``cause`` again changes nothing."""
        await self._database.write(
            lambda connection: put_parts(self._database, connection, channel, conversation, cause, parts), durable=True
        )

    async def claim(self, holder: str, most: int = 1, lease: float = 60.0, channels: Sequence[str] | None = None) -> list[Sending]:
        """Take up to ``most`` messages, of different conversations, each the first open one of its conversation.

        Args: as of :meth:`bot.storage.inbox.Inbox.claim`.
        """
        now = self._database.clock()

        queue = taking(OutboxRow, "created_at")

        def work(connection: Connection) -> list[Sending]:
            taken = [_sending(row) for row in queue.take(connection, now, most, channels)]
            queue.mark(connection, [sending.id for sending in taken], holder, now + bounded_lease(lease))
            return taken

        return await self._database.write(work)

    async def sent(self, sending: Sending, message_id: str | None = None) -> None:
        """The channel took it, under ``message_id`` where it says so. Counts even where the lease was lost: it is out."""
        await self._noting.put((sending, message_id))

    async def _all_sent(self, sendings: Sequence[tuple[Sending, str | None]]) -> Sequence[None]:
        values = [{"which": sending.id, "now": self._database.clock(), "known_as": message_id} for sending, message_id in sendings]
        await self._database.write(lambda connection: connection.execute(_SENT, values) and None)
        return [None] * len(sendings)

    async def postpone(self, sending: Sending, seconds: float, reason: str, *, counts: bool = True) -> bool:
        """Not taken now: try again in ``seconds``. What waits behind it in the conversation waits too. ``counts``: whether it was
        tried (not where the program is told to stop). False where it is too old and was given up instead."""
        now = self._database.clock()
        if counts and now - sending.created_at > GIVE_UP_AFTER:
            await self.fail(sending, f"too old: {reason}")
            return False
        values = {
            "lease_until": None,
            "holder": None,
            "not_before": now + bounded_pause(seconds) if seconds > 0 else None,
            "reason": reason[:256],
            "attempts": OutboxRow.attempts - (0 if counts else 1),
        }
        await self._database.change(update(OutboxRow).where(*_held(sending)).values(values))
        return True

    async def hurry(self, channel: str) -> None:
        """What was put off for later is sent now: what stood in the way is gone."""
        late = (OutboxRow.channel == channel, OutboxRow.closed_at.is_(None), OutboxRow.not_before.is_not(None))
        await self._database.change(update(OutboxRow).where(*late).values(not_before=None))

    async def extend(self, sending: Sending, lease: float = 60.0) -> bool:
        """Hold a message for ``lease`` seconds from now; False where another sender has it."""
        values = {"lease_until": self._database.clock() + bounded_lease(lease)}
        return await self._database.change(update(OutboxRow).where(*_held(sending)).values(values)) > 0

    async def fail(self, sending: Sending, reason: str) -> None:
        """It will never be taken, and neither will the other parts of the same answer: give them up, with a log line."""
        log.warning("Không gửi được tin trả lời (kênh %s): %s", sending.channel, reason)
        gone = {"text": None, "rows": None, "holder": None, "lease_until": None}
        values = {**gone, "closed_at": self._database.clock(), "outcome": "failed", "reason": reason[:256]}
        same = (OutboxRow.cause == sending.cause, OutboxRow.sequence >= sending.sequence, OutboxRow.closed_at.is_(None))
        await self._database.change(update(OutboxRow).where(*same).values(values))

    async def free(self, holder: str) -> int:
        """As :meth:`bot.storage.inbox.Inbox.free`."""
        change = update(OutboxRow).where(OutboxRow.holder == holder, OutboxRow.closed_at.is_(None)).values(holder=None, lease_until=None)
        return await self._database.change(change)

    async def is_ours(self, channel: str, message_id: str) -> bool:
        """Whether the channel's message ``message_id`` is one that was sent from here (some channels report these back)."""
        query = select(exists().where(OutboxRow.channel == channel, OutboxRow.message_id == message_id))
        return bool(await self._database.value(query))

    async def waiting(self) -> Waiting:
        """How many messages are not sent, and for how long the oldest."""
        query = select(func.count(), func.min(OutboxRow.created_at)).where(OutboxRow.closed_at.is_(None))
        count, oldest = (await self._database.rows(query))[0]
        return Waiting(count, max(0.0, self._database.clock() - oldest) if oldest is not None else 0.0)


def _held(sending: Sending) -> tuple[Any, ...]:
    return OutboxRow.id == sending.id, OutboxRow.attempts == sending.attempt, OutboxRow.closed_at.is_(None)


_TABLE = OutboxRow.__table__.c
_SENT = (
    update(OutboxRow.__table__)  # type: ignore[arg-type]
    .where(_TABLE.id == bindparam("which"), _TABLE.closed_at.is_(None))
    .values(text=None, rows=None, holder=None, lease_until=None, closed_at=bindparam("now"), outcome="sent", reason=None)
    .values(message_id=bindparam("known_as"))
)


def _sending(row: Any) -> Sending:
    rows = tuple(tuple((str(label), str(token)) for label, token in buttons) for buttons in row.rows or ())
    known = (row.id, row.channel, row.conversation, row.address, row.text or "", rows, row.quote)
    return Sending(*known, row.cause, row.sequence, row.created_at, row.attempts + 1, row.carried or {})


PULLED = frozenset({"web", "api"})
"""Channels on which nothing can be sent: people fetch what staff wrote (:meth:`bot.storage.hand_overs.HandOvers.letters`)."""


def put_parts(database: Database, connection: Connection, channel: str, conversation: str, cause: str, parts: Sequence[Part]) -> None:
    """Queue the parts of an answer within a transaction; parts of this ``cause`` that are there already stay as they are."""
    put_rows(database, connection, rows_of(channel, conversation, cause, parts, database.clock()))


def rows_of(channel: str, conversation: str, cause: str, parts: Sequence[Part], now: float) -> list[dict[str, Any]]:
    """The parts of an answer as rows for :func:`put_rows`."""
    if channel in PULLED:
        return []
    return [
        {
            "channel": channel,
            "conversation": conversation,
            "address": part.address,
            "cause": cause,
            "sequence": number,
            "text": part.text,
            "rows": [[list(button) for button in row] for row in part.rows] or None,
            "quote": part.quote,
            "created_at": now,
            "not_before": now + bounded_pause(part.delay) if part.delay > 0 else None,
            "attempts": 0,
            "carried": dict(part.carried) or None,
        }
        for number, part in enumerate(parts)
    ]


def put_rows(database: Database, connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Queue messages in this order within a transaction; those of a cause that are there already stay as they are."""
    if rows:
        connection.execute(database.insert_new(OutboxRow), rows)
