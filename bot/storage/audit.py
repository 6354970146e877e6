"""Who of the staff did what, when. Lines are only added; the program deletes them after their time."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Float, String, insert, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import COUNTED, Base, BigId, Database, Json


class AuditRow(Base):
    __tablename__ = "audit_log"
    __table_args__ = COUNTED

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    at: Mapped[float] = mapped_column(Float, index=True)
    actor: Mapped[str] = mapped_column(String(128))
    action: Mapped[str] = mapped_column(String(64))
    subject: Mapped[str | None] = mapped_column(String(256))
    details: Mapped[Any] = mapped_column(Json, nullable=True)


@dataclass(frozen=True)
class Deed:
    """A line of the audit log."""

    at: float
    actor: str
    action: str
    subject: str | None
    details: Any


class Audit:
    """The audit log."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, actor: str, action: str, subject: str | None = None, details: Mapping[str, Any] | None = None) -> None:
        """Write a line. ``details``: JSON-able, without secrets and without what people wrote."""
        values = {"subject": subject, "details": dict(details) if details else None, "at": self._database.clock()}
        await self._database.change(insert(AuditRow).values(actor=actor, action=action, **values), durable=True)

    async def recent(self, most: int = 200, before: float | None = None) -> list[Deed]:
        """The newest lines, or the newest ``before`` a time."""
        query = select(AuditRow.at, AuditRow.actor, AuditRow.action, AuditRow.subject, AuditRow.details).order_by(AuditRow.id.desc())
        if before is not None:
            query = query.where(AuditRow.at < before)
        return [Deed(*row) for row in await self._database.rows(query.limit(most))]
