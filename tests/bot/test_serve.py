"""The whole program: settings, a small real index, the web API and Telegram, start to stop."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import socket
import sys
from pathlib import Path

import httpx
import pytest

from bot.__main__ import main
from bot.serve import serve
from config.settings import Settings
from evaluation.imitations.telegram import TOKEN, FakeTelegram
from index_builder.build import build
from knowledge.encoding import StaticEncoder
from tests.fakes.knowledge_data import write_data
from tests.waiting import PATIENCE, until

ROOT = Path(__file__).parents[2]
QUESTION = "ai chủ trì bản tin cải cách hành chính ở Tiền Giang"
PROGRAM = (
    "import sys; from bot.serve import serve; from config.logging import set_up_logging; from config.settings import load_settings;"
    "s = load_settings(None); set_up_logging(s.log_level, s.secrets()); sys.exit(serve(s))"
)


def settings(folder: Path, **values: object) -> Settings:
    return Settings(_env_file=None, data_dir=folder, port=0, **values)  # type: ignore[arg-type, call-arg]


def test_without_an_index_it_says_how_to_build_one(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert serve(settings(tmp_path)) == 3
    captured = capsys.readouterr()
    assert "python -m index_builder build" in captured.err
    assert captured.out == ""


def test_settings_that_may_be_a_mistake_are_warned_of(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    monkeypatch.setattr(root, "handlers", [])
    monkeypatch.setattr(root, "level", root.level)
    for name, value in (("BOT_TODAY", "2026-11-21"), ("BOT_PROT", "1"), ("BOT_PORT", "0")):
        monkeypatch.setenv(name, value)
    assert main(["serve"]) == 3
    told = capsys.readouterr().err
    assert "BOT_TODAY đang đặt: mọi câu trả lời là cho ngày 2026-11-21" in told
    assert "BOT_PROT: không có biến này" in told and "BOT_PORT không?" in told


def test_an_index_that_cannot_be_read_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "index" / "CURRENT").mkdir(parents=True)  # what root, who runs tests in containers, cannot read either
    assert serve(settings(tmp_path)) == 3
    told = capsys.readouterr().err
    assert str(tmp_path / "index" / "CURRENT") in told and "index_builder build" in told


def test_a_taken_port_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        assert serve(settings(tmp_path).model_copy(update={"port": port})) == 2
    assert f"Cổng {port} đang có chương trình khác dùng" in capsys.readouterr().err


def test_a_wrong_address_or_database_is_told(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for host in ("192.0.2.1", "::1%khong-co"):
        assert serve(settings(tmp_path, host=host)) == 2
        assert f"{host} không phải địa chỉ của máy này. Đặt BOT_HOST" in capsys.readouterr().err
    (tmp_path / "file").write_text("")
    assert serve(settings(tmp_path, database_url=f"sqlite+aiosqlite:///{tmp_path}/file/x.sqlite3")) == 2
    assert "BOT_DATABASE_URL" in capsys.readouterr().err


def test_a_database_server_that_is_away_may_come_back(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
    values = {"database_url": f"postgresql+asyncpg://bot@127.0.0.1:{port}/bot", "secret_key": "0123456789abcdef"}
    assert serve(settings(tmp_path, **values)) == 1, "what systemd starts again"
    assert "BOT_DATABASE_URL" in capsys.readouterr().err


async def test_answers_on_the_web_and_on_telegram_and_follows_a_new_index(tmp_path: Path) -> None:
    data = write_data(tmp_path / "data")
    encoder = StaticEncoder()
    build(tmp_path / "var" / "index", encoder, data, quiet=True)
    async with FakeTelegram().serving() as telegram:
        values = {"DATA_DIR": str(tmp_path / "var"), "PORT": "0", "TELEGRAM_TOKEN": TOKEN, "TELEGRAM_BASE_URL": telegram.url}
        env = {**os.environ, **{f"BOT_{k}": v for k, v in values.items()}}
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-c", PROGRAM, cwd=ROOT, env=env, stderr=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE
        )
        assert process.stderr is not None and process.stdout is not None
        try:
            said = ""
            while "http://" not in said:  # a first start also logs the new secret key and the new tables
                said = (await asyncio.wait_for(process.stderr.readline(), PATIENCE)).decode()
                assert said, "ended before it began"
            assert "kênh: web, telegram" in said
            address = re.findall(r"http://[\d.:]+\d", said)[0]
            async with httpx.AsyncClient(base_url=address) as web:
                answer = (await web.post("/api/v1/ask", json={"text": QUESTION})).json()
                assert (answer["status"], answer["lead"]) == ("answered", ["Sở Nội vụ"])
                telegram.say(QUESTION)
                assert "Sở Nội vụ" in (await telegram.wait_for(1))[0]
                telegram.say("/vanban")
                await telegram.wait_for(2)
                telegram.press(telegram.buttons()["1. Kế hoạch Tiền Giang 2021"])
                assert "103/KH-UBND" in (await telegram.wait_for(3))[2]
                before = (await web.get("/healthz")).json()["index"]
                build(tmp_path / "var" / "index", encoder, data, force=True, quiet=True)

                async def another() -> bool:
                    return bool((await web.get("/healthz")).json()["index"] != before)

                await until(another, every=0.1)
            process.send_signal(signal.SIGTERM)
            out, errors = await asyncio.wait_for(process.communicate(), PATIENCE)
        finally:
            if process.returncode is None:
                process.kill()
    assert process.returncode == 0
    assert out == b""
    assert TOKEN.split(":")[1] not in errors.decode()
