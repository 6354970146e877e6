"""The command ``zalo-authorise``: settings, database and terminal around :mod:`bot.channels.zalo_oa.authorising`."""

from __future__ import annotations

import asyncio
import os
import socket
import sys

from bot.assembly import make_storage
from bot.channels.http import Http
from bot.channels.zalo_oa.authorising import OK, authorise
from bot.channels.zalo_oa.client import ZaloApi
from bot.channels.zalo_oa.connector import NAME
from bot.channels.zalo_oa.oauth import OAuth
from bot.channels.zalo_oa.token_store import StoredTokens
from bot.storage import StorageError
from config.settings import Settings, WrongSettings

UNUSABLE = 2
_TIMEOUT = 20.0
_MISSING = (
    "Zalo OA chưa cấu hình đủ: cần BOT_ZALO_OA_APP_ID, BOT_ZALO_OA_ID, BOT_ZALO_OA_APP_SECRET, BOT_ZALO_OA_SECRET_KEY "
    "và BOT_ZALO_OA_CALLBACK_URL. Cách lấy từng mục: docs/zalo.md"
)


def zalo_authorise(settings: Settings) -> int:
    """Run the command; gives the exit status: 0 stored, 1 not, 2 the database cannot be used.

    Raises:
        WrongSettings: settings of the channel are missing.
    """
    if settings.zalo_oa_app_secret is None or not settings.zalo_oa_callback_url:
        raise WrongSettings([_MISSING])
    try:
        return asyncio.run(_run(settings, settings.zalo_oa_app_secret.get_secret_value()))
    except StorageError as error:
        print(error, file=sys.stderr)
        return UNUSABLE
    except (KeyboardInterrupt, EOFError):
        print("\nĐã dừng, chưa cấp quyền. Chạy lại lệnh này khi có thể dán địa chỉ mà Zalo chuyển tới.", file=sys.stderr)
        return UNUSABLE


async def _run(settings: Settings, app_secret: str) -> int:
    storage = make_storage(settings)
    try:
        await storage.open()
        async with Http(_TIMEOUT) as http:
            done = await authorise(
                OAuth(http, settings.zalo_oa_oauth_url, settings.zalo_oa_app_id, app_secret),
                ZaloApi(http, settings.zalo_oa_api_url),
                StoredTokens(storage.tokens, storage.leases, settings.zalo_oa_id, f"authorising-{socket.gethostname()}-{os.getpid()}"),
                settings.zalo_oa_id,
                settings.zalo_oa_callback_url,
                _ask,
            )
        if done == OK:
            await storage.outbox.hurry(NAME)  # what waited for it; a running program finds it within a second
        return done
    finally:
        await storage.close()


def _ask(shown: str) -> str:
    print(shown, file=sys.stderr)
    return input("> ")
