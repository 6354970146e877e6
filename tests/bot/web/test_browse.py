from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from bot.assembly import describe
from bot.pipeline import Assistant
from bot.service import AnswerService
from bot.storage import Storage
from bot.web.api import create_app
from knowledge.encoding import StaticEncoder
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index
from tests.conftest import TODAY


@pytest.fixture
async def web(storage: Storage, small_root: Path, encoder: StaticEncoder) -> AsyncIterator[httpx.AsyncClient]:
    """The application over the small index."""
    index = open_index(small_root, encoder, load_ranking())
    service = AnswerService(storage, lambda: describe(index, Assistant(index, TODAY), "v1"), lambda: "v1")
    await service.open()
    async with httpx.AsyncClient(transport=httpx.ASGITransport(create_app(service)), base_url="http://test") as made:
        yield made


async def get(web: httpx.AsyncClient, path: str) -> Any:
    response = await web.get(f"/api/v1{path}")
    assert response.status_code == 200, response.text
    return response.json()


async def test_procedures_by_what_people_filter_by(web: httpx.AsyncClient) -> None:
    everything = await get(web, "/procedures")
    assert everything["total"] == len(everything["items"]) > 0
    assert everything["next"] is None
    first = everything["items"][0]
    for key, value in (("field", first["fields"][0]), ("q", first["title"]), ("level", (first["level"] or [""])[0])):
        response = await web.get("/api/v1/procedures", params={key: value})
        assert first in response.json()["items"], key
    folded = (await web.get("/api/v1/procedures", params={"q": "khai sinh"})).json()
    assert folded == (await web.get("/api/v1/procedures", params={"q": "Khai  Sinh"})).json()
    assert (await get(web, "/procedures?q=khong-co-thu-tuc-nay"))["items"] == []
    assert sum(f["procedures"] for f in (await get(web, "/fields"))["items"]) >= everything["total"]


async def test_pages(web: httpx.AsyncClient) -> None:
    everything = await get(web, "/procedures?size=100")
    seen, following = [], "/procedures?size=1"
    while following:
        page = await get(web, following)
        seen += page["items"]
        following = (page["next"] or "").removeprefix("/api/v1")
    assert seen == everything["items"]
    assert (await get(web, "/procedures?page=9999"))["items"] == []


async def test_one_procedure_with_its_sources(web: httpx.AsyncClient) -> None:
    for item in (await get(web, "/procedures?size=100"))["items"]:
        one = await get(web, f"/procedures/{item['id'].removeprefix('procedure/')}")
        assert one["title"] == item["title"]
        assert one["sources"] and one["checked_on"] == "2026-11-21"
        assert one["catalogue"] or one["guidance"]


async def test_a_plan_with_what_it_lays_on_whom(web: httpx.AsyncClient) -> None:
    (about,) = (await get(web, "/plans"))["items"]
    assert about["id"] == "ha-my-2025"
    plan = await get(web, "/plans/ha-my-2025")
    assert plan["number"] == "77/KH-UBND"
    assert {k: len(plan[k]) for k in about["counts"]} == about["counts"]
    (task,) = plan["tasks"]
    assert (task["leads"], task["partners"], task["when"]) == (["Sở Bưu chính"], ["Báo Hà Mỹ"], "Hằng quý")
    assert task["id"] == "ha-my-2025/task-1" and task["section"] == "Mục II.1"
    assert (await get(web, "/plans?province=ha my"))["items"] == [about]
    assert (await get(web, "/plans?year=2024"))["items"] == []


async def test_bodies_and_provinces(web: httpx.AsyncClient) -> None:
    office = next(o for o in (await get(web, "/offices?q=buu chinh"))["items"] if o["name"] == "Sở Bưu chính")
    assert office["successors"][0]["body"] == "Sở Thông tin mới"
    assert await get(web, f"/offices/{office['id']}") == office
    assert [p["name"] for p in (await get(web, "/provinces"))["items"]] == ["Tân Hà"]
    assert [p["name"] for p in (await get(web, "/provinces?former=true"))["items"]] == ["Hà Mỹ"]


async def test_what_is_known_already_is_not_sent_again(web: httpx.AsyncClient) -> None:
    first = await web.get("/api/v1/provinces")
    again = await web.get("/api/v1/provinces", headers={"if-none-match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert (await web.get("/api/v1/plans", headers={"if-none-match": first.headers["etag"]})).status_code == 200


@pytest.mark.parametrize(
    ("path", "status", "told"),
    [
        ("/procedures/9.999999", 404, "Không có thủ tục mã này."),
        ("/plans/khong-co", 404, "Không có kế hoạch này."),
        ("/offices/khong-co", 404, "Không có cơ quan này."),
        ("/procedures?page=0", 422, "page: số quá nhỏ"),
        ("/procedures?page=x", 422, "page: cần số nguyên"),
        ("/procedures?size=1000", 422, "size: số quá lớn"),
        ("/procedures?guided=co", 422, "guided: cần true hoặc false"),
        (f"/procedures?q={'a' * 201}", 422, "q: dài quá mức cho phép"),
    ],
)
async def test_wrong_requests(web: httpx.AsyncClient, path: str, status: int, told: str) -> None:
    response = await web.get(f"/api/v1{path}")
    assert response.status_code == status
    assert response.json()["error"] == {"status": status, "message": told}
