"""Drills on the whole program: what breaks beneath it while it serves is told clearly, and it goes on when it is mended.

What the storage does with a broken, locked or full database, and what a jumping clock does to its leases, stands in ``storage``.
"""

from __future__ import annotations

import asyncio
import resource
import shutil
import sqlite3
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from pathlib import Path

import httpx
import pytest

from bot.channels.telegram_webhook import PATH
from evaluation.fuzz.program import Imitation
from evaluation.load.program import Bot
from evaluation.load.service import SECRET
from evaluation.load.telegram import TOKEN, message
from evaluation.loopback import free_port, serving
from knowledge.store import POINTER
from tests.waiting import PATIENCE, until

QUESTION = "thủ tục 1.001193 cần giấy tờ gì"
ANSWER = "Giấy chứng sinh"


class Drill:
    """The running program, its index and its database."""

    def __init__(self, bot: Bot, http: httpx.AsyncClient, imitation: Imitation, index: Path, folder: Path) -> None:
        self.bot, self.http, self.imitation, self.index, self.folder = bot, http, imitation, index, folder
        self.database = folder / "bot.sqlite3"

    async def answers(self, conversation: str = "a") -> bool:
        response = await self.http.post("/api/v1/ask", json={"text": QUESTION, "conversation": conversation})
        return response.status_code == 200 and ANSWER in response.json()["answer"]

    async def ready(self) -> bool:
        return (await self.http.get("/readyz")).status_code == 200

    async def version(self) -> str:
        return str((await self.http.get("/healthz")).json()["index"])

    async def deliver(self, number: int) -> int:
        headers = {"X-Telegram-Bot-Api-Secret-Token": SECRET}
        return (await self.http.post(PATH, json=message(number, 4_000 + number, QUESTION), headers=headers)).status_code

    def log(self) -> str:
        return (self.folder / "log").read_text(encoding="utf-8")


@asynccontextmanager
async def drill(small_root: Path, folder: Path, imitation: Imitation, **more: str) -> AsyncIterator[Drill]:
    """The program over a copy of the small index; ends with status 0 whatever happened."""
    index = folder / "index"
    shutil.copytree(small_root, index)
    bot = Bot(imitation.url, f"sqlite:///{folder}/bot.sqlite3", index, folder, folder / "log", {"LOG_LEVEL": "INFO", **more})
    try:
        await bot.start()
        await bot.ready()
        async with httpx.AsyncClient(base_url=bot.address, timeout=PATIENCE) as http:
            yield Drill(bot, http, imitation, index, folder)
        assert await asyncio.wait_for(bot.stop(), PATIENCE) == 0
    finally:
        await bot.kill()


@pytest.fixture
async def program(small_root: Path, tmp_path: Path) -> AsyncIterator[Drill]:
    async with Imitation().serving() as imitation, drill(small_root, tmp_path, imitation) as running:
        await until(lambda: "đang nhận tin qua webhook" in running.log())  # until then it answers 503
        yield running


async def test_the_index_folder_is_deleted_and_put_back(program: Drill, small_root: Path) -> None:
    before = await program.version()
    shutil.rmtree(program.index)
    await until(lambda: "Không thấy chỉ mục trong thư mục chỉ mục" in program.log())
    await asyncio.sleep(3.5)  # it looks every three seconds
    assert program.log().count("Không thấy chỉ mục") == 1
    assert await program.answers() and await program.ready()
    assert await program.version() == before
    shutil.copytree(small_root, program.index)
    newer = program.index / "20990101T000000000000-000000000000"
    (program.index / before).rename(newer)
    (program.index / POINTER).write_text(newer.name)

    async def follows() -> bool:
        return await program.version() == newer.name

    await until(follows, every=0.1)
    assert await program.answers()
    assert "Traceback" not in program.log()


