"""Receiving from Telegram by webhook: a route of the web application, and the call that tells Telegram its address."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route
from telegram.error import BadRequest

from bot.channels.base import Channel, ChannelError, Overloaded, Receives
from bot.channels.receiving import raw_body
from bot.channels.telegram import NAME, TelegramConnector
from bot.channels.telegram_updates import RECEIVED
from bot.storage import StorageError

log = logging.getLogger(__name__)

PATH = "/webhooks/telegram"
LARGEST_UPDATE = 256 * 1024
"""Bytes. The longest message with all its entities, quoting another such message, stays far below."""
HEADER = "X-Telegram-Bot-Api-Secret-Token"


class TelegramWebhook(Channel):
    """The webhook. Every replica serves its route; Telegram's server sends each update to one of them."""

    name = NAME

    def __init__(self, connector: TelegramConnector, runtime: Receives, url: str, secret: str, connections: int = 40) -> None:
        """
        Args:
            connector: begun here.
            runtime: takes the updates.
            url: the address by which Telegram reaches :data:`PATH` here (https).
            secret: 1 to 256 of ``A-Za-z0-9_-``, told to Telegram and sent back with each update.
            connections: deliveries at once, 1 to 100.
        """
        self._connector, self._runtime, self._url, self._secret = connector, runtime, url, secret
        self._connections = connections
        self._ready = False

    async def run(self, stop: asyncio.Event) -> None:
        """Tell Telegram the address, then leave the work to the route.

        Raises:
            ChannelError: Telegram refuses the token or the address.
        """
        if not await self._connector.begin(stop):
            return
        self._ready = True
        bot = self._connector.bot
        try:
            known = await self._connector.insist(
                lambda: bot.set_webhook(
                    self._url,
                    allowed_updates=RECEIVED,
                    max_connections=self._connections,
                    secret_token=self._secret,
                    drop_pending_updates=False,
                ),
                stop,
            )
        except BadRequest as error:
            raise ChannelError(
                f"Telegram không nhận BOT_TELEGRAM_WEBHOOK_URL ({error.message}): cần https và cổng 443, 80, 88 hoặc 8443."
            ) from error
        if known:
            await self._connector.introduce()
            log.info("Telegram: @%s đang nhận tin qua webhook", bot.username)
        await stop.wait()

    def route(self) -> Route:
        """Where updates are delivered to."""

        async def receive(request: Request) -> Response:
            return Response(status_code=await self._receive(request))

        return Route(PATH, receive, methods=["POST"])

    async def _receive(self, request: Request) -> int:
        """The status to answer with. Anything but success makes Telegram deliver the update again later."""
        sent = request.headers.get(HEADER, "")
        if not hmac.compare_digest(sent.encode(), self._secret.encode()):
            return 403
        if not self._ready:
            return 503
        body = await raw_body(request, LARGEST_UPDATE)
        if body is None:
            return 413
        update = _update(body)
        if update is None:
            return 400
        try:
            await self._runtime.accept(NAME, str(update["update_id"]), update)
        except Overloaded:
            return 503
        except StorageError as error:
            log.error("Không ghi được tin từ Telegram: %s", error)
            return 503
        return 200


def _update(body: bytes) -> dict[str, Any] | None:
    """An update, none where the body is not one."""
    try:
        update = json.loads(body)
    except (ValueError, RecursionError):
        return None
    number = update.get("update_id") if isinstance(update, dict) else None
    return update if type(number) is int and 0 <= number < 2**63 else None
