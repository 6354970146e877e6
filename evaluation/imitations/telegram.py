"""A small program on loopback that imitates Telegram's Bot API, and fails as scripted."""

from __future__ import annotations

import asyncio
import html
import json
import re
import time
from collections import defaultdict, deque
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from evaluation.imitations.failures import Broken, Hanging, Refusing, TooMany, until_told
from evaluation.loopback import serving

TOKEN = "123456789:AAfakeFAKEfakeFAKEfakeFAKEfakeFAKE012"
USERNAME = "HoiDapThuBot"
ME = {"id": 123456789, "is_bot": True, "first_name": "Hỏi đáp", "username": USERNAME}
_TAGS = re.compile(r"</?(?:b|i|u|s|a|code|pre)(?: [^<>]*)?>")
_ENTITY = re.compile(r"&(?:lt|gt|amp|quot|#\d+);")


Failure = TooMany | Broken | Hanging | Refusing


@dataclass(frozen=True)
class Call:
    """One call that arrived: the method, its parameters (JSON values decoded), and when (monotonic seconds)."""

    method: str
    data: dict[str, Any]
    at: float


@dataclass
class FakeTelegram:
    """The server's state: what people sent, what the bot did, what is to go wrong."""

    url: str = ""
    calls: list[Call] = field(default_factory=list)
    failures: dict[str, deque[Failure]] = field(default_factory=lambda: defaultdict(deque))
    forgetful: bool = False  # ignores the offset once: repeats what was confirmed
    _updates: list[dict[str, Any]] = field(default_factory=list)
    _confirmed: list[dict[str, Any]] = field(default_factory=list)
    _next_update: int = 700_000_001
    _next_message: int = 1
    _arrived: asyncio.Event = field(default_factory=asyncio.Event)

    # --- what people do ----------------------------------------------------------------------------------------------

    def fail(self, method: str, *failures: Failure) -> None:
        """The next calls of ``method`` go wrong in this order."""
        self.failures[method].extend(failures)

    def numbered(self, update: dict[str, Any]) -> dict[str, Any]:
        """The update with the next number, not yet to be fetched."""
        self._next_update += 1
        return {"update_id": self._next_update - 1, **update}

    def offer(self, updates: Sequence[dict[str, Any]]) -> None:
        """Numbered updates are there to be fetched, in this order."""
        self._updates.extend(updates)
        self._arrived.set()

    def push(self, update: dict[str, Any]) -> int:
        self.offer([numbered := self.numbered(update)])
        return int(numbered["update_id"])

    def message(self, content: str | dict[str, Any], chat: int = 42, *, kind: str = "message", group: bool = False) -> dict[str, Any]:
        """A message as Telegram writes it; commands and mentions get their entities."""
        fields: dict[str, Any] = {"text": content} if isinstance(content, str) else dict(content)
        text = fields.get("text", "")
        entities = []
        for pattern, entity in ((r"^/\w+(@\w+)?", "bot_command"), (r"@\w+", "mention")):
            for found in re.finditer(pattern, text):
                if not (entity == "mention" and text.startswith("/")):
                    entities.append({"type": entity, "offset": found.start(), "length": len(found[0])})
        self._next_message += 1
        where = {"id": chat, "type": "supergroup", "title": "Tổ một cửa"} if group else {"id": chat, "type": "private", "first_name": "An"}
        sender = {"id": 42 if group else chat, "is_bot": False, "first_name": "An"}
        return {
            kind: {"message_id": self._next_message, "date": int(time.time()), "chat": where, "from": sender}
            | fields
            | ({"entities": entities} if entities else {})
        }

    def say(self, content: str | dict[str, Any], chat: int = 42, **options: Any) -> int:
        """A person sends a message; gives the update's id."""
        return self.push(self.message(content, chat, **options))

    def pressed(self, token: str, chat: int = 42) -> dict[str, Any]:
        """A press on a button as Telegram writes it."""
        message = self.message("…", chat)["message"] | {"from": ME}
        sender = {"id": chat, "is_bot": False, "first_name": "An"}
        return {"callback_query": {"id": "9", "from": sender, "chat_instance": "1", "data": token, "message": message}}

    def press(self, token: str, chat: int = 42) -> int:
        """A person presses a button."""
        return self.push(self.pressed(token, chat))

    # --- what the bot did --------------------------------------------------------------------------------------------

    def done(self, method: str) -> list[dict[str, Any]]:
        return [c.data for c in self.calls if c.method == method]

    def texts(self, chat: int = 42) -> list[str]:
        """What the bot said in a chat, as people see it."""
        return [html.unescape(_TAGS.sub("", d["text"])) for d in self.done("sendMessage") if int(d["chat_id"]) == chat]

    def buttons(self, chat: int = 42) -> dict[str, str]:
        """Label → token under the last message of a chat."""
        last = [d for d in self.done("sendMessage") if int(d["chat_id"]) == chat][-1]
        return {b["text"]: b["callback_data"] for row in last.get("reply_markup", {}).get("inline_keyboard", []) for b in row}

    async def wait_for(self, count: int, chat: int = 42) -> list[str]:
        """Wait until the bot has said ``count`` things in a chat."""
        return await until_told(lambda: self.texts(chat), count)

    # --- the server --------------------------------------------------------------------------------------------------

    async def handle(self, request: Request) -> Response:
        if request.path_params["token"] != TOKEN:
            return _error(401, "Unauthorized")
        method = request.path_params["method"]
        data = {k: _value(v) for k, v in parse_qsl((await request.body()).decode(), keep_blank_values=True)}
        failure = self.failures[method].popleft() if self.failures[method] else None
        match failure:
            case TooMany(seconds):
                return _error(429, "Too Many Requests", {"retry_after": seconds})
            case Broken(status):
                return Response("<html>Bad Gateway</html>", status)
            case Refusing(status, description):
                return _error(status, description)
            case Hanging(seconds, done):
                if done:
                    self.calls.append(Call(method, data, time.monotonic()))
                await asyncio.sleep(seconds)
                return Response(status_code=504)
            case None:
                return await self._answer(method, data)

    async def _answer(self, method: str, data: dict[str, Any]) -> Response:
        match method:
            case "getMe":
                return _ok(ME)
            case "getUpdates":
                return _ok(await self._get_updates(data))
            case "sendMessage":
                problem = _problem(data)
                if problem:
                    return _error(400, f"Bad Request: {problem}")
        self.calls.append(Call(method, data, time.monotonic()))
        if method in ("sendMessage", "editMessageText"):
            self._next_message += 1
            chat = {"id": int(data["chat_id"]), "type": "private"}
            return _ok({"message_id": self._next_message, "date": int(time.time()), "chat": chat, "from": ME, "text": data["text"]})
        if method == "getFile":
            return _ok({"file_id": data["file_id"], "file_unique_id": "1", "file_path": "photos/1.jpg"})
        if method in ("sendChatAction", "answerCallbackQuery", "setMyCommands", "setWebhook", "deleteWebhook"):
            return _ok(True)
        return _error(404, "Not Found")

    async def _get_updates(self, data: dict[str, Any]) -> list[dict[str, Any]]:
        offset = int(data.get("offset", 0))
        self._confirmed += [u for u in self._updates if u["update_id"] < offset]
        self._updates = [u for u in self._updates if u["update_id"] >= offset]
        if self.forgetful and self._confirmed:
            self.forgetful = False
            return [*self._confirmed, *self._updates][:100]
        if not self._updates:
            self._arrived.clear()
            try:
                await asyncio.wait_for(self._arrived.wait(), float(data.get("timeout", 0)))
            except TimeoutError:
                return []
        allowed = data.get("allowed_updates") or None
        return [u for u in self._updates if allowed is None or any(k in allowed for k in u)][:100]

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[FakeTelegram]:
        """Serve on a free loopback port while the body runs."""
        app = Starlette(routes=[Route("/bot{token}/{method}", self.handle, methods=["GET", "POST"])])
        async with serving(app) as self.url:
            try:
                yield self
            finally:
                self._arrived.set()


def _value(text: str) -> Any:
    try:
        return json.loads(text) if text[:1] in "[{" or text in ("true", "false") else text
    except ValueError:
        return text


def _problem(data: dict[str, Any]) -> str | None:
    """What Telegram would refuse in a message."""
    text = str(data.get("text", ""))
    if data.get("parse_mode") == "HTML":
        text = _TAGS.sub("", text)
        if "<" in text or "&" in _ENTITY.sub("", text):
            return "can't parse entities"
        text = html.unescape(text)
    if not text.strip():
        return "message text is empty"
    if len(text.encode("utf-16-le")) // 2 > 4096:
        return "message is too long"
    for row in data.get("reply_markup", {}).get("inline_keyboard", []):
        if any(not 1 <= len(b["callback_data"].encode()) <= 64 for b in row):
            return "BUTTON_DATA_INVALID"
    return None


def _ok(result: Any) -> JSONResponse:
    return JSONResponse({"ok": True, "result": result})


def _error(status: int, description: str, parameters: dict[str, Any] | None = None) -> JSONResponse:
    body = {"ok": False, "error_code": status, "description": description}
    return JSONResponse(body | ({"parameters": parameters} if parameters else {}), status)