async def test_the_index_is_replaced_by_broken_ones(program: Drill) -> None:
    before = await program.version()
    for broken in ("vectors.npy", "manifest.json", "entries.jsonl"):
        bad = program.index / f"20990101T000000000000-{broken}"
        shutil.copytree(program.index / before, bad)
        half = (bad / broken).read_bytes()[: (bad / broken).stat().st_size // 2]
        (bad / broken).write_bytes(half)
        (program.index / POINTER).write_text(bad.name)
        await until(lambda name=bad.name: f"Không dùng được chỉ mục mới {name}" in program.log())
        assert await program.answers() and await program.ready()
        assert await program.version() == before
    await asyncio.sleep(3.5)
    assert program.log().count("Không dùng được chỉ mục mới") == 3, "each told once, not every three seconds"
    assert await program.answers()


async def test_the_database_is_locked_by_another_program(program: Drill) -> None:
    with closing(sqlite3.connect(program.database, isolation_level=None)) as other:
        other.execute("BEGIN IMMEDIATE")
        assert await program.deliver(1) == 503, "to be delivered again"
        assert await program.answers("b"), "a question is answered even if nothing can be remembered"
        assert "chưa lưu cuộc trò chuyện" in program.log()
        other.execute("ROLLBACK")
    assert await program.deliver(1) == 200
    await until(lambda: bool(program.imitation.telegram.taken["4001"]))


async def test_the_disk_is_full_for_a_while(program: Drill) -> None:
    assert program.bot.process is not None
    whole = resource.prlimit(program.bot.process.pid, resource.RLIMIT_FSIZE)
    assert await program.deliver(1) == 200
    await until(lambda: bool(program.imitation.telegram.taken["4001"]))
    # No file may grow beyond what the database's journal has already: what a full disk means to it.
    resource.prlimit(program.bot.process.pid, resource.RLIMIT_FSIZE, (4096, whole[1]))
    statuses = [await program.deliver(number) for number in range(2, 6)]
    assert set(statuses) == {503}
    assert "df -h" in program.log() and "khôi phục từ bản sao lưu" not in program.log()
    assert await program.answers("b")
    resource.prlimit(program.bot.process.pid, resource.RLIMIT_FSIZE, whole)
    assert [await program.deliver(number) for number in range(2, 6)] == [200] * 4
    await until(lambda: all(program.imitation.telegram.taken[str(4_000 + number)] for number in range(2, 6)))
    with closing(sqlite3.connect(program.database)) as connection:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)


async def test_the_database_file_is_deleted(small_root: Path, tmp_path: Path) -> None:
    """On Linux the open file goes on to exist for the program; what is asked meanwhile is answered, and a restart begins anew."""
    async with Imitation().serving() as imitation:
        async with drill(small_root, tmp_path, imitation) as program:
            assert await program.answers()
            for path in tmp_path.glob("bot.sqlite3*"):
                path.unlink()
            assert await program.answers("b")
            await until(lambda: "Tệp cơ sở dữ liệu đã bị xóa hoặc bị thay" in program.log())
        shutil.rmtree(tmp_path / "index")
        async with drill(small_root, tmp_path, imitation) as program:
            assert await program.answers() and await program.deliver(1) == 200
            await until(lambda: bool(imitation.telegram.taken["4001"]))


async def test_telegram_is_down_at_the_start(small_root: Path, tmp_path: Path) -> None:
    port = free_port()
    imitation = Imitation(url=f"http://127.0.0.1:{port}")
    async with drill(small_root, tmp_path, imitation) as program:
        assert await program.answers(), "the web goes on"
        assert await program.deliver(1) == 503, "to be delivered again"
        await until(lambda: "Không gọi được Telegram" in program.log())
        async with serving(imitation.application(), port):

            async def taken() -> bool:
                return await program.deliver(1) == 200

            await until(taken, every=0.2)
            await until(lambda: bool(imitation.telegram.taken["4001"]))
    assert "Traceback" not in program.log()


async def test_zalo_is_down_at_the_start(small_root: Path, tmp_path: Path) -> None:
    port, imitation = free_port(), Imitation()
    zalo = {
        "ZALO_BOT_TOKEN": "4567890123:fuzzFUZZfuzzFUZZfuzzFUZZ",
        "ZALO_BOT_BASE_URL": f"http://127.0.0.1:{port}",
        "ZALO_BOT_WEBHOOK_URL": "https://bot.example.vn/webhooks/zalo-bot",
        "ZALO_BOT_WEBHOOK_SECRET": SECRET,
        "LOG_LEVEL": "DEBUG",
    }
    event = {
        "event_name": "message.text.received",
        "message": {"message_id": "1", "chat": {"id": "9"}, "from": {"id": "9"}, "text": QUESTION},
    }
    async with Imitation().serving() as telegram, drill(small_root, tmp_path, telegram, **zalo) as program:
        await until(lambda: "Zalo Bot: chưa đặt được webhook" in program.log())
        assert await program.answers()
        delivered = await program.http.post("/webhooks/zalo-bot", json=event, headers={"X-Bot-Api-Secret-Token": SECRET})
        assert delivered.status_code == 200, "kept, and answered when Zalo is back"
        async with serving(imitation.application(), port):
            await until(lambda: imitation.told["9"] > 0)
    assert "Traceback" not in program.log()
    for secret in (SECRET, TOKEN.partition(":")[2], zalo["ZALO_BOT_TOKEN"].partition(":")[2]):
        assert secret not in program.log(), "even at DEBUG, with every call failing"


async def test_a_second_process_on_the_same_port_disturbs_nothing(program: Drill) -> None:
    values = {"PORT": str(program.bot.port)}
    second = Bot("http://127.0.0.1:1", f"sqlite:///{program.database}", program.index, program.folder, program.folder / "second", values)
    await second.start()
    assert second.process is not None
    assert await asyncio.wait_for(second.process.wait(), PATIENCE) == 2
    assert "đang có chương trình khác dùng" in (program.folder / "second").read_text(encoding="utf-8")
    assert await program.answers() and await program.deliver(1) == 200
