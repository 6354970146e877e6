"""What the runtime promises to every channel, over SQLite and PostgreSQL where it matters."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections import Counter
from contextlib import AsyncExitStack
from dataclasses import replace
from pathlib import Path

import pytest

from bot.channels.base import IncomingMessage, Kind
from bot.channels.links import entry_of, parameter_of
from bot.channels.messages import to_json
from bot.channels.runtime import Limits
from bot.handover.desk import Desk
from bot.handover.hours import OfficeHours
from bot.storage import PAUSE, Level, Notice, Part, Storage
from bot.types import Answer, Feedback, Item, Outcome, Reply, State
from bot.vietnam import VIETNAM
from bot.wording import LATE, OUTCOMES
from evaluation.imitations.failures import Broken
from evaluation.imitations.telegram import USERNAME, FakeTelegram
from tests.fakes.assistant import StubAssistant, stub
from tests.fakes.databases import emptied, postgresql, prepared  # noqa: F401  (fixtures)
from tests.fakes.telegram_channel import SECRET, Channel, running, sqlite
from tests.waiting import until

QUICK = Limits(first_retry=0.05, look_every=0.05, a_minute=1000)


@pytest.fixture
def shared(prepared: str) -> str:  # noqa: F811
    """An empty database on a server."""
    return emptied(prepared)


async def passed_on(channel: Channel, count: int) -> list[str]:
    """Wait until staff have so many messages of the person; gives them."""

    async def said() -> list[str]:
        case = await channel.storage.hand_overs.current("telegram", "42")
        messages = await channel.storage.hand_overs.messages(case.id) if case else []
        found = [message.text for message in messages if message.author is None]
        return found if len(found) >= count else []

    found = await until(said, every=0.02)
    await settled(channel)
    return found


async def settled(channel: Channel) -> None:
    """Wait until nothing is open."""

    async def nothing_waits() -> bool:
        return not (await channel.storage.inbox.waiting()).count and not (await channel.storage.outbox.waiting()).count

    await until(nothing_waits, every=0.02)


async def test_replicas_answer_each_message_once_and_in_order(telegram: FakeTelegram, shared: str) -> None:
    telegram.fail("sendMessage", *[Broken(502)] * 5)
    async with AsyncExitStack() as replicas:
        for name in ("một", "hai", "ba"):
            await replicas.enter_async_context(running(telegram, shared, holder=name))
        for number in range(8):
            for chat in range(5):
                telegram.say(f"tin {number}", chat=chat + 1)
        for chat in range(5):
            assert await telegram.wait_for(8, chat=chat + 1) == [f"{n + 1}: tin {n}" for n in range(8)]
        await asyncio.sleep(0.3)
    assert Counter(int(d["chat_id"]) for d in telegram.done("sendMessage")) == dict.fromkeys(range(1, 6), 8)
    assert len(telegram.done("deleteWebhook")) >= 1


async def test_what_killed_the_program_three_times_is_apologised_for(telegram: FakeTelegram, tmp_path: Path) -> None:
    storage = Storage(sqlite(tmp_path), secret=SECRET)
    await storage.open()
    poison = to_json(IncomingMessage("42", Kind.TEXT, "độc"))
    await storage.inbox.accept("telegram", "1", poison, "42")
    await storage.inbox.accept("telegram", "2", to_json(IncomingMessage("42", Kind.TEXT, "lành")), "42")
    for _ in range(3):  # as a run leaves it that was killed while it answered
        assert [event.event_id for event in await storage.inbox.claim("one", 5)] == ["1"]
        await storage.inbox.free("one")
    await storage.close()
    async with running(telegram, sqlite(tmp_path)):
        assert await telegram.wait_for(2) == [OUTCOMES[Outcome.FAILED], "1: lành"]


async def test_an_error_of_the_program_is_tried_again_and_then_told(
    telegram: FakeTelegram, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setattr("bot.channels.dialogue.choice_rows", lambda _state: 1 / 0)
    async with running(telegram, sqlite(tmp_path)):
        telegram.say("nút")
        telegram.say("chữ")
        assert await telegram.wait_for(2) == [OUTCOMES[Outcome.FAILED], "1: chữ"]
    assert caplog.text.count("ZeroDivisionError") == 3


async def test_a_flood_of_messages_is_told_once(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, sqlite(tmp_path), limits=replace(QUICK, a_minute=3)) as channel:
        for number in range(8):
            telegram.say(f"tin {number}")
        telegram.say("người khác", chat=7)
        assert await telegram.wait_for(4) == ["1: tin 0", "2: tin 1", "3: tin 2", OUTCOMES[Outcome.TOO_FAST]]
        assert await telegram.wait_for(1, chat=7) == ["1: người khác"]
        await settled(channel)
    assert len(telegram.texts()) == 4


async def test_a_late_answer_begins_with_an_apology(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, sqlite(tmp_path), limits=replace(QUICK, late_after=-1)):
        telegram.say("lâu quá")
        assert await telegram.wait_for(1) == [f"{LATE}\n\n1: lâu quá"]


async def test_from_the_bot_to_staff_and_back(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, sqlite(tmp_path)) as channel:
        hand_overs = channel.storage.hand_overs
        telegram.say("/canbo")
        assert "vị trí thứ 1" in (await telegram.wait_for(1))[-1]
        telegram.say("số của tôi là 0912345678, gọi giúp")
        assert (await telegram.wait_for(2))[-1] == OUTCOMES[Outcome.WITH_STAFF]
        telegram.say("có ai không")
        said = await passed_on(channel, 2)
        assert len(telegram.texts()) == 2
        case = await hand_overs.current("telegram", "42")
        assert case is not None
        assert said[1] == "có ai không"
        assert "0912345678" not in said[0]
        await hand_overs.reply(case.id, "chị Lan", [Part(case.address, "Chào anh, tôi là Lan.")])
        assert (await telegram.wait_for(3))[-1] == "Chào anh, tôi là Lan."
        telegram.say("gặp bot nhé")
        assert (await telegram.wait_for(4))[-1] == OUTCOMES[Outcome.BACK_TO_BOT]
        telegram.say("hỏi tiếp")
        assert (await telegram.wait_for(5))[-1] == "1: hỏi tiếp"
        assert await hand_overs.current("telegram", "42") is None


async def test_outside_office_hours_an_answer_is_promised(telegram: FakeTelegram, tmp_path: Path) -> None:
    saturday_evening = dt.datetime(2026, 11, 21, 20, tzinfo=VIETNAM).timestamp()
    storage = Storage(sqlite(tmp_path), secret=SECRET)
    await storage.open()
    desk = Desk(storage.hand_overs, OfficeHours.parse("T2-T6 7:30-11:30"), clock=lambda: saturday_evening)
    async with running(telegram, sqlite(tmp_path), desk=desk) as channel:
        telegram.say("/canbo")
        assert "sau 7h30 thứ Hai 23/11" in (await telegram.wait_for(1))[-1]
        case = await channel.storage.hand_overs.current("telegram", "42")
        assert case is not None and case.promised_by is not None and case.promised_by > saturday_evening + 86_400
    await storage.close()


async def test_when_staff_write_from_the_console_the_bot_is_quiet_for_a_while(telegram: FakeTelegram, tmp_path: Path) -> None:
    now = [1_000_000.0]
    storage = Storage(sqlite(tmp_path), clock=lambda: now[0], secret=SECRET)
    await storage.open()
    desk = Desk(storage.hand_overs, clock=lambda: now[0], quiet_minutes=30)
    await desk.staff_wrote("telegram", "42", "để tôi xem", "42")
    async with running(telegram, sqlite(tmp_path), desk=desk) as channel:
        telegram.say("vâng ạ")
        await telegram.wait_for(1)  # told once that it was passed on
        telegram.say("xong chưa")
        await passed_on(channel, 2)
        assert len(telegram.texts()) == 1
        now[0] += 31 * 60
        telegram.say("bot ơi cho hỏi")
        assert (await telegram.wait_for(2))[-1] == "1: bot ơi cho hỏi"
    await storage.close()


async def test_a_pause_and_a_notice_reach_everybody(telegram: FakeTelegram, tmp_path: Path) -> None:
    storage = Storage(sqlite(tmp_path), secret=SECRET)
    await storage.open()
    await storage.notices.add(Notice("Cổng dịch vụ công tạm dừng tối nay.", Level.WARNING, 0.0, None, "lan"))
    async with running(telegram, sqlite(tmp_path)):
        telegram.say("một")
        telegram.say("hai")
        assert await telegram.wait_for(2) == ["📢 Thông báo: Cổng dịch vụ công tạm dừng tối nay.\n\n1: một", "2: hai"]
    await storage.notices.switch(PAUSE, "Bot nghỉ đến 8 giờ.", "lan")
    async with running(telegram, sqlite(tmp_path)):
        telegram.say("ba")
        assert (await telegram.wait_for(3))[-1] == "Bot nghỉ đến 8 giờ."
    await storage.close()


async def test_everything_about_a_person_is_erased(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, sqlite(tmp_path)) as channel:
        telegram.say("một")
        await telegram.wait_for(1)
        await settled(channel)
        assert (await channel.storage.privacy.export_person("telegram", "42"))["question_log"]
        telegram.say("/xoa")
        assert (await telegram.wait_for(2))[-1] == OUTCOMES[Outcome.FORGOTTEN]
        await settled(channel)
        kept = await channel.storage.privacy.export_person("telegram", "42")
    assert not kept["question_log"] and not kept["conversations"]


class Citing(StubAssistant):
    """Answers from a procedure."""

    def reply(self, text: str, state: State | None = None, now: float | None = None) -> Reply:
        item = Item("procedure/1.004194", "procedure", "Cấp lại", None, None, None, "1.004194", 1.0)
        return Reply(Answer(Outcome.FOUND, "Đây ạ.", items=(item,)), state or State())


class Opinions(StubAssistant):
    """Takes every message as an opinion."""

    def reply(self, text: str, state: State | None = None, now: float | None = None) -> Reply:
        return Reply(Answer(Outcome.THANKS, "Cảm ơn."), state or State(), effects=(Feedback(False, text),))


async def test_an_opinion_is_kept_for_staff(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, sqlite(tmp_path), loaded=replace(stub(), assistant=Opinions())) as channel:
        telegram.say("trả lời sai, gọi 0912345678")
        await telegram.wait_for(1)
        kept = (await channel.storage.privacy.export_person("telegram", "42"))["feedback"]
        assert [row["good"] for row in kept] == [False]
        assert "0912345678" not in kept[0]["reason"]


async def test_a_link_opens_its_record(telegram: FakeTelegram, tmp_path: Path) -> None:
    loaded = replace(stub(), entry_ids={"procedure/1.004194"})
    async with running(telegram, sqlite(tmp_path), loaded=loaded):
        telegram.say("/start p-1_004194")
        assert await telegram.wait_for(1) == ["chọn procedure/1.004194"]
        for number, text in enumerate(["/start p-9_999999", "/start x' OR 1=1", "/start"], 2):
            telegram.say(text)
            assert "em chào anh/chị" in (await telegram.wait_for(number))[-1]


@pytest.mark.parametrize("entry", ["procedure/1.004194", "guide/nop-truc-tuyen"])
def test_a_record_as_a_start_parameter_and_back(entry: str) -> None:
    parameter = parameter_of(entry)
    assert parameter is not None
    assert entry_of(parameter) == entry


@pytest.mark.parametrize("entry", ["tien-giang-2021/task-5", "guide/" + "x" * 80, "guide/a_b", "procedure/", ""])
def test_records_without_a_link(entry: str) -> None:
    assert parameter_of(entry) is None


async def test_in_a_group_an_answer_links_to_a_private_chat(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with running(telegram, sqlite(tmp_path), loaded=replace(stub(), assistant=Citing())):
        telegram.say(f"@{USERNAME} mất sổ đỏ", -1001, group=True)
        assert f"https://t.me/{USERNAME}?start=p-1_004194" in (await telegram.wait_for(1, chat=-1001))[0]
        telegram.say("mất sổ đỏ", 42)
        assert "t.me" not in (await telegram.wait_for(1))[0]
