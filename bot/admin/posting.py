"""What staff tell everybody: notices for a time, and the pause of the bot."""

from __future__ import annotations

import time

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.gate import Stopped, visit_of
from bot.admin.tools import Tools, back
from bot.storage import PAUSE, Level, Notice
from bot.types import Outcome
from bot.wording import OUTCOMES

HOURS = {"3": "3 giờ", "12": "12 giờ", "24": "1 ngày", "72": "3 ngày", "168": "1 tuần", "": "đến khi gỡ"}
LEVELS = {
    Level.INFO.value: "Thường: hiện sau câu trả lời",
    Level.WARNING.value: "Chú ý: hiện trước câu trả lời",
    Level.URGENT.value: "Khẩn cấp: hiện trước câu trả lời",
}
LONGEST = 600


def make_posting(tools: Tools) -> APIRouter:
    router, notices = tools.router(), tools.storage.notices

    @router.get("/notices")
    async def shown(request: Request) -> Response:
        now = time.time()
        over = [n for n in await notices.recent(current=False, most=30) if n.ends_at is not None and n.ends_at <= now]
        return await tools.page(
            request,
            "notices",
            current=await notices.recent(),
            over=over,
            pause=await notices.switched(PAUSE),
            levels=LEVELS,
            hours=HOURS,
            longest=LONGEST,
            usual=OUTCOMES[Outcome.PAUSED],
        )

    @router.post("/notices")
    async def post(request: Request) -> Response:
        visit = visit_of(request)
        text, level, hours = visit.text("text", LONGEST), visit.text("level", 16), visit.text("hours", 8)
        if not text or level not in LEVELS or hours not in HOURS:
            raise Stopped(400)
        now = time.time()
        number = await notices.add(Notice(text, Level(level), now, now + int(hours) * 3600 if hours else None, visit.user))
        await tools.note(visit, "notice_posted", f"notice/{number}", level=level, text=text)
        return back("/notices", "notice")

    @router.post("/notices/{number}/end")
    async def end(request: Request, number: int) -> Response:
        if not await notices.end(number):
            raise Stopped(404)
        await tools.note(visit_of(request), "notice_ended", f"notice/{number}")
        return back("/notices", "ended")

    @router.post("/pause")
    async def pause(request: Request) -> Response:
        visit = visit_of(request)
        text = visit.text("text", LONGEST)
        await notices.switch(PAUSE, text, visit.user)
        await tools.note(visit, "paused", text=text)
        return back("/notices", "paused")

    @router.post("/resume")
    async def resume(request: Request) -> Response:
        visit = visit_of(request)
        await notices.switch(PAUSE, None, visit.user)
        await tools.note(visit, "resumed")
        return back("/notices", "resumed")

    return router
