"""From a question that the bot could not answer to an answer that it gives."""

from __future__ import annotations

import datetime as dt
from typing import Any

import yaml

from bot.admin.grouping import Bad, group
from bot.service import AnswerService
from bot.storage import Asked, CuratedAnswer, Storage, Turn
from bot.types import Feedback, Outcome
from bot.vietnam import VIETNAM
from knowledge.encoding import StaticEncoder
from tests.bot.admin.conftest import Staff

HTML = "<img src=x onerror=alert(1)> nộp hồ sơ ở đâu"
QUESTION = "bãi giữ xe của trung tâm hành chính công ở chỗ nào"
TODAY = dt.datetime.now(VIETNAM).date()
ANSWER: dict[str, Any] = {
    "questions": QUESTION, "text": "Bãi xe ở cổng sau.\nGửi xe không mất tiền.", "author": "Trung tâm A", "source0": "Thông báo 12/TB",
    "address0": "https://a.example.vn/12", "valid_from": TODAY.isoformat(),
    "valid_to": (TODAY + dt.timedelta(days=30)).isoformat(),
}  # fmt: skip


async def asked(storage: Storage, *questions: str, outcome: str = Outcome.NOT_KNOWN) -> None:
    for number, question in enumerate(questions):
        await storage.questions.add("web", f"c-{number}", Asked(question, outcome))


def test_questions_alike_come_together(encoder: StaticEncoder) -> None:
    texts = ["làm lại căn cước bị mất", "lam lai can cuoc bi mat", "mất căn cước thì làm lại thế nào", "giá vé xe buýt", "Giá vé xe buýt?"]
    groups = group([Bad(text, "not_known", float(i)) for i, text in enumerate(texts)], encoder.queries)
    assert [g.size for g in groups] == [3, 2]
    assert groups[1].latest == 4.0
    assert [q.text for q in groups[1].shown] == ["giá vé xe buýt"]
    without = group([Bad(text, "not_known", 0.0) for text in texts], None)
    assert sorted(g.size for g in without) == [1, 2, 2]
    assert group([], encoder.queries) == []


async def test_writing_an_answer(staff: Staff, storage: Storage, service: AnswerService) -> None:
    await asked(storage, QUESTION, QUESTION, HTML)
    await storage.turns.complete(Turn("web", "c-9", effects=(Feedback(False, "Sai thông tin", "procedure/1", QUESTION),)))
    page = await staff.get("/questions")
    assert "3 lượt hỏi" in page and "Sai thông tin" in page
    assert "<img" not in page and "&lt;img" in page
    form = await staff.get("/answers/new?q=1&q=2&o=1")
    assert form.count(QUESTION) == 1
    assert (await service.answer(QUESTION)).answer.text.startswith("Lần")

    bad = await staff.post("/answers/0", 400, q=[1, 2], questions="ngắn", valid_from="x", valid_to="2020-01-01")
    for problem in ("quá ngắn", "nội dung trả lời", "một nguồn", "Ngày bắt đầu"):
        assert problem in bad.text
    assert 'name="q" value="2"' in bad.text, "what it answers is not lost"

    await staff.post("/answers/0", q=[1, 2], o=[1], **ANSWER)
    told = (await service.answer(QUESTION)).answer
    assert told.text.startswith("Bãi xe ở cổng sau.")
    for part in ("do cán bộ viết (Trung tâm A)", f"{TODAY:%d/%m/%Y}", "Nguồn: Thông báo 12/TB (https://a.example.vn/12)"):
        assert part in told.text
    assert (told.items[0].id, told.links, told.outcome) == ("curated/1", ("https://a.example.vn/12",), Outcome.FOUND)
    page = await staff.get("/questions")
    assert QUESTION not in page, "it has been dealt with"
    assert "&lt;img" in page
    assert (await storage.feedback.recent(handled=True))[0].handled_by == "lan"

    await staff.post("/answers/1", **{**ANSWER, "text": "Bãi xe ở cổng trước."})
    assert "cổng trước" in (await service.answer(QUESTION)).answer.text
    assert "cổng trước" in await staff.get("/answers/1")
    await staff.post("/answers/1/withdraw")
    assert "Bãi xe" not in (await service.answer(QUESTION)).answer.text
    await staff.post("/answers/1", 404, **ANSWER)
    await staff.get("/answers/1", 404)
    deeds = [d.action for d in await storage.audit.recent()]
    assert deeds[:3] == ["answer_withdrawn", "answer_changed", "answer_written"]


async def test_an_answer_ends_by_itself(staff: Staff, storage: Storage, service: AnswerService) -> None:
    days = ((-9, -3, "đã hết hạn"), (3, 9, "chưa đến ngày"))
    for start, end, label in days:
        first, last = (TODAY + dt.timedelta(days=d) for d in (start, end))
        await storage.curated.put(CuratedAnswer((QUESTION,), "Bãi xe.", "lan", first, last))
        assert label in (await staff.get("/answers")).lower()
    assert "Bãi xe" not in (await service.answer(QUESTION)).answer.text


async def test_proposals_for_the_knowledge(staff: Staff, storage: Storage, service: AnswerService) -> None:
    await asked(storage, "giá vàng hôm nay mấy", "Giá vàng hôm nay", "sổ đỏ bị mất làm sao", "để yên")
    await staff.post("/questions/out-of-scope", q=[1, 2])
    await staff.post("/questions/of-record", 400, q=[3], entry="9.999999")
    await staff.post("/questions/dismiss", q=[4])
    page = await staff.get("/suggestions")
    assert "chưa làm bot trả lời khác đi" in page
    scope = yaml.safe_load((await staff.web.get("/admin/suggestions/out_of_scope.yaml")).text)
    assert scope["questions"] == ["giá vàng hôm nay mấy", "Giá vàng hôm nay"] or set(scope["questions"]) == {
        "giá vàng hôm nay mấy",
        "Giá vàng hôm nay",
    }
    assert isinstance(scope["written_on"], dt.date)
    page = await staff.get("/questions")
    assert "sổ đỏ" in page and "giá vàng" not in page and "để yên" not in page
    await staff.post("/suggestions/1/remove")
    assert len(await storage.suggestions.all()) == 1
    await staff.post("/suggestions/1/remove", 404)
    await staff.get("/suggestions/other.yaml", 404)
    handled = {q.handled_as for q in await storage.questions.recent(handled=True)}
    assert handled == {"out_of_scope", "dismissed"}


async def test_opinions(staff: Staff, storage: Storage) -> None:
    for good in (True, False):
        await storage.turns.complete(Turn("web", "c", effects=(Feedback(good, None, "procedure/1", "khai sinh cho con"),)))
    assert (await staff.get("/opinions")).count("khai sinh cho con") == 1
    assert (await staff.get("/opinions?all=1")).count("khai sinh cho con") == 2
    await staff.post("/opinions/2/done")
    assert "khai sinh cho con" not in await staff.get("/opinions")
    await staff.post("/opinions/2/done", 404)
