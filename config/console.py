"""What the commands of both programs share: dates as arguments, and words for what the system refused."""

from __future__ import annotations

import argparse
import datetime as dt
import errno
import re
import sys
from typing import Any, NoReturn

_WHY = {
    errno.ENOENT: "không có tệp hoặc thư mục này",
    errno.ENOTDIR: "một phần của đường dẫn không phải thư mục",
    errno.EISDIR: "đây là thư mục, không phải tệp",
    errno.EACCES: "không có quyền; cho người dùng đang chạy lệnh quyền đọc và ghi",
    errno.EPERM: "không có quyền; cho người dùng đang chạy lệnh quyền đọc và ghi",
    errno.EROFS: "ổ đĩa này chỉ đọc được",
    errno.ENOSPC: "đĩa đã đầy; giải phóng dung lượng rồi chạy lại",
    errno.EDQUOT: "đã dùng hết hạn mức đĩa; giải phóng dung lượng rồi chạy lại",
}


_MISTAKES = (
    (re.compile(r"the following arguments are required: (.*)"), r"còn thiếu {0}"),
    (re.compile(r"unrecognized arguments: (.*)"), r"không có tham số {0}"),
    (re.compile(r"argument ([^:]*): invalid choice: (.*) \(choose from (.*)\)"), r"{0}: không có {1}; chọn một trong {2}"),
    (re.compile(r"argument ([^:]*): expected one argument"), r"{0}: cần một giá trị"),
    (re.compile(r"argument ([^:]*): (.*)"), r"{0}: {1}"),
)


class Parser(argparse.ArgumentParser):
    """Arguments of a command line that speaks Vietnamese in what it says by itself, too."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **{**options, "add_help": False})
        self._positionals.title, self._optionals.title = "tham số", "tùy chọn"
        self.add_argument("-h", "--help", action="help", help="hiện hướng dẫn này rồi thôi")

    def format_usage(self) -> str:
        """How to call it, in one line."""
        return super().format_usage().replace("usage:", "Cách gọi:", 1)

    def format_help(self) -> str:
        """The whole description."""
        return super().format_help().replace("usage:", "Cách gọi:", 1)

    def error(self, message: str) -> NoReturn:
        """Say what is wrong with the arguments and end with status 2."""
        found = next(((match, told) for sign, told in _MISTAKES if (match := sign.fullmatch(message))), None)
        told = found[1].format(*found[0].groups()) if found else message
        self.print_usage(sys.stderr)
        self.exit(2, f"Sai cách gọi: {told}. Xem: {self.prog} --help\n")


def day(text: str) -> dt.date:
    """A date given as an argument (``type=`` of argparse)."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"cần ngày dạng 2026-11-21, đang là {text!r}") from None


def how_to_install(extra: str) -> str:
    """What to type for an optional part of the program, named as in ``pyproject.toml``."""
    return f"cài bằng: .venv/bin/python -m pip install -e '.[{extra}]' -c constraints.txt"


def reason(error: OSError) -> str:
    """Why the system did not do it, and what to do about it, in Vietnamese where it is known."""
    return _WHY.get(error.errno or 0, error.strerror or str(error))


def refused(error: OSError) -> str:
    """What the system did not do, and what to do about it, in one Vietnamese line."""
    why = reason(error)
    return f"Không đọc hoặc ghi được {error.filename}: {why}." if error.filename else f"Máy không làm được: {why}."
