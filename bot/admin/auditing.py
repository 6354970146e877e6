"""The audit log: who of the staff did what, when."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.tools import Tools
from bot.admin.wording import DEEDS, DETAILS

MOST = 200


def make_auditing(tools: Tools) -> APIRouter:
    router, audit = tools.router(), tools.storage.audit

    @router.get("/audit")
    async def log(request: Request) -> Response:
        try:
            before = float(request.query_params.get("before", "inf"))
        except ValueError:
            before = float("inf")
        deeds = await audit.recent(MOST, None if before == float("inf") else before)
        earlier = deeds[-1].at if len(deeds) == MOST else None
        return await tools.page(request, "audit", deeds=deeds, names=DEEDS, labels=DETAILS, earlier=earlier)

    return router
