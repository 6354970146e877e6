"""Sending: what the outbox holds goes out in order within a conversation, at each channel's pace, until its server takes or
refuses it.

Delivery is *at least once*: none of the interfaces knows a key under which a repeat would be recognised. A message goes out twice
where the program is killed between the server's taking it and the note that it did, or where its answer did not arrive in time.
"""

from __future__ import annotations

import asyncio
import logging
import random
import time
from collections.abc import Callable, Mapping
from typing import Protocol

from aiolimiter import AsyncLimiter

from bot.channels.base import Button, Connector, Refused, RetryLater
from bot.storage import Sending

log = logging.getLogger(__name__)

FIRST_PAUSE, LONGEST_PAUSE = 1.0, 300.0
_HELD_AT_MOST = 2.0
"""Seconds that a message may wait in hand for its pace; one that has to wait longer is put back."""
_REMEMBERED = 10_000


class Outbox(Protocol):
    """What sending needs of :class:`bot.storage.outbox.Outbox`."""

    async def sent(self, sending: Sending, message_id: str | None = None) -> None: ...

    async def postpone(self, sending: Sending, seconds: float, reason: str, *, counts: bool = True) -> bool: ...

    async def fail(self, sending: Sending, reason: str) -> None: ...


def backoff(attempt: int, first: float = FIRST_PAUSE) -> float:
    """Seconds before the next attempt after ``attempt`` (from 1) failed: doubled each time, with "equal jitter" (half fixed, half
    random), so that what failed together does not come back together.

    Source: M. Brooker, "Exponential Backoff And Jitter", AWS Architecture Blog, 2015.
    """
    whole = min(LONGEST_PAUSE, first * 2.0 ** min(attempt - 1, 20))
    return random.uniform(whole / 2, whole)


Told = Callable[[str, str], None]
"""Is told of every attempt to send: the channel, and ``sent``, ``postponed`` or ``refused``."""


def tell_nobody(channel: str, result: str) -> None:
    """A :data:`Told` that does nothing."""


class Sender:
    """Sends rows of the outbox. One a process."""

    def __init__(
        self, outbox: Outbox, connectors: Mapping[str, Connector], *, first_pause: float = FIRST_PAUSE, told: Told = tell_nobody
    ) -> None:
        """
        Args:
            outbox: where results are noted.
            connectors: by channel.
            first_pause: seconds before the first repeat.
            told: counts the attempts.
        """
        self._outbox, self._connectors, self._first_pause, self._told = outbox, connectors, first_pause, told
        self._pace = {name: Pace(connector) for name, connector in connectors.items()}

    async def send(self, sending: Sending) -> None:
        """Send one message and note what came of it.

        Raises:
            StorageError: it could not be noted; the message goes out again.
        """
        connector, pace = self._connectors[sending.channel], self._pace[sending.channel]
        wait = pace.wait(sending.address)
        if wait > _HELD_AT_MOST:
            await self._outbox.postpone(sending, wait, "pace", counts=False)
            return
        await asyncio.sleep(wait)
        rows = tuple(tuple(Button(label, token) for label, token in row) for row in sending.rows)
        try:
            async with pace.limit:
                pace.sent(sending.address)
                await connector.send(sending.address, sending.text, rows, sending.quote)
        except RetryLater as error:
            seconds = backoff(sending.attempt, self._first_pause) if error.seconds is None else error.seconds
            log.warning("Kênh %s chưa nhận tin (%s), gửi lại sau %.1f giây", sending.channel, error, seconds)
            self._told(sending.channel, "postponed")
            await self._outbox.postpone(sending, seconds, str(error))
        except Refused as error:
            self._told(sending.channel, "refused")
            await self._outbox.fail(sending, str(error))
        except Exception as error:
            # A mistake of ours or an answer nobody foresaw: not sent for ever, but not thrown away at once either.
            log.exception("Lỗi khi gửi (kênh %s)", sending.channel)
            given_up = sending.attempt >= _MOST_MISTAKES
            self._told(sending.channel, "refused" if given_up else "postponed")
            if given_up:
                await self._outbox.fail(sending, type(error).__name__)
            else:
                await self._outbox.postpone(sending, backoff(sending.attempt, self._first_pause), type(error).__name__)
        else:
            self._told(sending.channel, "sent")
            await self._outbox.sent(sending)


_MOST_MISTAKES = 5


class Pace:
    """A channel's limits: messages a second in all, and seconds between two to one address."""

    def __init__(self, connector: Connector, clock: Callable[[], float] = time.monotonic) -> None:
        self._connector, self._clock = connector, clock
        # Small bursts in a tenth of a second, not a second's share at once.
        share = max(1.0, connector.per_second / 10)
        self.limit = AsyncLimiter(share, share / connector.per_second)
        self._next: dict[str, float] = {}

    def wait(self, address: str) -> float:
        """Seconds before the next message to ``address`` may go out."""
        return max(0.0, self._next.get(address, 0.0) - self._clock())

    def sent(self, address: str) -> None:
        """A message to ``address`` goes out now."""
        now = self._clock()
        if len(self._next) > _REMEMBERED:
            self._next = {known: due for known, due in self._next.items() if due > now}
        self._next[address] = now + self._connector.pause_after(address)
