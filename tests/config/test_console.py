from __future__ import annotations

import argparse
import datetime as dt
import errno
from pathlib import Path

import pytest

from config.console import Parser, day, refused


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


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        ([], "còn thiếu LỆNH"),
        (["lam"], "LỆNH: không có 'lam'; chọn một trong 'hoi'"),
        (["hoi", "--ngay"], "--ngay: cần một giá trị"),
        (["hoi", "--ngay", "mai"], "--ngay: cần ngày dạng 2026-11-21, đang là 'mai'"),
        (["hoi", "--x"], "không có tham số --x"),
    ],
)
def test_wrong_arguments_are_told_in_vietnamese(arguments: list[str], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser(prog="thu")
    commands = parser.add_subparsers(required=True, metavar="LỆNH", dest="command")
    commands.add_parser("hoi", help="hỏi").add_argument("--ngay", type=day)
    with pytest.raises(SystemExit) as ended:
        parser.parse_args(arguments)
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert f"Sai cách gọi: {told}. Xem: thu" in said and said.startswith("Cách gọi: thu")
    with pytest.raises(SystemExit):
        parser.parse_args(["hoi", "--help"])
    shown = capsys.readouterr().out
    assert "tùy chọn" in shown and "hiện hướng dẫn này" in shown and "usage" not in shown and "options" not in shown
