"""Work that only one replica may do at a time, such as polling a channel: whoever holds the lease does it."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from typing import Protocol

from bot.channels.base import wait_unless
from bot.storage import StorageError

log = logging.getLogger(__name__)

LEASE_SECONDS = 30.0
"""After a holder died, others wait this long at most."""


class Leases(Protocol):
    """What leading needs of :class:`bot.storage.leases.Leases`."""

    async def acquire(self, name: str, holder: str, seconds: float) -> bool: ...

    async def release(self, name: str, holder: str) -> None: ...


async def lead(
    leases: Leases,
    name: str,
    holder: str,
    work: Callable[[asyncio.Event], Awaitable[None]],
    stop: asyncio.Event,
    seconds: float = LEASE_SECONDS,
) -> None:
    """Run ``work`` whenever this process holds the lease ``name``, until ``stop``.

    Args:
        leases: where it is kept.
        name: of the work.
        holder: of this process.
        work: gets an event that is set when it must end (told to stop, or the lease is lost). Where it ends by itself, so does
            this; what it raises comes out.
        stop: ends everything.
        seconds: of a lease; it is renewed three times in that time.
    """
    while not stop.is_set():
        if not await _acquired(leases, name, holder, seconds):
            await wait_unless(stop, seconds / 3)
            continue
        ended = asyncio.Event()
        renewing = asyncio.create_task(_renew(leases, name, holder, seconds, stop, ended))
        try:
            await work(ended)
            if not ended.is_set():
                return
        finally:
            renewing.cancel()
            await asyncio.gather(renewing, return_exceptions=True)
            try:
                await leases.release(name, holder)
            except StorageError as error:
                log.warning("Không trả được khóa %s: %s", name, error)


async def _renew(leases: Leases, name: str, holder: str, seconds: float, stop: asyncio.Event, ended: asyncio.Event) -> None:
    """Keep the lease; sets ``ended`` when it is lost or it is time to stop."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while not await wait_unless(stop, seconds / 3):
        if await _acquired(leases, name, holder, seconds):
            until = loop.time() + seconds
        elif loop.time() > until - seconds / 3:
            log.warning("Mất khóa %s; tiến trình khác làm tiếp", name)
            break
    ended.set()


async def _acquired(leases: Leases, name: str, holder: str, seconds: float) -> bool:
    try:
        return await leases.acquire(name, holder, seconds)
    except StorageError as error:
        log.error("Không lấy được khóa %s: %s", name, error)
        return False
