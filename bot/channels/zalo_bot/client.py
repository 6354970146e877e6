"""A thin client of the Zalo Bot Platform. The token stands in every address, so addresses are never logged."""

from __future__ import annotations

from typing import Any

from bot.channels.base import RetryLater
from bot.channels.calling import TooMany, call
from bot.channels.http import Http

NOTHING_NEW = 408
"""``getUpdates`` with nothing to give answers this; it is not an error."""
BUSY = 429
UNAUTHORISED = 401


class ZaloBotError(RuntimeError):
    """The platform answered ``ok: false``; under which HTTP status does not matter."""

    def __init__(self, code: int, description: str) -> None:
        self.code = code
        super().__init__(f"{code} {description}"[:200])


class ZaloBotApi:
    """The calls the bot needs.

    Every method raises :class:`ZaloBotError` where the answer says so, :class:`TooMany` at 429, and :class:`RetryLater` where
    there is no usable answer.
    """

    def __init__(self, http: Http, base_url: str, token: str) -> None:
        """``base_url``: of the platform, without a slash at the end."""
        self._http, self._root = http, f"{base_url.rstrip('/')}/bot{token}"

    async def send(self, chat: str, text: str) -> None:
        """Send plain text."""
        await self._call("sendMessage", chat_id=chat, text=text)

    async def show_typing(self, chat: str) -> None:
        """Show "đang nhập" for a few seconds."""
        await self._call("sendChatAction", chat_id=chat, action="typing")

    async def updates(self, wait: int) -> dict[str, Any] | None:
        """The next event, none where nothing came in ``wait`` seconds. An event is given once: there is no acknowledgement."""
        try:
            result = await self._call("getUpdates", patience=wait + 10.0, timeout=str(wait))
        except ZaloBotError as error:
            if error.code == NOTHING_NEW:
                return None
            raise
        return result if isinstance(result, dict) and result else None

    async def set_webhook(self, url: str, secret: str) -> bool:
        """Have events delivered to ``url``; gives whether the platform could reach it. It keeps the address either way."""
        result = await self._call("setWebhook", url=url, secret_token=secret)
        check = result.get("verification") if isinstance(result, dict) else None
        return bool(check.get("ok")) if isinstance(check, dict) else True

    async def delete_webhook(self) -> None:
        """Have events kept for ``getUpdates``."""
        await self._call("deleteWebhook")

    async def close(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def _call(self, method: str, patience: float | None = None, **fields: str) -> Any:
        status, answer = await call(self._http, "POST", f"{self._root}/{method}", json=fields, timeout=patience)
        if answer.get("ok") is True:
            return answer.get("result")
        code = answer.get("error_code")
        code = code if isinstance(code, int) else status
        description = str(answer.get("description", ""))
        if code == BUSY:
            raise TooMany(reason=description)
        if code >= 500:
            raise RetryLater(reason=f"{code} {description}")
        raise ZaloBotError(code, description)
