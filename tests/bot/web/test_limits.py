"""Rate limits through the whole application, as a visitor meets them."""

from __future__ import annotations

from collections.abc import Mapping

import httpx
import pytest

from bot.metrics import Metrics
from bot.service import AnswerService
from bot.web.api import create_app
from bot.web.limiting import RateLimits, Rates
from bot.web.options import WebOptions, web_options
from bot.web.page import make_router
from config.settings import WrongSettings, load_settings


def client(service: AnswerService, options: WebOptions, metrics: Metrics | None = None, peer: str = "10.0.0.1") -> httpx.AsyncClient:
    metrics = metrics or Metrics()
    limits = RateLimits(options.rates, metrics.limited)
    app = create_app(service, options, routers=[make_router(service, limits=limits)], metrics=metrics, limits=limits)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(peer, 1)), base_url="http://test")


async def ask(web: httpx.AsyncClient, conversation: str | None = None, headers: Mapping[str, str] | None = None) -> httpx.Response:
    return await web.post("/api/v1/ask", json={"text": "chào", "conversation": conversation}, headers=headers)


async def test_a_conversation_that_asks_too_fast_is_told_when_to_go_on(service: AnswerService) -> None:
    metrics = Metrics()
    async with client(service, WebOptions(rates=Rates(per_conversation=2)), metrics) as web:
        assert [(await ask(web, "c-1")).status_code for _ in range(2)] == [200, 200]
        refused = await ask(web, "c-1")
        assert refused.status_code == 429
        seconds = int(refused.headers["retry-after"])
        assert 1 <= seconds <= 60
        assert refused.json()["error"]["message"] == f"Anh/chị gửi hơi nhanh, vui lòng chờ {seconds} giây rồi gửi lại giúp em."
        assert (await ask(web, "c-2")).status_code == 200, "others go on"
        assert (await ask(web)).status_code == 200
        page = await web.post("/web/ask", json={"text": "chào", "conversation": "c-1"})
        assert page.status_code == 429, "the page counts with the API"
    assert b'bot_rate_limited_total{scope="conversation"} 2.0' in await metrics.text()


async def test_an_address_and_everybody_together(service: AnswerService) -> None:
    async with client(service, WebOptions(rates=Rates(per_address=2))) as web:
        assert [(await ask(web, f"c-{n}")).status_code for n in range(3)] == [200, 200, 429]
        assert (await web.get("/api/v1/provinces")).status_code == 429
        assert (await web.get("/healthz")).status_code == 200
        assert (await web.get("/")).status_code == 200
    async with client(service, WebOptions(rates=Rates(per_address=9, overall=2))) as web:
        assert [(await ask(web)).status_code for _ in range(3)] == [200, 200, 429]


async def test_a_forged_forwarded_address_does_not_help(service: AnswerService) -> None:
    rates = Rates(per_address=1)
    async with client(service, WebOptions(rates=rates)) as web:
        answers = [await ask(web, headers={"x-forwarded-for": f"1.2.3.{n}"}) for n in range(3)]
        assert [a.status_code for a in answers] == [200, 429, 429]
    async with client(service, WebOptions(rates=rates, trusted_proxies=("10.0.0.1",))) as web:
        answers = [await ask(web, headers={"x-forwarded-for": f"1.2.3.{n}"}) for n in (1, 2, 1)]
        assert [a.status_code for a in answers] == [200, 200, 429]
        forged = [await ask(web, headers={"x-forwarded-for": f"6.6.6.{n}, 1.2.3.9"}) for n in range(2)]
        assert [a.status_code for a in forged] == [200, 429]


def test_the_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    usual = web_options(load_settings(None))
    assert all((usual.rates.per_conversation, usual.rates.per_address, usual.rates.overall))
    assert (usual.cors_origins, usual.trusted_proxies, usual.hosts, usual.hsts_days, usual.docs) == ((), (), (), 0, False)
    monkeypatch.setenv("BOT_TRUSTED_PROXIES", "127.0.0.1 10.0.0.0/8")
    monkeypatch.setenv("BOT_CORS_ORIGINS", "https://a.gov.vn https://b.gov.vn:8443")
    monkeypatch.setenv("BOT_METRICS_TOKEN", "m" * 16)
    options = web_options(load_settings(None))
    assert options.trusted_proxies == ("127.0.0.1", "10.0.0.0/8")
    assert options.cors_origins == ("https://a.gov.vn", "https://b.gov.vn:8443")
    assert "m" * 16 not in repr(options) and "m" * 16 not in repr(load_settings(None))


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("BOT_TRUSTED_PROXIES", "khong-phai-dia-chi"),
        ("BOT_CORS_ORIGINS", "*"),
        ("BOT_CORS_ORIGINS", "https://a.gov.vn/duong-dan"),
        ("BOT_METRICS_TOKEN", "ngan"),
        ("BOT_ALLOWED_HOSTS", "a/b"),
        ("BOT_RATE_PER_ADDRESS", "-1"),
        ("BOT_HSTS_DAYS", "5000"),
    ],
)
def test_wrong_settings_name_the_variable(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    monkeypatch.setenv(name, value)
    with pytest.raises(WrongSettings, match=name):
        load_settings(None)
