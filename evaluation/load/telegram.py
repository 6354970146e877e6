"""An imitation of Telegram for load: slow, failing in a share of the calls, and counting what it took."""

from __future__ import annotations

import asyncio
import random
import time
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from evaluation.loopback import serving

TOKEN = "123456789:AAloadLOADloadLOADloadLOADloadLOAD01"
ME = {"id": 123456789, "is_bot": True, "first_name": "Hỏi đáp", "username": "HoiDapTaiBot"}


@dataclass(frozen=True)
class Manners:
    """How it behaves: seconds that a call takes (evenly spread), and the share of sendings that fail before they take effect: half
    with 502, half with 429 and a second to wait."""

    fastest: float = 0.05
    slowest: float = 0.3
    failing: float = 0.05


@dataclass
class SlowTelegram:
    """``taken``: per chat the times (``perf_counter``) at which a message was taken, which is in the middle of its call: a caller
    killed after it does not know that it was. ``in_hand``: chats of calls under way."""

    manners: Manners = field(default_factory=Manners)
    seed: int = 1
    url: str = ""
    taken: dict[int, list[float]] = field(default_factory=lambda: defaultdict(list))
    failures: int = 0
    in_hand: dict[int, int] = field(default_factory=lambda: defaultdict(int))
    webhook: str | None = None

    def __post_init__(self) -> None:
        self._random = random.Random(self.seed)

    async def handle(self, request: Request) -> Response:
        method = request.path_params["method"]
        data = dict(parse_qsl((await request.body()).decode(), keep_blank_values=True))
        match method:
            case "getMe":
                return _ok(ME)
            case "setWebhook":
                self.webhook = data["url"]
                return _ok(True)
            case "sendMessage":
                return await self._send(int(data["chat_id"]), data["text"])
            case "sendChatAction" | "answerCallbackQuery" | "setMyCommands" | "deleteWebhook":
                return _ok(True)
        return JSONResponse({"ok": False, "error_code": 404, "description": "Not Found"}, 404)

    async def _send(self, chat: int, text: str) -> Response:
        whole = self._random.uniform(self.manners.fastest, self.manners.slowest)
        fails = self._random.random()
        self.in_hand[chat] += 1
        try:
            await asyncio.sleep(whole / 2)
            if fails < self.manners.failing:
                self.failures += 1
                if fails < self.manners.failing / 2:
                    return Response("<html>Bad Gateway</html>", 502)
                body = {"ok": False, "error_code": 429, "description": "Too Many Requests", "parameters": {"retry_after": 1}}
                return JSONResponse(body, 429)
            self.taken[chat].append(time.perf_counter())
            await asyncio.sleep(whole / 2)
        finally:
            self.in_hand[chat] -= 1
        answered = {"message_id": 1, "date": int(time.time()), "chat": {"id": chat, "type": "private"}, "from": ME, "text": text}
        return _ok(answered)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[SlowTelegram]:
        """Serve on a free loopback port while the body runs."""
        app = Starlette(routes=[Route("/bot{token}/{method}", self.handle, methods=["GET", "POST"])])
        async with serving(app) as self.url:
            yield self


def message(update: int, chat: int, text: str) -> dict[str, Any]:
    """An update as Telegram delivers it."""
    sender = {"id": chat, "is_bot": False, "first_name": "An"}
    where = {"id": chat, "type": "private", "first_name": "An"}
    return {"update_id": update, "message": {"message_id": update, "date": int(time.time()), "chat": where, "from": sender, "text": text}}


def _ok(result: object) -> JSONResponse:
    return JSONResponse({"ok": True, "result": result})
