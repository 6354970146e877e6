from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter

from bot.service import AnswerService
from bot.storage import Storage
from bot.web.api import HEADERS, LARGEST_BODY, create_app
from tests.fakes.assistant import stub


@pytest.fixture
async def service(tmp_path: Path) -> AsyncIterator[AnswerService]:
    storage = Storage(f"sqlite+aiosqlite:///{tmp_path}/bot.sqlite3")
    await storage.open()
    service = AnswerService(storage, stub, lambda: "v1")
    await service.open()
    yield service
    await storage.close()


def client(service: AnswerService, **options: object) -> httpx.AsyncClient:
    app = create_app(service, **options)  # type: ignore[arg-type]
    transport = httpx.ASGITransport(app, raise_app_exceptions=False)
    return httpx.AsyncClient(transport=transport, base_url="http://test")


async def test_an_answer_object_and_its_conversation(service: AnswerService) -> None:
    async with client(service) as web:
        for number in (1, 2):
            response = await web.post("/api/v1/ask", json={"text": "chào", "conversation": "c-1", "id": "q"})
            assert response.status_code == 200
            assert response.json()["answer"] == f"{number}: chào"
            assert response.json()["id"] == "q"
        assert (await web.post("/api/v1/ask", json={"text": "chào"})).json()["answer"] == "1: chào"


@pytest.mark.parametrize(
    ("content", "status", "message"),
    [
        (b"{", 400, "không phải JSON"),
        (b"\xff\xfe", 400, "không phải JSON"),
        (b"{}", 422, "text: thiếu trường bắt buộc"),
        (b'{"text": 5}', 422, "text: cần chuỗi ký tự"),
        (b'{"text": "\\ud800"}', 422, "text: có ký tự Unicode"),
        (b'{"text": "a", "conversation": "c h"}', 422, "conversation: chỉ gồm"),
        (b'{"text": "a", "x": 1}', 422, "x: không có trường này"),
        (b"[]", 422, "nội dung: cần một đối tượng JSON"),
        (b'{"text": "' + b"a" * LARGEST_BODY + b'"}', 413, "quá lớn"),
    ],
)
async def test_wrong_requests_are_told_in_vietnamese(service: AnswerService, content: bytes, status: int, message: str) -> None:
    async with client(service) as web:
        response = await web.post("/api/v1/ask", content=content, headers={"content-type": "application/json"})
    assert response.status_code == status
    assert message in response.json()["error"]["message"]
    assert response.headers["x-content-type-options"] == "nosniff"


async def test_a_body_without_a_length_is_limited_too(service: AnswerService) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(1000):
            yield b"a" * 1000

    async with client(service) as web:
        response = await web.post("/api/v1/ask", content=endless(), headers={"content-type": "application/json"})
    assert response.status_code == 413


async def test_another_content_type_address_or_method(service: AnswerService) -> None:
    async with client(service) as web:
        assert (await web.post("/api/v1/ask", content=b'{"text": "a"}', headers={"content-type": "text/plain"})).status_code == 415
        assert (await web.get("/api/v1/ask")).json()["error"]["message"] == "Địa chỉ này không nhận phương thức đó."
        assert (await web.get("/khong-co")).json()["error"]["message"] == "Không có địa chỉ này."
        assert (await web.get("/docs")).status_code == 404
        assert (await web.get("/openapi.json")).status_code == 404


async def test_a_failure_is_a_500_with_an_answer_object(service: AnswerService) -> None:
    async with client(service) as web:
        response = await web.post("/api/v1/ask", json={"text": "lỗi"})
    assert response.status_code == 500
    assert response.json()["status"] == "error"


async def test_health(service: AnswerService, tmp_path: Path) -> None:
    async with client(service) as web:
        assert (await web.get("/healthz")).json() == {"status": "ok", "index": "v1", "entries": 5}
    empty = AnswerService(Storage("sqlite+aiosqlite:///:memory:"), stub, lambda: None)
    async with client(empty) as web:
        assert (await web.get("/healthz")).status_code == 503
        response = await web.post("/api/v1/ask", json={"text": "a"})
        assert response.status_code == 503
        assert "index_builder build" in response.json()["error"]["message"]


async def test_headers_docs_and_further_routers(service: AnswerService) -> None:
    pages = APIRouter()

    @pages.get("/trang")
    async def page() -> str:
        raise RuntimeError("hỏng")

    async with client(service, docs=True, routers=[pages]) as web:
        response = await web.get("/healthz")
        assert {k: response.headers[k] for k in HEADERS} == HEADERS
        assert (await web.get("/docs")).status_code == 200
        assert "/api/v1/ask" in json.dumps((await web.get("/openapi.json")).json())
        assert (await web.get("/trang")).json()["error"]["status"] == 500
