"""The inbox: every event of every channel, written down before it is acknowledged, until it is answered.

The content of an event is encrypted, and deleted as soon as it is finished. Its id stays for a while to recognise repeats.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Float, Index, Integer, String, Text, UniqueConstraint, func, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import COUNTED, OPEN, Base, BigId, Database
from bot.storage.errors import LeaseLost
from bot.storage.keys import Keys, Unreadable
from bot.storage.leasing import Waiting, bounded_lease, bounded_pause, next_rows

log = logging.getLogger(__name__)

MOST_ATTEMPTS = 3
"""Times an event is worked on before it counts as exhausted: a message that kills the program must not do so for ever."""


class InboxRow(Base):
    """One event, open until ``closed_at`` is set. ``outcome``: done, given_up, erased."""

    __tablename__ = "inbox"
    __table_args__ = (
        UniqueConstraint("channel", "event_id"),
        Index("inbox_open", "channel", "conversation", "id", sqlite_where=OPEN, postgresql_where=OPEN),
        Index("inbox_next", "received_at", sqlite_where=OPEN, postgresql_where=OPEN),
        COUNTED,
    )

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(32))
    event_id: Mapped[str] = mapped_column(String(128))
    conversation: Mapped[str] = mapped_column(String(128))
    payload: Mapped[str | None] = mapped_column(Text)
    received_at: Mapped[float] = mapped_column(Float, index=True)
    attempts: Mapped[int] = mapped_column(Integer, default=0)
    holder: Mapped[str | None] = mapped_column(String(128))
    lease_until: Mapped[float | None] = mapped_column(Float)
    not_before: Mapped[float | None] = mapped_column(Float)
    closed_at: Mapped[float | None] = mapped_column(Float)
    outcome: Mapped[str | None] = mapped_column(String(16))


@dataclass(frozen=True)
class New:
    """An event to write down; see :meth:`Inbox.accept`."""

    channel: str
    event_id: str
    payload: Mapping[str, Any]
    conversation: str = ""


@dataclass(frozen=True)
class Event:
    """An event taken to be worked on. ``attempt`` counts from 1; ``exhausted``: earlier attempts all failed or killed the program,
    so don't work on it again but tell the person that it did not work, and finish it."""

    id: int
    channel: str
    event_id: str
    conversation: str
    payload: Mapping[str, Any]
    received_at: float
    attempt: int

    @property
    def exhausted(self) -> bool:
        return self.attempt > MOST_ATTEMPTS


