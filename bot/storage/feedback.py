"""What people say about answers. Not a score: a list that staff work through."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Boolean, Connection, Float, Index, String, Text, insert, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import COUNTED, Base, BigId, Database
from bot.storage.keys import Keys
from bot.storage.people import Mask, masked
from bot.types import Feedback


class FeedbackRow(Base):
    """One opinion; ``person`` is a pseudonym; ``handled_by``: who of the staff has dealt with it."""

    __tablename__ = "feedback"
    __table_args__ = (Index("feedback_list", "good", "handled_at", "id"), COUNTED)

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    channel: Mapped[str] = mapped_column(String(32))
    person: Mapped[str] = mapped_column(String(32), index=True)
    good: Mapped[bool] = mapped_column(Boolean)
    reason: Mapped[str | None] = mapped_column(Text)
    question: Mapped[str | None] = mapped_column(Text)
    entry: Mapped[str | None] = mapped_column(String(256))
    created_at: Mapped[float] = mapped_column(Float, index=True)
    handled_at: Mapped[float | None] = mapped_column(Float)
    handled_by: Mapped[str | None] = mapped_column(String(128))


@dataclass(frozen=True)
class Opinion:
    """One opinion as staff see it. ``created_at``, ``handled_at``: seconds."""

    id: int
    channel: str
    good: bool
    reason: str | None
    question: str | None
    entry: str | None
    created_at: float
    handled_at: float | None
    handled_by: str | None


class FeedbackList:
    """The opinions."""

    def __init__(self, database: Database, keys: Keys, mask: Mask) -> None:
        self._database, self._keys, self._mask = database, keys, mask

    def add_within(self, connection: Connection, channel: str, key: str, feedback: Feedback) -> None:
        """Keep an opinion as a part of a transaction."""
        connection.execute(
            insert(FeedbackRow).values(
                channel=channel,
                person=self._keys.pseudonym(channel, key),
                good=feedback.good,
                reason=masked(self._mask, feedback.reason),
                question=masked(self._mask, feedback.question),
                entry=feedback.entry,
                created_at=self._database.clock(),
            )
        )

    async def recent(self, *, good: bool | None = None, handled: bool | None = False, most: int = 200) -> list[Opinion]:
        """The newest opinions; ``good``, ``handled``: only such; none: all."""
        columns = [getattr(FeedbackRow, name) for name in Opinion.__dataclass_fields__]
        query = select(*columns).order_by(FeedbackRow.id.desc()).limit(most)
        if good is not None:
            query = query.where(FeedbackRow.good == good)
        if handled is not None:
            query = query.where(FeedbackRow.handled_at.is_not(None) if handled else FeedbackRow.handled_at.is_(None))
        return [Opinion(*row) for row in await self._database.rows(query)]

    async def handle(self, opinion: int, by: str) -> bool:
        """Mark an opinion as dealt with; False where there is none such or it was already."""
        values = {"handled_at": self._database.clock(), "handled_by": by}
        change = update(FeedbackRow).where(FeedbackRow.id == opinion, FeedbackRow.handled_at.is_(None)).values(values)
        return await self._database.change(change) > 0
