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

from sqlalchemy import ColumnElement, Select, and_, exists, or_, select
from sqlalchemy.orm import InstrumentedAttribute, aliased

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


def is_over(column: InstrumentedAttribute[Any], now: float, longest: float) -> ColumnElement[bool]:
    """Whether the time in ``column`` has come: none, past, or further ahead than ``longest`` seconds."""
    return or_(column.is_(None), column <= now, column > now + longest)


_second = cache(aliased)
"""The same table under a second name. Making one anew for each look at a queue costs more than the look."""


def next_rows(table: Any, now: float, most: int, channels: Sequence[str] | None) -> Select[Any]:
    """The rows of a queue that may be taken, oldest first, locked where the database can (others skip them).

    ``table`` has ``id``, ``channel``, ``conversation``, ``closed_at``, ``lease_until`` and ``not_before``.
    """
    earlier = _second(table)
    is_first = ~exists().where(
        earlier.channel == table.channel,
        earlier.conversation == table.conversation,
        earlier.closed_at.is_(None),
        earlier.id < table.id,
    )
    free = and_(is_over(table.lease_until, now, LONGEST_LEASE), is_over(table.not_before, now, LONGEST_PAUSE))
    query = select(table.__table__).where(table.closed_at.is_(None), free, is_first)
    if channels is not None:
        query = query.where(table.channel.in_(channels))
    return query.order_by(table.id).limit(most).with_for_update(skip_locked=True, of=table)
