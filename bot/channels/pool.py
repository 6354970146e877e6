"""Taking rows of a queue in the database and working on a bounded number of them side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

from bot.storage import StorageError

log = logging.getLogger(__name__)

Row = TypeVar("Row")
LONGEST_PAUSE = 10.0
"""Seconds between looks at a database that does not answer."""


class Pool(Generic[Row]):
    """Claims rows whenever woken, and every ``look_every`` seconds: rows of other replicas, of ended leases and of ended pauses
    come without a call."""

    def __init__(
        self,
        name: str,
        claim: Callable[[int], Awaitable[Sequence[Row]]],
        work: Callable[[Row], Awaitable[None]],
        *,
        most: int,
        look_every: float = 0.5,
        gather: float = 0.1,
    ) -> None:
        """
        Args:
            name: for the log.
            claim: takes up to so many rows from the queue.
            work: does all there is to do for a row, errors included; what it raises all the same is logged.
            most: rows worked on at once.
            look_every: seconds between looks without being woken.
            gather: seconds from one claim to the next at least, so that a busy queue is read in batches and not row by row.
        """
        self._name, self._claim, self._work = name, claim, work
        self._most, self._look_every, self._gather = most, look_every, gather
        self._wake = asyncio.Event()
        self._busy: set[asyncio.Task[None]] = set()

    def wake(self) -> None:
        """There may be something to take."""
        self._wake.set()

    async def run(self, stop: asyncio.Event, *, drain: bool = False) -> None:
        """Take and work until told to stop, then finish what was taken. Cancelled, it leaves rows to their leases.

        Args:
            stop: ends it.
            drain: take what can be taken at once before ending, too.
        """
        stopping = asyncio.create_task(stop.wait())
        pause = self._gather
        try:
            while not stop.is_set():
                self._wake.clear()
                try:
                    full = await self._take()
                    pause = self._gather
                except StorageError as error:
                    full, pause = False, min(max(2 * pause, 0.2), LONGEST_PAUSE)
                    log.error("Không lấy được việc (%s), thử lại sau %.1f giây: %s", self._name, pause, error)
                await asyncio.wait({stopping}, timeout=pause)
                if not full and pause == self._gather:
                    await self._wait(stopping)
        finally:
            stopping.cancel()
        while self._busy or (drain and await self._took_some()):
            await asyncio.wait(self._busy)

    async def _took_some(self) -> bool:
        try:
            await self._take()
        except StorageError:
            return False
        return bool(self._busy)

    async def _take(self) -> bool:
        """Claim as many rows as there is room for; gives whether there may be more."""
        room = self._most - len(self._busy)
        rows = await self._claim(room) if room else ()
        for row in rows:
            task = asyncio.create_task(self._guarded(row))
            self._busy.add(task)
            task.add_done_callback(self._done)
        return 0 < room == len(rows)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._busy.discard(task)
        self.wake()

    async def _guarded(self, row: Row) -> None:
        try:
            await self._work(row)
        except StorageError as error:  # the row's lease runs out, and it is taken again
            log.error("Không ghi được kết quả (%s): %s", self._name, error)
        except Exception:
            log.exception("Lỗi không lường trước (%s)", self._name)

    async def _wait(self, stopping: asyncio.Task[bool]) -> None:
        waking = asyncio.create_task(self._wake.wait())
        try:
            await asyncio.wait({waking, stopping}, timeout=self._look_every, return_when=asyncio.FIRST_COMPLETED)
        finally:
            waking.cancel()
