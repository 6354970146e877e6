"""A small program on loopback that imitates Zalo's OpenAPI and OAuth for one Official Account, delivers signed events to the bot's
webhook, and fails as scripted."""

from __future__ import annotations

import asyncio
import hashlib
import json
import time
from collections import deque
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import parse_qsl

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.zalo_oa.oauth import challenge
from evaluation.imitations.failures import Broken, Hanging, TooMany, until_told
from evaluation.loopback import serving

APP_ID, OA_ID = "1234567890123456789", "987654321"
APP_SECRET, SECRET_KEY = "AppSecretOfTheApplication", "OaSecretKeyOfTheWebhook"
CODE = "mot-ma-dung-mot-lan"


@dataclass(frozen=True)
class Saying:
    """``error`` in an answer under HTTP 200."""

    code: int
    message: str = "as scripted"


def signature_of(raw: bytes, stamp: str, key: str = SECRET_KEY) -> str:
    """What Zalo signs an event with."""
    return hashlib.sha256(APP_ID.encode() + raw + stamp.encode() + key.encode()).hexdigest()


Failure = TooMany | Broken | Hanging | Saying


@dataclass(frozen=True)
class Call:
    """A message that the bot sent: the path, the recipient and the message."""

    path: str
    recipient: dict[str, str]
    message: dict[str, Any]

    @property
    def text(self) -> str:
        inside = self.message.get("attachment", {}).get("payload", {}).get("text", "")
        return str(self.message.get("text", inside))


