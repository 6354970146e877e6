"""The account's tokens in the bot's database, shared by its replicas."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict

from bot.channels.zalo_oa.connector import NAME
from bot.channels.zalo_oa.oauth import Pair
from bot.channels.zalo_oa.tokens import Kept, TokenStore
from bot.storage.leases import Leases
from bot.storage.tokens import Tokens

LEASE_SECONDS = 120.0
"""Longer than a refresh can take with all its time limits, so that no other process begins one meanwhile."""


def stored_as(oa_id: str) -> str:
    """The name under which an account's tokens are kept."""
    return f"{NAME}:{oa_id}"


class StoredTokens(TokenStore):
    """See :class:`TokenStore`. The pairs are encrypted there."""

    def __init__(self, tokens: Tokens, leases: Leases, oa_id: str, holder: str) -> None:
        """
        Args:
            tokens, leases: of the database.
            oa_id: of the account; another account's tokens lie beside and are not touched.
            holder: a name that no other living process on this database bears.
        """
        self._tokens, self._leases, self._holder = tokens, leases, holder
        self._name = stored_as(oa_id)

    async def load(self) -> Kept | None:
        """See :meth:`TokenStore.load`."""
        current, previous = await self._tokens.load(self._name), await self._tokens.previous(self._name)
        return None if current is None else Kept(Pair(**current), None if previous is None else Pair(**previous))

    async def save(self, pair: Pair) -> None:
        """See :meth:`TokenStore.save`."""
        await self._tokens.save(self._name, asdict(pair))

    @asynccontextmanager
    async def lease(self) -> AsyncIterator[bool]:
        """See :meth:`TokenStore.lease`."""
        lease = f"token:{self._name}"
        mine = await self._leases.acquire(lease, self._holder, LEASE_SECONDS)
        try:
            yield mine
        finally:
            if mine:
                await self._leases.release(lease, self._holder)
