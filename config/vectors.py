"""The settings of the store of vectors, part of :class:`config.settings.Settings`."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, field_validator, model_validator
from pydantic_settings import BaseSettings

from config.shapes import printable

VECTOR_SECRETS = ("milvus_token",)


class VectorSettings(BaseSettings):
    """FAISS inside the program, or a Milvus server."""

    vectors: Literal["faiss", "milvus"] = Field("faiss", description="một trong: faiss (có sẵn), milvus (máy chủ riêng)")
    milvus_uri: str = Field(
        "",
        pattern=r"^(https?://[^\s@]+|[^\s@:]+\.db)?$",
        description="địa chỉ máy chủ Milvus, dạng http://tên-máy:19530, không kèm mật khẩu (hoặc tệp .db của Milvus Lite để thử)",
    )
    milvus_token: SecretStr | None = Field(None, description="tài khoản Milvus, dạng người:mật_khẩu hoặc một API key, không có dấu cách")
    milvus_token_file: Path | None = Field(None, description="đường dẫn tới tệp chỉ chứa tài khoản Milvus")
    milvus_prefix: str = Field(
        "hoi_dap", pattern=r"^[A-Za-z][A-Za-z0-9_]{0,60}$", description="chữ đầu tên các bộ véc-tơ của bản cài này: chữ cái, chữ số, _"
    )

    @field_validator("milvus_token")
    @classmethod
    def _milvus_token_shape(cls, value: SecretStr | None) -> SecretStr | None:
        return printable(value)

    @model_validator(mode="after")
    def _milvus_has_an_address(self) -> VectorSettings:
        if self.vectors == "milvus" and not self.milvus_uri:
            raise ValueError("BOT_MILVUS_URI: cần đặt khi BOT_VECTORS=milvus")
        return self
