"""Webhooks of chat services: the raw body within a limit, and an acknowledgement in time whatever happens behind."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response

from bot.channels.base import Overloaded, Receives
from bot.storage import named

log = logging.getLogger(__name__)

LARGEST_BODY = 64 * 1024
"""Bytes. The longest text message with every letter written as ``\\uXXXX`` takes a fifth of this."""
PATIENCE = 1.5
"""Seconds after which an event is acknowledged though it is still being written down. Zalo gives a webhook two."""
_TRIES = (0.5, 2.0, 5.0, 15.0)


async def raw_body(request: Request, limit: int = LARGEST_BODY) -> bytes | None:
    """The body as it came, none where it is larger than ``limit`` bytes."""
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > limit:
            return None
    return bytes(body)


class Intake:
    """Hands authenticated events on and says what to answer."""

    def __init__(self, channel: str, receives: Receives, *, patience: float = PATIENCE) -> None:
        """``receives``: keeps events; ``patience``: seconds."""
        self._channel, self._receives, self._patience = channel, receives, patience
        self._late: set[asyncio.Task[None]] = set()

    async def take(self, event_id: str, payload: Mapping[str, Any]) -> Response:
        """Keep an event. 200: kept, a repeat, or being kept; 503: it could not be kept, deliver it again."""
        keeping = asyncio.create_task(self._keep(event_id, payload))
        self._late.add(keeping)
        keeping.add_done_callback(self._late.discard)
        try:
            await asyncio.wait_for(asyncio.shield(keeping), self._patience)
        except TimeoutError:
            keeping.add_done_callback(self._report)
            log.warning("Kênh %s: ghi tin chậm hơn %.1f giây", self._channel, self._patience)
        except Overloaded:
            log.warning("Kênh %s: quá nhiều tin đang chờ, tạm từ chối", self._channel)
            return Response(status_code=503)
        except SQLAlchemyError as error:
            log.error("Kênh %s: không ghi được tin (%s)", self._channel, named(error))
            return Response(status_code=503)
        return Response(status_code=200)

    async def drain(self) -> None:
        """Wait for the events acknowledged and still being written down."""
        await asyncio.gather(*self._late, return_exceptions=True)

    async def _keep(self, event_id: str, payload: Mapping[str, Any]) -> None:
        """Keep an event; once it may have been acknowledged, try harder, for it will not come again."""
        begun = asyncio.get_running_loop().time()
        for pause in (*_TRIES, None):
            try:
                await self._receives.accept(self._channel, event_id, payload)
                return
            except (SQLAlchemyError, Overloaded):
                if pause is None or asyncio.get_running_loop().time() - begun < self._patience:
                    raise
                await asyncio.sleep(pause)

    def _report(self, keeping: asyncio.Task[None]) -> None:
        if not keeping.cancelled() and keeping.exception() is not None:
            log.error("Kênh %s: mất một tin đã báo nhận, không ghi được", self._channel, exc_info=keeping.exception())
