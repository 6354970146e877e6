"""What may go wrong with a call to an imitated service, and waiting for what the bot says through it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class TooMany:
    """429 with ``retry_after`` seconds."""

    retry_after: int = 1


@dataclass(frozen=True)
class Broken:
    """A gateway's error page."""

    status: int = 502


@dataclass(frozen=True)
class Hanging:
    """No answer for ``seconds``; ``done``: the call took effect all the same."""

    seconds: float
    done: bool = False


@dataclass(frozen=True)
class Refusing:
    """An error that the service itself gives."""

    status: int
    description: str


PATIENCE = 60.0
"""Seconds until what has to be told is taken as never told. Much more than is needed: only what fails waits so long."""


async def until_told(texts: Callable[[], Sequence[str]], number: int) -> list[str]:
    """Wait until ``texts`` holds ``number`` messages; gives them.

    Raises:
        TimeoutError: it does not come to that.
    """
    async with asyncio.timeout(PATIENCE):
        while len(texts()) < number:
            await asyncio.sleep(0.01)
    return list(texts())
