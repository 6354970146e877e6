from __future__ import annotations

from pathlib import Path

import pytest

from evaluation import chromium
from evaluation.pictures import PICTURES, STAFF, NoPicture, Picture, running_bot, take, take_staff
from tests.conftest import ROOT


def test_the_readme_shows_pictures_that_are_taken() -> None:
    for name in ("README.md", "README.vi.md"):
        text = (ROOT / name).read_text(encoding="utf-8")
        shown = [p.name for p in PICTURES if f"docs/images/{p.name}.png" in text]
        assert {"web-phone", "web-desktop"} <= set(shown), name
    assert {p.stem for p in (ROOT / "docs" / "images").glob("*.png")} == {p.name for p in (*PICTURES, STAFF)}


@pytest.mark.skipif(chromium.program() is None, reason="needs a browser: apt-get install chromium")
def test_a_picture_of_the_running_bot(tmp_path: Path, small_root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_INDEX_DIR", str(small_root))
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))
    with running_bot("mật khẩu chỉ để thử") as address, chromium.launched() as browser:
        file = take(browser, address, Picture("thu", 360, 640, 1, ("xin chào",)), tmp_path)
        staff = take_staff(browser, address, "mật khẩu chỉ để thử", tmp_path)
    content = file.read_bytes()
    assert content.startswith(b"\x89PNG") and int.from_bytes(content[16:20]) == 360 and int.from_bytes(content[20:24]) == 640
    assert int.from_bytes(staff.read_bytes()[16:20]) == STAFF.width


def test_without_an_index_it_says_so(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("BOT_INDEX_DIR", str(tmp_path / "khong-co"))
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))
    with pytest.raises(NoPicture, match="index_builder build"), running_bot():
        raise AssertionError("started without an index")
