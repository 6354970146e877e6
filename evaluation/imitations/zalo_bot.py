"""A small program on loopback that imitates the Zalo Bot Platform, by webhook and by polling, and fails as scripted."""

from __future__ import annotations

import asyncio
import time
from collections import deque
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from evaluation.imitations.failures import Broken, Hanging, Refusing, TooMany, until_told
from evaluation.loopback import serving

TOKEN = "4567890123:zaloFAKEfakeFAKEfakeFAKE"
SECRET = "bi-mat-cua-webhook"
_BUSY = 429


@dataclass
class FakeZaloBot:
    """See the module. A :class:`Refusing` comes as ``ok: false`` under HTTP 200, which happens on the real platform too."""

    url: str = ""
    webhook: str = ""
    reachable: bool = True
    calls: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    failures: deque[TooMany | Broken | Hanging | Refusing] = field(default_factory=deque)
    poll_failures: deque[TooMany | Broken | Refusing] = field(default_factory=deque)
    webhook_set: bool = True
    _updates: asyncio.Queue[dict[str, Any]] = field(default_factory=asyncio.Queue)
    _numbers: Any = field(default_factory=lambda: count(1))

    # --- what people do ----------------------------------------------------------------------------------------------

    def event(
        self, kind: str = "text", user: str = "c1", chat_type: str = "PRIVATE", is_bot: bool = False, **fields: Any
    ) -> dict[str, Any]:
        """An event as the platform writes it, bare."""
        message = {
            "message_id": f"m{next(self._numbers)}",
            "date": int(time.time() * 1000),
            "from": {"id": user, "display_name": "An", "is_bot": is_bot},
            "chat": {"id": user, "chat_type": chat_type},
            **fields,
        }
        return {"event_name": f"message.{kind}.received", "message": message}

    async def deliver(self, event: dict[str, Any] | bytes, *, wrapped: bool = False, secret: str | None = SECRET) -> int:
        """Deliver an event to the webhook; gives the status it answers."""
        headers = {} if secret is None else {"X-Bot-Api-Secret-Token": secret}
        async with httpx.AsyncClient(timeout=10, headers=headers, verify=False) as http:
            if isinstance(event, bytes):
                return (await http.post(self.webhook, content=event)).status_code
            return (await http.post(self.webhook, json={"ok": True, "result": event} if wrapped else event)).status_code

    async def say(self, text: str, user: str = "c1") -> int:
        return await self.deliver(self.event(user=user, text=text))

    def push(self, event: dict[str, Any]) -> None:
        """An event for polling."""
        self._updates.put_nowait(event)

    # --- what the bot did --------------------------------------------------------------------------------------------

    def done(self, method: str) -> list[dict[str, Any]]:
        return [data for name, data in self.calls if name == method]

    def texts(self, user: str = "c1") -> list[str]:
        return [d["text"] for d in self.done("sendMessage") if d["chat_id"] == user]

    async def wait_for(self, number: int, user: str = "c1") -> list[str]:
        """Wait until the bot has said ``number`` things to a person."""
        return await until_told(lambda: self.texts(user), number)

    # --- the server --------------------------------------------------------------------------------------------------

    async def handle(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return _error(401, "Unauthorized")
        method, data = request.path_params["method"], await request.json()
        queues: dict[str, deque[Any]] = {"sendMessage": self.failures, "getUpdates": self.poll_failures}
        queue = queues.get(method)
        match queue.popleft() if queue else None:
            case TooMany():
                return JSONResponse({"ok": False, "error_code": _BUSY, "description": "Quota exceeded"}, _BUSY)
            case Broken(status):
                return Response("<html>Bad Gateway</html>", status)
            case Refusing(status, description):
                return _error(status, description)
            case Hanging(seconds, done):
                if done:
                    self.calls.append((method, data))
                await asyncio.sleep(seconds)
                return Response(status_code=504)
        return await self._answer(method, data)

    async def _answer(self, method: str, data: dict[str, Any]) -> Response:
        if method == "sendMessage" and not 1 <= len(data["text"].encode("utf-16-le")) // 2 <= 2000:
            return _error(400, "text must be 1 to 2000 characters")
        self.calls.append((method, data))
        match method:
            case "sendMessage":
                return _ok({"message_id": f"s{len(self.calls)}", "date": int(time.time() * 1000)})
            case "getMe":
                return _ok({"id": "4567890123", "account_name": "bot.hoidap"})
            case "setWebhook":
                self.webhook_set = True
                return _ok({"url": data["url"], "verification": {"ok": self.reachable, "outcome": "webhook.ok"}})
            case "deleteWebhook":
                self.webhook_set = False
                return _ok({"url": ""})
            case "getUpdates":
                return await self._next(float(data["timeout"]))
            case "sendChatAction":
                return _ok(None)
        return _error(404, "Not Found")

    async def _next(self, wait: float) -> Response:
        if self.webhook_set:
            return _error(400, "webhook is active")
        try:
            return _ok(await asyncio.wait_for(self._updates.get(), wait))
        except TimeoutError:
            return _error(408, "Request timeout")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[FakeZaloBot]:
        """Serve on a free loopback port while the body runs."""
        async with serving(Starlette(routes=[Route("/bot{token}/{method}", self.handle, methods=["POST"])])) as self.url:
            yield self


def _ok(result: Any) -> JSONResponse:
    return JSONResponse({"ok": True, "result": result})


def _error(code: int, description: str) -> JSONResponse:
    return JSONResponse({"ok": False, "error_code": code, "description": description})
