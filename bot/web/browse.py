"""``GET`` addresses of the REST API: the records themselves, in pages, with their sources."""

from __future__ import annotations

import asyncio
import hashlib
import json
from collections.abc import Sequence
from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Path, Query, Request
from fastapi.responses import Response

from bot.service import AnswerService, Loaded
from bot.web.errors import Refused
from bot.web.limiting import RateLimits
from bot.web.records import Records, Values, summary
from bot.web.shapes import (
    ErrorObject,
    FieldList,
    LifeEventList,
    OfficeList,
    OfficeObject,
    Paged,
    PlanList,
    PlanObject,
    ProcedureObject,
    ProvinceList,
)
from bot.web.tags import has_already
from bot.web.wording import NOT_FOUND
from knowledge.entries import Entry

LARGEST_PAGE = 100
Words = Annotated[str, Query(max_length=200)]
Id = Annotated[str, Path(max_length=100)]
Page = Annotated[int, Query(ge=1, le=10_000)]
Size = Annotated[int, Query(ge=1, le=LARGEST_PAGE)]


class Shelf:
    """The records of the index in use; made anew when another index takes over."""

    def __init__(self, service: AnswerService) -> None:
        self._service = service
        self._made: tuple[Loaded, Records] | None = None
        self._making = asyncio.Lock()

    async def records(self) -> Records:
        """
        Raises:
            Refused: there is no index yet.
        """
        loaded = self._service.loaded
        if loaded is None:
            raise Refused(503)
        async with self._making:
            if self._made is None or self._made[0] is not loaded:
                # Folding thousands of names takes a while in which others must be answered.
                self._made = loaded, await asyncio.to_thread(Records, loaded.records, loaded.life_events)
            return self._made[1]


def tagged(request: Request, values: Any) -> Response:
    """Values as JSON with an ETag of their content; 304 where the asker has them already."""
    content = json.dumps(values, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'"{hashlib.sha256(content).hexdigest()[:20]}"'
    headers = {"ETag": tag, "Cache-Control": "no-cache"}
    if has_already(request, tag):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)


def paged(request: Request, found: Sequence[Entry], page: int, size: int) -> Response:
    """One page of the procedures ``found`` and the relative address of the next one."""
    pages = max(1, -(-len(found) // size))
    following = urlencode({**request.query_params, "page": page + 1}) if page < pages else None
    rows = [summary(entry) for entry in found[(page - 1) * size : page * size]]
    here = request.url.path
    return tagged(
        request,
        {"items": rows, "page": page, "pages": pages, "total": len(found), "next": f"{here}?{following}" if following else None},
    )


def _known(found: Values | None, kind: str) -> Values:
    if found is None:
        raise Refused(404, NOT_FOUND[kind])
    return found


def make_browse(service: AnswerService, limits: RateLimits) -> APIRouter:
    """The routes, under ``/api/v1``."""
    shelf = Shelf(service)
    errors: dict[int | str, dict[str, Any]] = {s: {"model": ErrorObject} for s in (404, 422, 429, 503)}
    router = APIRouter(prefix="/api/v1", tags=["Tra cứu"], dependencies=[Depends(limits.by_address)], responses=errors)

    @router.get("/procedures", response_model=Paged, summary="Danh sách thủ tục")
    async def procedures(
        request: Request,
        field: Words = "",
        audience: Words = "",
        level: Words = "",
        province: Words = "",
        q: Words = "",
        guided: bool | None = None,
        page: Page = 1,
        size: Size = 20,
    ) -> Response:
        """Procedures by field, audience, level (`bộ`, `tỉnh`, `xã`), words of the name, and whether there is written guidance.
        With `province` also that province's own. Names match without tone marks."""
        found = (await shelf.records()).procedures(field=field, audience=audience, level=level, province=province, words=q, guided=guided)
        return paged(request, found, page, size)

    @router.get("/procedures/{code}", response_model=ProcedureObject, summary="Một thủ tục")
    async def procedure(request: Request, code: Id) -> Response:
        """All that is known of one procedure, by its national code (`1.001193`): the portal's facts, written guidance, sources."""
        return tagged(request, _known((await shelf.records()).procedure(code), "procedure"))

    @router.get("/fields", response_model=FieldList, summary="Các lĩnh vực")
    async def fields(request: Request) -> Response:
        return tagged(request, {"items": (await shelf.records()).fields()})

    @router.get("/life-events", response_model=LifeEventList, summary="Việc trong đời")
    async def life_events(request: Request) -> Response:
        """What happens in people's lives, with the procedures and guides they need then."""
        return tagged(request, {"items": (await shelf.records()).life_events()})

    @router.get("/plans", response_model=PlanList, summary="Các kế hoạch")
    async def plans(request: Request, province: Words = "", year: Annotated[int | None, Query(ge=1900, le=2200)] = None) -> Response:
        return tagged(request, {"items": (await shelf.records()).plans(province=province, year=year)})

    @router.get("/plans/{plan}", response_model=PlanObject, summary="Một kế hoạch")
    async def plan(request: Request, plan: Id) -> Response:
        """One plan with its tasks, duties, reports and contents, each with its place in the document."""
        return tagged(request, _known((await shelf.records()).plan(plan), "plan"))

    @router.get("/offices", response_model=OfficeList, summary="Các cơ quan")
    async def offices(request: Request, province: Words = "", level: Words = "", q: Words = "") -> Response:
        """Bodies with what they do and who took over from them; `level`: `trung ương`, `tỉnh`, `huyện`, `xã`, …"""
        return tagged(request, {"items": (await shelf.records()).offices(province=province, level=level, words=q)})

    @router.get("/offices/{office}", response_model=OfficeObject, summary="Một cơ quan")
    async def office(request: Request, office: Id) -> Response:
        return tagged(request, _known((await shelf.records()).office(office), "office"))

    @router.get("/provinces", response_model=ProvinceList, summary="Các tỉnh, thành phố")
    async def provinces(request: Request, former: bool = False) -> Response:
        """Provinces and cities of today with those merged into each; `former=true`: those that are no more."""
        return tagged(request, {"items": (await shelf.records()).provinces(former=former)})

    return router
