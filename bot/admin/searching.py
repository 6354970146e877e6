"""The search test: what a question finds in each leg, how the hits were ranked, and what the bot answers."""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass
from functools import partial

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.gate import visit_of
from bot.admin.tools import Tools
from bot.pipeline import Assistant
from bot.service import Loaded
from bot.storage import CuratedAnswer
from bot.types import Reply, State
from bot.understanding.reading import read
from knowledge.search.explaining import VECTORS, Explained, explain

LEG_NAMES = {
    "names_accented": "Tên gọi, có dấu",
    "names_folded": "Tên gọi, không dấu",
    "questions_accented": "Câu hỏi mẫu, có dấu",
    "questions_folded": "Câu hỏi mẫu, không dấu",
    "body_accented": "Nội dung, có dấu",
    "body_folded": "Nội dung, không dấu",
    "whole_folded": "Cả bản ghi, không dấu",
    VECTORS: "Nghĩa gần (véc-tơ)",
}


@dataclass(frozen=True)
class Tried:
    """A question tried out. ``explained``: none where the search cannot be looked into; ``plain``: what the bot would say without the
    answers of staff; ``curated``: the one that wins."""

    plain: Reply
    curated: CuratedAnswer | None
    explained: Explained | None
    understood: tuple[str, ...]


def try_out(text: str, province: str | None, loaded: Loaded, tools: Tools) -> Tried:
    """Ask as a person of ``province`` would, and look into the search. Nothing is stored or counted."""
    state = State(province=province)
    plain = loaded.assistant.reply(text, state, time.time())
    replaced = tools.service.curation.instead(text, plain, loaded)
    curated = tools.service.curation.find(text, plain.state.province, loaded) if replaced is not plain else None
    assistant = loaded.assistant
    if not isinstance(assistant, Assistant):
        return Tried(plain, curated, None, ())
    searcher = assistant.searcher
    reading = read(searcher.query(text), assistant.names, searcher.speller)
    allowed, _ = assistant.searching.first(reading, province or plain.state.province, assistant.today)
    understood = [f"đọc thành: {reading.query.text}"]
    if reading.intents:
        understood.append("muốn biết: " + ", ".join(intent.value for intent in reading.intents))
    if reading.found.provinces:
        understood.append("tỉnh: " + ", ".join(reading.found.provinces))
    if reading.found.offices:
        understood.append("cơ quan: " + ", ".join(str(office) for office in reading.found.offices))
    return Tried(plain, curated, explain(searcher, reading.query, allowed), tuple(understood))


def make_searching(tools: Tools) -> APIRouter:
    router = tools.router()

    async def show(request: Request, text: str = "", province: str = "") -> Response:
        loaded = tools.service.loaded
        tried = None
        if text and loaded is not None:
            await tools.service.curation.refresh()
            work = partial(try_out, text, province if province in loaded.provinces else None, loaded, tools)
            tried = await asyncio.to_thread(work)
        entries = loaded.records if loaded else ()
        return await tools.page(
            request, "search", text=text, province=province, tried=tried, entries=entries, legs=LEG_NAMES, provinces=tools.provinces
        )

    @router.get("/search")
    async def ask(request: Request) -> Response:
        return await show(request)

    @router.post("/search")
    async def answer(request: Request) -> Response:
        """A form, not an address: what people asked must not stand in logs of proxies."""
        visit = visit_of(request)
        return await show(request, visit.text("text", 1000), visit.text("province", 64))

    return router
