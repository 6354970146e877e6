"""Settings from environment variables (``BOT_…``) and a ``.env`` file, checked before anything starts."""

from __future__ import annotations

import datetime as dt
import ipaddress
import os
import re
from collections.abc import Collection, Mapping, Sequence
from pathlib import Path
from typing import Any, Literal
from urllib.parse import unquote, urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_settings import SettingsConfigDict

from config.admin import ADMIN_SECRETS, AdminSettings
from config.console import reason
from config.environment import UnreadableFile, given_twice, misspelt, read_file, tidy
from config.shapes import ADDRESS, printable
from config.vectors import VECTOR_SECRETS, VectorSettings
from config.zalo import ZALO_SECRETS, ZaloSettings

PREFIX = "BOT_"
TOKEN_SHAPE = r"\d{5,15}:[A-Za-z0-9_-]{20,}"


class WrongSettings(ValueError):
    """Settings that cannot be used; the message names each variable and what it should hold, in Vietnamese."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("Cấu hình chưa đúng:\n" + "\n".join(f"  {p}" for p in problems))


class Settings(VectorSettings, ZaloSettings, AdminSettings):
    """Everything that can be set. A field's description says what is expected; it is what an error message shows."""

    model_config = SettingsConfigDict(env_prefix=PREFIX, env_ignore_empty=True, frozen=True, extra="ignore")

    host: str = Field(
        "127.0.0.1", pattern=r"^[A-Za-z0-9._:%-]{1,253}$", description="địa chỉ máy để mở cổng web, ví dụ 127.0.0.1 hoặc 0.0.0.0"
    )
    port: int = Field(8080, ge=0, le=65535, description="số cổng từ 1 đến 65535 (0: lấy một cổng trống)")
    data_dir: Path = Field(Path("var"), description="thư mục ghi dữ liệu khi chạy")
    index_dir: Path = Field(default_factory=lambda data: data["data_dir"] / "index", description="thư mục chỉ mục")
    knowledge_dir: Path = Field(Path("knowledge/data"), description="thư mục dữ liệu tri thức")
    database_url: str = Field(
        default_factory=lambda data: f"sqlite:///{data['data_dir']}/bot.sqlite3",
        pattern=r"^(sqlite(\+aiosqlite)?|postgresql\+asyncpg)://",
        repr=False,
        description="địa chỉ cơ sở dữ liệu, dạng sqlite:///tệp hoặc postgresql+asyncpg://người:mật_khẩu@máy/tên "
        "(ký tự lạ trong mật khẩu viết theo mã phần trăm, ví dụ %23 thay cho #)",
    )
    # --- What is kept, and how long ---
    secret_key: SecretStr | None = Field(
        None,
        min_length=16,
        description="khóa bí mật, ít nhất 16 ký tự, giống nhau ở mọi bản đang chạy (để trống: tự tạo, giữ trong thư mục của tệp SQLite)",
    )
    secret_key_file: Path | None = Field(None, description="đường dẫn tới tệp chỉ chứa khóa bí mật")
    retention_days: int = Field(90, ge=1, le=730, description="số ngày giữ câu hỏi, góp ý và trao đổi với cán bộ, từ 1 đến 730")

    telegram_token: SecretStr | None = Field(None, description="token của bot Telegram do @BotFather cấp, dạng 123456789:AA…")
    telegram_token_file: Path | None = Field(None, description="đường dẫn tới tệp chỉ chứa token của bot Telegram")
    telegram_base_url: str = Field(
        "https://api.telegram.org", pattern=ADDRESS, description="địa chỉ máy chủ Telegram, dạng https://tên-máy"
    )
    today: dt.date | None = Field(None, description="ngày dạng 2026-11-21 (chỉ để kiểm thử; để trống: ngày hôm nay)")
    encoder_model: str = Field("", description="tên mô hình trên Hugging Face hoặc thư mục (để trống: bộ mã hóa có sẵn)")
    encoder_query_prompt: str = Field("", description="chữ đặt trước câu hỏi khi mã hóa")
    encoder_passage_prompt: str = Field("", description="chữ đặt trước đoạn văn khi mã hóa")
    encoder_device: str = Field(
        "", pattern=r"^(cpu|mps|(cuda|xpu|npu)(:\d+)?)?$", description="thiết bị chạy mô hình: cpu, cuda, mps (để trống: tự chọn)"
    )
    encoder_batch_size: int = Field(32, ge=1, le=4096, description="số nguyên từ 1 đến 4096")
    encoder_max_tokens: int | None = Field(None, ge=8, le=65536, description="số nguyên từ 8 đến 65536 (để trống: theo mô hình)")
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field("INFO", description="một trong: DEBUG, INFO, WARNING, ERROR")
    log_format: Literal["text", "json"] = Field("text", description="một trong: text (dòng chữ), json (mỗi dòng một đối tượng JSON)")
    tracing_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/@]+/\S*)?$",
        description="địa chỉ OTLP/HTTP của máy thu OpenTelemetry, dạng http://127.0.0.1:4318/v1/traces (để trống: không gửi vết)",
    )
    conversation_days: int = Field(30, ge=1, le=365, description="số ngày giữ cuộc trò chuyện, từ 1 đến 365")
    max_question_chars: int = Field(1000, ge=50, le=1000, description="số ký tự nhiều nhất của một câu hỏi, từ 50 đến 1000")
    api_docs: bool = Field(False, description="true hoặc false (true: mở trang mô tả API ở /docs)")

    frame_ancestors: str = Field(
        "",
        pattern=r"^\s*(https?://[A-Za-z0-9.*-]+(:\d+)?(\s+|$))*$",
        description="các trang web được nhúng ô hỏi đáp, dạng https://tinh.gov.vn, cách nhau bằng dấu cách (để trống: chỉ trang của bot)",
    )

    # --- chat channels: Telegram's webhook, pace, the desk of staff ---
    replica: str = Field(
        "", pattern=r"^[A-Za-z0-9._-]{0,100}$", description="tên riêng của tiến trình này khi chạy nhiều bản (để trống: tên máy và cổng)"
    )
    telegram_webhook_url: str = Field(
        "",
        pattern=r"^(https?://[^\s]+/webhooks/telegram)?$",
        description="địa chỉ https công khai kết thúc bằng /webhooks/telegram (để trống: chương trình tự hỏi Telegram)",
    )
    telegram_webhook_secret: SecretStr | None = Field(
        None, description="chuỗi bí mật 16 đến 256 chữ cái không dấu, chữ số, dấu _ và -, để nhận ra tin do Telegram gửi"
    )
    telegram_webhook_secret_file: Path | None = Field(None, description="đường dẫn tới tệp chỉ chứa chuỗi bí mật của webhook Telegram")
    telegram_per_second: float = Field(
        25.0, gt=0, le=1000, description="số tin gửi qua Telegram mỗi giây (Telegram cho khoảng 30), từ 0.1 đến 1000"
    )
    messages_per_minute: int = Field(30, ge=1, le=100_000, description="số tin mỗi phút của một người được trả lời, từ 1 đến 100000")
    office_hours: str = Field(
        "", description="giờ cán bộ trả lời, dạng T2-T6 7:30-11:30 13:30-17:00; T7 8:00-11:00 (để trống: không hẹn giờ)"
    )
    holidays: str = Field("", description="các ngày nghỉ lễ dạng 2026-09-02, cách nhau bằng dấu phẩy")
    quiet_minutes: int = Field(30, ge=1, le=1440, description="số phút bot im lặng sau khi cán bộ nhắn từ ứng dụng của kênh, từ 1 đến 1440")

    @field_validator("telegram_webhook_secret")
    @classmethod
    def _webhook_secret_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"[A-Za-z0-9_-]{16,256}", value.get_secret_value()):
            raise ValueError("secret")
        return value

    @model_validator(mode="after")
    def _webhook_is_whole(self) -> Settings:
        needed = ("telegram_token", "telegram_webhook_secret") if self.telegram_webhook_url else ()
        missing = [variable(name) for name in needed if getattr(self, name) is None]
        if missing:
            raise ValueError(f"{', '.join(missing)}: cần đặt khi có BOT_TELEGRAM_WEBHOOK_URL")
        return self

    # --- web: limits, who may call, what is shown ---
    rate_per_conversation: int = Field(20, ge=0, le=100_000, description="số câu hỏi mỗi phút của một cuộc trò chuyện (0: không giới hạn)")
    rate_per_address: int = Field(240, ge=0, le=100_000, description="số yêu cầu mỗi phút từ một địa chỉ mạng (0: không giới hạn)")
    rate_overall: int = Field(3000, ge=0, le=1_000_000, description="số yêu cầu mỗi phút của cả chương trình (0: không giới hạn)")
    trusted_proxies: str = Field("", description="địa chỉ IP hoặc dải mạng của proxy đứng trước, cách nhau bằng dấu cách, ví dụ 127.0.0.1")
    allowed_hosts: str = Field(
        "",
        pattern=r"^\s*([A-Za-z0-9.\[\]:-]+(\s+|$))*$",
        description="các tên miền của bot, cách nhau bằng dấu cách, ví dụ hoidap.tinh.gov.vn (để trống: nhận mọi tên)",
    )
    cors_origins: str = Field(
        "",
        pattern=r"^\s*(https?://[A-Za-z0-9.-]+(:\d+)?(\s+|$))*$",
        description="các trang web được gọi API từ trình duyệt, dạng https://tinh.gov.vn, cách nhau bằng dấu cách",
    )
    hsts_days: int = Field(0, ge=0, le=730, description="số ngày trình duyệt chỉ được vào bằng HTTPS, từ 0 đến 730 (0: không đặt)")
    access_log: bool = Field(False, description="true hoặc false (true: ghi nhật ký từng yêu cầu web, không có dữ liệu cá nhân)")
    metrics_token: SecretStr | None = Field(
        None,
        description="mật khẩu để đọc /metrics, ít nhất 16 chữ cái không dấu, chữ số hoặc dấu, không có dấu cách "
        "(để trống: chỉ máy này đọc được)",
    )
    metrics_token_file: Path | None = Field(None, description="đường dẫn tới tệp chỉ chứa mật khẩu để đọc /metrics")

    @field_validator("metrics_token")
    @classmethod
    def _fits_a_header(cls, value: SecretStr | None) -> SecretStr | None:
        return printable(value, shortest=16)

    @field_validator("*")
    @classmethod
    def _readable_address(cls, value: object) -> object:
        """No address has a port that is no number, or an open bracket."""
        if isinstance(value, str) and "://" in value and not re.search(r"\s", value):
            _ = urlsplit(value).port  # raises ValueError
        return value

    @field_validator("database_url")
    @classmethod
    def _a_database(cls, value: str) -> str:
        """A file or a name on a server; what is only in memory would be lost, and "#" cuts a password off."""
        parts = urlsplit(value)
        if not parts.path.strip("/") or parts.path == "/:memory:" or parts.fragment or (parts.hostname and value.startswith("sqlite")):
            raise ValueError("database")
        return value

    @field_validator("today", mode="before")
    @classmethod
    def _a_day(cls, value: object) -> object:
        # Left alone, a number counts as seconds since 1970.
        return dt.date.fromisoformat(value) if isinstance(value, str) else value

    @field_validator("trusted_proxies")
    @classmethod
    def _networks(cls, value: str) -> str:
        for part in value.split():
            ipaddress.ip_network(part, strict=False)
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @model_validator(mode="before")
    @classmethod
    def _tidied(cls, values: dict[str, Any]) -> dict[str, Any]:
        """Without blanks and quotes around the values. What is then empty counts as not set; a prompt keeps its blanks."""
        tidied = {k: tidy(v, strip=not k.endswith("_prompt")) if isinstance(v, str) else v for k, v in values.items()}
        return cls._with_secret_files({k: v for k, v in tidied.items() if v != ""})

    @classmethod
    def _with_secret_files(cls, values: dict[str, Any]) -> dict[str, Any]:
        """A secret kept in a file (``BOT_X_FILE``), as container platforms hand them out, counts as the secret itself."""
        for name in SECRETS:
            path = values.get(f"{name}_file")
            if path and not values.get(name):
                try:
                    values = {**values, name: Path(path).read_text(encoding="utf-8-sig").strip()}
                except OSError as error:
                    raise ValueError(f"{variable(name)}_FILE: không đọc được tệp {path}: {reason(error)}") from error
                except ValueError as error:
                    raise ValueError(f"{variable(name)}_FILE: tệp {path} không phải tệp chữ UTF-8") from error
                if not values[name]:
                    raise ValueError(f"{variable(name)}_FILE: tệp {path} rỗng")
        return values

    @field_validator("telegram_token")
    @classmethod
    def _token_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(TOKEN_SHAPE, value.get_secret_value()):
            raise ValueError("token")
        return value

    def secrets(self) -> list[str]:
        """The values that must never be shown: each secret, its parts where it is a list, and the database's password."""
        values = [s.get_secret_value() for s in (getattr(self, name) for name in SECRETS) if s is not None]
        values += [part for value in values if len(value.split()) > 1 for part in value.split()]
        password = urlsplit(self.database_url).password
        if password:
            # A short one may be a part of any word; in an address it is one.
            values += [f":{password}@", *(p for p in (password, unquote(password)) if len(p) >= _LONG_ENOUGH)]
        return list(dict.fromkeys(values))


