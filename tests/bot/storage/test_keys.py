from __future__ import annotations

import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from bot.storage.errors import SecretMissing
from bot.storage.keys import FILE, Keys, Unreadable, kept_secret

ONE, OTHER = Keys(lambda: "x" * 16), Keys(lambda: "y" * 16)


def test_sealed_is_read_with_the_same_key_only() -> None:
    sealed = ONE.seal({"a": ["ừ", 1, None]})
    assert ONE.open(sealed) == {"a": ["ừ", 1, None]} and sealed != ONE.seal({"a": ["ừ", 1, None]})
    for keys, text in ((OTHER, sealed), (ONE, sealed[:-3]), (ONE, ""), (ONE, "{not json"), (ONE, "ừ")):
        with pytest.raises(Unreadable):
            keys.open(text)


def test_pseudonyms() -> None:
    assert ONE.pseudonym("zalo", "1") == ONE.pseudonym("zalo", "1")
    assert len({ONE.pseudonym("zalo", "1"), ONE.pseudonym("zalo", "2"), ONE.pseudonym("web", "1"), OTHER.pseudonym("zalo", "1")}) == 4


def test_a_short_secret_is_refused() -> None:
    with pytest.raises(SecretMissing, match="BOT_SECRET_KEY"):
        Keys(lambda: "short").check()


def test_a_secret_is_made_once_and_only_for_its_owner(tmp_path: Path) -> None:
    with ThreadPoolExecutor(4) as pool:
        found = set(pool.map(kept_secret, [tmp_path / "new"] * 8))
    assert len(found) == 1 and kept_secret(tmp_path / "new") in found
    assert stat.S_IMODE((tmp_path / "new" / FILE).stat().st_mode) == 0o600
    assert [p.name for p in (tmp_path / "new").iterdir()] == [FILE]


def test_an_empty_file_of_a_secret_is_not_overwritten(tmp_path: Path) -> None:
    (tmp_path / FILE).write_text("")
    with pytest.raises(SecretMissing, match="Khôi phục"):
        kept_secret(tmp_path)
    assert (tmp_path / FILE).read_text() == ""
