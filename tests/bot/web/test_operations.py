from __future__ import annotations

import logging
import re
from collections.abc import Mapping
from pathlib import Path

import httpx
import pytest
import yaml
from prometheus_client.parser import text_string_to_metric_families

from bot.channels.zalo_oa.connector import NAME as ZALO
from bot.channels.zalo_oa.oauth import Pair
from bot.channels.zalo_oa.token_store import StoredTokens
from bot.metrics import ErrorCounter, Metrics
from bot.readings import read_database
from bot.service import AnswerService
from bot.storage import Storage
from bot.web.api import create_app
from bot.web.options import WebOptions
from tests.fakes.assistant import stub

TOKEN = "mat-khau-cua-prometheus"


def client(service: AnswerService, metrics: Metrics, token: str | None = None, peer: str = "127.0.0.1") -> httpx.AsyncClient:
    app = create_app(service, WebOptions(metrics_token=token), metrics=metrics)
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, client=(peer, 1)), base_url="http://test")


def figures(text: str) -> dict[tuple[str, tuple[tuple[str, str], ...]], float]:
    """Every sample by its name and sorted labels."""
    return {(s.name, tuple(sorted(s.labels.items()))): s.value for family in text_string_to_metric_families(text) for s in family.samples}


async def test_what_is_counted(storage: Storage) -> None:
    metrics = Metrics()
    service = AnswerService(storage, lambda: stub("20261121T112731484482-abc"), lambda: "v1", answered=metrics.answered)
    await service.open()

    async def reading() -> None:
        metrics.queue("inbox", 3, 12.5)

    async def broken() -> None:
        raise OSError("hỏng")

    metrics.before_reading(broken)
    metrics.before_reading(reading)
    async with client(service, metrics) as web:
        await web.post("/api/v1/ask", json={"text": "bí mật của tôi"})
        await web.post("/api/v1/ask", json={"text": "chọn", "conversation": "c-rieng"})
        await web.post("/api/v1/ask", json={"text": "lỗi"})
        await web.get("/api/v1/procedures/1.001193")
        await web.request("LAM-GI-DO", "/khong-co")
        response = await web.get("/metrics")
    assert response.headers["content-type"].startswith("text/plain; version=")
    found = figures(response.text)

    def of(name: str, **labels: str) -> float:
        return found[name, tuple(sorted(labels.items()))]

    assert of("bot_answers_total", channel="api", status="answered", outcome="found", topic="none") == 1
    assert of("bot_answers_total", channel="api", status="clarify", outcome="which_record", topic="none") == 1
    assert of("bot_answers_total", channel="api", status="error", outcome="failed", topic="none") == 1
    assert of("bot_answer_seconds_count", channel="api") == 3
    assert of("bot_http_requests_total", route="/api/v1/ask", method="POST", status="200") == 2
    assert of("bot_http_requests_total", route="/api/v1/procedures/{code}", method="GET", status="404") == 1
    assert of("bot_http_requests_total", route="(khác)", method="other", status="404") == 1
    assert of("bot_queue_waiting", queue="inbox") == 3
    assert of("bot_queue_oldest_seconds", queue="inbox") == 12.5
    assert of("bot_index_info", version="20261121T112731484482-abc") == 1
    assert of("bot_index_built_timestamp_seconds") == 1795260451
    assert of("bot_metrics_unread_total", error="OSError") == 1
    assert of("process_resident_memory_bytes") > 1_000_000
    for private in ("bí mật", "c-rieng", "1.001193", "khong-co", "127.0.0.1"):
        assert private not in response.text


