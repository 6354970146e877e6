"""Tokens kept in memory, and a lease that several keepers share as several processes would."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field

from sqlalchemy.exc import OperationalError

from bot.channels.zalo_oa.oauth import Pair
from bot.channels.zalo_oa.tokens import Kept


@dataclass
class MemoryTokens:
    """See the module. ``broken``: how many of the next savings fail."""

    kept: Kept | None = None
    broken: int = 0
    taken: bool = False
    saved: list[Pair] = field(default_factory=list)

    async def load(self) -> Kept | None:
        return self.kept

    async def save(self, pair: Pair) -> None:
        if self.broken:
            self.broken -= 1
            raise OperationalError("save", {}, OSError("disk full"))
        self.kept = Kept(pair, self.kept.current if self.kept else None)
        self.saved.append(pair)

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[bool]:
        if self.taken:
            yield False
            return
        self.taken = True
        try:
            yield True
        finally:
            self.taken = False
