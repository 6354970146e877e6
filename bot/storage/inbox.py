"""The inbox: every event of every channel, written down before it is acknowledged, until it is answered.

The content of an event is encrypted, and deleted as soon as it is finished. Its id stays for a while to recognise repeats.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, Float, Index, Integer, String, Text, UniqueConstraint, bindparam, func, select, tuple_, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import COUNTED, OPEN, Base, BigId, Database
from bot.storage.errors import LeaseLost
from bot.storage.keys import Keys, Unreadable
from bot.storage.leasing import Waiting, bounded_lease, bounded_pause, taking
from bot.storage.together import TOGETHER_SECONDS, Together

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
        self._accepting: Together[New, bool] = Together(self._accept_all, pause=TOGETHER_SECONDS)
        self._new = database.insert(InboxRow).on_conflict_do_nothing().returning(InboxRow.channel, InboxRow.event_id)

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
        return await self._accepting.put(New(channel, event_id, payload, conversation))

    async def _accept_all(self, events: Sequence[New]) -> list[bool]:
        """Write events down in this order and in one transaction: many at once cost one syncing of the disk."""
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
        names = {f"inbox:{event.channel}:{event.conversation}" for event in events}

        def work(connection: Connection) -> list[bool]:
            # Ids are given before the commit: without this a later event of the conversation could be seen before an earlier one.
            self._database.serialise(connection, *names)
            new = {(row.channel, row.event_id) for row in connection.execute(self._new, values)}
            return [_taken_out(new, (event.channel, event.event_id)) for event in events]

        return await self._database.write(work, durable=True)

    async def claim(self, holder: str, most: int = 1, lease: float = 60.0, channels: Sequence[str] | None = None) -> list[Event]:
        """Take up to ``most`` events, of different conversations, each the first open one of its conversation.

        Args:
            holder: name of the taking process (see :meth:`free`).
            lease: seconds after which others may take them, if they are not finished by then (at most 600).
            channels: only of these; none: of all.
        """
        now = self._database.clock()

        queue = taking(InboxRow, "received_at")

        def work(connection: Connection) -> list[Event]:
            taken = []
            for row in queue.take(connection, now, most, channels):
                event = self._event(row)
                if event is None or event.attempt > MOST_ATTEMPTS + 1:
                    log.error("Bỏ tin %s của kênh %s: đã thử %d lần không xong", row.event_id, row.channel, row.attempts)
                    close_events(connection, [(row.id, row.attempts)], now, "given_up")
                else:
                    taken.append(event)
            queue.mark(connection, [event.id for event in taken], holder, now + bounded_lease(lease))
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
        if not await self._database.write(lambda connection: close_events(connection, [(event.id, event.attempt)], now, "done")):
            raise lease_lost()

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


def _taken_out(new: set[tuple[str, str]], one: tuple[str, str]) -> bool:
    """Whether ``one`` is in ``new``; of equal events only the first is."""
    if one not in new:
        return False
    new.remove(one)
    return True


_TABLE = InboxRow.__table__.c
_CLOSE = (
    update(InboxRow.__table__)  # type: ignore[arg-type]
    .where(tuple_(_TABLE.id, _TABLE.attempts).in_(bindparam("held", expanding=True)), _TABLE.closed_at.is_(None))
    .values(payload=None, holder=None, lease_until=None, closed_at=bindparam("now"), outcome=bindparam("as"))
    .returning(_TABLE.id)
)


def close_events(connection: Connection, held: Sequence[tuple[int, int]], now: float, outcome: str) -> frozenset[int]:
    """Finish events, each (id, attempt), within a transaction: their content goes. Gives the ids of those that were finished; the
    others have been taken by another worker, finished or erased."""
    if not held:
        return frozenset()
    return frozenset(connection.execute(_CLOSE, {"held": list(held), "now": now, "as": outcome}).scalars())


def lease_lost() -> LeaseLost:
    return LeaseLost("Tin này đã được một tiến trình khác xử lý.")
