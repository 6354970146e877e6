from __future__ import annotations

import time
from collections.abc import AsyncIterator
from dataclasses import dataclass

import pytest

from bot.channels.http import Http
from bot.channels.zalo_oa.client import ZaloApi
from bot.channels.zalo_oa.oauth import OAuth, Pair
from bot.channels.zalo_oa.tokens import Kept, TokenKeeper
from evaluation.imitations.zalo_oa import APP_ID, APP_SECRET, FakeZaloOa
from tests.fakes.token_store import MemoryTokens


@dataclass
class Setting:
    """An imitation of Zalo and what the bot needs to talk to it."""

    zalo: FakeZaloOa
    http: Http
    store: MemoryTokens
    oauth: OAuth
    api: ZaloApi

    def keeper(self, *, ahead: float = 0.0, patience: float = 5.0) -> TokenKeeper:
        """A keeper as in a process of its own. ``ahead``: seconds by which its clock is ahead."""
        return TokenKeeper(self.store, self.oauth, now=lambda: time.time() + ahead, patience=patience)


@pytest.fixture
async def setting() -> AsyncIterator[Setting]:
    async with FakeZaloOa().serving() as zalo, Http(2.0) as http:
        store = MemoryTokens(Kept(Pair(zalo.access, zalo.refresh, time.time() + 90_000)))
        yield Setting(zalo, http, store, OAuth(http, zalo.url, APP_ID, APP_SECRET), ZaloApi(http, zalo.url))
