"""What the imitations of the chat services have in common under load: slow, failing in a share of the calls, counting what they took."""

from __future__ import annotations

import asyncio
import json
import random
import time
from abc import ABC, abstractmethod
from collections import defaultdict
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Self

from starlette.types import Receive, Scope, Send

from bot.storage import Storage
from evaluation.loopback import serving

SECRET = "load-" + "s" * 32
"""Of every webhook, and of the database."""
_FIRST = 1_000_000

Answer = tuple[int, bytes]
"""HTTP status and body."""
BAD_GATEWAY: Answer = (502, b"<html>Bad Gateway</html>")


@dataclass(frozen=True)
class Manners:
    """How a service behaves: seconds that a sending takes (evenly spread), and the share of sendings that fail before they take
    effect, each in the ways of its service."""

    fastest: float = 0.05
    slowest: float = 0.3
    failing: float = 0.05


@dataclass(frozen=True)
class Taken:
    """A message that a service took ``at`` a time (``perf_counter``)."""

    at: float
    text: str


@dataclass(frozen=True)
class Delivery:
    """An event as the service delivers it: who wrote, the body and the headers."""

    person: str
    body: bytes
    headers: dict[str, str]


class SlowService(ABC):
    """One service. ``taken``: what was taken for each person, noted in the middle of the call: a caller killed after it does not know
    that it was. ``in_hand``: calls under way by person.

    It is an ASGI application without a framework, so that the load's own cost stays small beside the program's.
    """

    name: str
    webhook: str
    """Path of the bot's address to deliver to."""

    def __init__(self, manners: Manners, seed: int) -> None:
        self._manners, self._random = manners, random.Random(f"{self.name} {seed}")
        self.url = ""
        self.taken: dict[str, list[Taken]] = defaultdict(list)
        self.in_hand: dict[str, int] = defaultdict(int)
        self.failures = 0

    @abstractmethod
    def settings(self, bot: str) -> dict[str, str]:
        """Settings of a bot at the address ``bot``, by name without ``BOT_``."""

    @abstractmethod
    def delivery(self, number: int, text: str) -> Delivery:
        """The event of the person ``number``, who writes ``text``."""

    @abstractmethod
    async def answer(self, path: str, body: bytes) -> Answer:
        """What a call of the bot is answered with."""

    @abstractmethod
    def failure(self, draw: float, person: str) -> Answer:
        """One of the ways to fail, by an evenly drawn number from 0 to 1."""

    async def prepare(self, storage: Storage) -> None:
        """Put what the bot needs for this service into its empty database."""
        return None

    async def take(self, person: str, text: str, done: object) -> Answer:
        """A sending of ``text``: slow, and failing in its share of cases; otherwise answered with ``done``."""
        whole = self._random.uniform(self._manners.fastest, self._manners.slowest)
        draw = self._random.random()
        self.in_hand[person] += 1
        try:
            await asyncio.sleep(whole / 2)
            if draw < self._manners.failing:
                self.failures += 1
                return self.failure(draw / self._manners.failing, person)
            self.taken[person].append(Taken(time.perf_counter(), text))
            await asyncio.sleep(whole / 2)
        finally:
            self.in_hand[person] -= 1
        return said(done)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        body, more = b"", True
        while more:
            message = await receive()
            body, more = body + message.get("body", b""), message.get("more_body", False)
        status, answer = await self.answer(scope["path"], body)
        headers = [(b"content-type", b"application/json"), (b"content-length", str(len(answer)).encode())]
        await send({"type": "http.response.start", "status": status, "headers": headers})
        await send({"type": "http.response.body", "body": answer})

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[Self]:
        """Serve on a free loopback port while the body runs."""
        async with serving(self) as self.url:
            yield self


def said(value: object, status: int = 200) -> Answer:
    """A JSON answer."""
    return status, json.dumps(value, ensure_ascii=False).encode()


def number_of(number: int) -> int:
    """A number of a person that looks like one of a service's."""
    return _FIRST + number
