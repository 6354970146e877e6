"""Logging in through a provider of OpenID Connect, against one on loopback."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator
from dataclasses import replace
from typing import Any

import httpx
import pytest
from pydantic import ValidationError

from bot.admin.options import OidcOptions, admin_options
from bot.service import AnswerService
from bot.storage import Storage
from config.settings import Settings
from evaluation.loopback import serving
from tests.bot.admin.conftest import OPTIONS, token, visitor

pytest.importorskip("authlib", reason="needs authlib: pip install -e .[oidc]")
from joserfc.jwk import RSAKey

from tests.fakes.oidc_provider import OidcProvider

CLIENT, SECRET = "hoi-dap", "bí mật của ứng dụng".encode().hex()


@pytest.fixture
async def provider() -> AsyncIterator[OidcProvider]:
    made = OidcProvider(CLIENT, SECRET)
    async with serving(made.app()) as url:
        made.url = url
        yield made


@pytest.fixture
async def web(service: AnswerService, provider: OidcProvider) -> AsyncIterator[httpx.AsyncClient]:
    oidc = OidcOptions(provider.url, CLIENT, SECRET, frozenset({"lan@tinh.example.vn"}), "http://test")
    async with visitor(service, replace(OPTIONS, accounts=None, oidc=oidc)) as made:
        yield made


async def through(web: httpx.AsyncClient) -> str:
    """Go to the provider and be sent back; gives the address that the browser is sent back to."""
    form = await web.get("/admin/login")
    assert "tài khoản cơ quan" in form.text and 'name="password"' not in form.text
    leaving = await web.post("/admin/oidc", data={"csrf": token(form)})
    assert leaving.status_code == 200, leaving.text
    found = re.search(r'href="(http[^"]+/authorize[^"]+)"', leaving.text)
    assert found
    async with httpx.AsyncClient() as browser:
        sent = await browser.get(html.unescape(found[1]))
    return str(sent.headers["location"])


async def test_logging_in(web: httpx.AsyncClient, storage: Storage, provider: OidcProvider) -> None:
    provider.email = "Lan@tinh.example.vn"
    response = await web.get(await through(web))
    assert response.status_code == 200 and 'url=/admin"' in response.text
    page = await web.get("/admin")
    assert page.status_code == 200 and "lan@tinh.example.vn" in page.text
    assert [(d.actor, d.action) for d in await storage.audit.recent()] == [("lan@tinh.example.vn", "login")]
    assert (await web.post("/admin/login", data={})).status_code == 404, "there is no password"


@pytest.mark.parametrize(
    "claims",
    [
        {"email": "minh@tinh.example.vn"},
        {"email_verified": False},
        {"aud": "other"},
        {"iss": "https://other.example"},
        {"nonce": "other"},
        {"exp": 1_000_000_000},
        {"azp": "other"},
    ],
    ids=lambda claims: next(iter(claims)),
)
async def test_whoever_is_not_proven_stays_outside(web: httpx.AsyncClient, provider: OidcProvider, claims: dict[str, Any]) -> None:
    provider.claims = claims
    response = await web.get(await through(web))
    assert response.status_code == (403 if claims.keys() & {"email", "email_verified"} else 502)
    assert "staff" not in web.cookies
    assert (await web.get("/admin")).status_code == 303


async def test_somebody_known_by_the_providers_id(service: AnswerService, storage: Storage, provider: OidcProvider) -> None:
    oidc = OidcOptions(provider.url, CLIENT, SECRET, frozenset(), "http://test", {"a-17": "lan"})
    async with visitor(service, replace(OPTIONS, accounts=None, oidc=oidc)) as web:
        provider.claims = {"sub": "a-18", "email_verified": False}
        assert (await web.get(await through(web))).status_code == 403
        provider.claims = {"sub": "a-17", "email_verified": False}
        assert (await web.get(await through(web))).status_code == 200
        assert (await web.get("/admin")).status_code == 200
    assert [(d.actor, d.action) for d in await storage.audit.recent()] == [("lan", "login"), ("?", "login_failed")]


def test_the_lists_of_the_settings() -> None:
    known = {"admin_oidc_issuer": "https://sso.example.vn/", "admin_oidc_client_id": CLIENT, "admin_oidc_client_secret": SECRET}
    values = {**known, "admin_public_url": "https://bot.example.vn", "admin_oidc_subjects": "lan=a-17 minh=b=2"}
    options = admin_options(Settings(_env_file=None, **values), {})
    assert options is not None and options.oidc is not None
    assert options.oidc.subjects == {"a-17": "lan", "b=2": "minh"}
    assert options.oidc.name_of("", "b=2") == "minh" and options.oidc.name_of("", "") is None
    with pytest.raises(ValidationError, match="BOT_ADMIN_OIDC_SUBJECTS"):
        Settings(_env_file=None, **{**values, "admin_oidc_subjects": ""})


async def test_forged_and_foreign_returns(web: httpx.AsyncClient, provider: OidcProvider) -> None:
    provider.signing = RSAKey.generate_key(2048, {"kid": "k1"})
    assert (await web.get(await through(web))).status_code == 502, "signed by somebody else"
    provider.signing = provider.key
    back = await through(web)
    assert (await web.get(back.replace("state=", "state=x"))).status_code == 502
    assert (await web.get("/admin/oidc/back")).status_code == 502
    kept = web.cookies["staff-oidc"]
    web.cookies.clear()
    assert (await web.get(back)).status_code == 502, "begun by another browser"
    own = {"cookie": f"staff-oidc={kept}"}
    assert (await web.get(back, headers=own)).status_code == 200
    assert (await web.get(back, headers=own)).status_code == 502, "a second time"
    assert (await web.post("/admin/oidc", data={"csrf": "x"})).status_code == 403


async def test_a_provider_that_is_away(service: AnswerService) -> None:
    oidc = OidcOptions("http://127.0.0.1:9", CLIENT, SECRET, frozenset(), "http://test")
    async with visitor(service, replace(OPTIONS, oidc=oidc)) as web:
        form = token(await web.get("/admin/login"))
        assert (await web.post("/admin/oidc", data={"csrf": form})).status_code == 502
