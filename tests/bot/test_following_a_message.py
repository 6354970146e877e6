"""One message seen from outside: the same number in every line of the log, and one trace, from its receipt to its answer."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.channels.telegram_webhook import PATH as WEBHOOK
from evaluation.imitations.failures import TooMany
from evaluation.imitations.telegram import TOKEN, FakeTelegram
from evaluation.load.program import Bot
from evaluation.load.service import SECRET
from evaluation.load.telegram import message
from knowledge.store import POINTER
from tests.fakes.otlp_collector import Collector
from tests.waiting import PATIENCE, until

QUESTION = "đăng ký khai sinh cần giấy tờ gì"
PRIVATE = ("giấy tờ", "Giấy chứng sinh", "0912345678", "4001", SECRET, TOKEN, TOKEN.split(":")[1])
"""What no span holds: words of people and of answers, who they are, secrets."""


@dataclass
class Seen:
    """What was seen of the program after it ended."""

    lines: list[dict[str, Any]]
    spans: list[dict[str, Any]]
    raw: bytes
    collector: Collector
    log: str
    index: str
    numbers: list[str]


@pytest.fixture(scope="module")
def seen(small_root: Path, tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """A message on Telegram whose answer is refused once, and a question on the web; then the program ends."""
    return asyncio.run(_play(small_root, tmp_path_factory.mktemp("followed")))


async def _play(index: Path, folder: Path) -> Seen:
    collector = Collector()
    async with FakeTelegram().serving() as telegram, collector.serving() as url:
        telegram.fail("sendMessage", TooMany(1))
        more = {"LOG_FORMAT": "json", "LOG_LEVEL": "DEBUG", "TRACING_URL": url, "TRUSTED_PROXIES": "127.0.0.1"}
        more |= {"REPLICA": "ban-1", "TELEGRAM_TOKEN": TOKEN}
        bot = Bot(telegram.url, f"sqlite:///{folder}/bot.sqlite3", index, folder, folder / "log", more)
        try:
            await bot.start()
            await bot.ready()
            await until(lambda: telegram.done("setWebhook"))
            async with httpx.AsyncClient(base_url=bot.address, timeout=PATIENCE) as http:
                headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET, "X-Request-Id": "so-cua-proxy-1"}
                update = message(7, 4001, f"{QUESTION}, số tôi 0912345678")
                told = await http.post(WEBHOOK, json=update, headers=headers)
                assert told.status_code == 200
                asked = await http.post("/web/ask", json={"text": QUESTION, "conversation": "c-1"})
                assert "Giấy chứng sinh" in asked.json()["answer"]
                await http.get("/healthz")
            await telegram.wait_for(1, chat=4001)
            assert await asyncio.wait_for(bot.stop(), PATIENCE) == 0
        finally:
            await bot.kill()
    log = (folder / "log").read_text(encoding="utf-8")
    lines = [json.loads(line) for line in log.splitlines() if line.startswith("{")]
    numbers = [told.headers["x-request-id"], asked.headers["x-request-id"]]
    version = (index / POINTER).read_text().strip()
    return Seen(lines, collector.spans(), b"".join(collector.bodies), collector, log, version, numbers)


def test_the_number_goes_with_the_message(seen: Seen) -> None:
    assert seen.numbers[0] == "so-cua-proxy-1", "a trusted proxy's own"
    assert len(seen.numbers[1]) == 16, "made here"
    (late,) = [line for line in seen.lines if "gửi lại sau" in line["message"]]
    assert late["level"] == "WARNING" and late["logger"] == "bot.channels.sending"
    assert (late["request"], late["event"]) == ("so-cua-proxy-1", "telegram:7"), "though another task sends, from the queue"
    assert late["time"].endswith("+00:00")


def test_every_line_is_an_object(seen: Seen) -> None:
    rest = [line for line in seen.log.splitlines() if not line.startswith("{")]
    assert [line for line in rest if not line.startswith("Đang chạy tại")] == []
    assert all({"time", "level", "logger", "message"} <= set(line) for line in seen.lines)


def test_no_secret_and_nothing_private_is_logged(seen: Seen) -> None:
    assert not [private for private in PRIVATE if private in seen.log], "even at DEBUG"


def test_a_message_of_a_channel_is_one_trace(seen: Seen) -> None:
    (root,) = [s for s in seen.spans if s["name"] == "receive" and s.get("channel") == "telegram" and s["parent"] == b""]
    of_message = [s for s in seen.spans if s["trace"] == root["trace"]]
    assert [s["name"] for s in sorted(of_message, key=lambda s: s["start"])] == [
        "receive", "answer", "understand", "search", "compose", "send", "send",
    ]  # fmt: skip
    answer = next(s for s in of_message if s["name"] == "answer")
    assert {s["parent"] for s in of_message if s["name"] in ("answer", "send")} == {root["id"]}
    assert {s["parent"] for s in of_message if s["name"] in ("understand", "search", "compose")} == {answer["id"]}
    assert (answer["outcome"], answer["index"]) == ("found", seen.index)
    assert [s["attempt"] for s in of_message if s["name"] == "send"] == [1, 2]


def test_a_question_on_the_web_is_one_trace(seen: Seen) -> None:
    (root,) = [s for s in seen.spans if s["name"] == "receive" and s.get("channel") == "web"]
    assert (root["outcome"], root["index"], root["parent"]) == ("found", seen.index, b"")
    assert [s["name"] for s in seen.spans if s["parent"] == root["id"]] == ["understand", "search", "compose"]
    assert seen.collector.resource["service.instance.id"] == "ban-1"
    assert len({s["trace"] for s in seen.spans}) == 2, "being looked at makes no trace"


def test_spans_hold_nothing_private(seen: Seen) -> None:
    assert not [private for private in PRIVATE if private.encode() in seen.raw]
    assert all(s["end"] >= s["start"] and s["events"] == 0 for s in seen.spans)


async def test_a_step_that_fails_says_only_that() -> None:
    from bot.telemetry import Telemetry

    collector = Collector()
    async with collector.serving() as url:
        tracer = Telemetry(url, "x")
        with pytest.raises(ValueError, match="riêng"), tracer.span("receive"):
            raise ValueError("chuyện rất riêng")
        await asyncio.to_thread(tracer.close)
    (span,) = collector.spans()
    assert span["failed"] is True
    assert "riêng".encode() not in b"".join(collector.bodies)


def test_without_the_setting_the_library_is_not_imported(program: Callable[..., Any]) -> None:
    code = "import sys, bot.serve; sys.exit(any(name.startswith('opentelemetry.sdk') for name in sys.modules))"
    assert program("-c", code).returncode == 0


def test_a_library_that_is_missing_is_told(small_root: Path, program: Callable[..., Any]) -> None:
    code = (
        "import sys; sys.modules['opentelemetry.sdk.resources'] = None; sys.modules['opentelemetry.exporter'] = None;"
        "from bot.__main__ import main; sys.exit(main(['serve']))"
    )
    done = program("-c", code, BOT_TRACING_URL="http://127.0.0.1:4318/v1/traces", BOT_PORT="0", BOT_INDEX_DIR=str(small_root))
    assert done.returncode == 2
    assert "pip install -e '.[tracing]'" in done.stderr and "Traceback" not in done.stderr
