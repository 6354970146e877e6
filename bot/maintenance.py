"""The commands ``backup``, ``change-key`` and ``import-database``: what an operator does with the database beside running the bot."""

from __future__ import annotations

import asyncio
import sys
from pathlib import Path

from bot.assembly import make_storage
from bot.storage import StorageError
from bot.storage.copying import copy_database
from bot.storage.database import Database
from config.settings import Settings

OK, UNUSABLE = 0, 2
_OF_A_SERVER = (
    'Cơ sở dữ liệu nằm trên máy chủ PostgreSQL; sao lưu bằng: pg_dump --format=custom --file=TỆP "postgresql://…" '
    "(địa chỉ như BOT_DATABASE_URL, bỏ +asyncpg)"
)


def back_up(settings: Settings, target: Path) -> int:
    """Copy the database to ``target``; exit status 0, or 2 with what is in the way."""
    source = Database(settings.database_url).file
    if source is None:
        return _fail(_OF_A_SERVER)
    try:
        size = copy_database(source, target)
    except StorageError as error:
        return _fail(str(error))
    print(f"Đã sao lưu {source} vào {target} ({size // 1024} KB), đã kiểm tra nguyên vẹn.", file=sys.stderr)
    if settings.secret_key is None:
        print(f"Khóa bí mật {source.parent / 'secret.key'} không nằm trong đó: chép riêng, cất ở nơi khác.", file=sys.stderr)
    return OK


def change_key(settings: Settings, old: Path | None) -> int:
    """Take the key of the settings for the database's, reading what is kept with the one in the file ``old``; exit status 0 or 2."""
    before = old.read_text(encoding="utf-8").strip() if old is not None else None
    try:
        return asyncio.run(_change(settings, before))
    except StorageError as error:
        return _fail(str(error))


async def _change(settings: Settings, before: str | None) -> int:
    storage = make_storage(settings)
    try:
        changed = await storage.change_key(before)
    finally:
        await storage.close()
    print(f"Đã đổi khóa bí mật: {changed.kept} mục được mã hóa lại, {changed.gone} mục không đọc được đã xóa.", file=sys.stderr)
    if changed.gone:
        print("Tin đang chờ trong số đó coi như chưa nhận. Dùng Zalo OA thì cấp quyền lại: python -m bot zalo-authorise", file=sys.stderr)
    return OK


def import_database(settings: Settings, source: Path) -> int:
    """Bring everything of the SQLite file ``source`` into the database of the settings; exit status 0, or 2 where nothing was done."""
    try:
        counts = asyncio.run(_bring_in(settings, source))
    except StorageError as error:
        return _fail(str(error))
    print(f"Đã chuyển {sum(counts.values())} dòng của {source}: {', '.join(f'{t} {n}' for t, n in counts.items())}.", file=sys.stderr)
    print(
        "BOT_SECRET_KEY phải là khóa của tệp cũ (nội dung tệp secret.key cạnh nó); khác thì bot không chạy và nói cách đổi.",
        file=sys.stderr,
    )
    return OK


async def _bring_in(settings: Settings, source: Path) -> dict[str, int]:
    storage = make_storage(settings)
    try:
        return await storage.bring_in(source)
    finally:
        await storage.close()


def _fail(message: str) -> int:
    print(message, file=sys.stderr)
    return UNUSABLE
