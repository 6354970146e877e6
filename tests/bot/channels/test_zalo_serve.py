"""Zalo with the whole program: an administrator authorises, the program serves both channels, tokens are replaced on the way."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import sys
import time
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import httpx

from bot.channels.zalo_bot.receivers import PATH as BOT_PATH
from bot.channels.zalo_oa.webhook import PATH as OA_PATH
from evaluation.imitations import zalo_bot as zalo_bot_server
from evaluation.imitations import zalo_oa as zalo_oa_server
from evaluation.imitations.zalo_bot import FakeZaloBot
from evaluation.imitations.zalo_oa import FakeZaloOa
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[3]
QUESTION = "làm giấy khai sinh cần giấy tờ gì"


async def program(*arguments: str, **variables: str) -> asyncio.subprocess.Process:
    """The command line in a process of its own, with the given ``BOT_…`` variables."""
    pipe = asyncio.subprocess.PIPE
    env = {**os.environ, "PYTHONIOENCODING": "utf-8", **{f"BOT_{name}": value for name, value in variables.items()}}
    return await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bot", *arguments, cwd=ROOT, env=env, stdin=pipe, stdout=pipe, stderr=pipe
    )


async def read_until(stream: asyncio.StreamReader, wanted: str) -> str:
    """The first line that holds ``wanted``."""
    while True:
        line = (await asyncio.wait_for(stream.readline(), PATIENCE)).decode()
        assert line, f"ended before it said {wanted!r}"
        if wanted in line:
            return line.strip()


async def test_from_authorising_to_answering(small_root: Path, tmp_path: Path) -> None:
    async with FakeZaloOa().serving() as oa, FakeZaloBot().serving() as bot:
        settings = {
            "DATA_DIR": str(tmp_path),
            "INDEX_DIR": str(small_root),
            "PORT": "0",
            "ZALO_OA_APP_ID": zalo_oa_server.APP_ID,
            "ZALO_OA_ID": zalo_oa_server.OA_ID,
            "ZALO_OA_APP_SECRET": zalo_oa_server.APP_SECRET,
            "ZALO_OA_SECRET_KEY": zalo_oa_server.SECRET_KEY,
            "ZALO_OA_CALLBACK_URL": "https://bot.tinh.gov.vn/zalo",
            "ZALO_OA_API_URL": oa.url,
            "ZALO_OA_OAUTH_URL": oa.url,
            "ZALO_BOT_TOKEN": zalo_bot_server.TOKEN,
            "ZALO_BOT_WEBHOOK_URL": "https://bot.tinh.gov.vn" + BOT_PATH,
            "ZALO_BOT_WEBHOOK_SECRET": zalo_bot_server.SECRET,
            "ZALO_BOT_BASE_URL": bot.url,
        }
        process = await program("serve", **settings)
        assert process.stderr is not None
        try:
            address = re.findall(r"http://[\d.:]+\d", await read_until(process.stderr, "kênh: web, zalo_oa, zalo_bot"))[0]
            oa.webhook, bot.webhook = address + OA_PATH, address + BOT_PATH
            assert await oa.deliver(b"", signature=None) == 200
            assert await oa.say(QUESTION) == 200
            await read_until(process.stderr, "gửi lại sau 300.0 giây")
            await _authorise(oa, settings)  # while it runs: what waited for it goes out at once
            assert "Giấy chứng sinh" in (await oa.wait_for(1))[0]
            await _figures_tell(address)
            oa.expire()
            assert await oa.say("lệ phí thế nào") == 200
            assert "Không thu lệ phí" in (await oa.wait_for(2))[1]
            assert await bot.say(QUESTION) == 200
            assert "Giấy chứng sinh" in (await bot.wait_for(1))[0]
            assert bot.done("setWebhook") == [{"url": settings["ZALO_BOT_WEBHOOK_URL"], "secret_token": zalo_bot_server.SECRET}]
            await _person_takes_over(oa)
            await _person_withdraws(oa, address)
            process.send_signal(signal.SIGTERM)
            _, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
            assert process.returncode == 0, errors.decode()
            written = errors.decode()
            for secret in (oa.access, oa.refresh, zalo_oa_server.SECRET_KEY, zalo_bot_server.SECRET, zalo_bot_server.TOKEN):
                assert secret not in written
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()


async def _figures_tell(address: str) -> None:
    """What became of the messages, that the channels run, and when the token ends."""

    async def sent() -> list[str]:
        lines = await _figures(address)
        return lines if 'bot_messages_total{channel="zalo_oa",result="sent"} 1.0' in lines else []

    lines = await until(sent)
    assert 'bot_messages_total{channel="zalo_oa",result="postponed"} 1.0' in lines
    assert 'bot_channel_running{channel="zalo_bot"} 1.0' in lines
    ends = next(float(line.split()[-1]) for line in lines if line.startswith('bot_token_expires_timestamp_seconds{channel="zalo_oa"}'))
    assert ends > time.time() + 3600


async def _figures(address: str) -> list[str]:
    async with httpx.AsyncClient(base_url=address) as http:
        return (await http.get("/metrics")).text.splitlines()


async def _authorise(oa: FakeZaloOa, settings: dict[str, str]) -> None:
    process = await program("zalo-authorise", **settings)
    assert process.stderr is not None and process.stdin is not None
    query = parse_qs(urlsplit(await read_until(process.stderr, "/v4/oa/permission?")).query)
    oa.verifier_challenge = query["code_challenge"][0]
    pasted = httpx.URL(
        query["redirect_uri"][0], params={"code": zalo_oa_server.CODE, "state": query["state"][0], "oa_id": zalo_oa_server.OA_ID}
    )
    _, errors = await asyncio.wait_for(process.communicate(f"{pasted}\n".encode()), PATIENCE)
    assert process.returncode == 0, errors.decode()
    assert "UBND xã Thử Nghiệm" in errors.decode()


async def _person_takes_over(oa: FakeZaloOa) -> None:
    """After a member of staff wrote in Zalo's own console the bot is quiet, but for one line that says so."""
    staff = oa.event(
        "oa_send_text", "u5", message={"msg_id": "s-1", "text": "Chào bác"}, sender={"id": zalo_oa_server.OA_ID, "admin_id": "9"}
    )
    assert await oa.deliver(staff) == 200
    for text in (QUESTION, QUESTION):
        assert await oa.say(text, "u5") == 200
    assert await oa.say(QUESTION, "u6") == 200
    await oa.wait_for(1, "u6")  # another person is answered as ever
    assert not any("Giấy chứng sinh" in text for text in oa.texts("u5"))


async def _person_withdraws(oa: FakeZaloOa, address: str) -> None:
    """After a person withdrew consent nothing of the conversation is left to continue."""
    assert await oa.say(QUESTION, "u7") == 200
    await oa.wait_for(1, "u7")
    assert await oa.deliver(oa.event("user_withdraw", "u7")) == 200
    await until(lambda: _nothing_waits(address))  # what waits when consent is withdrawn is erased with the rest
    assert await oa.say("lệ phí thế nào", "u7") == 200
    assert "Không thu lệ phí" not in (await oa.wait_for(2, "u7"))[1]


async def _nothing_waits(address: str) -> bool:
    waiting = [line.split()[-1] for line in await _figures(address) if line.startswith("bot_queue_waiting{")]
    assert len(waiting) == 2, "events and messages"
    return all(float(count) == 0 for count in waiting)
