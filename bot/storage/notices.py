"""What staff tell everybody: notices for a time, and switches such as the pause of the bot."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from sqlalchemy import Float, String, Text, insert, or_, select, update
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import COUNTED, Base, BigId, Database, Json, new_id

PAUSE = "pause"
"""The switch that stops answering; its value is the text people are told."""


class Level(StrEnum):
    """How urgent a notice is."""

    INFO = "info"
    WARNING = "warning"
    URGENT = "urgent"


class NoticeRow(Base):
    """A notice, shown from ``starts_at`` until ``ends_at`` (seconds; none: until it is ended)."""

    __tablename__ = "notices"
    __table_args__ = COUNTED

    id: Mapped[int] = mapped_column(BigId, primary_key=True, autoincrement=True)
    text: Mapped[str] = mapped_column(Text)
    level: Mapped[str] = mapped_column(String(16))
    starts_at: Mapped[float] = mapped_column(Float)
    ends_at: Mapped[float | None] = mapped_column(Float)
    author: Mapped[str] = mapped_column(String(128))
    created_at: Mapped[float] = mapped_column(Float)


class SwitchRow(Base):
    """A named value that staff set."""

    __tablename__ = "switches"

    name: Mapped[str] = mapped_column(String(64), primary_key=True)
    value: Mapped[Any] = mapped_column(Json, nullable=True)
    set_by: Mapped[str] = mapped_column(String(128))
    set_at: Mapped[float] = mapped_column(Float)


@dataclass(frozen=True)
class Notice:
    """A notice. Times in seconds; ``ends_at`` none: until it is ended."""

    text: str
    level: Level
    starts_at: float
    ends_at: float | None
    author: str
    id: int = 0


class Notices:
    """Notices and switches."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def add(self, notice: Notice) -> int:
        """Store a notice; gives its id."""
        values = {"starts_at": notice.starts_at, "ends_at": notice.ends_at, "created_at": self._database.clock()}
        statement = insert(NoticeRow).values(text=notice.text, level=notice.level.value, author=notice.author, **values)
        return await self._database.write(lambda connection: new_id(connection, statement))

    async def end(self, notice: int) -> bool:
        """End a notice now; False where it is over."""
        now = self._database.clock()
        over = (NoticeRow.id == notice, or_(NoticeRow.ends_at.is_(None), NoticeRow.ends_at > now))
        return await self._database.change(update(NoticeRow).where(*over).values(ends_at=now)) > 0

    async def recent(self, *, current: bool = True, most: int = 100) -> list[Notice]:
        """Notices shown now, or all; the newest first."""
        now = self._database.clock()
        row = NoticeRow
        query = select(row.text, row.level, row.starts_at, row.ends_at, row.author, row.id).order_by(row.id.desc()).limit(most)
        if current:
            query = query.where(row.starts_at <= now, or_(row.ends_at.is_(None), row.ends_at > now))
        rows = await self._database.rows(query)
        return [Notice(r.text, Level(r.level), r.starts_at, r.ends_at, r.author, r.id) for r in rows]

    async def switch(self, name: str, value: Any, by: str) -> None:
        """Set a switch to a JSON-able value; none takes it away."""
        values = {"value": value, "set_by": by, "set_at": self._database.clock()}
        statement = self._database.insert(SwitchRow).values(name=name, **values)
        await self._database.change(statement.on_conflict_do_update(index_elements=["name"], set_=values))

    async def switched(self, name: str) -> Any:
        """The value of a switch, none where it is not set."""
        return await self._database.value(select(SwitchRow.value).where(SwitchRow.name == name))
