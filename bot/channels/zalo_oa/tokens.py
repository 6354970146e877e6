"""Keeping the account's tokens fresh, by one process at a time.

A refresh token works once, and the old access token dies when a new one is given. So only the holder of a lease in the database
refreshes; the new pair is stored before it is used; and who finds its token refused reads the stored one first, for another
process may have refreshed meanwhile.
"""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Callable, Coroutine
from contextlib import AbstractAsyncContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from sqlalchemy.exc import SQLAlchemyError

from bot.channels.base import RetryLater, wait_unless
from bot.channels.zalo_oa.oauth import AuthorisationRefused, OAuth, Pair

log = logging.getLogger(__name__)

REFRESH_AHEAD = 4 * 3600.0
"""Seconds before its end from which a token is replaced: long enough to get through an outage in the meantime."""
USABLE_FOR = 60.0
"""Seconds a token must still last to be sent with."""
NOT_YET = "chưa được cấp quyền"
LOOK_EVERY = 300.0
WAIT_AUTHORISED = 300.0
REAUTHORISE = (
    "Zalo OA không cấp token mới (%s). Kiểm tra BOT_ZALO_OA_APP_SECRET là App Secret của ứng dụng (không phải OA Secret Key), "
    "rồi cấp quyền lại bằng lệnh: python -m bot zalo-authorise"
)


@dataclass(frozen=True)
class Kept:
    """The stored pair, and the one before it, kept for rescue."""

    current: Pair
    previous: Pair | None = None


class TokenStore(Protocol):
    """Where the pairs are kept between processes."""

    async def load(self) -> Kept | None:
        """The stored pairs, none before the first authorisation."""

    async def save(self, pair: Pair) -> None:
        """Store a pair in one transaction; the one stored before becomes the previous one."""

    def lease(self) -> AbstractAsyncContextManager[bool]:
        """The right to refresh, for the length of the body; gives False where another process holds it."""


class TokenKeeper:
    """Gives the access token to send with."""

    def __init__(self, store: TokenStore, oauth: OAuth, *, now: Callable[[], float] = time.time, patience: float = 20.0) -> None:
        """
        Args:
            store: where the pairs are kept.
            oauth: the token endpoint.
            now: seconds since 1970.
            patience: seconds to wait for another process that is refreshing.
        """
        self._store, self._oauth, self._now, self._patience = store, oauth, now, patience
        self._told = False
        self._own = asyncio.Lock()  # within this process waiting is cheaper here than at the lease
        self._unsaved: tuple[Pair, Pair] | None = None  # a pair that could not be stored, after the one it replaces
        self._under_way: set[asyncio.Task[str]] = set()

    async def close(self) -> None:
        """Wait for a refresh under way: a pair that was given and not stored is lost, and a person would have to authorise again."""
        await asyncio.gather(*self._under_way, return_exceptions=True)

    async def current(self) -> str:
        """An access token that should work.

        Raises:
            RetryLater: there is none for now.
        """
        kept = await self._load()
        if kept is not None and self._unsaved is None and kept.current.expires - self._now() > USABLE_FOR:
            return kept.current.access
        return await self._finish(self._renew(lambda pair: pair.expires - self._now() > USABLE_FOR))

    async def after_refusal(self, refused: str) -> str:
        """An access token other than ``refused``, which Zalo would not take: the stored one if it is another, else a new one.

        Raises:
            RetryLater: there is none for now.
        """
        return await self._finish(self._renew(lambda pair: pair.access != refused))

    async def keep_fresh(self, stop: asyncio.Event, every: float = LOOK_EVERY) -> None:
        """Replace tokens ahead of their end, until told to stop."""
        while True:
            try:
                await self._finish(self._renew(lambda pair: pair.expires - self._now() > REFRESH_AHEAD))
            except RetryLater as error:
                log.warning("Chưa làm mới được token Zalo OA, sẽ thử lại: %s", error)
            if await wait_unless(stop, every):
                return

    async def _finish(self, renewing: Coroutine[Any, Any, str]) -> str:
        """Await a renewal that goes on even where the caller is cancelled."""
        task = asyncio.create_task(renewing)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return await asyncio.shield(task)

    async def _renew(self, good: Callable[[Pair], bool]) -> str:
        """The stored access token where it is ``good``, else a new one."""
        async with self._own:
            give_up = asyncio.get_running_loop().time() + self._patience
            while True:
                kept = await self._load()
                if kept is None:
                    raise self._unauthorised(NOT_YET)
                if self._unsaved is None and good(kept.current):
                    self._told = False
                    return kept.current.access
                try:
                    async with self._store.lease() as mine:
                        if mine:
                            return await self._refresh(good)
                except SQLAlchemyError as error:
                    raise RetryLater(reason=type(error).__name__) from error
                if asyncio.get_running_loop().time() > give_up:
                    raise RetryLater(reason="another process is refreshing the token")
                await asyncio.sleep(0.2)

    async def _refresh(self, good: Callable[[Pair], bool]) -> str:
        """Exchange the stored pair for the next one. Only under the lease."""
        kept = await self._load()  # it may have been replaced while the lease was awaited
        if kept is None:
            raise self._unauthorised(NOT_YET)
        if self._unsaved is not None and self._unsaved[0] == kept.current:
            return await self._save(*self._unsaved)
        self._unsaved = None  # authorised again meanwhile
        if good(kept.current):
            return kept.current.access
        try:
            pair = await self._oauth.refresh(kept.current.refresh, self._now())
        except AuthorisationRefused as refused:
            pair = await self._rescue(kept, refused)
        return await self._save(kept.current, pair)

    async def _save(self, replaced: Pair, pair: Pair) -> str:
        """Store a new pair and give its access token. Where the database fails the pair stays in memory, to be stored next time:
        Zalo has already made the one before it void."""
        self._unsaved = replaced, pair
        await self._store.save(pair)
        self._unsaved, self._told = None, False
        log.info("Đã làm mới token Zalo OA")
        return pair.access

    async def _rescue(self, kept: Kept, refused: AuthorisationRefused) -> Pair:
        """The last try before a person is needed: the pair before, which is the live one where the database was set back."""
        if kept.previous is not None:
            try:
                return await self._oauth.refresh(kept.previous.refresh, self._now())
            except AuthorisationRefused:
                pass
        raise self._unauthorised(str(refused))

    async def _load(self) -> Kept | None:
        try:
            return await self._store.load()
        except SQLAlchemyError as error:
            raise RetryLater(reason=type(error).__name__) from error

    def _unauthorised(self, why: str) -> RetryLater:
        """Messages wait for the administrator; the operator is told once."""
        if not self._told:
            self._told = True
            log.error(REAUTHORISE, why)
        return RetryLater(WAIT_AUTHORISED, f"Zalo OA chưa được cấp quyền ({why})")
