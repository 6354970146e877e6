"""What staff propose for the knowledge while they work through questions: to be taken over by those who keep the knowledge."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum

from sqlalchemy import Float, String, Text, delete, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import COUNTED, Base, BigId, Database
from bot.storage.people import Mask, masked


class SuggestionKind(StrEnum):
    """What is proposed: that no record answers the question, or that a record does."""

    OUT_OF_SCOPE = "out_of_scope"
    QUESTION = "question"


class SuggestionRow(Base):
    __tablename__ = "suggestions"
    __table_args__ = COUNTED

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    kind: Mapped[str] = mapped_column(String(32))
    question: Mapped[str] = mapped_column(Text)
    entry: Mapped[str | None] = mapped_column(String(256))
    author: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[float] = mapped_column(Float)


@dataclass(frozen=True)
class Suggestion:
    """A question, masked, and the record that answers it (none: out of scope)."""

    id: int
    kind: str
    question: str
    entry: str | None
    author: str
    created_at: float


class Suggestions:
    """The proposals. They hold nothing about who asked, and stay until staff delete them."""

    def __init__(self, database: Database, mask: Mask) -> None:
        self._database, self._mask = database, mask

    async def add(self, kind: SuggestionKind, questions: Sequence[str], author: str, entry: str | None = None) -> int:
        """Keep questions that are not there yet with this kind and record; gives how many were new."""
        known = {(s.question, s.entry) for s in await self.all() if s.kind == kind}
        texts = dict.fromkeys(masked(self._mask, q.strip()) or "" for q in questions)
        new = [text for text in texts if text and (text, entry) not in known]
        if new:
            fixed = {"kind": kind.value, "entry": entry, "author": author, "created_at": self._database.clock()}
            statement = insert(SuggestionRow)
            rows = [{"question": text, **fixed} for text in new]
            await self._database.write(lambda connection: connection.execute(statement, rows).rowcount, durable=True)
        return len(new)

    async def all(self) -> list[Suggestion]:
        """Oldest first."""
        columns = [getattr(SuggestionRow, name) for name in Suggestion.__dataclass_fields__]
        return [Suggestion(*row) for row in await self._database.rows(select(*columns).order_by(SuggestionRow.id))]

    async def remove(self, suggestion: int) -> bool:
        """Delete one, taken over or mistaken; False where there is none such."""
        return await self._database.change(delete(SuggestionRow).where(SuggestionRow.id == suggestion)) > 0
