"""How events of the Zalo Bot Platform come in: by webhook, or by long polling for trials."""

from __future__ import annotations

import asyncio
import hmac
import json
import logging
from collections.abc import Coroutine, Mapping
from typing import Any

from sqlalchemy.exc import SQLAlchemyError
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.base import Channel, ChannelError, Overloaded, Receives, RetryLater, wait_unless
from bot.channels.leading import Leases, lead
from bot.channels.receiving import Intake, raw_body
from bot.channels.zalo_bot import events
from bot.channels.zalo_bot.client import UNAUTHORISED, ZaloBotApi, ZaloBotError
from bot.channels.zalo_bot.connector import NAME, WRONG_TOKEN
from bot.storage import StorageError, named

log = logging.getLogger(__name__)

PATH = "/webhooks/zalo-bot"
SECRET = "X-Bot-Api-Secret-Token"
LONGEST_PAUSE = 60.0


class ZaloBotWebhook(Channel):
    """Every replica serves the route; each tells the platform the address, which is the same for all."""

    name = NAME

    def __init__(self, api: ZaloBotApi, intake: Intake, url: str, secret: str) -> None:
        """
        Args:
            api: the platform.
            intake: takes what the route receives.
            url: the address by which the platform reaches :data:`PATH` here (https).
            secret: 8 to 256 characters, told to the platform and sent back with each event.
        """
        self._api, self._intake, self._url, self._secret = api, intake, url, secret

    async def run(self, stop: asyncio.Event) -> None:
        """See :meth:`Channel.run`."""
        await register(self._api, self._url, self._secret, stop)
        await stop.wait()
        await self._intake.drain()

    def route(self) -> Route:
        """The route."""
        return make_route(self._secret, self._intake)


class ZaloBotPolling(Channel):
    """One replica at a time asks for events."""

    name = NAME

    def __init__(
        self, api: ZaloBotApi, receives: Receives, leases: Leases, holder: str, *, wait: int = 30, first_pause: float = 1.0
    ) -> None:
        """
        Args:
            api, receives, wait, first_pause: as for :func:`poll`.
            leases: says which replica polls.
            holder: this replica.
        """
        self._api, self._receives, self._leases, self._holder = api, receives, leases, holder
        self._wait, self._first_pause = wait, first_pause

    async def run(self, stop: asyncio.Event) -> None:
        """See :meth:`Channel.run`."""

        async def work(ended: asyncio.Event) -> None:
            await poll(self._api, self._receives, ended, wait=self._wait, first_pause=self._first_pause)

        await lead(self._leases, f"{NAME}:polling", self._holder, work, stop)


def make_route(secret: str, intake: Intake) -> Route:
    """The webhook as a route. ``secret``: what ``setWebhook`` was given."""

    async def receive(request: Request) -> Response:
        given = request.headers.get(SECRET, "")
        if not hmac.compare_digest(given.encode(), secret.encode()):
            return Response(status_code=401)
        raw = await raw_body(request)
        if raw is None:
            return Response(status_code=413)
        try:
            body = json.loads(raw)
        except (ValueError, RecursionError):
            body = None
        found = event_in(body) if isinstance(body, dict) else None
        return Response(status_code=200) if found is None else await intake.take(*found)

    return Route(PATH, receive, methods=["POST"])


def event_in(body: Mapping[str, Any]) -> tuple[str, Mapping[str, Any]] | None:
    """The id of a delivered event and the event; none where it is of no known kind (its name is logged)."""
    event = events.unwrapped(body)
    if events.known(event):
        return events.event_id(event), event
    if event:
        log.info("Zalo Bot: chưa biết loại sự kiện %r, bỏ qua", str(event.get("event_name"))[:60])
    return None


async def register(api: ZaloBotApi, url: str, secret: str, stop: asyncio.Event) -> None:
    """Have events delivered to ``url``, insisting while the platform is out of reach.

    Raises:
        ChannelError: the platform refuses the token or the address.
    """
    pause = 1.0
    while not stop.is_set():
        try:
            if await api.set_webhook(url, secret):
                log.info("Zalo Bot: tin được gửi tới webhook")
            else:
                log.error("Zalo Bot: Zalo không gọi được webhook. Kiểm tra %s mở được từ Internet qua HTTPS.", url)
            return
        except ZaloBotError as error:
            raise _hopeless(error) from None
        except RetryLater as error:
            log.warning("Zalo Bot: chưa đặt được webhook, thử lại sau %.0f giây (%s)", pause, error)
        await wait_unless(stop, pause)
        pause = min(2 * pause, LONGEST_PAUSE)


async def poll(api: ZaloBotApi, receives: Receives, stop: asyncio.Event, *, wait: int = 30, first_pause: float = 1.0) -> None:
    """Ask for events until told to stop.

    The platform gives an event once and has no acknowledgement: an event that cannot be written down at once is kept here and
    tried again, before the next is asked for.

    Args:
        api: the platform.
        receives: keeps events.
        stop: set when the program stops.
        wait: whole seconds that a request stays open.
        first_pause: seconds before the first repeat after an error, doubled each time.

    Raises:
        ChannelError: the platform refuses the token.
    """
    pause, webhook_removed = 0.0, False
    held: tuple[str, Mapping[str, Any]] | None = None
    while not stop.is_set() or held is not None:
        level = logging.WARNING
        try:
            if not webhook_removed:
                await api.delete_webhook()  # while one is set, polling gets nothing
                webhook_removed = True
                log.info("Zalo Bot: đang nhận tin bằng cách tự hỏi")
            if held is None:
                update = await _unless_stopped(api.updates(wait), stop)
                held = event_in(update) if update is not None else None
            if held is not None:
                await receives.accept(NAME, *held)
                held = None
            pause = 0.0
            continue
        except ZaloBotError as error:
            if error.code == UNAUTHORISED:
                raise ChannelError(WRONG_TOKEN) from None
            reason = str(error)
        except RetryLater as error:
            reason = str(error)
            pause = max(pause, (error.seconds or 0.0) / 2)
        except (SQLAlchemyError, Overloaded) as error:
            reason, level = named(error), logging.ERROR if isinstance(error, StorageError) else logging.WARNING
        pause = min(max(first_pause, 2 * pause), LONGEST_PAUSE)
        log.log(level, "Không nhận được tin từ Zalo Bot, thử lại sau %.1f giây: %s", pause, reason)
        if await wait_unless(stop, pause) and held is not None:
            log.error("Zalo Bot: mất một tin vì dừng khi chưa ghi được")
            return


async def _unless_stopped(request: Coroutine[Any, Any, dict[str, Any] | None], stop: asyncio.Event) -> dict[str, Any] | None:
    """Await a request, but give it up when told to stop."""
    task, stopping = asyncio.create_task(request), asyncio.create_task(stop.wait())
    try:
        await asyncio.wait((task, stopping), return_when=asyncio.FIRST_COMPLETED)
        return await task if task.done() else None
    finally:
        task.cancel()
        stopping.cancel()
        await asyncio.gather(task, stopping, return_exceptions=True)


def _hopeless(error: ZaloBotError) -> ChannelError:
    if error.code == UNAUTHORISED:
        return ChannelError(WRONG_TOKEN)
    return ChannelError(f"Zalo Bot không nhận địa chỉ webhook ({error}). Kiểm tra BOT_ZALO_BOT_WEBHOOK_URL.")
