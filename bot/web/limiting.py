"""Rate limits: per conversation, per address and overall, over a moving minute (library ``limits``)."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request
from limits import RateLimitItemPerMinute
from limits.aio.storage import MemoryStorage
from limits.aio.strategies import MovingWindowRateLimiter

from bot.web.addresses import UNKNOWN, network_of
from bot.web.errors import TooMany

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Rates:
    """Requests a minute; 0: not limited. ``overall`` is of one process."""

    per_conversation: int = 0
    per_address: int = 0
    overall: int = 0


class RateLimits:
    """Counts requests in memory. ``limited`` is told the scope of each refusal."""

    def __init__(self, rates: Rates, limited: Callable[[str], None] = lambda _scope: None) -> None:
        self._rates, self._limited = rates, limited
        self._limiter = MovingWindowRateLimiter(MemoryStorage())

    async def check(self, request: Request, conversation: str | None = None) -> None:
        """Count a request, or refuse it.

        Raises:
            TooMany: one of the limits is reached; the request was not counted for that limit.
        """
        address = network_of(request.scope.get("state", {}).get("address", UNKNOWN))
        # The narrowest first: who is refused there takes nothing away from the others.
        for scope, rate, key in (
            ("conversation", self._rates.per_conversation if conversation else 0, conversation or ""),
            ("address", self._rates.per_address, address),
            ("overall", self._rates.overall, ""),
        ):
            if rate == 0:
                continue
            item = RateLimitItemPerMinute(rate)
            if not await self._limiter.hit(item, scope, key):
                self._limited(scope)
                window = await self._limiter.get_window_stats(item, scope, key)
                raise TooMany(window.reset_time - time.time())

    async def by_address(self, request: Request) -> None:
        """:meth:`check` as a dependency of routes without a conversation."""
        await self.check(request)
