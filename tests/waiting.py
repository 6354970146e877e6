"""Waiting for what must come to be, on however slow a machine."""

from __future__ import annotations

import asyncio
import inspect
from collections.abc import Awaitable, Callable
from typing import TypeVar

PATIENCE = 60.0
"""Seconds. Only a test that fails waits so long."""
Found = TypeVar("Found")


async def until(look: Callable[[], Found | Awaitable[Found]], every: float = 0.01) -> Found:
    """Look again and again until there is something (true); gives it.

    Args:
        look: finds it, at once or as a coroutine.
        every: seconds between looks.

    Raises:
        TimeoutError: it does not come.
    """
    async with asyncio.timeout(PATIENCE):
        while True:
            found = look()
            if inspect.isawaitable(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(every)