@pytest.mark.parametrize(
    ("token", "peer", "headers", "status"),
    [
        (None, "127.0.0.1", {}, 200),
        (None, "::1", {}, 200),
        (None, "10.0.0.9", {}, 403),
        (None, "10.0.0.9", {"x-forwarded-for": "127.0.0.1"}, 403),
        (None, "127.0.0.1", {"x-forwarded-for": "10.0.0.9"}, 403),  # a proxy on this machine speaks for somebody else
        (TOKEN, "127.0.0.1", {}, 403),
        (TOKEN, "10.0.0.9", {"authorization": f"Bearer {TOKEN}"}, 200),
        (TOKEN, "10.0.0.9", {"authorization": f"Bearer {TOKEN}x"}, 403),
        (TOKEN, "10.0.0.9", {"authorization": "Bearer ế"}, 403),
        (TOKEN, "10.0.0.9", {"authorization": f"Basic {TOKEN}"}, 403),
    ],
)
async def test_who_may_read_the_figures(storage: Storage, token: str | None, peer: str, headers: Mapping[str, str], status: int) -> None:
    service = AnswerService(storage, stub, lambda: "v1")
    async with client(service, Metrics(), token, peer) as web:
        encoded = {k: v.encode("utf-8") for k, v in headers.items()}
        assert (await web.get("/metrics", headers=encoded)).status_code == status


async def test_alive_and_ready(storage: Storage) -> None:
    healthy = True

    async def database() -> None:
        if not healthy:
            raise OSError("hỏng")

    service = AnswerService(storage, stub, lambda: "v1")
    app = create_app(service, checks={"database": database})
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as web:
        assert (await web.get("/healthz")).json() == {"status": "ok", "index": None, "entries": 0}
        waiting = await web.get("/readyz")
        assert (waiting.status_code, waiting.json()["failing"]) == (503, ["index"])
        await service.open()
        assert (await web.get("/healthz")).json() == {"status": "ok", "index": "v1", "entries": 5}
        assert (await web.get("/readyz")).json() == {"status": "ready", "failing": []}
        healthy = False
        broken = await web.get("/readyz")
        assert (broken.status_code, broken.json()["failing"]) == (503, ["database"])
        assert "hỏng" not in broken.text
        assert (await web.get("/healthz")).status_code == 200, "alive all the same"


async def test_what_stands_in_the_database(storage: Storage) -> None:
    metrics = Metrics()
    read_database(metrics, storage, "987")
    assert figures((await metrics.text()).decode())["bot_token_expires_timestamp_seconds", (("channel", ZALO),)] == 0, "not authorised"
    await storage.inbox.accept("telegram", "1", {"a": 1}, "c-1")
    await StoredTokens(storage.tokens, storage.leases, "987", "one").save(Pair("a", "r", 1234.5))
    found = figures((await metrics.text()).decode())
    assert found["bot_queue_waiting", (("queue", "inbox"),)] == 1
    assert found["bot_queue_waiting", (("queue", "outbox"),)] == 0
    assert found["bot_queue_oldest_seconds", (("queue", "inbox"),)] >= 0
    assert found["bot_token_expires_timestamp_seconds", (("channel", ZALO),)] == 1234.5


async def test_errors_of_the_log_are_counted() -> None:
    metrics = Metrics()
    logger = logging.getLogger("bot.thu")
    logger.addHandler(counter := ErrorCounter(metrics))
    logger.error("một")
    logger.warning("không tính")
    logger.removeHandler(counter)
    assert b'bot_errors_total{logger="bot.thu"} 1.0' in await metrics.text()


def test_the_alerts_speak_of_figures_that_exist() -> None:
    root = Path(__file__).resolve().parents[3]
    metrics = Metrics()
    known = {f"{name}{end}" for family in metrics.registry.collect() for name in [family.name] for end in ("", "_total", "_bucket")}
    rules = yaml.safe_load((root / "ops" / "alerts.yml").read_text(encoding="utf-8"))["groups"][0]["rules"]
    guide = (root / "docs" / "monitoring.md").read_text(encoding="utf-8")
    for rule in rules:
        names = set(re.findall(r"\bbot_[a-z_]+", rule["expr"]))
        assert names <= known, rule["alert"]
        assert f"`{rule['alert']}`" in guide
    for name in (n for n in known if n.startswith("bot_") and n.endswith("_total")):
        assert name in guide or name.removesuffix("_total") in guide
    assert yaml.safe_load((root / "ops" / "prometheus.yml").read_text(encoding="utf-8"))["scrape_configs"]
