"""What the pages share: the service, the database, templates, and the routes that let only staff in."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse
from fastapi.routing import APIRoute

from bot.admin.gate import Visit, visit_of
from bot.admin.options import AdminOptions
from bot.admin.pages import Pages
from bot.admin.wording import DONE
from bot.service import AnswerService
from bot.storage import Storage
from bot.storage.people import day_of
from knowledge.entries import Entry


@dataclass(frozen=True)
class Tools:
    """Everything a page needs. ``route``: :func:`bot.admin.gate.staff_route`."""

    service: AnswerService
    options: AdminOptions
    pages: Pages
    route: type[APIRoute]

    @property
    def storage(self) -> Storage:
        return self.service.storage

    @property
    def today(self) -> str:
        """The day in Vietnam, ISO."""
        return day_of(time.time())

    def router(self) -> APIRouter:
        return APIRouter(prefix="/admin", route_class=self.route, include_in_schema=False)

    async def page(self, request: Request, name: str, status: int = 200, **values: Any) -> HTMLResponse:
        """A page with the menu; ``waiting`` beside it tells how many people wait for an answer."""
        visit = visit_of(request)
        done = DONE.get(request.query_params.get("done", ""))
        waiting = await self.storage.hand_overs.waiting()
        return self.pages.page(name, status, visit=visit, done=done, waiting=waiting, here=name, **values)

    async def note(self, visit: Visit, action: str, subject: object = None, **details: Any) -> None:
        """Write a line of the audit log."""
        await self.storage.audit.add(visit.user, action, None if subject is None else str(subject), details)

    def records(self) -> Mapping[str, Entry]:
        """The records of the index in use by id."""
        loaded = self.service.loaded
        return {entry.id: entry for entry in loaded.records} if loaded else {}

    def titles(self) -> Mapping[str, str]:
        """Titles of the records of the index in use by id."""
        return {entry: record.title for entry, record in self.records().items()}

    @property
    def provinces(self) -> tuple[str, ...]:
        loaded = self.service.loaded
        return loaded.provinces if loaded else ()


def back(path: str, done: str) -> RedirectResponse:
    """After a change: to a page under ``/admin`` that says so, so that loading it again does not change anything twice."""
    return RedirectResponse(f"/admin{path}?done={done}", 303)
