"""Who may pass: sessions, the token of forms, and how often a password may be tried."""

from __future__ import annotations

import asyncio
import hmac
import logging
import secrets
from collections.abc import Callable, Coroutine
from dataclasses import dataclass, field
from typing import Any

from fastapi import Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import RedirectResponse, Response
from fastapi.routing import APIRoute
from starlette.datastructures import FormData
from starlette.exceptions import HTTPException

from bot.admin.options import AdminOptions
from bot.admin.pages import Pages
from bot.admin.wording import ERRORS
from bot.storage import Storage, StorageError
from bot.storage.access import Session
from bot.web.addresses import UNKNOWN, came_through_proxy, is_loopback, network_of
from bot.web.errors import TooMany
from bot.web.limiting import RateLimits
from knowledge.text import clean

log = logging.getLogger(__name__)

SESSION, FORM = "staff", "staff-form"
"""Cookies: the session; what the log-in form's token is made from."""
LOGIN = "/admin/login"
LOOKS = "/admin/look"
"""What open pages ask by themselves every few seconds: it does not keep a session alive."""
WINDOW = 900.0
"""Seconds in which failed log-ins are counted."""
MOST_PER_ADDRESS, MOST_OVERALL = 5, 60
_FORM_TYPE = "application/x-www-form-urlencoded"


class Stopped(Exception):
    """A request that ends in a page with ``status`` and ``message`` (none: the usual words of that status)."""

    def __init__(self, status: int, message: str | None = None) -> None:
        self.status, self.message = status, message
        super().__init__(message or str(status))


@dataclass(frozen=True)
class Visit:
    """A request by a member of staff, with the form it brings."""

    user: str
    csrf: str
    form: FormData = field(default_factory=FormData, repr=False)

    def text(self, name: str, most: int = 4000) -> str:
        """A field, cleaned as questions are, its lines kept; empty where it is missing.

        Raises:
            Stopped: it is longer than ``most`` characters.
        """
        value = self.form.get(name)
        lines = [clean(line) for line in value.splitlines()] if isinstance(value, str) else []
        text = "\n".join(lines).strip()
        if len(text) > most:
            raise Stopped(400, f"Nội dung dài quá {most} ký tự. Quay lại và viết gọn hơn.")
        return text

    def numbers(self, name: str, most: int = 500) -> list[int]:
        """All values of a field that are whole numbers."""
        values = [v for v in self.form.getlist(name) if isinstance(v, str) and v.isdecimal() and len(v) < 16]
        return [int(v) for v in values[:most]]


def visit_of(request: Request) -> Visit:
    """The visit that a :func:`staff_route` has let in."""
    visit: Visit = request.state.visit
    return visit


def address_of(request: Request) -> str:
    """What is counted as one place to log in from."""
    return network_of(request.scope.get("state", {}).get("address", UNKNOWN))


def is_private(request: Request) -> bool:
    """Whether the request came from this machine without a proxy: only there a cookie may travel without HTTPS."""
    return is_loopback(request.scope) and not came_through_proxy(request.scope)


