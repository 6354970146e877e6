"""What is written in ``.env`` and the environment: whatever stands there, the variable is named and what to write is said."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.environment import misspelt, tidy
from config.settings import Settings, WrongSettings, load_settings, unknown_variables, variable
from evaluation.imitations.telegram import TOKEN

GARBAGE = (
    " ", "rác rưởi", "-1", "0", "99999999999", "1e400", "nan", "inf", "None", "http://", "https://x y", "http://[::1", "[", "'abc'",
    "\u202e", "\x01", "x" * 5000, "có dấu\tvà tab",
)  # fmt: skip
TEXT = "bi-mat-khong-duoc-in-ra"


def wrong(file: Path, text: str | bytes) -> str:
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    with pytest.raises(WrongSettings) as raised:
        load_settings(file)
    return str(raised.value)


def told_of(value: str, name: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """What is said about ``value``; nothing where it is taken."""
    monkeypatch.setenv(variable(name), value)
    try:
        load_settings(None)
    except WrongSettings as error:
        return str(error)
    return ""


@pytest.mark.parametrize("name", Settings.model_fields)
def test_garbage_is_taken_or_told_with_the_variable(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # Where a channel has one good setting, those that are missing are named.
    named = next((f"BOT_{group}" for group in ("ZALO_OA_", "ADMIN_OIDC_") if variable(name).startswith(f"BOT_{group}")), variable(name))
    told = [text for value in GARBAGE if (text := told_of(value, name, monkeypatch))]
    assert all(named in text and any(word in text for word in ("cần", "thiếu", "không đọc được tệp")) for text in told)


@pytest.mark.parametrize("name", sorted(n for n in Settings.model_fields if not n.endswith("_prompt")))
def test_blanks_count_as_not_set(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    default = load_settings(None)
    for blank in (" \t ", "''"):
        monkeypatch.setenv(variable(name), blank)
        assert load_settings(None) == default


def test_quotes_that_docker_hands_on_are_no_part_of_the_value(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_ADMIN_PASSWORD_HASH", "'lan:$argon2id$v=19$m=65536,t=3,p=4$YWJj$ZGVm'")
    monkeypatch.setenv("BOT_ENCODER_QUERY_PROMPT", '"query: "')
    monkeypatch.setenv("BOT_PORT", " 9000 ")
    settings = load_settings(None)
    assert settings.admin_password_hash is not None and settings.admin_password_hash.get_secret_value().startswith("lan:$")
    assert (settings.encoder_query_prompt, settings.port) == ("query: ", 9000)
    assert tidy("'") == "'" and tidy("\"a'") == "\"a'"


def test_a_file_of_windows_is_read(tmp_path: Path) -> None:
    env = tmp_path / ".env"
    env.write_bytes(b"\xef\xbb\xbfBOT_PORT=9000\r\nBOT_HOST=0.0.0.0\r\n")
    settings = load_settings(env)
    assert (settings.port, settings.host) == (9000, "0.0.0.0")


@pytest.mark.parametrize("line", [f"BOT_SECRET_KEY {TEXT}", f"BOT_SECRET_KEY='{TEXT}", f"BOT_{TEXT}", "= 5"])
def test_a_line_that_means_nothing_is_told_with_its_number(tmp_path: Path, line: str) -> None:
    told = wrong(tmp_path / ".env", f"# một\nBOT_HOST=0.0.0.0\n\n{line}\nBOT_PORT=1\n")
    assert "dòng 4: không đọc được, cần dạng TÊN=giá_trị" in told
    assert TEXT not in told


def test_what_is_no_file_of_settings_is_told(tmp_path: Path) -> None:
    assert "UTF-8" in wrong(tmp_path / ".env", b"BOT_HOST=\xff\xfe")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WrongSettings, match="folder: đây là thư mục"):  # what Docker makes where a file to be mounted is missing
        load_settings(tmp_path / "folder")


def test_one_name_with_two_values(tmp_path: Path) -> None:
    told = wrong(tmp_path / ".env", f"BOT_SECRET_KEY={TEXT}1\nBOT_PORT=9000\nBOT_SECRET_KEY={TEXT}2\nBOT_PORT=9000\n")
    assert "BOT_SECRET_KEY: được đặt 2 lần" in told and "BOT_PORT" not in told and TEXT not in told


def test_names_that_do_not_exist(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    told = wrong(tmp_path / ".env", f"BOT_PROT=1\nTELEGRAM_TOKEN={TEXT}\nBTO_DATABASE_URL=x\nHOST=y\nPOSTGRES_PASSWORD=z\n")
    assert "BOT_PROT: không có biến này (có thể gõ sai tên; có phải BOT_PORT không?)" in told
    assert "TELEGRAM_TOKEN: tên biến chưa đúng; có phải BOT_TELEGRAM_TOKEN không?" in told
    assert "BTO_DATABASE_URL: tên biến chưa đúng; có phải BOT_DATABASE_URL không?" in told
    assert " HOST" not in told and "POSTGRES_PASSWORD" not in told and TEXT not in told
    assert misspelt(["BOT_XYZ"], {"BOT_PORT"}, "BOT_") == ["BOT_XYZ: không có biến này (có thể gõ sai tên)"]
    monkeypatch.setenv("BOT_TELEGRAM_TOKENS", TEXT)
    monkeypatch.setenv("HOST", "x")
    assert load_settings(None).telegram_token is None, "others may use the prefix in the environment"
    assert unknown_variables() == ["BOT_TELEGRAM_TOKENS: không có biến này (có thể gõ sai tên; có phải BOT_TELEGRAM_TOKEN không?)"]


def test_a_secret_in_a_file_is_spoken_of_as_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    secret = tmp_path / "token"
    monkeypatch.setenv("BOT_TELEGRAM_TOKEN_FILE", str(secret))
    for content, told in (
        (b"", "BOT_TELEGRAM_TOKEN_FILE: tệp .* rỗng"),
        (b"\xff\xfe", "BOT_TELEGRAM_TOKEN_FILE: tệp .* không phải tệp chữ UTF-8"),
        (TEXT.encode(), "BOT_TELEGRAM_TOKEN_FILE: nội dung tệp cần là token"),
    ):
        secret.write_bytes(content)
        with pytest.raises(WrongSettings, match=told) as raised:
            load_settings(None)
        assert TEXT not in str(raised.value)
    secret.write_bytes(b"\xef\xbb\xbf" + TOKEN.encode() + b"\r\n")
    assert load_settings(None).secrets() == [TOKEN]


@pytest.mark.parametrize(
    ("values", "told"),
    [
        ({"TODAY": "20261121000"}, "BOT_TODAY: cần ngày dạng 2026-11-21"),
        ({"TODAY": "0"}, "BOT_TODAY: cần ngày"),
        ({"DATABASE_URL": "sqlite://"}, "BOT_DATABASE_URL: cần"),
        ({"HOST": "[::1]"}, "BOT_HOST: cần"),
        ({"ENCODER_DEVICE": "gpu"}, "BOT_ENCODER_DEVICE: cần"),
        ({"TELEGRAM_BASE_URL": "https://may chu"}, "BOT_TELEGRAM_BASE_URL: cần"),
        ({"ZALO_OA_API_URL": "http://[::1"}, "BOT_ZALO_OA_API_URL: cần"),
        ({"METRICS_TOKEN": "mật khẩu có dấu và dấu cách"}, "BOT_METRICS_TOKEN: cần"),
        ({"ADMIN_OIDC_EMAILS": "lan@tinh.vn, minh@tinh.vn"}, "BOT_ADMIN_OIDC_EMAILS: cần .* cách nhau bằng dấu cách"),
        ({"ADMIN_OIDC_CLIENT_ID": "bot"}, "BOT_ADMIN_OIDC_ISSUER: cần đặt khi có"),
        ({"ADMIN_PASSWORD_HASH": "lan:$argon2id$v=19$m=65536"}, "BOT_ADMIN_PASSWORD_HASH: cần mã băm argon2id trọn vẹn"),
        ({"ADMIN_PASSWORD_HASH": " ".join(["lan:$argon2id$v=19$m=1,t=1,p=1$a$b"] * 2)}, "BOT_ADMIN_PASSWORD_HASH: .* mỗi tên một lần"),
        ({"TELEGRAM_WEBHOOK_URL": "https://x.vn/webhooks/telegram"}, "BOT_TELEGRAM_TOKEN, BOT_TELEGRAM_WEBHOOK_SECRET: cần đặt"),
        ({"ZALO_BOT_WEBHOOK_URL": "https://x.vn/webhooks/zalo-bot"}, "BOT_ZALO_BOT_TOKEN: cần đặt khi có"),
        ({"ZALO_BOT_WEBHOOK_URL": "https://x.vn/zalo"}, "BOT_ZALO_BOT_WEBHOOK_URL: cần .* kết thúc bằng /webhooks/zalo-bot"),
        ({"ZALO_OA_APP_SECRET": "abc   # trang Cài đặt"}, "BOT_ZALO_OA_APP_SECRET: cần .* không có dấu cách"),
    ],
)
def test_what_cannot_be_meant_or_contradicts(values: dict[str, str], told: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in values.items():
        monkeypatch.setenv(f"BOT_{name}", value)
    with pytest.raises(WrongSettings, match=told):
        load_settings(None)
