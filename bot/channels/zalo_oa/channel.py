"""The Zalo OA channel as it runs: tokens kept fresh; events come by the route."""

from __future__ import annotations

import asyncio

from bot.channels.base import Channel
from bot.channels.receiving import Intake
from bot.channels.zalo_oa.connector import NAME
from bot.channels.zalo_oa.tokens import TokenKeeper


class ZaloOaChannel(Channel):
    """Every replica serves the route; the one that holds the lease refreshes tokens."""

    name = NAME

    def __init__(self, tokens: TokenKeeper, intake: Intake) -> None:
        self._tokens, self._intake = tokens, intake

    async def run(self, stop: asyncio.Event) -> None:
        """See :meth:`Channel.run`. Without an authorisation it says what to do and goes on looking for one."""
        try:
            await self._tokens.keep_fresh(stop)
        finally:
            await self._intake.drain()
