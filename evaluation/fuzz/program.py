"""The whole program in a process of its own with all three webhooks, and agreeable imitations of the servers it calls."""

from __future__ import annotations

import asyncio
import re
import sqlite3
import time
from collections import Counter, defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from bot.channels.zalo_oa.oauth import Pair
from bot.channels.zalo_oa.token_store import StoredTokens
from bot.storage import Storage
from evaluation.fuzz.channels import APP_ID, APP_SECRET, OA_ID, OA_KEY, ZALO_BOT_SECRET
from evaluation.load.program import Bot
from evaluation.load.service import SECRET, Manners
from evaluation.load.telegram import SlowTelegram
from evaluation.loopback import serving

ZALO_BOT_TOKEN = "4567890123:fuzzFUZZfuzzFUZZfuzzFUZZ"
_ROOM = 100
"""Open events above which no more are delivered until some are answered."""
_EXPECTED = ("Zalo OA: chữ ký của Zalo không khớp", "Zalo OA: tin mang app_id khác")
"""Errors that an operator is told once, and rightly, where everybody forges."""
_SETTLED_SECONDS = 120.0
_ENTRY = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:)", re.MULTILINE)


@dataclass
class Imitation:
    """Telegram, Zalo OA and Zalo Bot, which take everything. ``told``: how many messages went to each recipient."""

    telegram: SlowTelegram = field(default_factory=lambda: SlowTelegram(Manners(0.0, 0.0, 0.0), seed=1))
    told: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    url: str = ""

    async def _bot(self, request: Request) -> Response:
        if request.path_params["token"] != ZALO_BOT_TOKEN:
            status, answer = await self.telegram.answer(request.url.path, await request.body())
            return Response(answer, status, media_type="application/json")
        if request.path_params["method"] == "sendMessage":
            self.told[str((await request.json())["chat_id"])] += 1
        return JSONResponse({"ok": True, "result": {"message_id": "x"}})

    async def _oa(self, request: Request) -> Response:
        if request.method == "POST":
            sent: dict[str, Any] = await request.json()
            for value in sent.get("recipient", {}).values():
                self.told[str(value)] += 1
        return JSONResponse({"error": 0, "message": "Success", "data": {"oa_id": OA_ID, "name": "x", "message_id": "x"}})

    def told_to(self, person: int) -> int:
        """Messages to a person on all channels."""
        return self.told[str(person)] + len(self.telegram.taken[str(person)])

    def application(self) -> Starlette:
        """All of it behind one address."""
        both = ["GET", "POST"]
        return Starlette(routes=[Route("/bot{token}/{method}", self._bot, methods=both), Route("/{rest:path}", self._oa, methods=both)])

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Imitation]:
        """Serve while the body runs."""
        async with serving(self.application()) as self.url:
            yield self


class Program:
    """The running program and a look into its database."""

    def __init__(self, bot: Bot, database: Path, log: Path, http: httpx.AsyncClient, imitation: Imitation) -> None:
        self.http, self.imitation = http, imitation
        self._bot, self._database, self._log = bot, database, log

    async def room(self) -> None:
        """Wait until little is left to answer.

        Raises:
            TimeoutError: it does not get less.
        """
        async with asyncio.timeout(_SETTLED_SECONDS):
            while self.one("SELECT count(*) FROM inbox WHERE closed_at IS NULL") > _ROOM:
                await asyncio.sleep(0.1)

    async def settled(self) -> None:
        """Wait until everything is answered and sent.

        Raises:
            TimeoutError: it is not.
        """
        async with asyncio.timeout(_SETTLED_SECONDS):
            while any(self.one(f"SELECT count(*) FROM {table} WHERE closed_at IS NULL") for table in ("inbox", "outbox")):
                await asyncio.sleep(0.1)

    def one(self, query: str, *values: object) -> int:
        """The number that a query gives."""
        with closing(sqlite3.connect(f"file:{self._database}?mode=ro", uri=True, timeout=10)) as connection:
            return int(connection.execute(query, values).fetchone()[0])

    async def stop(self) -> int:
        """SIGTERM; gives the exit status."""
        return await self._bot.stop()

    def faults(self) -> list[str]:
        """The kinds of errors in the log, each with its first line and the end of its traceback."""
        entries = _ENTRY.split(self._log.read_text(errors="replace"))
        wrong = [e for e in entries if (" ERROR " in e[:100] or "Traceback" in e) and not any(known in e for known in _EXPECTED)]
        kinds = Counter(" | ".join([*lines[:1], *lines[1:][-4:]])[24:] for lines in (e.splitlines() for e in wrong))
        return [f"{count} × {kind}" for kind, count in kinds.items()]


@asynccontextmanager
async def running(index: Path, folder: Path) -> AsyncIterator[Program]:
    """Start the program over a published index; everything it writes goes to ``folder``."""
    database = folder / "bot.sqlite3"
    address = f"sqlite:///{database}"
    await _authorise(address)
    async with Imitation().serving() as imitation:
        more = {
            "ZALO_OA_APP_ID": APP_ID,
            "ZALO_OA_ID": OA_ID,
            "ZALO_OA_APP_SECRET": APP_SECRET,
            "ZALO_OA_SECRET_KEY": OA_KEY,
            "ZALO_OA_API_URL": imitation.url,
            "ZALO_OA_OAUTH_URL": imitation.url,
            "ZALO_BOT_TOKEN": ZALO_BOT_TOKEN,
            "ZALO_BOT_BASE_URL": imitation.url,
            "ZALO_BOT_WEBHOOK_URL": "https://bot.example.vn/webhooks/zalo-bot",
            "ZALO_BOT_WEBHOOK_SECRET": ZALO_BOT_SECRET,
            **{f"RATE_{scope}": "0" for scope in ("PER_CONVERSATION", "PER_ADDRESS", "OVERALL")},
        }
        bot = Bot(imitation.url, address, index, folder, folder / "log", more)
        try:
            await bot.start()
            await bot.ready()
            async with asyncio.timeout(_SETTLED_SECONDS):
                while not imitation.telegram.registered:  # until then updates are put off
                    await asyncio.sleep(0.05)
            async with httpx.AsyncClient(base_url=bot.address, timeout=30.0) as http:
                yield Program(bot, database, folder / "log", http, imitation)
        finally:
            await bot.kill()


async def _authorise(address: str) -> None:
    """The account's tokens, as the command ``zalo-authorise`` leaves them."""
    storage = Storage(address, secret=SECRET)
    await storage.open()
    await StoredTokens(storage.tokens, storage.leases, OA_ID, "fuzz").save(Pair("access", "refresh", time.time() + 90_000))
    await storage.close()
