"""Answers that staff write: they win over the search from the moment they are saved until their end date."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.gate import Stopped, Visit, visit_of
from bot.admin.questions import bad_questions, chosen, handled
from bot.admin.tools import Tools, back
from bot.curation import SHORTEST, keys_of
from bot.storage import CuratedAnswer

SOURCES = 3
"""Rows for sources in the form."""
MOST_QUESTIONS = 30
LONGEST_END = 366 * 2
"""Days that an answer may be valid: whoever wants more looks at it again."""


def parse(visit: Visit, identity: int, provinces: tuple[str, ...]) -> tuple[CuratedAnswer | None, list[str]]:
    """The answer that a form holds, or what is wrong with it."""
    problems = []
    questions = tuple(dict.fromkeys(q for q in visit.text("questions", 8000).split("\n") if q))[:MOST_QUESTIONS]
    short = [q for q in questions if len(keys_of(q)) < SHORTEST]
    if not questions:
        problems.append("Cần ít nhất một câu hỏi mẫu.")
    if short:
        problems.append(f"Câu hỏi mẫu quá ngắn, dễ nhầm sang việc khác: “{short[0]}”. Viết ít nhất {SHORTEST} tiếng.")
    text = visit.text("text", 4000)
    if not text:
        problems.append("Cần nội dung trả lời.")
    sources = []
    for i in range(SOURCES):
        title, address = visit.text(f"source{i}", 300), visit.text(f"address{i}", 500)
        if address and not address.startswith(("https://", "http://")):
            problems.append("Địa chỉ nguồn cần bắt đầu bằng https://")
        if title or address:
            sources.append((title or address, address))
    if not sources:
        problems.append("Cần ít nhất một nguồn: văn bản hoặc trang chính thức.")
    province = visit.text("province", 64) or None
    if province is not None and province not in provinces:
        problems.append("Không có tỉnh này.")
    days = []
    for name, label in (("valid_from", "Ngày bắt đầu"), ("valid_to", "Ngày hết hạn")):
        try:
            days.append(dt.date.fromisoformat(visit.text(name, 10)))
        except ValueError:
            problems.append(f"{label} chưa đúng.")
    if len(days) == 2 and not 0 <= (days[1] - days[0]).days <= LONGEST_END:
        problems.append("Ngày hết hạn phải sau ngày bắt đầu, nhiều nhất hai năm.")
    if problems:
        return None, problems
    author = visit.text("author", 128) or visit.user
    return CuratedAnswer(questions, text, author, days[0], days[1], tuple(sources), province, identity), []


def values_of(answer: CuratedAnswer) -> dict[str, str]:
    """An answer as the fields of the form."""
    values = {"questions": "\n".join(answer.questions), "text": answer.text, "author": answer.author, "province": answer.province or ""}
    for i, (title, address) in enumerate(answer.sources[:SOURCES]):
        values |= {f"source{i}": title, f"address{i}": address}
    end = answer.valid_to.isoformat() if answer.valid_to else ""
    return {**values, "valid_from": answer.valid_from.isoformat(), "valid_to": end}


def make_answers(tools: Tools) -> APIRouter:
    router, curated = tools.router(), tools.storage.curated

    async def form(request: Request, identity: int, values: Mapping[str, str], status: int = 200, **more: Any) -> Response:
        given = {"problems": [], "lines": [], "opinions": [], **more}
        return await tools.page(
            request, "answer", status, identity=identity, values=values, provinces=tools.provinces, sources=range(SOURCES), **given
        )

    async def found(identity: int) -> CuratedAnswer:
        for answer in await curated.in_use():
            if answer.id == identity:
                return answer
        raise Stopped(404)

    @router.get("/answers")
    async def listed(request: Request) -> Response:
        today = dt.date.fromisoformat(tools.today)
        return await tools.page(request, "answers", answers=list(reversed(await curated.in_use())), today=today)

    @router.get("/answers/new")
    async def new(request: Request) -> Response:
        query = request.query_params
        lines, opinions = ([int(v) for v in query.getlist(n)[:500] if v.isdecimal() and len(v) < 16] for n in ("q", "o"))
        texts = [q.text for q in chosen(await bad_questions(tools), lines, opinions)]
        today = dt.date.fromisoformat(tools.today)
        values = {"questions": "\n".join(list(dict.fromkeys(texts))[:5]), "author": visit_of(request).user, "valid_from": today.isoformat()}
        values["valid_to"] = (today + dt.timedelta(days=180)).isoformat()
        return await form(request, 0, values, lines=lines, opinions=opinions)

    @router.get("/answers/{identity}")
    async def change(request: Request, identity: int) -> Response:
        return await form(request, identity, values_of(await found(identity)))

    @router.post("/answers/{identity}")
    async def save(request: Request, identity: int) -> Response:
        visit = visit_of(request)
        answer, problems = parse(visit, identity, tools.provinces)
        if answer is None:
            given = {name: visit.text(name, 8000) for name in visit.form}
            again = {"problems": problems, "lines": visit.numbers("q"), "opinions": visit.numbers("o")}
            return await form(request, identity, given, 400, **again)
        try:
            stored = await curated.put(answer)
        except KeyError as error:
            raise Stopped(404) from error
        tools.service.curation.now()
        await handled(tools, visit, "answer")
        await tools.note(visit, "answer_changed" if identity else "answer_written", f"curated/{stored}", until=str(answer.valid_to))
        return back("/answers", "answer")

    @router.post("/answers/{identity}/withdraw")
    async def withdraw(request: Request, identity: int) -> Response:
        if not await curated.withdraw(identity):
            raise Stopped(404)
        tools.service.curation.now()
        await tools.note(visit_of(request), "answer_withdrawn", f"curated/{identity}")
        return back("/answers", "withdrawn")

    return router
