"""Pairs of tokens that a channel hands out and takes back: encrypted, with the pair before kept for rescue."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy import Float, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from bot.storage.database import Base, Database
from bot.storage.keys import Keys, Unreadable

log = logging.getLogger(__name__)


class TokenRow(Base):
    __tablename__ = "tokens"

    channel: Mapped[str] = mapped_column(String(32), primary_key=True)
    pair: Mapped[str] = mapped_column(Text)
    previous: Mapped[str | None] = mapped_column(Text)
    updated_at: Mapped[float] = mapped_column(Float)


class Tokens:
    """The current pair of each channel. Whoever refreshes holds the lease ``token:CHANNEL`` (:mod:`bot.storage.leases`)."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database, self._keys = database, keys

    async def save(self, channel: str, pair: Mapping[str, Any]) -> None:
        """Keep ``pair`` (JSON-able) as the current one and the one so far as the previous. After this returns it survives even the
        power going out: use a new pair only then.

        Raises:
            StorageError: it is not kept.
        """
        values = {"pair": self._keys.seal(dict(pair)), "updated_at": self._database.clock()}
        statement = self._database.insert(TokenRow).values(channel=channel, **values)
        statement = statement.on_conflict_do_update(index_elements=["channel"], set_={**values, "previous": TokenRow.pair})
        await self._database.change(statement, durable=True)

    async def load(self, channel: str) -> dict[str, Any] | None:
        """The current pair; none where there is none, or the secret key has changed (logged)."""
        return (await self._load(channel))[0]

    async def previous(self, channel: str) -> dict[str, Any] | None:
        """The pair before the current one."""
        return (await self._load(channel))[1]

    async def _load(self, channel: str) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
        query = select(TokenRow.pair, TokenRow.previous).where(TokenRow.channel == channel)
        row = next(iter(await self._database.rows(query)), None)
        return (self._opened(channel, row.pair), self._opened(channel, row.previous)) if row is not None else (None, None)

    def _opened(self, channel: str, sealed: str | None) -> dict[str, Any] | None:
        if sealed is None:
            return None
        try:
            return dict(self._keys.open(sealed))
        except Unreadable:
            log.error("Không giải mã được token kênh %s: khóa bí mật đã đổi; khôi phục khóa cũ hoặc cấp quyền lại", channel)
            return None
