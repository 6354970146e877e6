"""What somebody with bad intentions sends, to the real server on a loopback port and to the application."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import httpx
import pytest
import uvicorn

from bot.service import AnswerService
from bot.web import server as server_module
from bot.web.api import create_app
from bot.web.arrival import HEADERS
from bot.web.errors import LARGEST_HEAD
from bot.web.guard import Guard
from bot.web.options import WebOptions
from bot.web.page import make_router
from bot.web.server import server_config
from tests.waiting import PATIENCE, until


@pytest.fixture
async def port(service: AnswerService) -> AsyncIterator[int]:
    """The port of a server with the bot's own configuration."""
    app = create_app(service, routers=[make_router(service)])
    config = server_config(app)
    config.port, config.timeout_graceful_shutdown = 0, 1
    server = uvicorn.Server(config)
    running = asyncio.create_task(server.serve())
    await until(lambda: server.started)
    yield server.servers[0].sockets[0].getsockname()[1]
    server.should_exit = True
    await running


async def raw(port: int, *pieces: bytes, pause: float = 0.0) -> bytes:
    """What the server answers to ``pieces`` until it ends the connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
            await asyncio.sleep(pause)
        return await asyncio.wait_for(reader.read(), PATIENCE)
    except ConnectionError:
        return b""
    finally:
        writer.close()


def get(path: str, *headers: str) -> bytes:
    return "\r\n".join([f"GET {path} HTTP/1.1", "Host: x", "Connection: close", *headers, "", ""]).encode("latin-1")


async def test_heads_that_are_too_large_or_no_http_at_all(port: int) -> None:
    assert (await raw(port, get("/", "X-A: " + "a" * 1000))).startswith(b"HTTP/1.1 200")
    for size in (LARGEST_HEAD, 20 * LARGEST_HEAD):
        assert not (await raw(port, get("/", "X-A: " + "a" * size))).startswith(b"HTTP/1.1 200")
        assert not (await raw(port, get("/?" + "a" * size))).startswith(b"HTTP/1.1 200")
    assert (await raw(port, b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")).startswith(b"HTTP/1.1 400")
    assert (await raw(port, b"GET / HTTP/1.1\r\n\r\n")).startswith(b"HTTP/1.1 400")


async def test_a_head_that_trickles_in_is_not_waited_for(port: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(server_module, "HEADER_SECONDS", 1.0)
    assert await raw(port, b"") == b"", "nothing at all is sent"
    trickle = [b"GET / HTTP/1.1\r\n", *[b"X-A: a\r\n"] * 12]
    assert await raw(port, *trickle, pause=0.1) == b""
    # Long enough for a busy machine to read a whole head.
    monkeypatch.setattr(server_module, "HEADER_SECONDS", 5.0)
    keep = get("/healthz").replace(b"Connection: close\r\n", b"")
    answered = await raw(port, keep, keep[:20])
    assert answered.count(b"HTTP/1.1 200") == 1, "nor on a connection that was kept open"
    slow_enough = [get("/healthz")[:10], get("/healthz")[10:]]
    assert (await raw(port, *slow_enough, pause=0.1)).startswith(b"HTTP/1.1 200")


async def test_answers_do_not_tell_what_serves_them(port: int) -> None:
    answer = (await raw(port, get("/"))).lower()
    assert b"server:" not in answer and b"uvicorn" not in answer
    assert b"x-powered-by" not in answer


@pytest.mark.parametrize(
    "path", ["/static/../api.py", "/static/..%2f..%2fapi.py", "/static/%2e%2e/%2e%2e/service.py", "//etc/passwd", "/static/chat.js%00.css"]
)
async def test_no_way_out_of_the_folder(port: int, path: str) -> None:
    assert (await raw(port, get(path))).startswith((b"HTTP/1.1 404", b"HTTP/1.1 400"))


async def test_a_body_that_does_not_come_to_its_end(service: AnswerService) -> None:
    app = Guard(create_app(service), seconds=0.05)
    sent: list[dict[str, object]] = []

    async def receive() -> dict[str, object]:
        await asyncio.sleep(0.02)
        return {"type": "http.request", "body": b"a", "more_body": True}

    async def send(message: object) -> None:
        assert isinstance(message, dict)
        sent.append(message)

    scope = {"type": "http", "method": "POST", "path": "/api/v1/ask", "headers": [], "query_string": b"", "client": ("10.0.0.1", 1)}
    await app(scope, receive, send)
    assert sent[0]["status"] == 408


async def test_other_host_names(service: AnswerService) -> None:
    async def status(options: WebOptions, host: str, path: str = "/api/v1/plans") -> int:
        app = create_app(service, options)
        async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as web:
            response = await web.get(path, headers={"host": host})
            assert "evil" not in response.text and not any("evil" in v for v in response.headers.values())
            assert set(HEADERS) <= {k.title() if k != "x-content-type-options" else "X-Content-Type-Options" for k in response.headers}
            return response.status_code

    assert await status(WebOptions(), "evil.example") == 200
    only = WebOptions(hosts=("hoidap.example.vn", "[::1]"))
    assert await status(only, "hoidap.example.vn") == 200
    assert await status(only, "HOIDAP.example.vn:8443") == 200
    assert await status(only, "[::1]:8080") == 200
    for host in ("evil.example", "hoidap.example.vn.evil.example", "evil.example:hoidap.example.vn", ""):
        assert await status(only, host) == 421, host
    for path in ("/healthz", "/readyz", "/metrics"):
        assert await status(only, "172.30.80.5:8080", path) in (200, 403), "asked by address, for health checks and figures"


@pytest.mark.parametrize("path", ["/api/v1/ask/", "/api/v1/procedures/", "//evil.example/x", "/docs", "/web/ask/"])
async def test_nothing_redirects(service: AnswerService, path: str) -> None:
    app = create_app(service, routers=[make_router(service)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as web:
        response = await web.get(f"http://test{path}", headers={"host": "evil.example"})
    assert response.status_code in (404, 405)
    assert "location" not in response.headers


async def test_what_was_sent_does_not_come_back_as_html(service: AnswerService) -> None:
    attack = "<script>alert(1)</script>"
    app = create_app(service, routers=[make_router(service)])
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test") as web:
        answers = [
            await web.get(f"/{attack}"),
            await web.get("/api/v1/procedures", params={"page": attack, attack: "1"}),
            await web.get(f"/api/v1/procedures/{attack}"),
            await web.post("/api/v1/ask", json={"text": attack, "id": attack}),
            await web.post("/api/v1/ask", json={attack: attack}),
            await web.post("/web/ask", json={"text": attack, "conversation": "c-1"}),
        ]
    for answer in answers:
        assert answer.headers["content-type"] == "application/json"
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert attack not in answer.headers.values()


async def test_numbers_of_requests_come_from_trusted_proxies_only(service: AnswerService) -> None:
    async def number(options: WebOptions, given: str) -> str:
        transport = httpx.ASGITransport(create_app(service, options), client=("10.0.0.1", 1))
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as web:
            return str((await web.get("/healthz", headers={"x-request-id": given})).headers["x-request-id"])

    assert await number(WebOptions(), "tu-dat-lay-so") != "tu-dat-lay-so"
    trusted = WebOptions(trusted_proxies=("10.0.0.0/8",))
    assert await number(trusted, "so-cua-proxy-1") == "so-cua-proxy-1"
    assert await number(trusted, "x y\t<script>") != "x y\t<script>"


async def test_the_access_log_holds_nothing_personal(service: AnswerService, caplog: pytest.LogCaptureFixture) -> None:
    transport = httpx.ASGITransport(create_app(service, WebOptions(log_access=True)), client=("203.0.113.77", 1))
    with caplog.at_level("INFO", logger="bot.web.access"):
        async with httpx.AsyncClient(transport=transport, base_url="http://test") as web:
            await web.get("/api/v1/conversations/cuoc-rieng-cua-toi?sdt=0912345678")
            await web.post("/api/v1/ask", json={"text": "số của tôi 0912345678"})
    lines = [r.getMessage() for r in caplog.records if r.name == "bot.web.access"]
    assert [line.rsplit(" ", 2)[0] for line in lines] == ["GET /api/v1/conversations/{conversation} 200", "POST /api/v1/ask 200"]
    for private in ("203.0.113.77", "0912345678", "cuoc-rieng"):
        assert private not in caplog.text
