"""The web chat: one page, its files, and the few addresses that only this page uses.

The page asks through ``/web/ask`` and not through the public ``/api/v1/ask``: its buttons carry the record they stand for, so that
a button under an older answer, or one pressed again after a lost connection, still means what it says.
"""

from __future__ import annotations

import gzip
import hashlib
import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from importlib import resources
from typing import Annotated, Any

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response
from pydantic import BaseModel, ConfigDict, Field

from bot.contract import to_contract
from bot.menus import EVENT
from bot.privacy.masking import mask
from bot.service import Act, AnswerService, Loaded, choose
from bot.types import Intent, Option, Outcome, Reply, State
from bot.web.conversations import make_conversations
from bot.web.errors import error_response
from bot.web.limiting import RateLimits, Rates
from bot.web.responding import Responder
from bot.web.shapes import ConversationId, MessageId, Text
from bot.web.tags import has_already
from bot.web.wording import STARTING
from bot.wording import REASONS

CHANNEL = "web"
TYPES: Mapping[str, str] = {
    "index.html": "text/html; charset=utf-8",
    "chat.css": "text/css; charset=utf-8",
    "icons.js": "text/javascript; charset=utf-8",
    "answer.js": "text/javascript; charset=utf-8",
    "chat.js": "text/javascript; charset=utf-8",
    "widget.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "reference.css": "text/css; charset=utf-8",
}
"""Every file that is served, and nothing else."""
REVALIDATE = "no-cache"
WITH_STAFF = frozenset({Outcome.WITH_STAFF, Outcome.HAND_OVER})
"""Outcomes after which the page looks for what staff write."""
URGENT = frozenset({Outcome.EMERGENCY, Outcome.DISTRESS})
"""Outcomes whose telephone numbers the page shows as buttons that call."""
FOR_EVER = "public, max-age=31536000, immutable"
_LINKED = re.compile(r'"static/([a-z]+\.[a-z]+)"')


class Choice(BaseModel):
    """A button as it was sent to the page."""

    model_config = ConfigDict(extra="forbid")

    label: Annotated[Text, Field(max_length=1000)]
    entry: Annotated[Text | None, Field(max_length=200)] = None
    province: Annotated[Text | None, Field(max_length=100)] = None
    intent: Intent | None = None
    action: Annotated[Text | None, Field(max_length=200)] = None


class Turn(BaseModel):
    """A message of the page. ``message``: the page's own id of it, the same when it is sent again.

    ``province``: the picker's value, empty for none; absent: leave what the conversation knows.
    """

    model_config = ConfigDict(extra="forbid")

    text: Text
    conversation: ConversationId
    message: MessageId | None = None
    province: Annotated[Text | None, Field(max_length=100)] = None
    choice: Choice | None = None


@dataclass(frozen=True)
class StaticFile:
    """A file ready to be sent."""

    content: bytes
    packed: bytes
    media_type: str
    version: str

    def response(self, request: Request, cache: str, headers: Mapping[str, str]) -> Response:
        tag = f'"{self.version}"'
        sent = {"ETag": tag, "Cache-Control": cache, "Vary": "Accept-Encoding", **headers}
        if has_already(request, tag):
            return Response(status_code=304, headers=sent)
        if "gzip" in request.headers.get("accept-encoding", ""):
            return Response(self.packed, media_type=self.media_type, headers={**sent, "Content-Encoding": "gzip"})
        return Response(self.content, media_type=self.media_type, headers=sent)


def load_files() -> dict[str, StaticFile]:
    """The files of the page. The links in ``index.html`` get the version of what they point to, so that browsers keep those files
    for good and still see a new version at once."""
    folder = resources.files("bot.web") / "static"
    files = {name: _file(name, (folder / name).read_bytes()) for name in TYPES}
    page = _LINKED.sub(lambda m: f'"static/{m[1]}?v={files[m[1]].version}"', files["index.html"].content.decode())
    return {**files, "index.html": _file("index.html", page.encode())}


def _file(name: str, content: bytes) -> StaticFile:
    return StaticFile(content, gzip.compress(content, mtime=0), TYPES[name], hashlib.sha256(content).hexdigest()[:16])


