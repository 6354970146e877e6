"""Rate limits: per conversation, per address and overall, over a moving minute."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from fastapi import Request

from bot.often import Often
from bot.web.addresses import UNKNOWN, network_of
from bot.web.errors import TooMany


@dataclass(frozen=True)
class Rates:
    """Requests a minute; 0: not limited. ``overall`` is of one process."""

    per_conversation: int = 0
    per_address: int = 0
    overall: int = 0


class RateLimits:
    """Counts requests in memory. ``limited`` is told the scope of each refusal."""

    def __init__(self, rates: Rates, limited: Callable[[str], None] = lambda _scope: None) -> None:
        self._limited = limited
        # The narrowest first: who is refused there takes nothing away from the others.
        scopes = (("conversation", rates.per_conversation), ("address", rates.per_address), ("overall", rates.overall))
        self._scopes = [(scope, Often(rate)) for scope, rate in scopes if rate]

    def check(self, request: Request, conversation: str | None = None) -> None:
        """Count a request, or refuse it.

        Raises:
            TooMany: one of the limits is reached; the request was not counted for that limit.
        """
        address = network_of(request.scope.get("state", {}).get("address", UNKNOWN))
        who = {"conversation": conversation or None, "address": address, "overall": ""}
        for scope, often in self._scopes:
            one = who[scope]
            if one is not None and not often.may(one):
                self._limited(scope)
                raise TooMany(often.wait(one))

    async def by_address(self, request: Request) -> None:
        """:meth:`check` as a dependency of routes without a conversation."""
        self.check(request)
