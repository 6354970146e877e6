"""What people say about answers: the list, worked through one by one."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.gate import Stopped, visit_of
from bot.admin.tools import Tools, back

MOST = 200


def make_opinions(tools: Tools) -> APIRouter:
    router, feedback = tools.router(), tools.storage.feedback

    @router.get("/opinions")
    async def listed(request: Request) -> Response:
        everything = request.query_params.get("all") == "1"
        found = await feedback.recent(good=None if everything else False, handled=None if everything else False, most=MOST)
        names = tools.titles()
        titled = [(o, names.get(o.entry or "", o.entry or "")) for o in found]
        return await tools.page(request, "opinions", opinions=titled, everything=everything, most=MOST)

    @router.post("/opinions/{number}/done")
    async def done(request: Request, number: int) -> Response:
        visit = visit_of(request)
        if not await feedback.handle(number, visit.user):
            raise Stopped(404)
        await tools.note(visit, "opinion_handled", f"feedback/{number}")
        return back("/opinions", "opinion")

    return router
