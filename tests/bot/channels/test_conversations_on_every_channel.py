"""The same conversations on every channel, over an imitation of each on loopback that fails as scripted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from bot.assembly import describe
from bot.channels.wording import CHOOSE_BY_NUMBER
from bot.pipeline import Assistant
from bot.service import Loaded
from bot.types import State
from bot.wording import CHOOSE
from evaluation.dialogues.channels import play
from evaluation.dialogues.reading import load_dialogues
from evaluation.imitations.people import Stage, Trouble
from evaluation.imitations.running import opened, serves
from evaluation.imitations.stages import STAGES
from evaluation.sets import FOLDER, load_set
from knowledge.encoding import StaticEncoder
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index
from tests.conftest import TODAY
from tests.fakes.assistant import stub

_CHOICES_LINE = re.compile(r"\s*(?:Hỏi thêm|Hoặc nhắn): [^\n]*$")
CHATS = [name for name in STAGES if name != "web"]  # where messages go out by themselves


@asynccontextmanager
async def stage(name: str, folder: Path, loaded: Loaded | None = None) -> AsyncIterator[Stage]:
    async with (
        opened(f"sqlite+aiosqlite:///{folder}/bot.sqlite3", serves(loaded or stub())) as (service, storage),
        STAGES[name](service, storage) as found,
    ):
        yield found


def plain(texts: list[str]) -> str:
    """What was said, without the line of choices, the way to choose, and without regard to where it was cut."""
    whole = " ".join(" ".join(_CHOICES_LINE.sub("", text) for text in texts).split())
    return whole.replace(CHOOSE, "…").replace(CHOOSE_BY_NUMBER, "…")


async def settled(on: Stage, expected: str, before: int, person: str = "p1") -> None:
    """Wait until what was said after ``before`` messages is ``expected``; a difference is shown."""
    try:
        async with asyncio.timeout(30):
            while plain(on.texts(person)[before:]) != expected:
                await asyncio.sleep(0.01)
    except TimeoutError:
        assert plain(on.texts(person)[before:]) == expected


@pytest.fixture(scope="module")
def small(small_root: Path, encoder: StaticEncoder) -> Loaded:
    index = open_index(small_root, encoder, load_ranking())
    return describe(index, Assistant(index, TODAY), "v1")


# --- what is said ----------------------------------------------------------------------------------------------------

BY_WRITING = (
    ("chào em nha", "làm giấy khai sinh cho bé cần mang giấy gì", "rồi có mất tiền không em", "cảm ơn em nhiều"),
    ("ai ra bản tin cải cách hành chính ở Hà Mỹ", "mấy tháng ra một lần", "phối hợp với ai nữa"),
    ("par index là gì vậy", "à mà sở bưu chính giờ nhập vô đâu rồi", "tạm biệt"),
    ("/menu", "/congchuc", "/menu", "/congdan", "/xoa"),
    ("em giúp được những gì", "nộp hồ sơ trên mạng làm sao", "xoá hết những gì đã nói giúp tôi", "có mất tiền không"),
)


@pytest.mark.parametrize("name", STAGES)
async def test_everybody_is_told_the_same(name: str, small: Loaded, tmp_path: Path) -> None:
    async with stage(name, tmp_path, small) as on:
        for number, messages in enumerate(BY_WRITING, 1):
            person, state = f"p{number}", State()
            for message in messages:
                before = len(on.texts(person))
                reply = small.assistant.reply(message, state)
                state = reply.state
                await on.say(message, person)
                await settled(on, plain([reply.answer.text]), before, person)


@pytest.mark.parametrize("name", STAGES)
async def test_the_dialogues_of_the_evaluation(name: str, assistant: Assistant, real_index: SearchIndex, tmp_path: Path) -> None:
    """Every long dialogue of the project's own set, on the real knowledge: each answer is what the dialogue expects."""
    dialogues = load_dialogues()
    runs = await play(name, describe(real_index, assistant, "v1"), dialogues, tmp_path)
    assert {run.id for run in runs} == {dialogue.id for dialogue in dialogues} and len(runs) > len(dialogues)
    assert [run for run in runs if run.faults] == []


@pytest.mark.parametrize("name", STAGES)
async def test_real_answers_arrive_as_the_core_gives_them(name: str, assistant: Assistant, real_index: SearchIndex, tmp_path: Path) -> None:
    dialogues = [case.turns for case in load_set("dialog", FOLDER / "dialog.yaml")]

    async def tell(on: Stage, person: str, messages: Sequence[str]) -> None:
        state = State()
        for message in messages:
            before = len(on.texts(person))
            reply = assistant.reply(message, state)
            state = reply.state
            await on.say(message, person)
            await settled(on, plain([reply.answer.text]), before, person)

    async with stage(name, tmp_path, describe(real_index, assistant, "v1")) as on:
        await asyncio.gather(*(tell(on, f"p{number}", messages) for number, messages in enumerate(dialogues, 1)))


