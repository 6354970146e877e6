from __future__ import annotations

import datetime as dt
import json
import logging
from collections.abc import Iterator
from pathlib import Path

import pytest

from config.logging import REDACTED, event_id, request_id, set_up_logging
from config.settings import SECRETS, load_settings, variable
from evaluation.imitations.telegram import TOKEN


@pytest.fixture(autouse=True)
def _restore() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in ("httpx", "httpcore", "telegram", "telegram.ext", "alembic", "asyncio", "uvicorn", "uvicorn.error"):
        logging.getLogger(name).setLevel(logging.NOTSET)


def test_tokens_are_covered_everywhere(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("DEBUG", ["bí-mật-khác"])
    log = logging.getLogger("thử")
    log.info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    log.info("mã hóa: %s, bí-mật-khác", TOKEN.replace(":", "%3A"))
    try:
        raise ValueError(f"The token `{TOKEN}` was rejected")
    except ValueError:
        log.exception("hỏng")
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.count(REDACTED) == 4
    assert TOKEN.split(":")[1] not in captured.err
    assert "bí-mật-khác" not in captured.err
    assert "Traceback" in captured.err


@pytest.mark.parametrize("form", ["text", "json"])
@pytest.mark.parametrize("name", [*SECRETS, "database_url"])
def test_no_secret_of_the_settings_is_logged(name: str, form: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    hashes = "$argon2id$v=19$m=1,t=1,p=1$aaaa$bbbb", "lan:$argon2id$v=19$m=1,t=1,p=1$cccc$dddd"
    shapes = {
        "telegram_token": TOKEN,
        "zalo_bot_token": "4567890123:zaloFAKEfakeFAKEfakeFAKE",
        "admin_password_hash": " ".join(hashes),
        "database_url": "postgresql+asyncpg://bot:m%40t-khau-dai@may/ten",
    }
    value = shapes.get(name, f"bi-mat-{name}-0123456789")
    env = tmp_path / ".env"
    oa = {"ZALO_OA_APP_ID": "1", "ZALO_OA_ID": "1", "ZALO_OA_APP_SECRET": "of-the-app", "ZALO_OA_SECRET_KEY": "of-the-page"}
    oidc = {"ISSUER": "https://sso.vn", "CLIENT_ID": "1", "CLIENT_SECRET": "of-oidc", "EMAILS": "lan@tinh.vn"}
    beside = {f"BOT_{k}": v for k, v in oa.items()} | {f"BOT_ADMIN_OIDC_{k}": v for k, v in oidc.items()}
    values = beside | {"BOT_ADMIN_PUBLIC_URL": "https://x.vn", variable(name): value}
    env.write_text("".join(f"{k}='{v}'\n" for k, v in values.items()), encoding="utf-8")
    settings = load_settings(env)
    hidden = {"database_url": ["m%40t-khau-dai", "m@t-khau-dai"], "admin_password_hash": [value, *hashes]}.get(name, [value])
    set_up_logging("DEBUG", settings.secrets(), form)
    log = logging.getLogger("thử")
    for secret in hidden:
        log.info("thẳng %s", secret)
        log.debug("trong %r", {"url": f"https://x/{secret}?a=1"})
        try:
            raise OSError(f"không nối được {secret}")
        except OSError:
            log.exception("hỏng")
    log.info("cấu hình: %r", settings)
    shown = capsys.readouterr().err
    assert shown.count(REDACTED) >= 3 * len(hidden)
    assert not [secret for secret in hidden if secret in shown]


def test_a_short_password_of_the_database_is_covered_in_its_address(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    env = tmp_path / ".env"
    env.write_text("BOT_DATABASE_URL=postgresql+asyncpg://bot:bot@may/bot\n", encoding="utf-8")
    set_up_logging("INFO", load_settings(env).secrets())
    logging.getLogger("thử").info("bot nối postgresql+asyncpg://bot:bot@may/bot")
    assert "bot nối postgresql+asyncpg://bot[đã che]may/bot" in capsys.readouterr().err


def test_http_libraries_are_quiet_even_at_debug(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("DEBUG")
    for name in ("httpx", "httpcore.connection", "telegram.Bot", "telegram.ext.ExtBot"):
        logging.getLogger(name).info("HTTP Request: …")
    assert capsys.readouterr().err == ""


def test_lines_of_json(capsys: pytest.CaptureFixture[str]) -> None:
    odd = 'bí "mật"\\'
    set_up_logging("INFO", [odd], "json")
    log = logging.getLogger("thử")
    numbers = request_id.set("r-1"), event_id.set("telegram:7")
    try:
        raise OSError(f"không nối được {odd} {TOKEN}")
    except OSError:
        log.exception("hai\ndòng %s", odd)
    finally:
        request_id.reset(numbers[0])
        event_id.reset(numbers[1])
    log.info("POST https://api.telegram.org/bot%s/getMe", TOKEN)
    first, second = capsys.readouterr().err.splitlines()
    told = json.loads(first)
    assert (told["level"], told["logger"], told["message"]) == ("ERROR", "thử", f"hai\ndòng {REDACTED}")
    assert (told["request"], told["event"]) == ("r-1", "telegram:7")
    assert f"OSError: không nối được {REDACTED} {REDACTED}" in told["traceback"]
    assert dt.datetime.fromisoformat(told["time"]).tzinfo is not None
    assert set(json.loads(second)) == {"time", "level", "logger", "message"}
    for line in (first, second):
        assert TOKEN.split(":")[1] not in line and "mật" not in line
