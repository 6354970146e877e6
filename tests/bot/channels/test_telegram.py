"""The Telegram channel end to end against an imitation of Telegram."""

from __future__ import annotations

import asyncio
import logging
import os
import random
import signal
import sys
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.channels import wording
from bot.channels.base import ChannelError
from bot.channels.splitting import units
from bot.types import Outcome
from bot.wording import OUTCOMES
from evaluation.imitations.failures import Broken, Hanging, Refusing, TooMany
from evaluation.imitations.running import STOPPING
from evaluation.imitations.telegram import TOKEN, USERNAME, FakeTelegram
from tests.fakes.telegram_channel import QUICK, Channel, Pace, running, sqlite
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[3]
HASTY = replace(QUICK, timeout=1.0)
"""For calls that hang. Not for others: on a busy machine an answer may take as long."""
FAILED = OUTCOMES[Outcome.FAILED]


@asynccontextmanager
async def channel(telegram: FakeTelegram, folder: Path, **options: Any) -> AsyncIterator[Channel]:
    """A running channel on a database in ``folder``."""
    async with running(telegram, sqlite(folder), **options) as found:
        yield found


async def met(telegram: FakeTelegram) -> float:
    """Wait until the bot's sending has met every scripted failure; gives the time of the loop, in seconds."""
    await until(lambda: not telegram.failures["sendMessage"])
    return asyncio.get_running_loop().time()


