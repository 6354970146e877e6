"""Proposals for the knowledge: what staff marked while working through questions, as a file for those who keep the knowledge."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import yaml
from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.gate import Stopped, visit_of
from bot.admin.tools import Tools, back
from bot.storage.suggestions import Suggestion, SuggestionKind

HEADS = {
    SuggestionKind.OUT_OF_SCOPE: "# Câu hỏi cán bộ cho là ngoài phạm vi. Xem lại từng câu rồi chép vào knowledge/data/out_of_scope.yaml.\n",
    SuggestionKind.QUESTION: "# Câu hỏi cán bộ gắn với bản ghi. Xem lại từng câu rồi đặt tệp này vào knowledge/data/questions/.\n",
}


def as_yaml(kind: SuggestionKind, suggestions: Sequence[Suggestion], day: str) -> str:
    """Proposals of a kind in the form of the knowledge's own files (``written_on`` is the ISO ``day`` of the export)."""
    mine = [s for s in suggestions if s.kind == kind]
    content: dict[str, Any] = {}
    if kind is SuggestionKind.OUT_OF_SCOPE:
        content["questions"] = [s.question for s in mine]
    else:
        by_record: dict[str, list[str]] = {}
        for s in mine:
            by_record.setdefault(s.entry or "", []).append(s.question)
        content["records"] = [{"record": record, "questions": questions} for record, questions in by_record.items()]
    return HEADS[kind] + f"written_on: {day}\n" + yaml.safe_dump(content, allow_unicode=True, sort_keys=False, width=1000)


def make_proposals(tools: Tools) -> APIRouter:
    router, suggestions = tools.router(), tools.storage.suggestions

    @router.get("/suggestions")
    async def listed(request: Request) -> Response:
        names = tools.titles()
        found = [(s, names.get(s.entry or "", s.entry or "")) for s in reversed(await suggestions.all())]
        return await tools.page(request, "suggestions", suggestions=found)

    @router.get("/suggestions/{kind}.yaml")
    async def exported(request: Request, kind: str) -> Response:
        if kind not in {k.value for k in SuggestionKind}:
            raise Stopped(404)
        content = as_yaml(SuggestionKind(kind), await suggestions.all(), tools.today)
        await tools.note(visit_of(request), "suggestions_exported", kind)
        headers = {"Content-Disposition": f'attachment; filename="{kind}-{tools.today}.yaml"'}
        return Response(content, media_type="application/yaml; charset=utf-8", headers=headers)

    @router.post("/suggestions/{number}/remove")
    async def remove(request: Request, number: int) -> Response:
        if not await suggestions.remove(number):
            raise Stopped(404)
        await tools.note(visit_of(request), "suggestion_removed", f"suggestion/{number}")
        return back("/suggestions", "removed")

    return router
