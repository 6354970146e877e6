"""Conversations of the page and of the API: answered once, with opinions, letters of staff, and erasure."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.service import AnswerService
from bot.storage import Part, Storage, Turn
from bot.types import HandOver
from bot.web.api import create_app
from bot.web.page import make_router
from tests.fakes.assistant import stub


def client(service: AnswerService) -> httpx.AsyncClient:
    app = create_app(service, routers=[make_router(service)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://test")


@pytest.fixture
async def web(service: AnswerService) -> AsyncIterator[httpx.AsyncClient]:
    async with client(service) as made:
        yield made


async def ask(web: httpx.AsyncClient, path: str, text: str, message: str | None = None, conversation: str = "c-1") -> Any:
    response = await web.post(path, json={"text": text, "conversation": conversation, "message": message})
    assert response.status_code == 200, response.text
    return response.json()


@pytest.mark.parametrize("path", ["/web/ask", "/api/v1/ask"])
async def test_a_message_sent_again_is_answered_once(web: httpx.AsyncClient, service: AnswerService, storage: Storage, path: str) -> None:
    first = await ask(web, path, "chào", "m-1")
    assert first["answer"] == "1: chào"
    assert await ask(web, path, "chào", "m-1") == first
    async with client(service) as other_replica:
        assert await ask(other_replica, path, "chào", "m-1") == first
    both = await asyncio.gather(*(ask(web, path, "cùng lúc", "m-2") for _ in range(5)))
    assert {a["answer"] for a in both} == {"2: cùng lúc"}
    assert (await ask(web, path, "chào", "m-3"))["answer"] == "3: chào", "another message counts, whatever it says"
    assert (await ask(web, path, "chào", "m-1", "c-2"))["answer"] == "1: chào", "ids are of one conversation"
    assert (await ask(web, path, "chào"))["answer"] == "4: chào", "without an id each counts"


async def test_a_failure_is_tried_again(web: httpx.AsyncClient) -> None:
    body = {"text": "lỗi", "conversation": "c-1", "message": "m-1"}
    assert (await web.post("/web/ask", json=body)).status_code == 500
    assert (await ask(web, "/web/ask", "chào", "m-1"))["answer"] == "1: chào"


@pytest.mark.parametrize(("prefix", "channel"), [("/web", "web"), ("/api/v1", "api")])
async def test_an_opinion_reaches_the_list_of_staff(web: httpx.AsyncClient, storage: Storage, prefix: str, channel: str) -> None:
    opinion = {
        "conversation": "c-1",
        "good": False,
        "reason": "Sai thông tin",
        "question": "lệ phí, gọi 0912345678",
        "entry": "procedure/1",
    }
    assert (await web.post(f"{prefix}/feedback", json=opinion)).status_code == 204
    (kept,) = await storage.feedback.recent()
    assert (kept.channel, kept.good, kept.reason, kept.entry) == (channel, False, "Sai thông tin", "procedure/1")
    assert kept.question is not None and "0912345678" not in kept.question
    assert (await web.post(f"{prefix}/feedback", json={"conversation": "c-1", "good": "có"})).status_code == 422
    assert (await web.post(f"{prefix}/feedback", json={**opinion, "reason": "a" * 501})).status_code == 422


async def test_what_staff_write_is_fetched(web: httpx.AsyncClient, storage: Storage) -> None:
    async def letters(after: int = 0) -> Any:
        return (await web.get(f"/web/conversations/c-1/messages?after={after}")).json()

    assert await letters() == {"open": False, "position": None, "messages": []}
    case = await storage.turns.complete(Turn("web", "c-1", effects=(HandOver("sổ đỏ"),)))
    assert case is not None
    waiting = await letters()
    assert (waiting["open"], waiting["position"], waiting["messages"]) == (True, 1, [])
    said = await ask(web, "/web/ask", "chị ơi")
    assert said["staff"] is True
    assert await storage.hand_overs.reply(case.id, "lan", [Part("c-1", "Chào anh, hồ sơ đã nhận."), Part("c-1", "Mai có kết quả.")])
    assert (await storage.outbox.waiting()).count == 0, "nothing waits to be sent where nothing can be"
    found = await letters()
    assert (found["open"], found["position"]) == (True, None)
    (letter,) = found["messages"]
    assert letter["text"] == "Chào anh, hồ sơ đã nhận.\nMai có kết quả."
    assert (await letters(letter["id"]))["messages"] == []
    assert (await web.get("/web/conversations/c-2/messages")).json()["messages"] == [], "others see nothing of it"
    assert (await web.get("/api/v1/conversations/c-1/messages")).json()["messages"] == []
    await storage.hand_overs.close(case.id, "lan")
    assert (await letters(letter["id"]))["open"] is False
    assert (await ask(web, "/web/ask", "chào"))["staff"] is False


async def test_a_conversation_from_its_beginning_to_its_end(web: httpx.AsyncClient, storage: Storage) -> None:
    made = (await web.post("/api/v1/conversations")).json()["conversation"]
    assert len(made) == 32 and made != (await web.post("/api/v1/conversations")).json()["conversation"]
    await ask(web, "/api/v1/ask", "chọn", "m-1", made)
    known = (await web.get(f"/api/v1/conversations/{made}")).json()
    assert known["options"] == ["Cấp lại sổ đỏ", "Cấp đổi sổ đỏ"]
    assert "chọn" not in str(known), "what was said is not shown"
    assert (await web.delete(f"/api/v1/conversations/{made}")).status_code == 204
    assert (await web.get(f"/api/v1/conversations/{made}")).json()["options"] == []
    assert await storage.replies.find("api", made, "m-1") is None
    assert (await web.get("/api/v1/conversations/c%20h")).status_code == 422


async def test_a_database_that_is_gone_is_told_so(service: AnswerService, tmp_path: Path) -> None:
    gone = AnswerService(Storage(f"sqlite+aiosqlite:///{tmp_path}/khong/co.sqlite3"), stub, lambda: "v1")
    await gone.open()
    async with client(gone) as web:
        assert (await ask(web, "/web/ask", "chào", "m-1"))["answer"] == "1: chào", "questions are answered all the same"
        refused = await web.delete("/web/conversations/c-1")
        assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
        assert refused.json()["error"]["message"] == "Hệ thống đang bận, vui lòng thử lại sau ít phút."