async def test_answers_in_order_and_remembers(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        for i in range(5):
            telegram.say(f"câu {i}")
        telegram.say("người khác", chat=77)
        assert await telegram.wait_for(5) == [f"{i + 1}: câu {i}" for i in range(5)]
        assert await telegram.wait_for(1, chat=77) == ["1: người khác"]


async def test_sets_commands_and_removes_a_webhook_without_dropping_messages(telegram: FakeTelegram, tmp_path: Path) -> None:
    telegram.say("gửi từ trước khi chạy")
    async with channel(telegram, tmp_path):
        assert await telegram.wait_for(1) == ["1: gửi từ trước khi chạy"]
    names = [[c["command"] for c in call["commands"]] for call in telegram.done("setMyCommands")]
    assert names == [["start", "help", "menu", "tinh", "vanban", "canbo", "xoa"]] * 3
    assert not telegram.done("deleteWebhook")[0].get("drop_pending_updates")


async def test_escapes_html(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        telegram.say("a < b & <i>c</i> &amp;")
        assert await telegram.wait_for(1) == ["1: a < b & <i>c</i> &amp;"]


async def test_option_and_followup_buttons(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        telegram.say("chọn")
        await telegram.wait_for(1)
        buttons = telegram.buttons()
        assert list(buttons) == ["1. Cấp lại sổ đỏ", "2. Cấp đổi sổ đỏ"]
        telegram.press(buttons["2. Cấp đổi sổ đỏ"])
        assert (await telegram.wait_for(2))[-1] == "chọn procedure/2"
        telegram.say("nút")
        await telegram.wait_for(3)
        telegram.press(telegram.buttons()["Thời gian"])
        assert (await telegram.wait_for(4))[-1] == "chọn procedure/1 time"
    assert len(telegram.done("answerCallbackQuery")) == 2


async def test_stale_and_foreign_buttons_get_a_polite_answer(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        telegram.say("chọn")
        await telegram.wait_for(1)
        old = telegram.buttons()["1. Cấp lại sổ đỏ"]
        telegram.say("nút")
        await telegram.wait_for(2)
        fresh = telegram.buttons()["Lệ phí"]
        for number, token in enumerate([old, "o:99:00000000", "x", "o:²:00000000", "p:Không Có"], 3):
            telegram.press(token)
            assert (await telegram.wait_for(number))[-1] == OUTCOMES[Outcome.STALE_CHOICE]
        telegram.press(fresh)  # a stale press takes nothing away from the choices on offer
        assert (await telegram.wait_for(8))[-1] == "chọn procedure/1 fee"


async def test_commands(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        telegram.say("/start")
        assert "em chào anh/chị" in (await telegram.wait_for(1))[-1]
        telegram.say(f"/help@{USERNAME}")
        assert wording.COMMAND_LIST in (await telegram.wait_for(2))[-1]
        telegram.say("/tinh")
        await telegram.wait_for(3)
        telegram.press(telegram.buttons()["Đồng Tháp"])
        assert "ghi nhận anh/chị ở Đồng Tháp" in (await telegram.wait_for(4))[-1]
        telegram.say("/vanban")
        await telegram.wait_for(5)
        telegram.press(telegram.buttons()["2. Kế hoạch 2024"])
        assert (await telegram.wait_for(6))[-1] == "chọn quang-nam-2024"
        telegram.say("/xoa")
        assert (await telegram.wait_for(7))[-1] == OUTCOMES[Outcome.FORGOTTEN]
        telegram.say("lại từ đầu")
        assert (await telegram.wait_for(8))[-1] == "1: lại từ đầu"
        telegram.say("/khongco")
        assert (await telegram.wait_for(9))[-1] == wording.UNKNOWN_COMMAND


async def test_waits_as_long_as_429_asks_in_that_chat_only(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        telegram.fail("sendMessage", TooMany(1))
        telegram.say("chờ")
        started = await met(telegram)
        assert await telegram.wait_for(1) == ["1: chờ"]
        assert asyncio.get_running_loop().time() - started >= 1.0
        telegram.fail("sendMessage", TooMany(3600))
        telegram.say("chờ lâu")
        await met(telegram)
        telegram.say("không chờ", chat=7)
        assert await telegram.wait_for(1, chat=7) == ["1: không chờ"]
    assert telegram.texts() == ["1: chờ"]


@pytest.mark.parametrize(
    ("failures", "pace"),
    [([Broken(502), Broken(500)], QUICK), ([Hanging(30.0)], HASTY), ([TooMany(1), Broken(503)], QUICK)],
    ids=["5xx", "hanging", "429 then 503"],
)
async def test_sends_again_after_errors(
    telegram: FakeTelegram, tmp_path: Path, failures: list[Broken | Hanging | TooMany], pace: Pace
) -> None:
    async with channel(telegram, tmp_path, pace=pace):
        telegram.fail("sendMessage", *failures)
        telegram.say("kiên trì")
        assert await telegram.wait_for(1) == ["1: kiên trì"]
        await asyncio.sleep(0.2)
    assert telegram.texts() == ["1: kiên trì"]


async def test_a_message_that_arrived_without_an_answer_is_repeated(telegram: FakeTelegram, tmp_path: Path) -> None:
    """Documented: whether a call that timed out took effect cannot be known; a repeated answer is preferred to none."""
    async with channel(telegram, tmp_path, pace=HASTY):
        telegram.fail("sendMessage", Hanging(30.0, done=True))
        telegram.say("hai lần")
        assert await telegram.wait_for(2) == ["1: hai lần"] * 2


async def test_polling_survives_errors(telegram: FakeTelegram, tmp_path: Path) -> None:
    telegram.fail("getMe", Broken(502), Hanging(30.0))
    telegram.fail("deleteWebhook", Broken(500))
    telegram.fail("setMyCommands", Broken(500))
    telegram.fail("getUpdates", Broken(502), Hanging(30.0), TooMany(1), Refusing(409, "Conflict: terminated by other getUpdates request"))
    telegram.say("vẫn nghe")
    async with channel(telegram, tmp_path, pace=HASTY):
        assert await telegram.wait_for(1) == ["1: vẫn nghe"]


async def test_repeated_updates_are_answered_once(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        telegram.say("một")
        await telegram.wait_for(1)
        await asyncio.sleep(0.1)
        telegram.forgetful = True
        telegram.say("hai")
        await telegram.wait_for(2)
        await asyncio.sleep(0.3)
        assert telegram.texts() == ["1: một", "2: hai"]
    telegram.forgetful = True
    async with channel(telegram, tmp_path):
        telegram.say("ba")
        assert (await telegram.wait_for(3))[-1] == "3: ba"
        await asyncio.sleep(0.3)
    assert len(telegram.texts()) == 3


async def test_only_text_is_read(telegram: FakeTelegram, tmp_path: Path) -> None:
    photo = {"photo": [{"file_id": "1", "file_unique_id": "1", "width": 1, "height": 1}], "caption": "cái này"}
    location = {"location": {"latitude": 10.3, "longitude": 106.3}}
    async with channel(telegram, tmp_path):
        telegram.say(photo)
        telegram.say(location)
        telegram.say({"delete_chat_photo": True})  # a service notice
        telegram.say("cũ", kind="edited_message")
        telegram.say("chữ")
        assert await telegram.wait_for(3) == [wording.TEXT_ONLY, wording.TEXT_ONLY, "1: chữ"]


async def test_a_very_long_message_is_asked_to_be_shorter(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        telegram.say("dài lê thê " * 910)
        assert "10010 ký tự" in (await telegram.wait_for(1))[0]


async def test_a_long_answer_comes_in_parts_with_buttons_under_the_last(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        telegram.say("dài")
        parts = await telegram.wait_for(3)
    assert len(parts) == 3
    assert all(units(p) <= 4096 for p in parts)
    assert [int(line.split()[2]) for line in "\n".join(parts).splitlines()] == list(range(250))


async def test_groups_only_when_addressed(telegram: FakeTelegram, tmp_path: Path) -> None:
    group = -1001
    reply = {"text": "trả lời bot", "reply_to_message": telegram.message("…", group, group=True)["message"]}
    reply["reply_to_message"]["from"] = {"id": 123456789, "is_bot": True, "first_name": "Bot"}
    async with channel(telegram, tmp_path):
        telegram.say("chuyện riêng", group, group=True)
        telegram.say("@nguoikhac ơi", group, group=True)
        telegram.say("/help@BotKhac", group, group=True)
        telegram.say({"location": {"latitude": 1.0, "longitude": 1.0}}, group, group=True)
        telegram.say(f"@{USERNAME.lower()} hỏi nhé", group, group=True)
        telegram.say(reply, group, group=True)
        assert await telegram.wait_for(2, chat=group) == ["1: hỏi nhé", "2: trả lời bot"]
    assert telegram.done("sendMessage")[0]["reply_parameters"]["message_id"] > 0


async def test_a_failing_assistant_is_apologised_for(telegram: FakeTelegram, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    async with channel(telegram, tmp_path):
        telegram.say("lỗi")
        telegram.say("sau đó")
        assert await telegram.wait_for(2) == [FAILED, "1: sau đó"]
    assert "hỏng có chủ ý" in caplog.text


async def test_a_person_who_blocked_the_bot_does_not_stop_it(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        telegram.fail("sendMessage", Refusing(403, "Forbidden: bot was blocked by the user"))
        telegram.say("chặn rồi", chat=5)
        await met(telegram)
        telegram.say("còn đây", chat=6)
        assert await telegram.wait_for(1, chat=6) == ["1: còn đây"]
    async with channel(telegram, tmp_path):  # and it is not tried again
        telegram.say("vẫn đây", chat=6)
        await telegram.wait_for(2, chat=6)
    assert telegram.texts(5) == []


async def test_shows_typing_while_an_answer_takes_long(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        telegram.say("nhanh")
        await telegram.wait_for(1)
        assert telegram.done("sendChatAction") == []
        telegram.say("chậm")
        await telegram.wait_for(2)
    assert [a["action"] for a in telegram.done("sendChatAction")] == ["typing"]


async def test_a_wrong_token_is_told_without_showing_it(telegram: FakeTelegram, tmp_path: Path) -> None:
    other = TOKEN.replace("fake", "sai0")
    async with channel(telegram, tmp_path, token=other) as found:
        await asyncio.wait([found.receiving], timeout=PATIENCE)
        with pytest.raises(ChannelError, match="BOT_TELEGRAM_TOKEN") as raised:
            await found.receiving
        assert other not in str(raised.value)


async def test_stops_at_once_while_telegram_is_out_of_reach(tmp_path: Path) -> None:
    nobody = FakeTelegram(url="http://127.0.0.1:9")
    async with channel(nobody, tmp_path, pace=replace(QUICK, retry=10 * STOPPING)):
        await asyncio.sleep(0.3)
    # That it stopped, and did not wait for the next try, is looked at where it is told to.


async def test_what_could_not_be_sent_before_the_stop_is_sent_after_it(telegram: FakeTelegram, tmp_path: Path) -> None:
    async with channel(telegram, tmp_path):
        telegram.say("đầu")
        await telegram.wait_for(1)
        telegram.fail("sendMessage", TooMany(2))
        telegram.say("giữa chừng")
        await met(telegram)
    assert len(telegram.texts()) == 1
    async with channel(telegram, tmp_path):
        assert (await telegram.wait_for(2))[-1] == "2: giữa chừng"


async def test_the_token_is_never_logged(telegram: FakeTelegram, tmp_path: Path) -> None:
    log = tmp_path / "log.txt"
    telegram.fail("sendMessage", Broken(502), Broken(500))
    telegram.fail("getUpdates", Broken(502))
    with log.open("wb") as out:
        process = await _start(telegram, tmp_path, out.fileno())
        telegram.say("lỗi")
        await telegram.wait_for(1)
        process.send_signal(signal.SIGTERM)
        assert await asyncio.wait_for(process.wait(), PATIENCE) == 0
    text = log.read_text()
    assert "Kênh telegram chưa nhận tin" in text
    assert TOKEN not in text
    assert TOKEN.split(":")[1] not in text


async def test_killed_again_and_again_every_message_is_answered(telegram: FakeTelegram, tmp_path: Path) -> None:
    """SIGKILL at unforeseen moments: nothing is lost. Twice is answered at most what was being sent at a kill."""
    rng = random.Random(7)
    kills = 3
    sent: list[str] = []
    for round_number in range(kills + 1):
        process = await _start(telegram, tmp_path, asyncio.subprocess.DEVNULL)
        before = len(telegram.texts())
        for _ in range(5):
            sent.append(f"tin {len(sent)}")
            telegram.say(sent[-1])
            await asyncio.sleep(rng.uniform(0, 0.02))
        if round_number < kills:
            await until(lambda before=before: len(telegram.texts()) > before, every=0.005)
            await asyncio.sleep(rng.uniform(0, 0.05))
            process.kill()
        else:
            await until(lambda: len({t.split(": ")[1] for t in telegram.texts()}) >= len(sent))
            process.send_signal(signal.SIGTERM)
        await process.wait()
    answered = Counter(text.split(": ")[1] for text in telegram.texts())
    assert set(answered) == set(sent)
    assert sum(answered.values()) - len(sent) <= kills


async def _start(telegram: FakeTelegram, folder: Path, errors: int) -> asyncio.subprocess.Process:
    url = sqlite(folder)
    command = [sys.executable, "-m", "tests.fakes.running_bot", url, telegram.url]
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, stderr=errors, env={**os.environ, "PYTHONPATH": str(ROOT)})


@pytest.fixture(autouse=True)
def _log_level(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.INFO)
