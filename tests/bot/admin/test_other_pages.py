"""Overview, search test, stale knowledge, notices and pause, export, one person's data, the audit log."""

from __future__ import annotations

import csv
import io
import json
import shutil
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest

from bot.admin.exporting import cell
from bot.admin.overview import made_at
from bot.admin.plots import per_day, ranked
from bot.assembly import describe
from bot.pipeline import Assistant
from bot.service import AnswerService
from bot.storage import Asked, Storage, Turn
from bot.types import Feedback, HandOver, Outcome, State
from knowledge.encoding import StaticEncoder
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index
from tests.bot.admin.conftest import OPTIONS, Staff, visitor
from tests.small_knowledge import write_small

HTML = "<script>alert('x')</script>"


@pytest.fixture
async def small_staff(storage: Storage, small_root: Path, encoder: StaticEncoder, tmp_path: Path) -> AsyncIterator[Staff]:
    """Staff of a bot with a real assistant over ten records."""
    index = open_index(small_root, encoder, load_ranking())
    service = AnswerService(storage, lambda: describe(index, Assistant(index), "20261121T094609031963-c22d39c11b9b"), lambda: "v1")
    await service.open()
    write_small(tmp_path / "data")
    async with visitor(service, replace(OPTIONS, knowledge=tmp_path / "data")) as web:
        made = Staff(web)
        await made.login()
        yield made


async def test_overview(small_staff: Staff, storage: Storage) -> None:
    for entry, province in (("guide/nop-truc-tuyen", "Hà Mỹ"), ("curated/1", None), ("procedure/gone", None)):
        await storage.questions.add("telegram", "c", Asked("câu hỏi", Outcome.FOUND, entry, 0.9, province))
    await storage.questions.add("web", "c", Asked("câu hỏi", Outcome.NOT_KNOWN))
    page = await small_staff.get("")
    for part in (
        "<b>4</b> câu hỏi",
        "<b>75 %</b>",
        "Telegram",
        "Hà Mỹ",
        "Hướng dẫn",
        "Câu trả lời của cán bộ",
        "21/11/2026 16:46",
        "<rect",
    ):
        assert part in page, part
    assert "style=" not in page, "the policy forbids inline style"
    assert "7 ngày</strong>" in await small_staff.get("?days=7")
    assert "30 ngày</strong>" in await small_staff.get("?days=x")


def test_plots() -> None:
    plot = per_day({"2026-11-20": 30, "2026-11-21": 60, "2026-01-01": 9}, "2026-11-21", 7)
    assert (len(plot.bars), plot.top, plot.total) == (7, 60, 90)
    assert [b.count for b in plot.bars][-2:] == [30, 60]
    assert plot.bars[-1].y + plot.bars[-1].height == 180
    assert per_day({}, "2026-11-21", 7).top == 4
    tops = {n: per_day({"2026-11-21": n}, "2026-11-21", 7).top for n in (1, 5, 6, 9, 10, 11, 21, 51, 99, 100, 101, 200, 201, 9_999)}
    assert list(tops.values()) == [4, 6, 6, 10, 10, 20, 40, 60, 100, 100, 200, 200, 400, 10_000]
    bars = ranked([("a", 1), ("b", 5), ("c", 2), ("d", 0)], most=2)
    assert [(b.label, b.count) for b in bars] == [("b", 5), ("c", 2), ("khác", 1)]
    assert [b.share for b in bars] == [1.0, 0.4, 0.0], "the rest is no bar: it would make the others tiny"
    assert ranked([]) == ()
    assert made_at("v1") is None


async def test_search_test(small_staff: Staff, storage: Storage) -> None:
    before = await storage.questions.recent(handled=None)
    page = (await small_staff.post("/search", 200, text="nộp hồ sơ trực tuyến thế nào", province="Hà Mỹ")).text
    for part in ("Nộp hồ sơ trực tuyến", "Nghĩa gần", "Tên gọi, không dấu", "names_folded", "Độ tin cậy của tìm kiếm"):
        assert part in page, part
    page = (await small_staff.post("/search", 200, text=HTML)).text
    assert HTML not in page and "&lt;script" in page
    assert await storage.questions.recent(handled=None) == before, "nothing is counted"
    await small_staff.post("/search", 400, text="a" * 1001)


async def test_search_test_without_an_index_to_look_into(staff: Staff) -> None:
    page = (await staff.post("/search", 200, text="khai sinh")).text
    assert "Đăng ký khai sinh" in page and "<img" not in page


