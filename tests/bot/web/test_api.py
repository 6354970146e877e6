from __future__ import annotations

from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import httpx
import pytest
from fastapi import APIRouter

from bot.service import AnswerService
from bot.storage import Storage
from bot.web.api import create_app
from bot.web.arrival import HEADERS
from bot.web.errors import LARGEST_BODY
from bot.web.options import WebOptions
from tests.fakes.assistant import stub


def client(service: AnswerService, options: WebOptions | None = None, routers: Sequence[APIRouter] = ()) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(create_app(service, options, routers=routers))
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


async def test_without_an_index(tmp_path: Path) -> None:
    empty = AnswerService(Storage("sqlite+aiosqlite:///:memory:"), stub, lambda: None)
    async with client(empty) as web:
        response = await web.post("/api/v1/ask", json={"text": "a"})
        assert response.status_code == 503
        assert "index_builder build" in response.json()["error"]["message"]
        assert (await web.get("/api/v1/procedures")).status_code == 503


async def test_headers_stand_on_every_answer(service: AnswerService) -> None:
    pages = APIRouter()

    @pages.get("/trang")
    async def page() -> str:
        raise RuntimeError("hỏng")

    options = WebOptions(hsts_days=365)
    async with client(service, options, [pages]) as web:
        answers = [
            await web.get("/healthz"),
            await web.get("/khong-co"),
            await web.post("/api/v1/ask", content=b"{", headers={"content-type": "application/json"}),
            await web.post("/api/v1/ask", content=b"a" * (LARGEST_BODY + 1)),
            await web.get("/trang"),
        ]
    assert [a.status_code for a in answers] == [200, 404, 400, 413, 500]
    for answer in answers:
        assert {k: answer.headers[k] for k in HEADERS} == dict(HEADERS)
        assert answer.headers["strict-transport-security"] == "max-age=31536000"
        assert len(answer.headers["x-request-id"]) == 16
        assert "hỏng" not in answer.text


async def test_the_description_of_the_interface(service: AnswerService) -> None:
    async with client(service, WebOptions(docs=True)) as web:
        page = await web.get("/docs")
        assert page.status_code == 200
        assert "<script" not in page.text and "http://" not in page.text and "https://" not in page.text
        assert "unsafe" not in page.headers["content-security-policy"]
        assert page.headers["content-security-policy"].startswith("default-src 'none'")
        described = (await web.get("/openapi.json")).json()
        assert "/api/v1/ask" in described["paths"]
        assert "/healthz" not in described["paths"]
        for path in described["paths"]:
            assert path in page.text
        for name in described["components"]["schemas"]:
            assert f'id="{name}"' in page.text


async def test_other_origins_are_let_in_by_setting_only(service: AnswerService) -> None:
    asks = {"origin": "https://tinh.example.vn", "access-control-request-method": "POST", "access-control-request-headers": "content-type"}
    allowed = "access-control-allow-origin"
    async with client(service) as web:
        assert allowed not in (await web.get("/healthz", headers=asks)).headers
        assert allowed not in (await web.options("/api/v1/ask", headers=asks)).headers
    async with client(service, WebOptions(cors_origins=("https://tinh.example.vn",))) as web:
        preflight = await web.options("/api/v1/ask", headers=asks)
        assert (preflight.status_code, preflight.headers[allowed]) == (200, "https://tinh.example.vn")
        answer = await web.post("/api/v1/ask", json={"text": "chào"}, headers=asks)
        assert answer.headers[allowed] == "https://tinh.example.vn"
        assert "x-request-id" in answer.headers["access-control-expose-headers"].lower()
        assert allowed not in (await web.post("/api/v1/ask", json={"text": "a"}, headers={"origin": "https://khac.example"})).headers
        assert allowed not in (await web.get("/healthz", headers=asks)).headers, "only the public interface is shared"
