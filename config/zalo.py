"""The settings of the two Zalo channels, part of :class:`config.settings.Settings`."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from config.shapes import ADDRESS, printable

ZALO_SECRETS = ("zalo_oa_app_secret", "zalo_oa_secret_key", "zalo_bot_token", "zalo_bot_webhook_secret")


class ZaloSettings(BaseSettings):
    """Zalo Official Account and Zalo Bot Platform."""

    zalo_oa_app_id: str = Field("", pattern=r"^\d*$", description="mã số ứng dụng (App ID) ở developers.zalo.me, chỉ gồm chữ số")
    zalo_oa_id: str = Field("", pattern=r"^\d*$", description="mã số Official Account (OA ID), chỉ gồm chữ số")
    zalo_oa_app_secret: SecretStr | None = Field(
        None, description="App Secret (khóa bí mật của ứng dụng), từ 8 ký tự, không có dấu cách, dùng để lấy token"
    )
    zalo_oa_app_secret_file: Path | None = Field(None, description="đường dẫn tới tệp chỉ chứa App Secret")
    zalo_oa_secret_key: SecretStr | None = Field(
        None, description="OA Secret Key ở trang Webhook, từ 8 ký tự, không có dấu cách, dùng để kiểm tra chữ ký"
    )
    zalo_oa_secret_key_file: Path | None = Field(None, description="đường dẫn tới tệp chỉ chứa OA Secret Key")
    zalo_oa_callback_url: str = Field(
        "", pattern=r"^(https://\S+)?$", description="Callback URL đã khai ở trang Official Account, https://…"
    )
    zalo_oa_buttons: Literal["none", "untyped", "typed", "inside"] = Field(
        "none", description="cách gửi nút bấm, một trong: none, untyped, typed, inside (none: lựa chọn đánh số trong tin)"
    )
    zalo_oa_replay_hours: float = Field(3.0, ge=2, le=48, description="số giờ một tin từ Zalo còn được nhận, từ 2 đến 48")
    zalo_oa_per_second: float = Field(
        30.0, gt=0, le=1000, description="số tin gửi qua Zalo OA mỗi giây (một ứng dụng được 4.000 mỗi phút), từ 0.1 đến 1000"
    )
    zalo_oa_api_url: str = Field("https://openapi.zalo.me", pattern=ADDRESS, description="địa chỉ OpenAPI, dạng https://tên-máy")
    zalo_oa_oauth_url: str = Field(
        "https://oauth.zaloapp.com", pattern=ADDRESS, description="địa chỉ cấp quyền của Zalo, dạng https://tên-máy"
    )
    zalo_bot_token: SecretStr | None = Field(None, description="token của Zalo Bot do Zalo Bot Manager cấp, dạng số:chữ")
    zalo_bot_token_file: Path | None = Field(None, description="đường dẫn tới tệp chỉ chứa token của Zalo Bot")
    zalo_bot_webhook_url: str = Field(
        "",
        pattern=r"^(https://\S+/webhooks/zalo-bot)?$",
        description="địa chỉ https công khai kết thúc bằng /webhooks/zalo-bot để Zalo gửi tin tới (để trống: tự hỏi tin)",
    )
    zalo_bot_webhook_secret: SecretStr | None = Field(
        None, description="chuỗi bí mật tự đặt cho webhook, từ 8 đến 256 chữ cái không dấu, chữ số hoặc dấu, không có dấu cách"
    )
    zalo_bot_webhook_secret_file: Path | None = Field(None, description="đường dẫn tới tệp chỉ chứa chuỗi bí mật đó")
    zalo_bot_per_second: float = Field(
        10.0, gt=0, le=1000, description="số tin gửi qua Zalo Bot mỗi giây (Zalo không công bố mức), từ 0.1 đến 1000"
    )
    zalo_bot_base_url: str = Field(
        "https://bot-api.zaloplatforms.com", pattern=ADDRESS, description="địa chỉ máy chủ Zalo Bot, dạng https://tên-máy"
    )

    @field_validator("zalo_bot_token")
    @classmethod
    def _zalo_token_shape(cls, value: SecretStr | None) -> SecretStr | None:
        if value is not None and not re.fullmatch(r"\d+:[\w-]+", value.get_secret_value(), re.ASCII):
            raise ValueError("token")
        return value

    @field_validator("zalo_bot_webhook_secret")
    @classmethod
    def _zalo_secret_length(cls, value: SecretStr | None) -> SecretStr | None:
        return printable(value, 8, 256)

    @field_validator("zalo_oa_app_secret", "zalo_oa_secret_key")
    @classmethod
    def _zalo_key_shape(cls, value: SecretStr | None) -> SecretStr | None:
        return printable(value, 8)  # a shorter one, covered in the log, would cover parts of words

    @model_validator(mode="after")
    def _zalo_complete(self) -> ZaloSettings:
        """A half-configured channel is a mistake to be told at once, not an error at the first message."""
        needed = ("zalo_oa_app_id", "zalo_oa_id", "zalo_oa_app_secret", "zalo_oa_secret_key")
        missing = [f"BOT_{name.upper()}" for name in needed if not getattr(self, name)]
        if 0 < len(missing) < len(needed):
            raise ValueError(f"Zalo OA còn thiếu: {', '.join(missing)}")
        if self.zalo_oa_app_secret is not None and self.zalo_oa_app_secret == self.zalo_oa_secret_key:
            raise ValueError("BOT_ZALO_OA_APP_SECRET và BOT_ZALO_OA_SECRET_KEY giống nhau: đây là hai khóa khác nhau")
        if self.zalo_bot_token is None and self.zalo_bot_webhook_url:
            raise ValueError("BOT_ZALO_BOT_TOKEN: cần đặt khi có BOT_ZALO_BOT_WEBHOOK_URL")
        if self.zalo_bot_token is not None and bool(self.zalo_bot_webhook_url) != (self.zalo_bot_webhook_secret is not None):
            raise ValueError("BOT_ZALO_BOT_WEBHOOK_URL và BOT_ZALO_BOT_WEBHOOK_SECRET phải đặt cùng nhau, hoặc cùng để trống")
        return self
