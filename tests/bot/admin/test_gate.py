"""Nobody comes in who may not: closed by default, sessions, tokens of forms, limits on attempts."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace
from http.cookies import SimpleCookie
from pathlib import Path

import httpx
import pytest
from fastapi.routing import APIRoute

from bot.admin.assembly import make_admin
from bot.admin.gate import MOST_PER_ADDRESS
from bot.admin.options import admin_options
from bot.admin.passwords import Accounts
from bot.service import AnswerService
from bot.storage import Storage
from bot.web.limiting import RateLimits, Rates
from config.settings import Settings, WrongSettings, load_settings
from tests.bot.admin.conftest import HASH, OPTIONS, PASSWORD, Staff, token, visitor
from tests.fakes.web_assistant import web_stub

PATHS = ("", "/login", "/cases", "/cases/1", "/static/admin.css", "/anything")


@pytest.mark.parametrize("path", PATHS)
async def test_closed_by_default(service: AnswerService, path: str) -> None:
    assert admin_options(Settings(_env_file=None), {}) is None
    async with visitor(service, None) as web:
        for method in ("GET", "POST", "PUT", "DELETE"):
            assert (await web.request(method, f"/admin{path}")).status_code == 404


def test_no_page_of_staff_is_reached_without_a_session(service: AnswerService) -> None:
    """Every route but these is of the kind that lets only staff in."""
    routers = make_admin(service, OPTIONS, RateLimits(Rates()))
    routes = [route for router in routers for route in router.routes if isinstance(route, APIRoute)]
    open_to_all = {route.path for route in routes if type(route).__name__ != "StaffRoute"}
    assert open_to_all <= {"/admin/login", "/admin/static/{name}", "/admin/{rest:path}", "/admin/oidc", "/admin/oidc/back"}
    assert len(routes) > 8


async def test_whoever_is_taken_off_the_settings_is_out_at_once(service: AnswerService) -> None:
    async with visitor(service) as web:
        await Staff(web).login()
        cookies = web.cookies
    for accounts, status in (
        (Accounts.parse(f"minh:{HASH}"), 303),
        (Accounts.parse(f"minh:{HASH} lan:{HASH}"), 200),
        (Accounts.parse(HASH), 200),
    ):
        async with visitor(service, replace(OPTIONS, accounts=accounts)) as web:  # as after a restart
            web.cookies = cookies
            assert (await web.get("/admin")).status_code == status


async def test_without_a_session(web: httpx.AsyncClient) -> None:
    for path in ("", "/cases", "/cases/1"):
        response = await web.get(f"/admin{path}")
        assert (response.status_code, response.headers["location"]) == (303, "/admin/login")
    assert (await web.post("/admin/cases/1/reply", data={"text": "a"})).status_code == 401
    assert (await web.get("/admin/nothing")).status_code == 404


async def test_logging_in_and_out(web: httpx.AsyncClient, storage: Storage) -> None:
    staff = Staff(web)
    response = await staff.login()
    assert (response.status_code, response.headers["location"]) == (303, "/admin")
    page = await web.get("/admin")
    assert "Tổng quan" in page.text and "lan" in page.text
    policy = page.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy
    assert page.headers["cache-control"] == "no-store"
    assert (await web.get("/admin/login")).status_code == 303
    stolen = {"cookie": f"staff={web.cookies['staff']}"}
    assert (await web.get("/admin", headers=stolen)).status_code == 200
    await staff.post("/logout")
    assert "staff" not in web.cookies
    assert (await web.get("/admin", headers=stolen)).status_code == 303, "the session has ended, not only its cookie"
    assert [deed.action for deed in await storage.audit.recent()] == ["logout", "login"]
    assert {deed.actor for deed in await storage.audit.recent()} == {"lan"}


@pytest.mark.parametrize(("peer", "headers"), [("127.0.0.1", {}), ("10.1.2.3", {}), ("127.0.0.1", {"x-forwarded-for": "10.1.2.3"})])
async def test_cookies(service: AnswerService, peer: str, headers: dict[str, str]) -> None:
    async with visitor(service, peer=peer) as web:
        web.base_url = httpx.URL("https://test")
        response = await Staff(web).login(**headers)
    cookie = SimpleCookie(response.headers["set-cookie"])["staff"]
    assert cookie["httponly"] and cookie["samesite"] == "strict" and cookie["path"] == "/admin"
    assert bool(cookie["secure"]) is not (peer == "127.0.0.1" and not headers), "without it only on this machine itself"


async def test_wrong_passwords_are_limited(service: AnswerService, storage: Storage) -> None:
    async with visitor(service) as web, visitor(service, peer="10.0.0.9") as elsewhere:
        staff = Staff(web)
        for _ in range(MOST_PER_ADDRESS):
            response = await staff.login("sai mật khẩu")
            assert response.status_code == 401 and "chưa đúng" in response.text
        assert (await staff.login()).status_code == 429, "the right one does not help any more"
        elsewhere.base_url = httpx.URL("https://test")
        assert (await Staff(elsewhere).login()).status_code == 303, "others are not locked out"
    deeds = await storage.audit.recent()
    assert [deed.action for deed in deeds].count("login_failed") == MOST_PER_ADDRESS
    assert not any("sai" in str(deed.details) for deed in deeds)


async def test_attempts_from_everywhere_are_limited(service: AnswerService, storage: Storage, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.admin.gate.MOST_OVERALL", 3)
    for number in range(3):
        async with visitor(service, peer=f"10.0.0.{number}") as web:
            web.base_url = httpx.URL("https://test")
            assert (await Staff(web).login("sai mật khẩu")).status_code == 401
    async with visitor(service, peer="10.0.0.99") as web:
        web.base_url = httpx.URL("https://test")
        assert (await Staff(web).login()).status_code == 429


async def test_forms_need_their_token(staff: Staff, web: httpx.AsyncClient, storage: Storage) -> None:
    mine = token(await web.get("/admin"))
    for values in ({}, {"csrf": ""}, {"csrf": "x" + mine[1:]}, {"csrf": "ạ"}):
        assert (await web.post("/admin/logout", data=values)).status_code == 403
    assert (await web.post("/admin/logout", json={"csrf": mine})).status_code == 403
    assert (await web.post("/admin/logout", files={"csrf": (None, mine)})).status_code == 403
    assert (await web.get("/admin")).status_code == 200, "still logged in"

    web.cookies.clear()
    form = token(await web.get("/admin/login"))
    web.cookies.clear()
    assert (await web.post("/admin/login", data={"csrf": form, "password": PASSWORD})).status_code == 403, "another browser's form"


async def test_sessions_end(service: AnswerService) -> None:
    for options in (replace(OPTIONS, idle=-1.0), replace(OPTIONS, longest=0.0)):
        async with visitor(service, options) as web:
            await Staff(web).login()
            assert (await web.get("/admin")).status_code == 303


async def test_a_page_left_open_does_not_keep_a_session_alive(tmp_path: Path) -> None:
    now = [1_000_000.0]
    storage = Storage(f"sqlite+aiosqlite:///{tmp_path}/bot.sqlite3", clock=lambda: now[0])
    await storage.open()
    service = AnswerService(storage, web_stub, lambda: "v1")
    await service.open()
    async with visitor(service, replace(OPTIONS, idle=1800.0)) as web:
        await Staff(web).login()
        for path, alive in (("/admin", True), ("/admin/look", False)):
            statuses = []
            for _ in range(3):
                now[0] += 1000
                statuses.append((await web.get(path)).status_code)
            assert statuses == ([200, 200, 200] if alive else [200, 303, 303]), path
    await storage.close()


def test_accounts() -> None:
    accounts = Accounts.parse(f"lan:{HASH}\n  minh:{HASH.replace('$argon2id', '$argon2x')}")
    assert accounts.enter("lan", PASSWORD) == "lan"
    assert accounts.enter("lan", PASSWORD + " ") is None
    assert accounts.enter("minh", PASSWORD) is None, "a hash that cannot be read opens nothing"
    assert accounts.enter("", PASSWORD) is None
    assert accounts.enter("ai", "không ai có mật khẩu này") is None
    assert Accounts.parse(HASH).enter("bất kỳ", PASSWORD) == "bất kỳ"
    assert HASH not in repr(accounts)


def test_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_ADMIN_PASSWORD_HASH", PASSWORD)
    with pytest.raises(WrongSettings, match="argon2id") as wrong:
        load_settings(None)
    assert PASSWORD not in str(wrong.value)
    monkeypatch.setenv("BOT_ADMIN_PASSWORD_HASH", f"lan:{HASH} {HASH}")
    settings = load_settings(None)
    options = admin_options(settings, {"telegram": 4096})
    assert options is not None and options.accounts is not None and set(options.accounts.hashes) == {"lan", ""}
    assert any(HASH in secret for secret in settings.secrets())
    monkeypatch.setenv("BOT_ADMIN_OIDC_ISSUER", "https://sso.tinh.gov.vn")
    with pytest.raises(WrongSettings, match="BOT_ADMIN_OIDC_CLIENT_SECRET"):
        load_settings(None)


def test_the_command_wants_a_long_password(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    from bot.admin.passwords import admin_password

    def typing(*lines: str) -> None:
        given = iter(lines)
        monkeypatch.setattr("getpass.getpass", lambda _prompt: next(given))

    typing("ngắn")
    assert admin_password() == 2
    typing(PASSWORD, PASSWORD + "x")
    assert admin_password() == 2
    assert admin_password("có dấu cách") == 2
    assert capsys.readouterr().out == ""
    typing(PASSWORD, PASSWORD)
    assert admin_password("lan") == 0
    line = capsys.readouterr().out.strip()
    assert line.startswith("BOT_ADMIN_PASSWORD_HASH='lan:$argon2id$") and line.endswith("'")
    assert Accounts.parse(line.partition("=")[2].strip("'")).enter("lan", PASSWORD) == "lan"


@pytest.mark.parametrize("typed", [b"", b"mot mat khau dai\n", b"mat khau \xff\xfe dai\n"])
def test_the_command_when_the_input_ends_early(typed: bytes) -> None:
    command = [sys.executable, "-m", "bot", "admin-password"]
    done = subprocess.run(command, input=typed, capture_output=True, check=False, timeout=60, start_new_session=True)
    told = done.stderr.decode()
    assert done.returncode == 2
    assert "Chạy lại" in told or "chạy lại" in told
    assert "Traceback" not in told and done.stdout == b""
