"""Conversations that wait for a person: the list, the thread, the reply, the end."""

from __future__ import annotations

import datetime as dt
import time

from fastapi import APIRouter, Request
from fastapi.responses import JSONResponse, Response

from bot.admin.gate import Stopped, visit_of
from bot.admin.pages import moment
from bot.admin.tools import Tools, back
from bot.admin.wording import CASE_CLOSED, CITIZEN
from bot.channels.splitting import split
from bot.handover.hours import spoken
from bot.storage import Case, Part

LONGEST_REPLY = 4000
USUAL_LENGTH = 2000
"""UTF-16 units of a message on a channel that is not connected now."""


def make_cases(tools: Tools) -> APIRouter:
    router, storage = tools.router(), tools.storage
    hand_overs = storage.hand_overs

    def hours() -> tuple[bool | None, str]:
        """Whether staff answer now (none: no hours are set), and when they do next."""
        office = tools.service.desk.hours
        if office is None:
            return None, ""
        now = dt.datetime.fromtimestamp(time.time(), dt.UTC)
        opening = office.next_opening(now)
        return office.is_open(now), spoken(opening, now.astimezone(opening.tzinfo).date()) if opening else ""

    async def found(number: int) -> Case:
        for closed in (False, True):
            for case in await hand_overs.cases(closed=closed, most=1000):
                if case.id == number:
                    return case
        raise Stopped(404)

    def parts(case: Case, text: str) -> list[Part]:
        length = tools.options.lengths.get(case.channel, USUAL_LENGTH)
        return [Part(case.address, piece) for piece in split(text, length)]

    async def matter(case: Case) -> str | None:
        """What somebody wants: the question that led to staff, else the first thing they wrote to them."""
        return case.question or next((said.text for said in await hand_overs.messages(case.id) if said.author is None), None)

    @router.get("/cases")
    async def waiting(request: Request) -> Response:
        is_open, opening = hours()
        cases = sorted(await hand_overs.cases(), key=lambda case: case.position is None)  # nobody has answered the first ones yet
        return await tools.page(
            request,
            "cases",
            cases=[(case, await matter(case)) for case in cases],
            closed=await hand_overs.cases(closed=True, most=30),
            is_open=is_open,
            opening=opening,
            office_hours=tools.options.office_hours,
        )

    @router.get("/cases/{number}")
    async def thread(request: Request, number: int) -> Response:
        case = await found(number)
        messages = await hand_overs.messages(number)
        about = tools.titles().get(case.entry or "", "")
        return await tools.page(
            request, "case", case=case, messages=messages, about=about, longest=LONGEST_REPLY, now=time.time(), citizen=CITIZEN
        )

    @router.get("/look")
    async def look(case: int | None = None, after: int = 0) -> Response:
        """For open pages: how many people wait, and what was said in ``case`` beyond its first ``after`` messages."""
        said = await hand_overs.messages(case) if case is not None else ()
        new = [
            {"by": m.author or CITIZEN, "staff": m.author is not None, "at": moment(m.at), "text": m.text} for m in said[max(after, 0) :]
        ]
        return JSONResponse({"waiting": await hand_overs.waiting(), "messages": new})

    @router.post("/cases/{number}/reply")
    async def reply(request: Request, number: int) -> Response:
        visit, case = visit_of(request), await found(number)
        text = visit.text("text", LONGEST_REPLY)
        if not text:
            raise Stopped(400, "Câu trả lời đang trống.")
        if not await hand_overs.reply(number, visit.user, parts(case, text)):
            raise Stopped(404, "Trao đổi này đã kết thúc nên không gửi được. Nội dung chưa được gửi.")
        await tools.note(visit, "case_replied", f"case/{number}", channel=case.channel)
        return back(f"/cases/{number}", "sent")

    @router.post("/cases/{number}/close")
    async def close(request: Request, number: int) -> Response:
        visit, case = visit_of(request), await found(number)
        if await hand_overs.close(number, visit.user, parts(case, CASE_CLOSED)):
            await tools.note(visit, "case_closed", f"case/{number}", channel=case.channel)
        return back("/cases", "closed")

    return router