def policy(frame_ancestors: str = "") -> str:
    """The page's Content-Security-Policy: its own files and nothing else, no inline code, no HTML made from text."""
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self'",
            "connect-src 'self'",
            "base-uri 'none'",
            "form-action 'none'",
            " ".join(["frame-ancestors 'self'", *frame_ancestors.split()]),
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )


def _act(turn: Turn, service: AnswerService) -> Act:
    asked = service.ask(turn.text)

    def act(loaded: Loaded, state: State) -> Reply:
        if turn.province == "":
            state = replace(state, province=None)
        elif turn.province in loaded.provinces:
            state = replace(state, province=turn.province)
        choice = turn.choice
        if choice is None:
            return asked(loaded, state)
        known = choice.entry is None or loaded.entry_ids is None or choice.entry in loaded.entry_ids
        entry = choice.entry if known else None
        return choose(Option(choice.label, entry, choice.province, choice.intent, choice.action))(loaded, state)

    return act


def _to_page(reply: Reply, asked: str) -> dict[str, Any]:
    """The contract's object, and beside it what the page shows as buttons and in the picker. ``masked``: the message ``asked`` without
    the personal data in it, where there was some, so that the page need not keep them either."""

    def buttons(options: tuple[Option, ...]) -> list[dict[str, Any]]:
        return [asdict(o) for o in options]

    answer = reply.answer
    extra = {"choices": buttons(answer.options), "followups": buttons(answer.followups), "province": reply.state.province}
    told = {"staff": answer.outcome in WITH_STAFF, "urgent": answer.outcome in URGENT, "feedback": answer.feedback}
    masked = mask(asked)
    return {**to_contract(reply), **extra, **told, "masked": masked.text if masked.kinds else None}


def make_router(service: AnswerService, frame_ancestors: str = "", limits: RateLimits | None = None) -> APIRouter:
    """The web chat's addresses, to be given to :func:`bot.web.api.create_app`.

    Args:
        service: answers.
        frame_ancestors: origins beside our own that may show the chat in a frame, separated by spaces.
        limits: rate limits; none: without.
    """
    limits = limits or RateLimits(Rates())
    router = APIRouter(include_in_schema=False)
    router.include_router(make_conversations(service, limits, "/web", CHANNEL))
    responder = Responder(service, CHANNEL)
    files = load_files()
    # The old header cannot name other origins; browsers that know frame-ancestors ignore it.
    page_headers = {"Content-Security-Policy": policy(frame_ancestors), "X-Frame-Options": "SAMEORIGIN"}

    @router.api_route("/", methods=["GET", "HEAD"])
    async def page(request: Request) -> Response:
        return files["index.html"].response(request, REVALIDATE, page_headers)

    @router.api_route("/static/{name}", methods=["GET", "HEAD"])
    async def static(request: Request, name: str) -> Response:
        found = files.get(name)
        if found is None or name == "index.html":
            return error_response(404)
        return found.response(request, FOR_EVER if request.query_params.get("v") == found.version else REVALIDATE, {})

    @router.get("/web/choices")
    async def choices() -> Response:
        """What the page offers before the first question: provinces, situations of life, and reasons of an opinion."""
        loaded = service.loaded
        if loaded is None:
            return error_response(503, STARTING)
        events = [{"label": e.name, "action": f"{EVENT}:{e.id}"} for e in loaded.life_events]
        return JSONResponse({"provinces": list(loaded.provinces), "events": events, "reasons": list(REASONS)})

    @router.post("/web/ask")
    async def ask(request: Request, turn: Turn) -> Response:
        """Answer a message of the page: the contract's object with ``choices``, ``followups`` and ``province`` added."""
        limits.check(request, turn.conversation)
        if service.loaded is None:
            return error_response(503, STARTING)
        text = "" if turn.choice else turn.text
        act, shape = _act(turn, service), lambda reply: _to_page(reply, text)
        given = await responder.respond(turn.conversation, act, shape, text=text, message=turn.message)
        return JSONResponse(given.answer, 500 if given.failed else 200)

    return router
