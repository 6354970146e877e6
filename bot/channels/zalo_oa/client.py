"""A thin client of Zalo's OpenAPI: addresses, headers, and the answer's ``error``. It keeps nothing and repeats nothing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.calling import call
from bot.channels.http import Http
from bot.channels.zalo_oa.errors import ZaloError

CONSULTATION = "/v3.0/oa/message/cs"
ANONYMOUS = "/v2.0/oa/message"
"""Visitors who are not logged in are still answered by version 2, says the documentation; to be checked with a real account."""
PROFILE = "/v2.0/oa/getoa"


@dataclass(frozen=True)
class Profile:
    """The Official Account behind a token."""

    id: str
    name: str


class ZaloApi:
    """The calls the bot needs.

    Every method raises :class:`ZaloError` where the answer says so and :class:`RetryLater` where there is no usable answer.
    """

    def __init__(self, http: Http, base_url: str) -> None:
        """``base_url``: of the OpenAPI, without a slash at the end."""
        self._http, self._base_url = http, base_url.rstrip("/")

    async def send(self, token: str, path: str, recipient: Mapping[str, str], message: Mapping[str, Any]) -> Mapping[str, Any]:
        """Send a message; gives the answer's ``data`` (ids and the quota it was counted against)."""
        return await self._call(token, "POST", path, json={"recipient": recipient, "message": message})

    async def profile(self, token: str) -> Profile:
        """The account that a token belongs to. Sources disagree on the field's name, so both are read."""
        data = await self._call(token, "GET", PROFILE)
        return Profile(str(data.get("oaid") or data.get("oa_id") or ""), str(data.get("name") or ""))

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _call(self, token: str, method: str, path: str, **options: Any) -> Mapping[str, Any]:
        status, answer = await call(self._http, method, self._base_url + path, headers={"access_token": token}, **options)
        error = answer.get("error")
        try:
            code = int(str(error))
        except ValueError:
            code = status
        if code != 0:
            raise ZaloError(code, str(answer.get("message", ""))[:200])
        data = answer.get("data")
        return data if isinstance(data, Mapping) else {}
