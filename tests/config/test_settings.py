from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import WrongSettings, load_settings
from evaluation.imitations.telegram import TOKEN


def test_defaults() -> None:
    settings = load_settings(None)
    assert (settings.host, settings.port) == ("127.0.0.1", 8080)
    assert settings.index_dir == Path("var/index")
    assert settings.database_url == "sqlite:///var/bot.sqlite3"
    assert settings.telegram_token is None
    assert settings.secrets() == []


def test_index_and_database_follow_the_data_folder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_DATA_DIR", "/srv/bot")
    settings = load_settings(None)
    assert settings.index_dir == Path("/srv/bot/index")
    assert settings.database_url == "sqlite:////srv/bot/bot.sqlite3"


def test_env_file_and_environment(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = tmp_path / ".env"
    env.write_text("BOT_PORT=9000\nBOT_HOST=0.0.0.0\nBOT_TODAY=\nCOMPOSE_PROJECT_NAME=x\nBOT_LOG_LEVEL=debug\n", encoding="utf-8")
    monkeypatch.setenv("BOT_PORT", "9001")
    settings = load_settings(env)
    assert (settings.host, settings.port, settings.today, settings.log_level) == ("0.0.0.0", 9001, None, "DEBUG")


def test_wrong_values_name_the_variable_and_what_is_expected(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    env = tmp_path / ".env"
    env.write_text("BOT_PROT=1\n", encoding="utf-8")
    monkeypatch.setenv("BOT_PORT", "tám nghìn")
    monkeypatch.setenv("BOT_TODAY", "hôm nay")
    monkeypatch.setenv("BOT_DATABASE_URL", "postgres://ai:mat-khau@may/ten")
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN", "khong-phai-token")
    with pytest.raises(WrongSettings) as raised:
        load_settings(env)
    text = str(raised.value)
    assert "BOT_PORT: cần số cổng từ 1 đến 65535" in text and "'tám nghìn'" in text
    assert "BOT_TODAY: cần ngày dạng 2026-11-21" in text
    assert "BOT_PROT: không có biến này" in text
    assert "BOT_DATABASE_URL: cần" in text and "mat-khau" not in text
    assert "BOT_TELEGRAM_TOKEN: cần" in text and "khong-phai-token" not in text
    assert len(raised.value.problems) == 5


def test_token_from_a_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "token"
    secret.write_text(TOKEN + "\n", encoding="utf-8")
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN_FILE", str(secret))
    settings = load_settings(None)
    assert settings.secrets() == [TOKEN]
    assert TOKEN not in repr(settings)
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN_FILE", str(tmp_path / "none"))
    with pytest.raises(WrongSettings, match="BOT_TELEGRAM_TOKEN_FILE: không đọc được tệp"):
        load_settings(None)


def test_an_env_file_in_another_encoding_is_told(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_bytes(b"BOT_HOST=\xff\xfe")
    with pytest.raises(WrongSettings, match="UTF-8"):
        load_settings(env)


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+asyncpg://[",
        "postgresql+asyncpg://bot:x@host:port/bot",
        "postgresql+asyncpg://bot:mat#khau@may/ten",
        "postgresql+asyncpg://bot@may",
        "mysql://a/b",
        "sqlite:///:memory:",
        "sqlite://var/bot.sqlite3",
    ],
)
def test_an_address_of_a_database_that_is_none(monkeypatch: pytest.MonkeyPatch, url: str) -> None:
    monkeypatch.setenv("BOT_DATABASE_URL", url)
    with pytest.raises(WrongSettings, match="BOT_DATABASE_URL: cần") as wrong:
        load_settings(None)
    assert url not in str(wrong.value), "it may hold a password"
