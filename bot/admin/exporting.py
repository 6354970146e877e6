"""Questions and feedback as CSV for spreadsheets."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Sequence

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.gate import visit_of
from bot.admin.pages import moment
from bot.admin.tools import Tools
from bot.admin.wording import CHANNELS, OUTCOMES

MOST = 50_000
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")


def cell(value: object) -> str:
    """A value as a spreadsheet may read it: what would begin a formula gets an apostrophe before it (OWASP, "CSV Injection")."""
    text = "" if value is None else str(value)
    return f"'{text}" if text.lstrip(" ").startswith(_FORMULA) else text


def as_csv(head: Sequence[str], rows: Iterable[Sequence[object]]) -> bytes:
    """UTF-8 with a mark at the start, without which Excel reads it as something else."""
    out = io.StringIO(newline="")
    writer = csv.writer(out, quoting=csv.QUOTE_ALL)
    writer.writerow(head)
    writer.writerows([cell(value) for value in row] for row in rows)
    return out.getvalue().encode("utf-8-sig")


def make_exporting(tools: Tools) -> APIRouter:
    router, storage = tools.router(), tools.storage

    async def file(request: Request, name: str, head: Sequence[str], rows: Sequence[Sequence[object]]) -> Response:
        await tools.note(visit_of(request), "exported", name, rows=len(rows))
        headers = {"Content-Disposition": f'attachment; filename="{name}-{tools.today}.csv"'}
        return Response(as_csv(head, rows), media_type="text/csv; charset=utf-8", headers=headers)

    @router.get("/export/questions.csv")
    async def questions(request: Request) -> Response:
        head = ("Lúc", "Kênh", "Câu hỏi (đã che)", "Kết quả", "Bản ghi", "Độ tin cậy", "Tỉnh", "Xử lý lúc", "Người xử lý", "Cách xử lý")
        rows = [
            (moment(q.asked_at), CHANNELS.get(q.channel, q.channel), q.question, OUTCOMES.get(q.outcome, q.outcome), q.entry,
             f"{q.confidence:.2f}", q.province, moment(q.handled_at), q.handled_by, q.handled_as)
            for q in await storage.questions.recent(handled=None, most=MOST)
        ]  # fmt: skip
        return await file(request, "questions", head, rows)

    @router.get("/export/feedback.csv")
    async def feedback(request: Request) -> Response:
        head = ("Lúc", "Kênh", "Ý kiến", "Lý do", "Câu hỏi (đã che)", "Bản ghi", "Xử lý lúc", "Người xử lý")
        rows = [
            (moment(o.created_at), CHANNELS.get(o.channel, o.channel), "đúng ý" if o.good else "chưa đúng", o.reason, o.question, o.entry,
             moment(o.handled_at), o.handled_by)
            for o in await storage.feedback.recent(handled=None, most=MOST)
        ]  # fmt: skip
        return await file(request, "feedback", head, rows)

    return router
