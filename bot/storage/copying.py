"""A copy of a SQLite database, whole even while others write to it."""

from __future__ import annotations

import os
import sqlite3
from contextlib import closing
from pathlib import Path

from bot.storage.errors import StorageDamaged, StorageError, explained


class CannotCopy(StorageError):
    """There is nothing to copy, or the copy would replace something."""


def copy_database(source: Path, target: Path) -> int:
    """Copy ``source`` to ``target``, readable by its owner only; gives the size in bytes.

    Raises:
        CannotCopy: there is no ``source``, or there is a ``target`` already.
        StorageError: the copy did not succeed, and nothing is left of it.
        OSError: the folder of ``target`` cannot be written.
    """
    if not source.is_file():
        raise CannotCopy(f"Không có tệp cơ sở dữ liệu {source}. Kiểm tra BOT_DATA_DIR, BOT_DATABASE_URL và thư mục đang đứng.")
    try:
        os.close(os.open(target, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600))
    except FileExistsError:
        raise CannotCopy(f"Đã có {target}, không ghi đè. Chọn tên khác, ví dụ có ngày tháng.") from None
    try:
        _copy(source, target)
        return target.stat().st_size
    except sqlite3.Error as error:
        target.unlink()
        raise explained(error) or CannotCopy(f"Không sao lưu được ({type(error).__name__}).") from error
    except BaseException:
        target.unlink()
        raise


def _copy(source: Path, target: Path) -> None:
    with closing(sqlite3.connect(f"{source.resolve().as_uri()}?mode=ro", uri=True)) as read, closing(sqlite3.connect(target)) as written:
        read.backup(written)
        # One file is to be carried about; the program sets its own way of writing again when it opens it.
        written.execute("PRAGMA journal_mode=DELETE")
        if written.execute("PRAGMA integrity_check").fetchone() != ("ok",):
            raise StorageDamaged("Bản sao không nguyên vẹn: tệp cơ sở dữ liệu đang dùng bị hỏng. Giữ các bản sao lưu cũ.")
