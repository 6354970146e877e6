"""The outermost layer of the web interface: who came, when, with which number, and how it ended."""

from __future__ import annotations

import logging
import re
import secrets
import time
from collections.abc import Callable, Mapping
from contextlib import nullcontext
from dataclasses import dataclass

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.tracing import NO_TRACING, Tracer
from bot.web.addresses import Addresses, came_through_proxy, parse_address
from bot.web.errors import error_response
from config.logging import request_id

log = logging.getLogger(__name__)
access = logging.getLogger("bot.web.access")

HEADERS: Mapping[str, str] = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "Cache-Control": "no-store",
}
"""What every response carries, unless it says otherwise itself."""
OTHER = "(khác)"
_PASSED_ON = re.compile(rb"[A-Za-z0-9._-]{8,64}")


@dataclass(frozen=True)
class Served:
    """A request that was answered. ``route`` is the pattern (``/api/v1/plans/{plan}``), never the address itself."""

    route: str
    method: str
    status: int
    seconds: float


class Arrival:
    """ASGI middleware: gives each request a number (a trusted proxy's own is kept), finds the visitor's address, sets the usual
    headers, turns what nobody caught into a 500, and tells ``served`` how each request ended. Its log line holds no address, no
    query and no content."""

    def __init__(
        self,
        app: ASGIApp,
        addresses: Addresses,
        served: Callable[[Served], None] = lambda _served: None,
        headers: Mapping[str, str] = HEADERS,
        *,
        log_access: bool = False,
        tracer: Tracer = NO_TRACING,
    ) -> None:
        self._tracer = tracer
        self._app, self._addresses, self._served, self._log_access = app, addresses, served, log_access
        self._headers = [(k.lower().encode(), v.encode()) for k, v in headers.items()]
        self._warned = False

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started, status = time.perf_counter(), 0
        number = self._number(scope)
        scope.setdefault("state", {})["address"] = self._addresses.of(scope)
        self._warn_of_proxy(scope)

        async def send_with_headers(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                present = {name.lower() for name, _ in message["headers"]}
                extra = [h for h in (*self._headers, (b"x-request-id", number.encode())) if h[0] not in present]
                message = {**message, "headers": [*message["headers"], *extra]}
            await send(message)

        token = request_id.set(number)
        try:
            # What is only looked at makes no span: nothing is asked there.
            with self._tracer.span("receive") if scope["method"] == "POST" else nullcontext():
                await self._app(scope, receive, send_with_headers)
        except Exception:
            log.exception("Lỗi khi phục vụ %s", _route(scope))
            if status:
                raise  # half an answer is out: only breaking the connection says so
            await error_response(500)(scope, receive, send_with_headers)
        finally:
            seconds = time.perf_counter() - started
            served = Served(_route(scope), scope["method"], status, seconds)
            self._served(served)
            if self._log_access:
                access.info("%s %s %d %.1f ms", served.method, served.route, status, 1000 * seconds)
            request_id.reset(token)

    def _number(self, scope: Scope) -> str:
        given = dict(scope["headers"]).get(b"x-request-id", b"")
        peer = parse_address((scope.get("client") or ("",))[0])
        if peer is not None and self._addresses.trusts(peer) and _PASSED_ON.fullmatch(given):
            return str(given.decode())
        return secrets.token_hex(8)

    def _warn_of_proxy(self, scope: Scope) -> None:
        peer = parse_address((scope.get("client") or ("",))[0])
        if self._warned or peer is None or not peer.is_private or self._addresses.trusts(peer) or not came_through_proxy(scope):
            return
        self._warned = True
        log.warning(
            "Yêu cầu đến qua proxy %s nhưng BOT_TRUSTED_PROXIES chưa có địa chỉ này: mọi người sau proxy bị tính là một người", peer
        )


def _route(scope: Scope) -> str:
    return str(getattr(scope.get("route"), "path", OTHER))
