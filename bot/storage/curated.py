"""Answers that staff write for questions the records do not answer, or not well. They win over retrieval while they are valid."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import Float, String, Text, func, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import COUNTED, Base, BigId, Database, Json, new_id


class CuratedRow(Base):
    """One answer. Days are ISO dates, both included; ``withdrawn_at``: no longer used, kept for the record."""

    __tablename__ = "curated_answers"
    __table_args__ = COUNTED

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    questions: Mapped[Any] = mapped_column(Json)
    text: Mapped[str] = mapped_column(Text)
    sources: Mapped[Any] = mapped_column(Json)
    province: Mapped[str | None] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(128))
    valid_from: Mapped[str] = mapped_column(String(10))
    valid_to: Mapped[str | None] = mapped_column(String(10))
    created_at: Mapped[float] = mapped_column(Float)
    updated_at: Mapped[float] = mapped_column(Float, index=True)
    withdrawn_at: Mapped[float | None] = mapped_column(Float)


@dataclass(frozen=True)
class CuratedAnswer:
    """An answer by staff.

    ``questions``: ways to ask it, as people write them; ``sources``: (title, address) of what it rests on; ``province``: only for
    that one; ``valid_from``, ``valid_to``: days, both included. ``id`` is 0 before it is stored.
    """

    questions: tuple[str, ...]
    text: str
    author: str
    valid_from: dt.date
    valid_to: dt.date | None = None
    sources: tuple[tuple[str, str], ...] = field(default=())
    province: str | None = None
    id: int = 0

    def __post_init__(self) -> None:
        if not self.text.strip() or not self.author.strip() or not any(q.strip() for q in self.questions):
            raise ValueError("a curated answer needs a question, a text and an author")
        if self.valid_to is not None and self.valid_to < self.valid_from:
            raise ValueError("valid_to lies before valid_from")


class CuratedAnswers:
    """The answers by staff."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def put(self, answer: CuratedAnswer) -> int:
        """Store a new answer (id 0) or a changed one; gives its id.

        Raises:
            KeyError: there is none of that id, or it was withdrawn.
        """
        now = self._database.clock()
        values = {
            "questions": list(answer.questions),
            "text": answer.text,
            "sources": [list(s) for s in answer.sources],
            "province": answer.province,
            "author": answer.author,
            "valid_from": answer.valid_from.isoformat(),
            "valid_to": answer.valid_to.isoformat() if answer.valid_to else None,
            "updated_at": now,
        }
        if not answer.id:
            statement = insert(CuratedRow).values(created_at=now, **values)
            return await self._database.write(lambda connection: new_id(connection, statement), durable=True)
        mine = (CuratedRow.id == answer.id, CuratedRow.withdrawn_at.is_(None))
        if not await self._database.change(update(CuratedRow).where(*mine).values(values), durable=True):
            raise KeyError(answer.id)
        return answer.id

    async def withdraw(self, answer: int) -> bool:
        """Stop using an answer; False where it is not in use."""
        now = self._database.clock()
        change = update(CuratedRow).where(CuratedRow.id == answer, CuratedRow.withdrawn_at.is_(None))
        return await self._database.change(change.values(withdrawn_at=now, updated_at=now)) > 0

    async def in_use(self, day: dt.date | None = None) -> Sequence[CuratedAnswer]:
        """Answers in use, oldest first; with a ``day``: only those valid on it."""
        query = select(CuratedRow).where(CuratedRow.withdrawn_at.is_(None)).order_by(CuratedRow.id)
        if day is not None:
            on = day.isoformat()
            query = query.where(CuratedRow.valid_from <= on, or_(CuratedRow.valid_to.is_(None), CuratedRow.valid_to >= on))
        return [_answer(row) for row in await self._database.rows(query)]

    async def version(self) -> tuple[int, float]:
        """Changes whenever an answer does: cheap to ask before reading them again."""
        query = select(func.count(), func.coalesce(func.max(CuratedRow.updated_at), 0.0))
        count, latest = (await self._database.rows(query))[0]
        return int(count), float(latest)


def _answer(row: Any) -> CuratedAnswer:
    return CuratedAnswer(
        tuple(row.questions),
        row.text,
        row.author,
        dt.date.fromisoformat(row.valid_from),
        dt.date.fromisoformat(row.valid_to) if row.valid_to else None,
        tuple((str(title), str(address)) for title, address in row.sources),
        row.province,
        row.id,
    )
