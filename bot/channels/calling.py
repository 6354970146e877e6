"""Calling a chat service's HTTP interface: what went wrong, in the runtime's terms. Used by the channels with own clients."""

from __future__ import annotations

import json
from typing import Any

from bot.channels.base import RetryLater
from bot.channels.http import Http, Unreachable


class TooMany(RetryLater):
    """429: a rate or a quota is used up."""


async def call(http: Http, method: str, url: str, **options: Any) -> tuple[int, dict[str, Any]]:
    """One call → (HTTP status, the JSON object in the answer).

    Addresses may hold a token: no message of an exception does.

    Args:
        http, method, url, options: as of :meth:`bot.channels.http.Http.request`.

    Raises:
        TooMany: 429.
        RetryLater: out of reach, no answer in time, 5xx, or something that is no JSON object.
    """
    try:
        response = await http.request(method, url, **options)
    except Unreachable as error:
        raise RetryLater(reason=str(error)) from None
    if response.status >= 500:
        raise RetryLater(reason=f"HTTP {response.status}")
    if response.status == 429:
        raise TooMany(_seconds(response.retry_after), "HTTP 429")
    try:
        answer = json.loads(response.body)
    except (ValueError, RecursionError):
        answer = None
    if not isinstance(answer, dict):
        raise RetryLater(reason=f"HTTP {response.status}, no JSON object")
    return response.status, answer


def _seconds(value: str | None) -> float | None:
    """The header ``Retry-After`` in its form as seconds; a date is not used by these services."""
    return float(value) if value and value.isascii() and value.isdecimal() else None
