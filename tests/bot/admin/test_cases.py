"""People who wait: the thread, the reply that reaches them, the end."""

from __future__ import annotations

from dataclasses import replace

from bot.handover.desk import Desk
from bot.handover.hours import OfficeHours
from bot.service import AnswerService
from bot.storage import Storage, Turn
from bot.types import HandOver
from tests.bot.admin.conftest import OPTIONS, Staff, visitor
from tests.fakes.web_assistant import web_stub

HTML = "<script>alert(1)</script>"


async def waiting(storage: Storage, channel: str, key: str = "c-1") -> int:
    case = await storage.turns.complete(Turn(channel, key, effects=(HandOver(HTML),), address="a-1"))
    assert case is not None
    await storage.turns.complete(Turn(channel, key, said="Tôi ở xã A"))
    return case.id


async def test_a_reply_on_the_web(staff: Staff, storage: Storage) -> None:
    number = await waiting(storage, "web")
    page = await staff.get("/cases")
    assert "&lt;script&gt;" in page and HTML not in page
    assert "Chưa đặt giờ làm việc" in page
    assert "Tôi ở xã A" in await staff.get(f"/cases/{number}")
    assert '<span class="badge">1' in page
    text = "Chào anh.\nAnh gọi 0273 3872 345 giúp em."
    await staff.post(f"/cases/{number}/reply", text=text)
    letters = await storage.hand_overs.letters("web", "c-1")
    assert [letter.text for letter in letters.letters] == [text], "what staff write arrives as it was written"
    assert letters.case is not None and letters.case.taken_by == "lan"
    assert 'class="badge"' not in await staff.get("/cases")
    look = (await staff.web.get(f"/admin/look?case={number}&after=1")).json()
    assert look["waiting"] == 0
    assert [(m["by"], m["staff"], m["text"]) for m in look["messages"]] == [("lan", True, text)]
    assert (await staff.web.get("/admin/look")).json() == {"waiting": 0, "messages": []}
    assert (await staff.web.get("/admin/look?case=x")).status_code == 400

    await staff.post(f"/cases/{number}/close")
    assert await storage.hand_overs.current("web", "c-1") is None
    assert "đã kết thúc" in await staff.get(f"/cases/{number}")
    assert "chưa được gửi" in (await staff.post(f"/cases/{number}/reply", 404, text="nữa")).text
    assert [d.action for d in await storage.audit.recent()][:2] == ["case_closed", "case_replied"]


async def test_who_was_not_answered_yet_stands_first(staff: Staff, storage: Storage) -> None:
    answered, fresh = await waiting(storage, "web", "c-1"), await waiting(storage, "web", "c-2")
    await staff.post(f"/cases/{answered}/reply", text="Chào anh.")
    case = await storage.turns.complete(Turn("web", "c-3", effects=(HandOver(None),)))
    assert case is not None and "chưa rõ việc gì" in await staff.get("/cases")
    await storage.turns.complete(Turn("web", "c-3", said="Tôi hỏi về đất"))
    page = await staff.get("/cases")
    assert "chưa rõ việc gì" not in page and "Tôi hỏi về đất" in page, "what they wrote says what it is about"
    assert page.index(f"/admin/cases/{fresh}") < page.index(f"/admin/cases/{answered}")


async def test_a_reply_on_a_chat_channel_goes_through_the_outbox(staff: Staff, storage: Storage) -> None:
    number = await waiting(storage, "telegram")
    await staff.post(f"/cases/{number}/reply", 400, text="  ")
    await staff.post(f"/cases/{number}/reply", 400, text="a" * 4001)
    await staff.post(f"/cases/{number}/reply", text="dài " * 900)
    (first,) = await storage.outbox.claim("h")
    assert (first.channel, first.address) == ("telegram", "a-1")
    await storage.outbox.sent(first)
    await staff.post(f"/cases/{number}/close")
    (last,) = await storage.outbox.claim("h")
    assert "kết thúc" in last.text
    await staff.post(f"/cases/{number}/close")
    await storage.outbox.sent(last)
    assert await storage.outbox.claim("h") == [], "closing twice tells the person once"


async def test_office_hours(storage: Storage) -> None:
    always = Desk(storage.hand_overs, OfficeHours.parse("T2-CN 0:00-24:00"))
    service = AnswerService(storage, web_stub, lambda: "v1", desk=always)
    await service.open()
    async with visitor(service, replace(OPTIONS, office_hours="T2-CN 0:00-24:00")) as web:
        staff = Staff(web)
        await staff.login()
        page = await staff.get("/cases")
        assert "T2-CN 0:00-24:00" in page and "Đang trong giờ làm việc" in page
        await staff.get("/cases/999", 404)
        await staff.get("/cases/abc", 400)
