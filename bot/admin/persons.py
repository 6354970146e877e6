"""One person's data: an export of all that is kept, and its erasure, on the wish of that person."""

from __future__ import annotations

import json

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.gate import Stopped, Visit, visit_of
from bot.admin.tools import Tools, back
from bot.admin.wording import CHANNELS


def make_persons(tools: Tools) -> APIRouter:
    router, storage = tools.router(), tools.storage

    def who(visit: Visit) -> tuple[str, str]:
        """The channel and the key that a form names."""
        channel, key = visit.text("channel", 32), visit.text("key", 128)
        if channel not in CHANNELS or not key or "\n" in key:
            raise Stopped(400, "Cần chọn kênh và nhập mã cuộc trò chuyện.")
        return channel, key

    def shown(channel: str, key: str) -> str:
        """How the log names a person: it must not say more than the rest of the database."""
        return f"{channel}/{storage.keys.pseudonym(channel, key)[:16]}"

    @router.get("/persons")
    async def ask(request: Request) -> Response:
        return await tools.page(request, "persons", channels=CHANNELS)

    @router.post("/persons/export")
    async def export(request: Request) -> Response:
        visit = visit_of(request)
        channel, key = who(visit)
        found = await storage.privacy.export_person(channel, key)
        await tools.note(visit, "person_exported", shown(channel, key))
        headers = {"Content-Disposition": 'attachment; filename="du-lieu-ca-nhan.json"'}
        return Response(json.dumps(found, ensure_ascii=False, indent=1), media_type="application/json", headers=headers)

    @router.post("/persons/erase")
    async def erase(request: Request) -> Response:
        visit = visit_of(request)
        channel, key = who(visit)
        if visit.text("sure", 8) != "yes":
            raise Stopped(400, "Chưa đánh dấu ô xác nhận nên chưa xóa gì.")
        async with tools.service.lock(channel, key):
            gone = await storage.privacy.erase_person(channel, key)
        await tools.note(visit, "person_erased", shown(channel, key), **gone)
        return back("/persons", "erased")

    return router