class Inbox:
    """The queue of events, shared by all workers of all replicas."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database, self._keys = database, keys

    async def accept(self, channel: str, event_id: str, payload: Mapping[str, Any], conversation: str = "") -> bool:
        """Write an event down; after this returns it survives even the power going out, and may be acknowledged.

        Args:
            channel: the connector's name.
            event_id: the channel's own id of the event.
            payload: JSON-able; encrypted as it is stored.
            conversation: key of the conversation; events of one are worked on in order of acceptance.

        Returns:
            False where it had been accepted before.

        Raises:
            StorageError: it is not written down; don't acknowledge it.
        """
        return (await self.accept_all([New(channel, event_id, payload, conversation)]))[0]

    async def accept_all(self, events: Sequence[New]) -> list[bool]:
        """Write events down in this order and in one transaction, as :meth:`accept` does with one: many at once cost one syncing of
        the disk. Where it raises, none is written down."""
        now = self._database.clock()
        values = [
            {
                "channel": event.channel,
                "event_id": event.event_id,
                "conversation": event.conversation,
                "payload": self._keys.seal(dict(event.payload)),
                "attempts": 0,
                "received_at": now,
            }
            for event in events
        ]
        statement = self._database.insert(InboxRow).on_conflict_do_nothing()

        def work(connection: Connection) -> list[bool]:
            # Ids are given before the commit: without this a later event of the conversation could be seen before an earlier one.
            for name in sorted({f"inbox:{event.channel}:{event.conversation}" for event in events}):
                self._database.serialise(connection, name)
            return [connection.execute(statement, row).rowcount > 0 for row in values]

        return await self._database.write(work, durable=True)

    async def claim(self, holder: str, most: int = 1, lease: float = 60.0, channels: Sequence[str] | None = None) -> list[Event]:
        """Take up to ``most`` events, of different conversations, each the first open one of its conversation.

        Args:
            holder: name of the taking process (see :meth:`free`).
            lease: seconds after which others may take them, if they are not finished by then (at most 600).
            channels: only of these; none: of all.
        """
        now = self._database.clock()
        query = next_rows(InboxRow, now, most, channels)
        values = {"attempts": InboxRow.attempts + 1, "holder": holder, "lease_until": now + bounded_lease(lease)}

        def work(connection: Connection) -> list[Event]:
            taken = []
            for row in connection.execute(query).all():
                event = self._event(row)
                if event is None or event.attempt > MOST_ATTEMPTS + 1:
                    log.error("Bỏ tin %s của kênh %s: đã thử %d lần không xong", row.event_id, row.channel, row.attempts)
                    close_event(connection, row.id, row.attempts, now, "given_up")
                else:
                    taken.append(event)
            if taken:
                connection.execute(update(InboxRow).where(InboxRow.id.in_([e.id for e in taken])).values(values))
            return taken

        return await self._database.write(work)

    def _event(self, row: Any) -> Event | None:
        try:
            payload = self._keys.open(row.payload or "")
        except Unreadable:
            log.error("Không giải mã được một tin của kênh %s: khóa bí mật đã đổi", row.channel)
            return None
        return Event(row.id, row.channel, row.event_id, row.conversation, payload, row.received_at, row.attempts + 1)

    async def done(self, event: Event) -> None:
        """The event needs no answer (:meth:`bot.storage.turns.Turns.complete` finishes those that do).

        Raises:
            LeaseLost: another worker has it.
        """
        now = self._database.clock()
        await self._database.write(lambda connection: close_event(connection, event.id, event.attempt, now, "done"))

    async def postpone(self, event: Event, seconds: float, *, counts: bool = True) -> None:
        """Give an event back; it may be taken again in ``seconds``. ``counts``: whether this was an attempt (not where the program
        is told to stop, or a needed service is away). The lease must still be held; otherwise nothing happens."""
        values = {
            "lease_until": None,
            "holder": None,
            "not_before": self._database.clock() + bounded_pause(seconds) if seconds > 0 else None,
            "attempts": InboxRow.attempts - (0 if counts else 1),
        }
        await self._database.change(update(InboxRow).where(*_held(event.id, event.attempt)).values(values))

    async def extend(self, event: Event, lease: float = 60.0) -> bool:
        """Hold an event for ``lease`` seconds from now; False where another worker has it."""
        values = {"lease_until": self._database.clock() + bounded_lease(lease)}
        return await self._database.change(update(InboxRow).where(*_held(event.id, event.attempt)).values(values)) > 0

    async def free(self, holder: str) -> int:
        """End the leases of ``holder``: call at the start of a process whose name no other living process bears, so that what an
        earlier run was killed over is taken up at once. Gives their number."""
        change = update(InboxRow).where(InboxRow.holder == holder, InboxRow.closed_at.is_(None)).values(holder=None, lease_until=None)
        return await self._database.change(change)

    async def waiting(self) -> Waiting:
        """How many events are open, and for how long the oldest."""
        query = select(func.count(), func.min(InboxRow.received_at)).where(InboxRow.closed_at.is_(None))
        count, oldest = (await self._database.rows(query))[0]
        return Waiting(count, max(0.0, self._database.clock() - oldest) if oldest is not None else 0.0)


def _held(event: int, attempt: int) -> tuple[Any, ...]:
    """The row, as long as nobody has taken it since: each taking counts ``attempts`` up."""
    return InboxRow.id == event, InboxRow.attempts == attempt, InboxRow.closed_at.is_(None)


def close_event(connection: Connection, event: int, attempt: int, now: float, outcome: str) -> None:
    """Finish an event within a transaction: its content goes.

    Raises:
        LeaseLost: it has been taken by another worker, finished or erased.
    """
    values = {"payload": None, "holder": None, "lease_until": None, "closed_at": now, "outcome": outcome}
    done = connection.execute(update(InboxRow).where(*_held(event, attempt)).values(values))
    if not done.rowcount:
        raise LeaseLost("Tin này đã được một tiến trình khác xử lý.")
