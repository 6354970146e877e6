"""Calling a chat service's HTTP interface: what went wrong, in the runtime's terms. Used by the channels with own clients."""

from __future__ import annotations

from typing import Any

import httpx

from bot.channels.base import RetryLater


class TooMany(RetryLater):
    """429: a rate or a quota is used up."""


def make_http(timeout: float) -> httpx.AsyncClient:
    """A client for one service. It follows no redirects: a token would go along.

    Args:
        timeout: seconds for each step of a call (connecting, waiting for bytes).
    """
    return httpx.AsyncClient(timeout=timeout, headers={"Accept": "application/json"})


async def call(http: httpx.AsyncClient, method: str, url: str, **options: Any) -> tuple[int, dict[str, Any]]:
    """One call → (HTTP status, the JSON object in the answer).

    Addresses may hold a token: no message of an exception does.

    Raises:
        TooMany: 429.
        RetryLater: out of reach, no answer in time, 5xx, or something that is no JSON object.
    """
    try:
        response = await http.request(method, url, **options)
    except httpx.HTTPError as error:
        raise RetryLater(reason=type(error).__name__) from None
    if response.status_code >= 500:
        raise RetryLater(reason=f"HTTP {response.status_code}")
    if response.status_code == 429:
        raise TooMany(_seconds(response.headers.get("Retry-After")), "HTTP 429")
    try:
        answer = response.json()
    except ValueError:
        answer = None
    if not isinstance(answer, dict):
        raise RetryLater(reason=f"HTTP {response.status_code}, no JSON object")
    return response.status_code, answer


def _seconds(value: str | None) -> float | None:
    """The header ``Retry-After`` in its form as seconds; a date is not used by these services."""
    return float(value) if value and value.isascii() and value.isdecimal() else None