async def test_stale_knowledge(small_staff: Staff, tmp_path: Path) -> None:
    guide = tmp_path / "data" / "guides" / "nop.yaml"
    guide.write_text(guide.read_text(encoding="utf-8").replace("checked_on: 2026-11-21", "checked_on: 2020-01-01"), encoding="utf-8")
    page = await small_staff.get("/knowledge")
    assert "guide/nop-truc-tuyen" in page and "kiểm tra lần cuối ngày 01/01/2020" in page
    shutil.rmtree(tmp_path / "data")
    assert "không có thư mục dữ liệu" in await small_staff.get("/knowledge")


async def test_notices_and_pause(staff: Staff, storage: Storage, service: AnswerService) -> None:
    await staff.post("/notices", text=f"Mưa lũ {HTML}", level="urgent", hours="24")
    page = await staff.get("/notices")
    assert "Mưa lũ &lt;script" in page and HTML not in page
    assert "Mưa lũ" in (await service.answer("a")).answer.text
    for wrong in ({"level": "x"}, {"hours": "5"}, {"text": " "}):
        await staff.post("/notices", 400, **{"text": "a", "level": "info", "hours": "", **wrong})
    await staff.post("/notices/1/end")
    await staff.post("/notices/1/end", 404)
    assert await storage.notices.recent() == []
    await staff.post("/pause", text="Nghỉ để nâng cấp.")
    assert "Bot đang tạm dừng" in await staff.get("")
    assert await storage.notices.switched("pause") == "Nghỉ để nâng cấp."
    await staff.post("/resume")
    assert await storage.notices.switched("pause") is None
    assert [d.action for d in await storage.audit.recent()][:4] == ["resumed", "paused", "notice_ended", "notice_posted"]


@pytest.mark.parametrize("text", ["=1+1", "+84", "-2", "@SUM(A1)", "\tx", "\r=1", " =cmd|' /C calc'!A0", "＝1"])
def test_no_formula_reaches_a_spreadsheet(text: str) -> None:
    assert cell(text) == f"'{text}"


async def test_export(staff: Staff, storage: Storage) -> None:
    assert (cell("a=1"), cell(None), cell(3)) == ("a=1", "", "3")
    await storage.questions.add("web", "c", Asked('=HYPERLINK("http://x")\n"hai", dòng', Outcome.NOT_KNOWN))
    await storage.turns.complete(Turn("web", "c", effects=(Feedback(False, "Thiếu", None, "khai sinh"),)))
    response = await staff.web.get("/admin/export/questions.csv")
    assert response.headers["content-disposition"].startswith("attachment") and response.content.startswith(b"\xef\xbb\xbf")
    (_, row) = csv.reader(io.StringIO(response.content.decode("utf-8-sig")))
    assert row[1:4] == ["trang web", '\'=HYPERLINK("http://x")\n"hai", dòng', "chưa trả lời được"]
    assert "Thiếu" in (await staff.web.get("/admin/export/feedback.csv")).text
    assert [d.action for d in await storage.audit.recent()][:2] == ["exported", "exported"]


async def test_one_persons_data(staff: Staff, storage: Storage) -> None:
    for key in ("c-1", "c-2"):
        await storage.turns.complete(Turn("web", key, State(province="Huế"), effects=(HandOver("việc"),), asked=Asked("câu hỏi", "found")))
    found = json.loads((await staff.post("/persons/export", 200, channel="web", key="c-1")).text)
    assert found["conversations"][0]["state"]["province"] == "Huế" and len(found["question_log"]) == 1
    for wrong in ({"channel": "fax"}, {"key": ""}, {"sure": "no"}):
        await staff.post("/persons/erase", 400, **{"channel": "web", "key": "c-1", "sure": "yes", **wrong})
    assert await storage.hand_overs.current("web", "c-1") is not None
    await staff.post("/persons/erase", channel="web", key="c-1", sure="yes")
    assert await storage.hand_overs.current("web", "c-1") is None
    assert (await storage.conversations.load("web", "c-1")).province is None
    assert await storage.hand_overs.current("web", "c-2") is not None, "only this one"
    page = await staff.get("/audit")
    assert "xóa dữ liệu của một người" in page and "c-1" not in page


async def test_the_audit_log_can_be_leafed_through(staff: Staff, storage: Storage) -> None:
    for number in range(201):
        await storage.audit.add("lan", "notice_ended", f"notice/{number}", {"text": HTML})
    page = await staff.get("/audit")
    assert "notice/200" in page and "notice/0<" not in page and HTML not in page
    assert "Trước đó" in page
    assert "notice/200" in await staff.get("/audit?before=x")
    assert "notice/200" not in await staff.get("/audit?before=5")
