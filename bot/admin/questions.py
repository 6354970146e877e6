"""Questions not answered or answered badly, in groups, and what staff make of them."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.gate import Stopped, Visit, visit_of
from bot.admin.grouping import Bad, group
from bot.admin.tools import Tools, back
from bot.storage.suggestions import SuggestionKind
from bot.types import Outcome

MOST = 400
"""Lines of the log that are looked at, and as many opinions."""
SHOWN = 40
"""Groups on the page."""
UNSURE = 0.5
"""Confidence below which an answer counts as not sure."""
NOT_ANSWERED = (Outcome.NOT_KNOWN, Outcome.OTHER_PROVINCE, Outcome.UNREADABLE, Outcome.NEXT_BEST)
_UNSURE = "trả lời chưa chắc"
_COMPLAINT = "người hỏi báo chưa đúng"


async def bad_questions(tools: Tools) -> list[Bad]:
    """What waits to be dealt with, the newest first."""
    log = tools.storage.questions
    open_lines = await log.recent(NOT_ANSWERED, most=MOST)
    unsure = await log.recent((Outcome.FOUND, Outcome.WHICH_RECORD), below=UNSURE, most=MOST)
    opinions = await tools.storage.feedback.recent(good=False, most=MOST)
    found = [Bad(q.question or "", q.outcome, q.asked_at, logged=q.id, entry=q.entry) for q in open_lines]
    found += [
        Bad(q.question or "", _UNSURE if q.outcome == Outcome.FOUND else q.outcome, q.asked_at, logged=q.id, entry=q.entry) for q in unsure
    ]
    for o in opinions:
        if o.question:
            why = f"{_COMPLAINT}: {o.reason}" if o.reason else _COMPLAINT
            found.append(Bad(o.question, why, o.created_at, opinion=o.id, entry=o.entry))
    return sorted(found, key=lambda q: -q.at)[: 2 * MOST]


def chosen(found: Sequence[Bad], lines: Sequence[int], opinions: Sequence[int]) -> list[Bad]:
    """Those of ``found`` whose line of the log or opinion is named."""
    logged, complaints = set(lines), set(opinions)
    return [q for q in found if q.logged in logged or q.opinion in complaints]


async def handled(tools: Tools, visit: Visit, what: str) -> None:
    """Mark the questions and opinions that a form names as dealt with."""
    await tools.storage.questions.handle(visit.numbers("q"), visit.user, what)
    for opinion in visit.numbers("o"):
        await tools.storage.feedback.handle(opinion, visit.user)


def make_questions(tools: Tools) -> APIRouter:
    router, storage = tools.router(), tools.storage

    @router.get("/questions")
    async def groups(request: Request) -> Response:
        loaded = tools.service.loaded
        found = await bad_questions(tools)
        made = await asyncio.to_thread(group, found, loaded.encode if loaded else None)
        names = tools.titles()
        shown = [(g, names.get(g.entry or "", g.entry or "")) for g in made[:SHOWN]]
        return await tools.page(request, "questions", groups=shown, total=len(found), more=max(0, len(made) - SHOWN), most=MOST)

    async def texts(visit: Visit) -> list[str]:
        return [q.text for q in chosen(await bad_questions(tools), visit.numbers("q"), visit.numbers("o"))]

    @router.post("/questions/out-of-scope")
    async def out_of_scope(request: Request) -> Response:
        visit = visit_of(request)
        await storage.suggestions.add(SuggestionKind.OUT_OF_SCOPE, await texts(visit), visit.user)
        await handled(tools, visit, "out_of_scope")
        await tools.note(visit, "out_of_scope", questions=len(visit.numbers("q")))
        return back("/questions", "scope")

    @router.post("/questions/of-record")
    async def of_record(request: Request) -> Response:
        visit = visit_of(request)
        entry = visit.text("entry", 200)
        records = tools.records()
        entry = entry if entry in records else f"procedure/{entry}"
        if entry not in records:
            raise Stopped(400, "Không có thủ tục hay bản ghi này. Nhập mã thủ tục (ví dụ 1.004194) hoặc mã bản ghi ở trang Tìm thử.")
        await storage.suggestions.add(SuggestionKind.QUESTION, await texts(visit), visit.user, entry)
        await handled(tools, visit, "question")
        await tools.note(visit, "question_of_record", entry, questions=len(visit.numbers("q")))
        return back("/questions", "question")

    @router.post("/questions/dismiss")
    async def dismiss(request: Request) -> Response:
        visit = visit_of(request)
        await handled(tools, visit, "dismissed")
        await tools.note(visit, "questions_dismissed", questions=len(visit.numbers("q")), opinions=len(visit.numbers("o")))
        return back("/questions", "dismissed")

    return router
