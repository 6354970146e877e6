"""The settings of the staff pages, part of :class:`config.settings.Settings`."""

from __future__ import annotations

import re
from pathlib import Path

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from config.shapes import printable

ADMIN_SECRETS = ("admin_password_hash", "admin_oidc_client_secret")
_ACCOUNT = re.compile(r"([\w.@-]{1,64}:|)\$argon2id\$v=\d+\$m=\d+,t=\d+,p=\d+\$[A-Za-z0-9+/]+\$[A-Za-z0-9+/]+")


class AdminSettings(BaseSettings):
    """The staff pages are closed unless a password hash or an OpenID Connect provider is set."""

    admin_password_hash: SecretStr | None = Field(
        None,
        description="mã băm argon2id trọn vẹn do lệnh python -m bot admin-password in ra, giữ dấu nháy đơn; "
        "nhiều người thì cách nhau bằng dấu cách, mỗi tên một lần",
    )
    admin_password_hash_file: Path | None = Field(None, description="đường dẫn tới tệp chỉ chứa các mã băm mật khẩu, mỗi dòng một mã")
    admin_oidc_issuer: str = Field(
        "",
        pattern=r"^(https://[^\s?#]+|http://(127\.0\.0\.1|localhost)(:\d+)?[^\s?#]*)?$",
        description="địa chỉ nhà cung cấp OIDC, https://…",
    )
    admin_oidc_client_id: str = Field("", description="mã ứng dụng (client id) đã khai ở nhà cung cấp OIDC")
    admin_oidc_client_secret: SecretStr | None = Field(
        None, description="khóa bí mật của ứng dụng (client secret) ở nhà cung cấp OIDC, không có dấu cách"
    )
    admin_oidc_client_secret_file: Path | None = Field(None, description="đường dẫn tới tệp chỉ chứa khóa bí mật của ứng dụng OIDC")
    admin_oidc_emails: str = Field(
        "",
        pattern=r"^\s*([^\s@,;]+@[^\s@,;]+(\s+|$))*$",
        description="các địa chỉ thư được vào trang cán bộ, dạng lan@tinh.gov.vn, cách nhau bằng dấu cách",
    )
    admin_oidc_subjects: str = Field(
        "",
        pattern=r"^\s*([\w.@-]{1,64}=[^\s,;]{1,255}(\s+|$))*$",
        description="những người được vào nhận ra bằng mã của nhà cung cấp (sub), dạng tên=mã, cách nhau bằng dấu cách",
    )
    admin_public_url: str = Field(
        "", pattern=r"^(https?://[^\s/?#]+)?$", description="địa chỉ công khai của bot, dạng https://hoidap.tinh.gov.vn, để OIDC gọi về"
    )
    admin_idle_minutes: int = Field(30, ge=1, le=480, description="số phút không dùng thì phải đăng nhập lại, từ 1 đến 480")
    admin_session_hours: float = Field(10.0, gt=0, le=24, description="số giờ dài nhất của một lần đăng nhập, đến 24")

    @field_validator("admin_password_hash")
    @classmethod
    def _hashes(cls, value: SecretStr | None) -> SecretStr | None:
        matches = [_ACCOUNT.fullmatch(part) for part in value.get_secret_value().split()] if value is not None else []
        names = [match[1] for match in matches if match]
        if len(set(names)) < len(matches):
            raise ValueError("hash")
        return value

    @field_validator("admin_oidc_client_secret")
    @classmethod
    def _client_secret_shape(cls, value: SecretStr | None) -> SecretStr | None:
        return printable(value)

    @model_validator(mode="after")
    def _oidc_is_whole(self) -> AdminSettings:
        if self.admin_oidc_issuer:
            needed = ("admin_oidc_client_id", "admin_oidc_client_secret", "admin_public_url")
            missing = [f"BOT_{name.upper()}" for name in needed if not getattr(self, name)]
            if not (self.admin_oidc_emails or self.admin_oidc_subjects):
                missing.append("BOT_ADMIN_OIDC_EMAILS hoặc BOT_ADMIN_OIDC_SUBJECTS")
            if missing:
                raise ValueError(f"{', '.join(missing)}: cần đặt khi có BOT_ADMIN_OIDC_ISSUER")
        elif self.admin_oidc_client_id or self.admin_oidc_client_secret:
            raise ValueError("BOT_ADMIN_OIDC_ISSUER: cần đặt khi có BOT_ADMIN_OIDC_CLIENT_ID hoặc BOT_ADMIN_OIDC_CLIENT_SECRET")
        return self
