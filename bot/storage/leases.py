"""Named locks between replicas, each with a holder and an end: one refreshes a token, one polls a channel."""

from __future__ import annotations

from sqlalchemy import Float, String, delete, or_
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import Base, Database
from bot.storage.leasing import LONGEST_LEASE, bounded_lease, is_over


class LeaseRow(Base):
    __tablename__ = "leases"

    name: Mapped[str] = mapped_column(String(128), primary_key=True)
    holder: Mapped[str] = mapped_column(String(128))
    until: Mapped[float] = mapped_column(Float)


class Leases:
    """The locks. The replicas' clocks must agree to within a few seconds; leave that much room in ``seconds``."""

    def __init__(self, database: Database) -> None:
        self._database = database

    async def acquire(self, name: str, holder: str, seconds: float) -> bool:
        """Take or renew the lock ``name`` for ``seconds`` (at most 600) from now; False where another holds it."""
        now = self._database.clock()
        values = {"holder": holder, "until": now + bounded_lease(seconds)}
        statement = self._database.insert(LeaseRow).values(name=name, **values)
        statement = statement.on_conflict_do_update(
            index_elements=["name"],
            set_=values,
            where=or_(LeaseRow.holder == holder, is_over(LeaseRow.until, now, now + LONGEST_LEASE)),
        )
        return await self._database.change(statement) > 0

    async def release(self, name: str, holder: str) -> None:
        """Give the lock back; nothing happens where another holds it."""
        await self._database.change(delete(LeaseRow).where(LeaseRow.name == name, LeaseRow.holder == holder))
