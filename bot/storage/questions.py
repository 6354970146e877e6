"""The log of questions: what was asked (masked), what became of it, and counts of it.

A line is kept for the retention period. Then it is counted into ``daily_counts``, which holds nothing about persons, and deleted.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import Literal

from sqlalchemy import (
    ColumnElement,
    Connection,
    Float,
    Index,
    Integer,
    String,
    Text,
    delete,
    func,
    insert,
    literal_column,
    select,
    union_all,
    update,
)
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import COUNTED, Base, BigId, Database
from bot.storage.keys import Keys
from bot.storage.people import Mask, day_of, masked

Facet = Literal["day", "channel", "outcome", "province", "entry"]
FACETS: tuple[Facet, ...] = ("day", "channel", "outcome", "province", "entry")


class QuestionRow(Base):
    """One question. ``person``: a pseudonym, none after erasure. ``handled_as``: what staff made of it (an answer, out of scope)."""

    __tablename__ = "question_log"
    __table_args__ = (Index("question_list", "outcome", "handled_at", "id"), COUNTED)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    day: Mapped[str] = mapped_column(String(10), index=True)
    asked_at: Mapped[float] = mapped_column(Float, index=True)
    channel: Mapped[str] = mapped_column(String(32))
    person: Mapped[str | None] = mapped_column(String(32), index=True)
    question: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str] = mapped_column(String(32))
    entry: Mapped[str | None] = mapped_column(String(256))
    confidence: Mapped[float] = mapped_column(Float)
    province: Mapped[str | None] = mapped_column(String(64))
    handled_at: Mapped[float | None] = mapped_column(Float)
    handled_by: Mapped[str | None] = mapped_column(String(128))
    handled_as: Mapped[str | None] = mapped_column(String(32))


class DailyCountRow(Base):
    """How many questions of a kind a day had, after their lines are gone. Empty text stands for none."""

    __tablename__ = "daily_counts"

    day: Mapped[str] = mapped_column(String(10), primary_key=True)
    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(32), primary_key=True)
    province: Mapped[str] = mapped_column(String(64), primary_key=True)
    entry: Mapped[str] = mapped_column(String(256), primary_key=True)
    count: Mapped[int] = mapped_column(Integer)


@dataclass(frozen=True)
class Asked:
    """A question and what became of it: ``outcome`` of :class:`bot.types.Outcome`, the id of the best entry, its confidence."""

    question: str
    outcome: str
    entry: str | None = None
    confidence: float = 0.0
    province: str | None = None


@dataclass(frozen=True)
class Logged:
    """A line of the log as staff see it."""

    id: int
    day: str
    asked_at: float
    channel: str
    question: str | None
    outcome: str
    entry: str | None
    confidence: float
    province: str | None
    handled_at: float | None
    handled_by: str | None
    handled_as: str | None


@dataclass(frozen=True)
class Count:
    """``count`` questions with these ``values`` of the facets asked for, in their order; empty text: not known."""

    values: tuple[str, ...]
    count: int


_ADD = insert(QuestionRow)


class QuestionLog:
    """The log and its counts."""

    def __init__(self, database: Database, keys: Keys, mask: Mask) -> None:
        self._database, self._keys, self._mask = database, keys, mask

    async def add(self, channel: str, key: str, asked: Asked) -> None:
        await self._database.write(lambda connection: self.add_within(connection, [(channel, key, asked)]))

    def add_within(self, connection: Connection, lines: Sequence[tuple[str, str, Asked]]) -> None:
        """Write lines (channel, key, what was asked) as a part of a transaction. An empty ``key`` is nobody."""
        now = self._database.clock()
        rows = [
            {
                "day": day_of(now),
                "asked_at": now,
                "channel": channel,
                "person": self._keys.pseudonym(channel, key) if key else None,
                "question": masked(self._mask, asked.question),
                "outcome": asked.outcome,
                "entry": asked.entry,
                "confidence": asked.confidence,
                "province": asked.province,
            }
            for channel, key, asked in lines
        ]
        if rows:
            connection.execute(_ADD, rows)

    async def recent(
        self, outcomes: Collection[str] | None = None, *, handled: bool | None = False, below: float | None = None, most: int = 500
    ) -> list[Logged]:
        """The newest lines that still have a question. ``outcomes``: only these; ``handled``: only such, none: all; ``below``: only
        with a confidence below it."""
        columns = [getattr(QuestionRow, name) for name in Logged.__dataclass_fields__]
        query = select(*columns).where(QuestionRow.question.is_not(None)).order_by(QuestionRow.id.desc()).limit(most)
        if outcomes is not None:
            query = query.where(QuestionRow.outcome.in_(outcomes))
        if handled is not None:
            query = query.where(QuestionRow.handled_at.is_not(None) if handled else QuestionRow.handled_at.is_(None))
        if below is not None:
            query = query.where(QuestionRow.confidence < below)
        return [Logged(*row) for row in await self._database.rows(query)]

    async def handle(self, questions: Collection[int], by: str, what: str) -> int:
        """Mark lines as dealt with (``what``: at most 32 characters); gives how many were not yet."""
        values = {"handled_at": self._database.clock(), "handled_by": by, "handled_as": what}
        change = update(QuestionRow).where(QuestionRow.id.in_(questions), QuestionRow.handled_at.is_(None)).values(values)
        return await self._database.change(change)

    async def counts(self, by: Sequence[Facet], since: str, until: str) -> list[Count]:
        """Questions from day ``since`` to day ``until`` (both included) counted by facets, in order of the facets' values."""
        live = select(*(_known(f).label(f) for f in FACETS), func.count().label("count"))
        live = live.where(QuestionRow.day.between(since, until)).group_by(*(_known(f) for f in FACETS))
        kept = select(*(getattr(DailyCountRow, f) for f in FACETS), DailyCountRow.count).where(DailyCountRow.day.between(since, until))
        both = union_all(live, kept).subquery()
        columns = [both.c[f] for f in by]
        query = select(*columns, func.sum(both.c["count"])).group_by(*columns).order_by(*columns)
        return [Count(tuple(row[:-1]), int(row[-1])) for row in await self._database.rows(query) if row[-1]]

    async def prune(self, before: str) -> int:
        """Count the lines of days before ``before`` and delete them; gives their number."""
        old = QuestionRow.day < before
        values = [_known(f) for f in FACETS]
        counted = select(*values, func.count()).where(old).group_by(*values)
        statement = self._database.insert(DailyCountRow).from_select([*FACETS, "count"], counted)
        more = {"count": DailyCountRow.count + statement.excluded["count"]}
        counting = statement.on_conflict_do_update(index_elements=list(FACETS), set_=more)

        def work(connection: Connection) -> int:
            self._database.serialise(connection, "prune")  # two replicas would count the same lines twice
            connection.execute(counting)
            return connection.execute(delete(QuestionRow).where(old)).rowcount

        return await self._database.write(work)


def _known(facet: Facet) -> ColumnElement[str]:
    # A literal: with a bound value PostgreSQL does not see that the selected and the grouped expression are the same.
    return func.coalesce(getattr(QuestionRow, facet), literal_column("''"))
