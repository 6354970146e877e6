"""The address that Zalo delivers events to.

Only what is signed with the OA Secret Key goes on. Everything authentic is answered 200 within two seconds, else Zalo reports the
webhook as broken and after some hours switches it off.
"""

from __future__ import annotations

import json
import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from bot.channels.receiving import Intake, raw_body
from bot.channels.zalo_oa import events
from bot.channels.zalo_oa.signature import Form, age, signed

log = logging.getLogger(__name__)

PATH = "/webhooks/zalo-oa"
SIGNATURE, TIMESTAMP = "X-ZEvent-Signature", "X-ZEvent-Timestamp"
_AHEAD = 900.0
"""Seconds that Zalo's clock may be ahead of ours."""
_SWAPPED = "BOT_ZALO_OA_SECRET_KEY đang là App Secret: hai khóa bị đặt nhầm chỗ. Khóa cần đặt là OA Secret Key ở trang Webhook."
_WRONG_KEY = (
    "chữ ký của Zalo không khớp. Nếu tin nào cũng bị thế này, lấy lại OA Secret Key ở trang Webhook của ứng dụng "
    "(không phải App Secret) và đặt vào BOT_ZALO_OA_SECRET_KEY."
)


@dataclass(frozen=True)
class Account:
    """Whose events are taken, and the secrets they are checked with. ``window``: seconds after which a signed event is too old."""

    app_id: str
    oa_id: str
    secret_key: str = field(repr=False)
    app_secret: str = field(repr=False)
    window: float = 3 * 3600.0


def make_route(account: Account, intake: Intake, now: Callable[[], float] = time.time) -> Route:
    """The webhook as a route. ``now``: seconds since 1970."""
    return Route(PATH, _Receiver(account, intake, now).receive, methods=["POST"])


class _Receiver:
    def __init__(self, account: Account, intake: Intake, now: Callable[[], float]) -> None:
        self._account, self._intake, self._now = account, intake, now
        self._told: set[str] = set()

    async def receive(self, request: Request) -> Response:
        raw = await raw_body(request)
        if raw is None:
            return Response(status_code=413)
        signature = request.headers.get(SIGNATURE)
        if signature is None:
            # The console's probe is not signed and may be empty. It gets its 200 and is dropped, as is whatever else is unsigned.
            self._tell_once("unsigned", logging.INFO, "nhận một yêu cầu không có chữ ký (nút kiểm tra của Zalo, hoặc người lạ), bỏ qua.")
            return Response(status_code=200)
        event = _object(raw)
        stamp = self._check(raw, signature, request.headers.get(TIMESTAMP), event)
        if stamp is None:
            return Response(status_code=401)
        old = age(stamp, self._now())
        if old is None or not -_AHEAD <= old <= self._account.window:
            log.warning("Zalo OA: bỏ một tin có dấu thời gian ngoài khoảng cho phép; kiểm tra đồng hồ của máy chủ")
            return Response(status_code=200)
        return await self._take(event)

    def _check(self, raw: bytes, signature: str, header_time: str | None, event: Mapping[str, Any]) -> str | None:
        """The time stamp that was signed; none where the signature is not Zalo's or the event not this application's."""
        account = self._account
        body_time = str(event["timestamp"]) if "timestamp" in event else None

        def check(secret: str) -> Form | None:
            return signed(raw, signature, account.app_id, secret, header_time=header_time, body_time=body_time)

        form = check(account.secret_key)
        if form is None:
            # Told apart: a stranger's event may come first, and must not keep quiet about keys that are mixed up.
            swapped = check(account.app_secret) is not None
            self._tell_once("swapped" if swapped else "signature", logging.ERROR, _SWAPPED if swapped else _WRONG_KEY)
            return None
        if str(event.get("app_id")) != account.app_id:
            self._tell_once("app", logging.ERROR, "tin mang app_id khác BOT_ZALO_OA_APP_ID, bỏ qua.")
            return None
        self._tell_once("form", logging.INFO, f"chữ ký khớp với dấu thời gian ở {form.value}.")
        return header_time if form is Form.HEADER else body_time

    async def _take(self, event: Mapping[str, Any]) -> Response:
        name = str(event.get("event_name"))[:60]
        if not events.known(event):
            log.info("Zalo OA: chưa biết loại sự kiện %r, bỏ qua", name)
            return Response(status_code=200)
        if events.account(event) != self._account.oa_id:
            self._tell_once("account", logging.WARNING, "có tin của OA khác BOT_ZALO_OA_ID, bỏ qua.")
            return Response(status_code=200)
        return await self._intake.take(events.event_id(event), event)

    def _tell_once(self, about: str, level: int, message: str) -> None:
        """What an operator should know once, not with every event."""
        if about not in self._told:
            self._told.add(about)
            log.log(level, "Zalo OA: %s", message)


def _object(raw: bytes) -> dict[str, Any]:
    """The body as an object; an empty one where it is none."""
    try:
        found = json.loads(raw)
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}
