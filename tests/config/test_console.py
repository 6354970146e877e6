from __future__ import annotations

import argparse
import datetime as dt
import errno
from pathlib import Path

import pytest

from config.console import day, refused


def test_a_day() -> None:
    assert day("2026-11-21") == dt.date(2026, 11, 21)
    with pytest.raises(argparse.ArgumentTypeError, match="2026-11-21"):
        day("21/11/2026")


def test_what_the_system_refused(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such") as missing:
        (tmp_path / "x").read_text()
    assert refused(missing.value) == f"Không đọc hoặc ghi được {tmp_path}/x: không có tệp hoặc thư mục này."
    assert "giải phóng" in refused(OSError(errno.ENOSPC, "No space left on device"))
    assert refused(OSError("lạ")) == "Máy không làm được: lạ."
