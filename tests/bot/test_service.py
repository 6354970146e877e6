from __future__ import annotations

import asyncio
import logging
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from bot.service import AnswerService, Loaded
from bot.storage import Storage
from bot.types import Option, Outcome, Reply, State
from bot.web.responding import Responder
from tests.fakes.assistant import StubAssistant, stub
from tests.waiting import until


async def opened(storage: Storage, loaded: Loaded | None = None) -> AnswerService:
    service = AnswerService(storage, lambda: loaded or stub(), lambda: "v1", longest_question=50)
    await service.open()
    return service


async def told(service: AnswerService, text: str, key: str = "a") -> Reply:
    """The reply to a message of a conversation on the web."""
    replies: list[Reply] = []

    def shape(reply: Reply) -> Mapping[str, Any]:
        replies.append(reply)
        return {}

    await Responder(service, "x").respond(key, service.ask(text), shape, text=text)
    return replies[-1]


async def test_messages_of_a_conversation_stay_in_order(storage: Storage) -> None:
    service = await opened(storage)
    replies = await asyncio.gather(*(told(service, f"tin {i}") for i in range(8)), told(service, "khác", "b"))
    assert [r.answer.text for r in replies] == [*(f"{i + 1}: tin {i}" for i in range(8)), "1: khác"]


async def test_without_a_conversation_nothing_is_kept(storage: Storage) -> None:
    service = await opened(storage)
    assert [(await service.answer("x")).answer.text for _ in range(2)] == ["1: x", "1: x"]


async def test_an_error_is_an_answer_and_the_conversation_stays(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    service = await opened(storage)
    await told(service, "một")
    assert (await told(service, "lỗi")).answer.outcome is Outcome.FAILED
    assert (await told(service, "hai")).answer.text == "2: hai"
    assert "hỏng có chủ ý" in caplog.text and "Traceback" in caplog.text


async def test_too_long(storage: Storage) -> None:
    reply = await (await opened(storage)).answer("a" * 51)
    assert reply.answer.outcome is Outcome.TOO_LONG
    assert "51 ký tự" in reply.answer.text


async def test_before_an_index_is_there(storage: Storage) -> None:
    service = AnswerService(storage, stub, lambda: None)
    assert (await service.answer("x")).answer.outcome is Outcome.FAILED


async def test_a_broken_database_does_not_silence_the_bot(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    service = AnswerService(Storage("sqlite+aiosqlite:////dev/null/x.sqlite3"), stub, lambda: "v1")
    await service.open()
    assert (await told(service, "x")).answer.text == "1: x"
    assert "Không đọc được cuộc trò chuyện" in caplog.text


async def test_a_state_is_cut_to_what_the_index_holds() -> None:
    loaded = replace(stub(), entry_ids={"procedure/1"})
    known, gone = Option("còn", entry="procedure/1"), Option("mất", entry="procedure/9")
    state = State(province="Huế", entry="procedure/1", options=(known,))
    assert loaded.fit(state) == state
    assert loaded.fit(replace(state, followups=(gone,), entry="procedure/9")) == State(province="Huế")


async def test_follows_the_published_index_and_survives_a_broken_one(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
    published = "v1"
    loads: list[str] = []

    def load() -> Loaded:
        loads.append(published)
        if published == "hỏng":
            raise RuntimeError("chỉ mục hỏng")
        return Loaded(StubAssistant(), published)

    service = AnswerService(storage, load, lambda: published)
    await service.open()
    following = asyncio.create_task(service.follow(every=0.01))

    async def version_becomes(version: str) -> None:
        await until(lambda: service.loaded is not None and service.loaded.version == version)

    published = "v2"
    await version_becomes("v2")
    published = "hỏng"
    await until(lambda: "chỉ mục hỏng" in caplog.text)
    await asyncio.sleep(0.1)
    assert service.loaded is not None and service.loaded.version == "v2"
    published = "v3"
    await version_becomes("v3")
    assert loads == ["v1", "v2", "hỏng", "v3"]
    following.cancel()