SECRETS = ("telegram_token", "telegram_webhook_secret", "secret_key", "metrics_token", *VECTOR_SECRETS, *ZALO_SECRETS, *ADMIN_SECRETS)
_LONG_ENOUGH = 8
"""Characters of a database's password that is covered wherever it stands."""
_SHOWN_NEVER = {*SECRETS, "database_url"}


def variable(name: str) -> str:
    """The environment variable of a field: ``port`` → ``BOT_PORT``."""
    return f"{PREFIX}{name}".upper()


def _describe(error: Mapping[str, Any], given: Collection[str]) -> str:
    """One validation error in Vietnamese. ``given``: the variables that are set, to name the file where a secret comes from one."""
    if not error["loc"]:
        return str(error["msg"]).removeprefix("Value error, ")
    name = str(error["loc"][0])
    named, expected = variable(name), Settings.model_fields[name].description
    if name in SECRETS and named not in given and f"{named}_FILE" in given:
        return f"{named}_FILE: nội dung tệp cần là {expected}"
    found = "" if name in _SHOWN_NEVER else f", đang là {str(error['input'])[:60]!r}"
    return f"{named}: cần {expected}{found}"


def _known() -> set[str]:
    return {variable(name) for name in Settings.model_fields}


def unknown_variables() -> list[str]:
    """What to warn of in the environment: names that begin like ours and do not exist. Not refused, as in a file: others may use the
    prefix there."""
    return misspelt((name for name in map(str.upper, os.environ) if name.startswith(PREFIX)), _known(), PREFIX)


def load_settings(env_file: Path | None = Path(".env")) -> Settings:
    """Read the environment and ``env_file`` (the environment wins).

    Raises:
        WrongSettings: a value is not usable, or ``env_file`` cannot be read, holds a ``BOT_`` variable that does not exist, or one twice.
    """
    try:
        written = read_file(env_file)
    except UnreadableFile as error:
        raise WrongSettings(error.problems) from error
    problems = [*misspelt(written, _known(), PREFIX), *given_twice(written, PREFIX)]
    try:
        settings = Settings(_env_file=env_file, _env_file_encoding="utf-8-sig")
    except ValidationError as invalid:
        given = {name.upper() for names in (written, os.environ) for name in names if name.upper().startswith(PREFIX)}
        # A default that depends on a wrong value is a consequence, not a second mistake.
        problems += [_describe(e, given) for e in invalid.errors() if e["type"] != "default_factory_not_called"]
    if problems:
        raise WrongSettings(problems)
    return settings
