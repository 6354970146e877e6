"""Where vectors are kept: a Milvus server needs an address, and its account is never shown."""

from __future__ import annotations

from pathlib import Path

import pytest

from config.settings import WrongSettings, load_settings
from knowledge.vectors.choosing import vector_server
from knowledge.vectors.milvus import Milvus


def test_faiss_is_the_default() -> None:
    assert vector_server(load_settings(None)) is None


def test_a_server_needs_an_address(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_VECTORS", "milvus")
    with pytest.raises(WrongSettings, match="BOT_MILVUS_URI: cần đặt khi BOT_VECTORS=milvus"):
        load_settings(None)
    monkeypatch.setenv("BOT_MILVUS_URI", "http://milvus:19530")
    assert isinstance(vector_server(load_settings(None)), Milvus)


@pytest.mark.parametrize("uri", ["milvus:19530", "http://root:Milvus@milvus:19530", "ftp://milvus"])
def test_addresses_that_cannot_be_used(monkeypatch: pytest.MonkeyPatch, uri: str) -> None:
    monkeypatch.setenv("BOT_MILVUS_URI", uri)
    with pytest.raises(WrongSettings, match="BOT_MILVUS_URI"):
        load_settings(None)


def test_the_account_comes_from_a_file_and_is_a_secret(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "token").write_text("root:mat-khau\n", encoding="utf-8")
    monkeypatch.setenv("BOT_MILVUS_TOKEN_FILE", str(tmp_path / "token"))
    settings = load_settings(None)
    assert "root:mat-khau" in settings.secrets()
    assert "mat-khau" not in repr(settings)
