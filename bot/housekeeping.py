"""What goes on beside answering for as long as the program runs: deleting what is past its time, looking after the database's file."""

from __future__ import annotations

import asyncio
import logging

from sqlalchemy.exc import SQLAlchemyError

from bot.storage import Storage

log = logging.getLogger(__name__)

PRUNE_EVERY = 6 * 3600.0
LOOK_EVERY = 3.0
LOST = (
    "Tệp cơ sở dữ liệu đã bị xóa hoặc bị thay trong lúc bot chạy: những gì ghi từ lúc đó sẽ mất khi dừng. "
    "Dừng bot, đặt lại tệp hoặc khôi phục bản sao lưu, rồi chạy lại."
)


async def prune(storage: Storage) -> None:
    """Delete what is past its time, now and every few hours."""
    while True:
        try:
            gone = {table: rows for table, rows in (await storage.retention.prune()).items() if rows}
            if gone:
                log.info("Đã xóa dữ liệu quá hạn giữ: %s", ", ".join(f"{table} {rows}" for table, rows in gone.items()))
        except SQLAlchemyError:
            log.exception("Không dọn được dữ liệu cũ")
        await asyncio.sleep(PRUNE_EVERY)


async def watch_file(storage: Storage) -> None:
    """Tell once when the database's file is not there any more: the system keeps it for those who have it open, so nothing fails."""
    while not await asyncio.to_thread(storage.is_lost):
        await asyncio.sleep(LOOK_EVERY)
    log.error("%s", LOST)