@dataclass
class FakeZaloOa:
    """See the module. ``buttons``: the shapes it accepts (by ``template_type`` and place of the text); ``quotable``: whether quotes
    are accepted."""

    access: str = "access-0"
    refresh: str = "refresh-0"
    url: str = ""
    webhook: str = ""
    quotable: bool = True
    takes_buttons: bool = True
    calls: list[Call] = field(default_factory=list)
    refused: list[int] = field(default_factory=list)
    refreshes: list[str] = field(default_factory=list)
    failures: deque[Failure] = field(default_factory=deque)
    oauth_failures: deque[Failure] = field(default_factory=deque)
    verifier_challenge: str | None = None
    lasts: str = "90000"
    _numbers: Any = field(default_factory=lambda: count(1))

    # --- what people do ----------------------------------------------------------------------------------------------

    def event(self, name: str, user: str = "u1", **fields: Any) -> dict[str, Any]:
        """An event as Zalo writes it."""
        stamp = str(int(time.time() * 1000))
        base: dict[str, Any] = {"app_id": APP_ID, "event_name": name, "timestamp": stamp, "user_id_by_app": "a" + user}
        if name in ("follow", "unfollow"):
            return base | {"oa_id": OA_ID, "follower": {"id": user}, "source": "oa_profile"} | fields
        if name in ("user_click_chatnow", "user_withdraw"):
            return base | {"oa_id": OA_ID, "user_id": user} | fields
        if name.startswith("oa_"):
            return base | {"sender": {"id": OA_ID}, "recipient": {"id": user}} | fields
        return base | {"sender": {"id": user}, "recipient": {"id": OA_ID}} | fields

    def text(self, text: str, user: str = "u1", **message: Any) -> dict[str, Any]:
        """A person's text message."""
        return self.event("user_send_text", user, message={"msg_id": f"m{next(self._numbers)}", "text": text, **message})

    async def deliver(
        self,
        event: Mapping[str, Any] | bytes,
        *,
        key: str = SECRET_KEY,
        prefix: str = "mac=",
        header_time: str | None = None,
        upper: bool = False,
        signature: str | None = "",
    ) -> int:
        """Deliver an event to the webhook; gives the status it answers. ``signature``: "" is made, none is left out."""
        raw = event if isinstance(event, bytes) else json.dumps(event, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        if signature is not None:
            stamp = header_time or (str(event.get("timestamp", "")) if isinstance(event, Mapping) else "")
            made = signature_of(raw, stamp, key)
            headers["X-ZEvent-Signature"] = signature or prefix + (made.upper() if upper else made)
            if header_time is not None:
                headers["X-ZEvent-Timestamp"] = header_time
        async with httpx.AsyncClient(timeout=10, verify=False) as http:
            return (await http.post(self.webhook, content=raw, headers=headers)).status_code

    async def say(self, text: str, user: str = "u1") -> int:
        return await self.deliver(self.text(text, user))

    # --- what the bot did --------------------------------------------------------------------------------------------

    def sent_to(self, user: str) -> list[Call]:
        return [c for c in self.calls if user in c.recipient.values()]

    def texts(self, user: str = "u1") -> list[str]:
        return [c.text for c in self.sent_to(user)]

    async def wait_for(self, number: int, user: str = "u1") -> list[str]:
        """Wait until the bot has said ``number`` things to a person."""
        return await until_told(lambda: self.texts(user), number)

    # --- the server --------------------------------------------------------------------------------------------------

    def expire(self) -> None:
        """The access token ends; the refresh token lives."""
        self.access = "none-valid"

    async def send(self, request: Request) -> Response:
        body = await request.json()
        failure = self.failures.popleft() if self.failures else None
        if failure is not None:
            return await self._fail(failure, lambda: self._record(request, body))
        if request.headers.get("access_token") != self.access:
            return self._error(-216, "Access token is invalid")
        message = body["message"]
        call = Call(request.url.path, body["recipient"], message)
        if len(call.text.encode("utf-16-le")) // 2 > 2000:
            return self._error(-210, "Parameter over the limit")
        if not call.text.strip():
            return self._error(-201, "text is empty")
        if "quote_message_id" in message and not self.quotable:
            return self._error(-201, "quote message is invalid")
        buttons = message.get("attachment", {}).get("payload", {}).get("buttons", [])
        if buttons and not self.takes_buttons:
            return self._error(-233, "Message type is not supported")
        if len(buttons) > 5 or any(len(b["title"]) > 100 or len(b["payload"]) > 1000 for b in buttons):
            return self._error(-201, "buttons invalid")
        return self._record(request, body)

    def _record(self, request: Request, body: dict[str, Any]) -> Response:
        self.calls.append(Call(request.url.path, body["recipient"], body["message"]))
        data = {"message_id": f"s{len(self.calls)}", "quota": {"quota_type": "reply", "remain": 8}}
        return JSONResponse({"error": 0, "message": "Success", "data": data})

    async def token(self, request: Request) -> Response:
        if self.oauth_failures:
            return await self._fail(self.oauth_failures.popleft(), self._rotate)
        form = dict(parse_qsl((await request.body()).decode()))
        wrong = JSONResponse({"error": -14014, "error_name": "Invalid", "error_description": "as scripted"})
        if request.headers.get("secret_key") != APP_SECRET or form.get("app_id") != APP_ID:
            return wrong
        if form["grant_type"] == "authorization_code":
            good = form["code"] == CODE and challenge(form.get("code_verifier", "")) == self.verifier_challenge
            return self._rotate() if good else wrong
        self.refreshes.append(form["refresh_token"])
        return self._rotate() if form["refresh_token"] == self.refresh else wrong

    def _rotate(self) -> Response:
        """A new pair; the old one is void at once."""
        number = next(self._numbers)
        self.access, self.refresh = f"access-{number}", f"refresh-{number}"
        return JSONResponse({"access_token": self.access, "refresh_token": self.refresh, "expires_in": self.lasts})

    async def profile(self, request: Request) -> Response:
        if request.headers.get("access_token") != self.access:
            return self._error(-216, "Access token is invalid")
        return JSONResponse({"error": 0, "message": "Success", "data": {"oaid": OA_ID, "name": "UBND xã Thử Nghiệm"}})

    def _error(self, code: int, message: str) -> Response:
        self.refused.append(code)
        return JSONResponse({"error": code, "message": message})

    async def _fail(self, failure: Failure, act: Any) -> Response:
        match failure:
            case TooMany(seconds):
                return Response("busy", 429, headers={"Retry-After": str(seconds)})
            case Broken(status):
                return Response("<html>Bad Gateway</html>", status)
            case Saying(code, message):
                return self._error(code, message)
            case Hanging(seconds, done):
                if done:
                    act()
                await asyncio.sleep(seconds)
                return Response(status_code=504)

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[FakeZaloOa]:
        """Serve on a free loopback port while the body runs."""
        routes = [
            Route("/v3.0/oa/message/cs", self.send, methods=["POST"]),
            Route("/v2.0/oa/message", self.send, methods=["POST"]),
            Route("/v2.0/oa/getoa", self.profile, methods=["GET"]),
            Route("/v4/oa/access_token", self.token, methods=["POST"]),
        ]
        async with serving(Starlette(routes=routes)) as self.url:
            yield self
