"""Group commit: what comes while one commit is under way, and shortly after, shares the next, so that a busy hour costs few
transactions and few syncings of the disk, and a quiet one no waiting.

Method: D. DeWitt et al., "Implementation Techniques for Main Memory Database Systems", SIGMOD 1984.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Generic, TypeVar

Item = TypeVar("Item")
Result = TypeVar("Result")
TOGETHER_SECONDS = 0.05
"""From one commit to the next at least, for what nobody waits for: what comes in between shares it. The first of a quiet time waits
for nothing."""


class Together(Generic[Item, Result]):
    """Hands items to ``commit`` in order of arrival, as many at once as wait."""

    def __init__(self, commit: Callable[[Sequence[Item]], Awaitable[Sequence[Result]]], most: int = 100, pause: float = 0.0) -> None:
        """
        Args:
            commit: stores items, all or none, and gives a result for each.
            most: items at once.
            pause: seconds from the beginning of one commit to the next at least.
        """
        self._commit, self._most, self._pause = commit, most, pause
        self._waiting: list[tuple[Item, asyncio.Future[Result]]] = []
        self._working: asyncio.Task[None] | None = None

    async def put(self, item: Item) -> Result:
        """Store an item; returns its result when it is stored. What storing raises comes out; where several failed together each is
        tried alone, so that one that cannot be stored takes no other with it."""
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._waiting.append((item, future))
        if self._working is None or self._working.done():
            self._working = asyncio.create_task(self._work())
        return await future

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        while self._waiting:
            next_at = loop.time() + self._pause
            batch, self._waiting = self._waiting[: self._most], self._waiting[self._most :]
            if not await self._stored(batch, last=len(batch) == 1):
                for one in batch:
                    await self._stored([one], last=True)
            if next_at > loop.time():
                await asyncio.sleep(next_at - loop.time())

    async def _stored(self, batch: Sequence[tuple[Item, asyncio.Future[Result]]], *, last: bool) -> bool:
        try:
            results = await self._commit([item for item, _ in batch])
        except Exception as error:
            if last:
                for _, future in batch:
                    if not future.done():
                        future.set_exception(error)
            return last
        for (_, future), result in zip(batch, results, strict=True):
            if not future.done():  # whoever waited may have gone
                future.set_result(result)
        return True
