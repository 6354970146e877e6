"""Requests to the web page's and the API's addresses."""

from __future__ import annotations

import json
import random
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from evaluation.fuzz.mutating import damaged, mutated
from evaluation.fuzz.words import text, typed

_ASKS: tuple[tuple[str, dict[str, Any]], ...] = (
    ("/api/v1/ask", {"text": "đăng ký khai sinh", "conversation": "a", "message": "m", "id": "7"}),
    ("/web/ask", {"text": "xin chào", "conversation": "b", "province": "Huế", "choice": {"label": "x", "entry": "procedure/1.001193"}}),
    ("/api/v1/feedback", {"conversation": "a", "good": False, "reason": "sai", "question": "gì", "entry": "procedure/1.001193"}),
)
_PLACES = (
    "/", "/static/{}", "/web/choices", "/healthz", "/readyz", "/metrics", "/docs", "/api/v1/procedures", "/api/v1/procedures/{}",
    "/api/v1/fields", "/api/v1/life-events", "/api/v1/plans", "/api/v1/plans/{}", "/api/v1/offices", "/api/v1/offices/{}",
    "/api/v1/provinces", "/api/v1/conversations/{}", "/api/v1/conversations/{}/messages", "/web/conversations/{}", "/admin", "/admin/{}",
    "/{}",
)  # fmt: skip
_NAMES = ("field", "audience", "level", "province", "q", "guided", "page", "size", "after", "v")
_KINDS = ("application/json", "application/json; charset=utf-8", "text/plain", "application/x-www-form-urlencoded", "")
_HEADERS = ("X-Request-Id", "X-Forwarded-For", "If-None-Match", "Accept-Encoding", "Origin", "Range", "Accept-Language", "Cookie")


@dataclass(frozen=True)
class Sent:
    """A request, as an HTTP client takes it."""

    method: str
    path: str
    body: bytes
    headers: dict[str, str]


def request(chance: random.Random) -> Sent:
    """A request that nobody in good faith would send, or one that is only odd."""
    headers = {name: _header(chance) for name in _HEADERS if chance.random() < 0.15}
    if chance.random() < 0.6:
        path, body = chance.choice(_ASKS)
        if chance.random() < 0.5:
            body = body | {"text": typed(chance), "conversation": f"c{chance.randrange(20)}"}
            written = json.dumps(body if chance.random() < 0.7 else mutated(body, chance)).encode()
        else:
            written = damaged(body, chance)
        return Sent("POST", path, written, headers | {"Content-Type": chance.choice(_KINDS) if chance.random() < 0.1 else _KINDS[0]})
    path = chance.choice(_PLACES).replace("{}", _segment(chance))
    if chance.random() < 0.5:
        path += "?" + "&".join(f"{chance.choice(_NAMES)}={_segment(chance)}" for _ in range(chance.randrange(1, 4)))
    return Sent(chance.choice(("GET", "GET", "GET", "HEAD", "DELETE", "PUT", "OPTIONS", "POST")), path, b"", headers)


def _segment(chance: random.Random) -> str:
    if chance.random() < 0.2:
        return chance.choice(("%ff%fe", "%00", "..%2f..%2fetc%2fpasswd", "%ed%a0%80", "%", "1.001193", "-1", "9" * 30, "1e9", "NaN"))
    return quote(text(chance)[:200].encode("utf-8", "replace"), safe="")


def _header(chance: random.Random) -> str:
    return "".join(chr(chance.randrange(0x20, 0x7F)) for _ in range(chance.randrange(1, 80))).strip() or "x"
