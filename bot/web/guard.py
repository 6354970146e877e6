"""Request bodies, and the size of heads: bodies are read whole before anything else sees them, within a size and a time."""

from __future__ import annotations

import asyncio

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.errors import LARGEST_BODY, LARGEST_HEAD, error_response

BODY_SECONDS = 10.0


class Guard:
    """ASGI middleware: refuses bodies over the limit, whether announced or streamed (413), and ones that take too long
    (408); heads over the limit too (431), for the server's own limit does not count what arrives at once."""

    def __init__(self, app: ASGIApp, seconds: float = BODY_SECONDS) -> None:
        self._app, self._seconds = app, seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        if _head(scope) > LARGEST_HEAD:
            await error_response(431)(scope, receive, send)
            return
        try:
            async with asyncio.timeout(self._seconds):
                body = await _read(scope, receive)
        except TimeoutError:
            await error_response(408, headers={"Connection": "close"})(scope, receive, send)
            return
        if body is None:
            await error_response(413)(scope, receive, send)
            return

        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, replay, send)


def _head(scope: Scope) -> int:
    """Bytes of the request line and the headers, about."""
    return len(scope["path"]) + len(scope["query_string"]) + sum(len(name) + len(value) for name, value in scope["headers"])


async def _read(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body, none where it is too large."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if not announced.isdigit() or int(announced) > LARGEST_BODY:
        return None
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            return None
        if not message.get("more_body", False):
            return bytes(body)
