"""What the commands of both programs share: dates as arguments, and words for what the system refused."""

from __future__ import annotations

import argparse
import datetime as dt
import errno

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


def day(text: str) -> dt.date:
    """A date given as an argument (``type=`` of argparse)."""
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"cần ngày dạng 2026-11-21, đang là {text!r}") from None


def reason(error: OSError) -> str:
    """Why the system did not do it, and what to do about it, in Vietnamese where it is known."""
    return _WHY.get(error.errno or 0, error.strerror or str(error))


def refused(error: OSError) -> str:
    """What the system did not do, and what to do about it, in one Vietnamese line."""
    why = reason(error)
    return f"Không đọc hoặc ghi được {error.filename}: {why}." if error.filename else f"Máy không làm được: {why}."
