"""Addresses for whoever runs the bot: is it alive, is it ready, and its figures."""

from __future__ import annotations

import asyncio
import hmac
import logging
from collections.abc import Awaitable, Callable, Mapping

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from prometheus_client import CONTENT_TYPE_LATEST

from bot.metrics import Metrics
from bot.service import AnswerService
from bot.web.addresses import came_through_proxy, is_loopback
from bot.web.errors import error_response

log = logging.getLogger(__name__)

Check = Callable[[], Awaitable[object]]
"""Raises where a part of the bot cannot be used."""
CHECK_SECONDS = 3.0


def _may_read(request: Request, token: str | None) -> bool:
    """With a token: whoever shows it. Without: this machine itself, as long as no proxy has passed the request on."""
    if token is not None:
        scheme, _, given = request.headers.get("authorization", "").partition(" ")
        return scheme.lower() == "bearer" and hmac.compare_digest(given.strip().encode(), token.encode())
    return is_loopback(request.scope) and not came_through_proxy(request.scope)


async def _failing(checks: Mapping[str, Check]) -> list[str]:
    failing = []
    for name, check in checks.items():
        try:
            async with asyncio.timeout(CHECK_SECONDS):
                await check()
        except Exception as error:
            log.warning("Chưa sẵn sàng: %s (%s)", name, type(error).__name__)
            failing.append(name)
    return failing


def make_operations(
    service: AnswerService, metrics: Metrics, *, token: str | None = None, checks: Mapping[str, Check] | None = None
) -> APIRouter:
    """``/healthz``, ``/readyz`` and ``/metrics``.

    Args:
        service: whose index is reported.
        metrics: what ``/metrics`` shows.
        token: what must be shown to read the figures; none: only this machine may.
        checks: further parts that must be usable for the bot to be ready, such as the database.
    """
    router = APIRouter(include_in_schema=False)

    @router.get("/healthz")
    async def alive() -> JSONResponse:
        """The program runs. Nothing else is looked at: what is not ready yet must not be killed for it."""
        loaded = service.loaded
        return JSONResponse({"status": "ok", "index": loaded and loaded.version, "entries": loaded.entries if loaded else 0})

    @router.get("/readyz")
    async def ready() -> JSONResponse:
        """Questions can be answered: there is an index, and the database answers."""
        failing = await _failing(checks or {})
        if service.loaded is None:
            failing.insert(0, "index")
        return JSONResponse({"status": "waiting" if failing else "ready", "failing": failing}, 503 if failing else 200)

    @router.get("/metrics")
    async def figures(request: Request) -> Response:
        if not _may_read(request, token):
            return error_response(403)
        if service.loaded is not None:
            metrics.index(service.loaded.version, service.loaded.entries)
        return Response(await metrics.text(), media_type=CONTENT_TYPE_LATEST)

    return router
