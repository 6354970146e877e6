from __future__ import annotations

import logging
from collections.abc import Iterator

import pytest

from config.logging import REDACTED, set_up_logging
from tests.fakes.telegram_server import TOKEN


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


def test_http_libraries_are_quiet_even_at_debug(capsys: pytest.CaptureFixture[str]) -> None:
    set_up_logging("DEBUG")
    for name in ("httpx", "httpcore.connection", "telegram.Bot", "telegram.ext.ExtBot"):
        logging.getLogger(name).info("HTTP Request: …")
    assert capsys.readouterr().err == ""
