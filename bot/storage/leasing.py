"""What the queues share: which row may be taken next, and how a lease runs out.

A row is *open* until it is finished. Only the first open row of a conversation may be taken, so a conversation's rows are taken in
order, while different conversations go side by side. Whoever takes a row holds a lease on it; a row whose holder died comes free
when the lease runs out.

Times come from the machine's clock, which can be set back. A lease or a pause that ends further ahead than any can is therefore
over: it was written before the clock was set.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

from sqlalchemy import Boolean, ColumnElement, Connection, Float, Row, Select, Update, and_, bindparam, exists, or_, select, update
from sqlalchemy.orm import InstrumentedAttribute

LONGEST_LEASE = 600.0
LONGEST_PAUSE = 6 * 3600.0
"""Seconds; the longest wait between two attempts."""


@dataclass(frozen=True)
class Waiting:
    """Rows of a queue that are not finished, and the seconds the oldest of them has waited."""

    count: int
    oldest: float


def bounded_lease(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_LEASE)


def bounded_pause(seconds: float) -> float:
    return min(max(seconds, 0.0), LONGEST_PAUSE)


def is_over(column: InstrumentedAttribute[Any], now: Any, longest: Any) -> ColumnElement[bool]:
    """Whether the time in ``column`` has come: none, past, or later than ``longest``, further ahead than any can be."""
    return or_(column.is_(None), column <= now, column > longest)


@dataclass(frozen=True)
class Taking:
    """The two statements that take rows of a queue, made once: making them anew costs several times what running them does."""

    find: Select[Any]
    hold: Update

    def take(self, connection: Connection, now: float, most: int, channels: Sequence[str] | None) -> Sequence[Row[Any]]:
        """The rows that may be taken at ``now``, oldest first, locked where the database can (others skip them). ``channels``: only
        of these; none: of all."""
        values = {"now": now, "most": most, "any_channel": channels is None, "channels": list(channels or ())}
        return connection.execute(self.find, {**values, "last_lease": now + LONGEST_LEASE, "last_pause": now + LONGEST_PAUSE}).all()

    def mark(self, connection: Connection, ids: Sequence[int], holder: str, until: float) -> None:
        """Note who has rows, until when, and that it is one attempt more."""
        if ids:
            connection.execute(self.hold, {"ids": ids, "by": holder, "until": until})


@cache
def taking(queue: Any, since: str) -> Taking:
    """The statements for a queue, which has ``id``, ``channel``, ``conversation``, ``attempts``, ``holder``, ``closed_at``,
    ``lease_until`` and ``not_before``. ``since``: the column with the time of writing, by which its open rows are indexed; in order of
    the id SQLite would look at all rows, also at the many that are closed."""
    table, earlier = queue.__table__.c, queue.__table__.alias("earlier").c
    is_first = ~exists().where(
        earlier.channel == table.channel,
        earlier.conversation == table.conversation,
        earlier.closed_at.is_(None),
        earlier.id < table.id,
    )
    now = bindparam("now", type_=Float)
    free = and_(
        is_over(table.lease_until, now, bindparam("last_lease", type_=Float)),
        is_over(table.not_before, now, bindparam("last_pause", type_=Float)),
    )
    asked = or_(bindparam("any_channel", type_=Boolean), table.channel.in_(bindparam("channels", expanding=True)))
    find = (
        select(queue.__table__)
        .where(table.closed_at.is_(None), free, is_first, asked)
        .order_by(table[since], table.id)
        .limit(bindparam("most"))
    )
    hold = (
        update(queue.__table__)
        .where(table.id.in_(bindparam("ids", expanding=True)))
        .values(attempts=table.attempts + 1, holder=bindparam("by"), lease_until=bindparam("until"))
    )
    return Taking(find.with_for_update(skip_locked=True, of=queue.__table__), hold)