class Gate:
    """Sessions and log-ins over the database, common to all replicas."""

    def __init__(self, storage: Storage, options: AdminOptions, limits: RateLimits) -> None:
        self._storage, self._options, self._limits = storage, options, limits
        self._one_at_a_time = asyncio.Lock()

    async def session(self, request: Request) -> Session | None:
        token = request.cookies.get(SESSION)
        by_hand = not request.url.path.startswith(LOOKS)
        session = await self._storage.access.session(token, self._options.idle, used=by_hand) if token else None
        # Whoever was taken off the settings since is out, however long the session was to last.
        return session if session is not None and self._options.knows(session.user) else None

    async def open(self, request: Request, response: Response, user: str, how: str) -> None:
        """Begin a session: its cookie goes with ``response``."""
        token, _ = await self._storage.access.start(user, self._options.longest)
        await self._storage.audit.add(user, "login", details={"how": how, "from": self._storage.keys.digest(address_of(request))[:12]})
        self._set(request, response, SESSION, token)

    async def close(self, request: Request, response: Response, user: str) -> None:
        """Log out."""
        await self._storage.access.end(request.cookies.get(SESSION, ""))
        await self._storage.audit.add(user, "logout")
        response.delete_cookie(SESSION, path="/admin")

    async def try_password(self, request: Request, name: str, password: str) -> str | None:
        """The name under which somebody is let in, none where the password is wrong. Attempts are checked one after another.

        Raises:
            Stopped: too many failed from this address, or from everywhere.
        """
        assert self._options.accounts is not None
        access, place = self._storage.access, f"address {address_of(request)}"
        async with self._one_at_a_time:
            if await access.failures(place, WINDOW) >= MOST_PER_ADDRESS or await access.failures("overall", WINDOW) >= MOST_OVERALL:
                raise Stopped(429)
            user = await asyncio.to_thread(self._options.accounts.enter, name, password)
            if user is not None:
                await access.succeeded(place)
                return user
            await access.failed("overall", WINDOW)
            if await access.failed(place, WINDOW) >= MOST_PER_ADDRESS:
                log.warning("Trang cán bộ: một địa chỉ nhập sai mật khẩu %d lần, tạm không nhận", MOST_PER_ADDRESS)
            await self._storage.audit.add("?", "login_failed", details={"from": self._storage.keys.digest(address_of(request))[:12]})
        return None

    def form_token(self, request: Request, response: Response) -> str:
        """The token of a form for somebody who is not logged in; what it is made from goes into a cookie."""
        seed = secrets.token_urlsafe(32)
        self._set(request, response, FORM, seed)
        return self._token(seed)

    def form_is_ours(self, request: Request, token: str) -> bool:
        seed = request.cookies.get(FORM)
        return seed is not None and hmac.compare_digest(self._token(seed), token)

    def _token(self, seed: str) -> str:
        return self._storage.keys.digest(f"form\0{seed}")

    def _set(self, request: Request, response: Response, name: str, value: str) -> None:
        response.set_cookie(name, value, path="/admin", httponly=True, secure=not is_private(request), samesite="strict")

    async def count(self, request: Request) -> None:
        """Count the request among those of its address.

        Raises:
            Stopped: there are too many.
        """
        try:
            self._limits.check(request)
        except TooMany as error:
            raise Stopped(429, f"Nhiều yêu cầu quá, vui lòng chờ {error.seconds} giây.") from error


async def read_form(request: Request) -> FormData:
    """The fields of a form without files; an empty one where the request brings something else.

    Raises:
        Stopped: it cannot be read.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM_TYPE:
        return FormData()
    try:
        return await request.form(max_fields=1000)
    except (HTTPException, ValueError) as error:
        raise Stopped(400) from error


Handler = Callable[[Request], Coroutine[Any, Any, Response]]


def open_route(gate: Gate, pages: Pages) -> type[APIRoute]:
    """A route for everybody (the log-in form), whose errors are pages."""

    class OpenRoute(APIRoute):
        def get_route_handler(self) -> Handler:
            handler = super().get_route_handler()

            async def handle(request: Request) -> Response:
                try:
                    await gate.count(request)
                    return await self.pass_on(request, handler)
                except Stopped as stop:
                    return pages.page("error", stop.status, visit=None, message=stop.message or ERRORS[stop.status])
                except RequestValidationError:
                    return pages.page("error", 400, visit=None, message=ERRORS[400])
                except StorageError as error:
                    log.error("Cơ sở dữ liệu: %s", error)
                    return pages.page("error", 503, visit=None, message=ERRORS[503])

            return handle

        async def pass_on(self, request: Request, handler: Handler) -> Response:
            return await handler(request)

    return OpenRoute


def staff_route(gate: Gate, pages: Pages) -> type[APIRoute]:
    """A route for those who are logged in: others are sent to the log-in form, and a POST must bring the session's token."""
    base: Any = open_route(gate, pages)

    class StaffRoute(base):  # type: ignore[misc]
        async def pass_on(self, request: Request, handler: Handler) -> Response:
            session = await gate.session(request)
            if session is None:
                return (
                    RedirectResponse(LOGIN, 303) if request.method == "GET" else pages.page("error", 401, visit=None, message=ERRORS[401])
                )
            form = FormData()
            if request.method != "GET":
                form = await read_form(request)
                token = form.get("csrf")
                if not isinstance(token, str) or not hmac.compare_digest(token.encode(), session.csrf.encode()):
                    raise Stopped(403)
            request.state.visit = Visit(session.user, session.csrf, form)
            return await handler(request)

    return StaffRoute