@pytest.mark.parametrize("name", STAGES)
async def test_choices_are_picked_as_the_channel_offers_them(name: str, small: Loaded, tmp_path: Path) -> None:
    async with stage(name, tmp_path, small) as on:
        await on.say("làm giấy khai sinh cần giấy tờ gì")
        assert "Giấy chứng sinh" in (await on.wait_for(1))[-1]
        await on.pick("Lệ phí")
        assert "Không thu lệ phí" in (await on.wait_for(2))[-1]


@pytest.mark.parametrize("name", [n for n in CHATS if n != "zalo_oa_buttons"])
async def test_choices_by_number_in_a_question_back(name: str, tmp_path: Path) -> None:
    async with stage(name, tmp_path) as on:
        await on.say("chọn")
        assert "2. Cấp đổi" in (await on.wait_for(1))[-1]
        await on.say("1")
        assert plain((await on.wait_for(2))[-1:]) == "chọn procedure/1"


# --- how it comes and goes -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", CHATS)
async def test_long_answers_come_in_order_and_whole(name: str, tmp_path: Path) -> None:
    async with stage(name, tmp_path) as on:
        await on.say("dài")
        await settled(on, plain([stub().assistant.reply("dài").answer.text]), 0)
        limit = 4096 if name.startswith("telegram") else 2000
        assert len(on.texts()) >= 3 and all(len(text) <= limit for text in on.texts())


@pytest.mark.parametrize("name", STAGES)
async def test_what_is_delivered_again_is_answered_once(name: str, tmp_path: Path) -> None:
    async with stage(name, tmp_path) as on:
        await on.say("một", times=3)
        await on.wait_for(1)
        await on.say("hai", times=2)
        await on.wait_for(2)
        await asyncio.sleep(0.3)
        assert on.texts() == ["1: một", "2: hai"]


@pytest.mark.parametrize("name", STAGES)
async def test_what_is_delivered_out_of_order_is_answered_once(name: str, tmp_path: Path) -> None:
    """In the order in which it came, for what a person wrote first cannot be known when the second arrives; repeats that are older than
    what has been answered change nothing."""
    async with stage(name, tmp_path) as on:
        await on.deliver(["một", "hai", "ba"], [1, 0, 1, 2, 0, 2, 1])
        assert await on.wait_for(3) == ["1: hai", "2: một", "3: ba"]
        await on.say("bốn")
        assert await on.wait_for(4) == ["1: hai", "2: một", "3: ba", "4: bốn"]


@pytest.mark.parametrize("name", STAGES)
async def test_people_are_answered_each_in_their_own_order(name: str, tmp_path: Path) -> None:
    async with stage(name, tmp_path) as on:
        for number in range(1, 5):
            for person in ("p1", "p2", "p3"):
                await on.say(f"câu {number} của {person}", person)
        for person in ("p1", "p2", "p3"):
            assert await on.wait_for(4, person) == [f"{n}: câu {n} của {person}" for n in range(1, 5)]


@pytest.mark.parametrize("trouble", [Trouble.BUSY, Trouble.BROKEN, Trouble.HANGING, Trouble.NOT_OK, Trouble.EXPIRED])
@pytest.mark.parametrize("name", CHATS)
async def test_an_answer_outlasts_trouble_and_the_next_comes_after_it(name: str, trouble: Trouble, tmp_path: Path) -> None:
    async with stage(name, tmp_path) as on:
        on.fail(trouble)
        await on.say("một")
        await on.say("hai")
        assert await on.wait_for(2) == ["1: một", "2: hai"]


@pytest.mark.parametrize("name", [n for n in CHATS if not n.startswith("zalo_oa")])
async def test_the_operator_is_told_of_a_token_that_is_not_taken(name: str, tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    """Zalo OA's tokens are renewed by the program itself; the others have to be replaced by hand."""
    async with stage(name, tmp_path) as on:
        on.fail(Trouble.EXPIRED)
        await on.say("một")
        assert await on.wait_for(1) == ["1: một"]
    assert "_TOKEN (lấy lại" in caplog.text


@pytest.mark.parametrize("name", CHATS)
async def test_a_closed_window_loses_that_answer_alone(name: str, tmp_path: Path) -> None:
    async with stage(name, tmp_path) as on:
        on.fail(Trouble.CLOSED)
        await on.say("một")
        await asyncio.sleep(0.3)
        assert on.texts() == []
        await on.say("hai")
        assert await on.wait_for(1) == ["2: hai"]


@pytest.mark.parametrize("name", [n for n in CHATS if n.startswith("zalo_oa")])
async def test_a_text_that_is_refused_as_too_long_comes_in_smaller_parts(name: str, tmp_path: Path) -> None:
    async with stage(name, tmp_path) as on:
        on.fail(Trouble.TOO_LONG)
        await on.say("dài")
        await settled(on, plain([stub().assistant.reply("dài").answer.text]), 0)
