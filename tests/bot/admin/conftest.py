"""The staff pages over a real database, and somebody who is logged in."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from typing import Any

import httpx
import pytest
from argon2 import PasswordHasher

from bot.admin.assembly import make_admin
from bot.admin.options import AdminOptions
from bot.admin.passwords import Accounts
from bot.service import AnswerService
from bot.storage import Storage
from bot.web.api import create_app
from bot.web.limiting import RateLimits, Rates
from bot.web.page import make_router
from tests.fakes.web_assistant import web_stub

PASSWORD = "mật khẩu của phòng 2026"
HASH = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(PASSWORD)
"""Cheap to check, unlike what the command makes."""
OPTIONS = AdminOptions(Accounts({"": HASH, "lan": HASH}), lengths={"telegram": 4096})
_TOKEN = re.compile(r'name="csrf" value="([^"]+)"')


class Staff:
    """A member of staff at a browser without scripts."""

    def __init__(self, web: httpx.AsyncClient) -> None:
        self.web = web

    async def login(self, password: str = PASSWORD, name: str = "lan", **headers: str) -> httpx.Response:
        form = await self.web.get("/admin/login", headers=headers)
        values = {"csrf": token(form), "name": name, "password": password}
        return await self.web.post("/admin/login", data=values, headers=headers)

    async def get(self, path: str = "", status: int = 200) -> str:
        response = await self.web.get(f"/admin{path}")
        assert response.status_code == status, response.text
        return response.text

    async def post(self, path: str, status: int = 303, **values: Any) -> httpx.Response:
        """Send a form with the session's token."""
        csrf = token(await self.web.get("/admin"))
        response = await self.web.post(f"/admin{path}", data={"csrf": csrf, **values})
        assert response.status_code == status, response.text
        return response


def token(page: httpx.Response) -> str:
    """The token of the forms of a page."""
    found = _TOKEN.search(page.text)
    assert found, page.text
    return found[1]


@pytest.fixture
async def service(storage: Storage) -> AnswerService:
    service = AnswerService(storage, web_stub, lambda: "v1")
    await service.open()
    return service


def visitor(service: AnswerService, options: AdminOptions | None = OPTIONS, peer: str = "127.0.0.1") -> httpx.AsyncClient:
    """A browser at ``peer`` before the application."""
    limits = RateLimits(Rates())
    admin = make_admin(service, options, limits) if options else []
    app = create_app(service, routers=[make_router(service), *admin], limits=limits)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(peer, 40_000)), base_url="http://test")


@pytest.fixture
async def web(service: AnswerService) -> AsyncIterator[httpx.AsyncClient]:
    async with visitor(service) as made:
        yield made


@pytest.fixture
async def staff(web: httpx.AsyncClient) -> Staff:
    made = Staff(web)
    assert (await made.login()).status_code == 303
    return made
