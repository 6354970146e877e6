"""What is stale in the knowledge: the remarks of ``index_builder check``, as of today."""

from __future__ import annotations

import asyncio
import datetime as dt
import multiprocessing
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.tools import Tools
from knowledge.parsing import Problem
from knowledge.reviewing import Remark, check

KINDS = {
    "stale": "Quá hạn, cần xem lại ngay",
    "review": "Sắp đến hạn trong 90 ngày",
    "dangling": "Trỏ tới chỗ không có",
    "unsure": "Độ tin cậy thấp",
}
SHOWN = 100
"""Remarks of a kind on the page."""


@dataclass(frozen=True)
class Review:
    """What a look at the data folder found on a day."""

    day: str
    version: str
    problems: tuple[Problem, ...]
    remarks: tuple[Remark, ...]


class Reviewer:
    """Looks at the knowledge at most once a day and index: reading all of it takes seconds and memory, so it is done in a process of
    its own that ends with it."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools
        self._kept: Review | None = None
        self._alone = asyncio.Lock()

    async def review(self) -> Review | None:
        """None where the data folder is not on this machine."""
        folder, loaded = self._tools.options.knowledge, self._tools.service.loaded
        if not folder.is_dir():
            return None
        day, version = self._tools.today, loaded.version if loaded else ""
        async with self._alone:
            if self._kept is None or (self._kept.day, self._kept.version) != (day, version):
                with ProcessPoolExecutor(1, multiprocessing.get_context("spawn")) as process:
                    loop = asyncio.get_running_loop()
                    problems, remarks = await loop.run_in_executor(process, check, folder, dt.date.fromisoformat(day))
                self._kept = Review(day, version, tuple(problems), tuple(remarks))
        return self._kept


def make_knowledge(tools: Tools) -> APIRouter:
    router, reviewer = tools.router(), Reviewer(tools)

    @router.get("/knowledge")
    async def show(request: Request) -> Response:
        found = await reviewer.review()
        groups = [(label, [r for r in found.remarks if r.kind == kind]) for kind, label in KINDS.items()] if found else []
        return await tools.page(request, "knowledge", review=found, groups=groups, shown=SHOWN)

    return router
