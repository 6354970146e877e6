"""What every channel shares between its receiver and its server: inbox → dialogue → outbox.

An event is written to the inbox before its receiver acknowledges it. Workers take events in order within a conversation and side by
side across conversations. What a turn changes (the state, the answer's messages, the end of the event) is one transaction. Senders
take messages from the outbox in order within a conversation. All of it is shared by every replica on the same database, and
whatever a killed process had in hand is taken up again. So each event is answered once; see ``sending`` for the one place where a
message may go out twice.
"""

from __future__ import annotations

import asyncio
import logging
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.channels.base import Channel, Connector, Overloaded
from bot.channels.messages import check, fitting, to_json
from bot.channels.pool import Pool
from bot.channels.sending import Sender, Told, tell_nobody
from bot.channels.working import Worker
from bot.service import AnswerService
from bot.storage import Event, Sending, Storage, StorageError
from bot.tracing import NO_TRACING, Tracer
from config.logging import request_id

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Limits:
    """How much at once, and how long: ``workers`` events and ``senders`` messages in hand; ``lease`` seconds that what is in hand
    belongs to this process; ``first_retry`` seconds before the first repeat of a failed sending; ``look_every`` seconds between looks
    at the database for what others left; ``most_waiting`` events, above which no more are taken; ``late_after`` seconds, after which
    an answer begins with an apology; ``a_minute`` messages of one person, above which they are not answered."""

    workers: int = 48
    senders: int = 128
    lease: float = 60.0
    first_retry: float = 0.5
    look_every: float = 0.5
    most_waiting: int = 20_000
    late_after: float = 30.0
    a_minute: int = 30


class Runtime(Channel):
    """One a process, for all its channels."""

    name = "runtime"

    def __init__(
        self,
        service: AnswerService,
        storage: Storage,
        connectors: Sequence[Connector],
        holder: str,
        limits: Limits | None = None,
        tracer: Tracer = NO_TRACING,
        told: Told = tell_nobody,
    ) -> None:
        """
        Args:
            service: answers.
            storage: the queues.
            connectors: of the channels.
            holder: a name that no other living process on this database bears; the same name again after a restart takes up at once
                what the run before was killed over.
            limits: see there.
            tracer: follows events from here to their answers.
            told: counts what is sent.
        """
        self._tracer = tracer
        self._inbox, self._outbox = storage.inbox, storage.outbox
        self._limits = limits or Limits()
        self._holder = holder
        self._connectors = {connector.name: connector for connector in connectors}
        self._full = self._careful = False
        self._side_jobs: set[asyncio.Task[None]] = set()
        worker = Worker(
            service,
            storage.inbox,
            self._connectors,
            late_after=self._limits.late_after,
            a_minute=self._limits.a_minute,
            first_retry=self._limits.first_retry,
        )

        async def work(event: Event) -> None:
            with tracer.span("answer", event.payload.get("carried", {}), channel=event.channel, attempt=event.attempt):
                await worker.work(event)
            self._senders.wake()

        sender = Sender(storage.outbox, self._connectors, first_pause=self._limits.first_retry, told=told)

        async def send(sending: Sending) -> None:
            with tracer.span("send", sending.carried, channel=sending.channel, attempt=sending.attempt):
                await sender.send(sending)

        self._senders: Pool[Sending] = Pool(
            "gửi tin", self._claim_sendings, send, most=self._limits.senders, look_every=self._limits.look_every
        )
        self._workers: Pool[Event] = Pool(
            "trả lời", self._claim_events, work, most=self._limits.workers, look_every=self._limits.look_every
        )

    async def accept(self, channel: str, event_id: str, payload: Mapping[str, Any]) -> bool:
        """See :meth:`bot.channels.base.Receives.accept`. Kept is what the connector reads in the event, not the event: nothing about
        the sender beyond the conversation's key. The event goes on under the number of the request that brought it; what was asked
        for (polling) gets a number here."""
        event_id = fitting(event_id)
        numbers = {**self._tracer.carried(), "request": request_id.get() or secrets.token_hex(8), "event": f"{channel}:{event_id}"}
        with self._tracer.span("receive", numbers, channel=channel):
            return await self._accept(channel, event_id, payload)

    async def _accept(self, channel: str, event_id: str, payload: Mapping[str, Any]) -> bool:
        connector = self._connectors[channel]
        try:
            message = connector.read(payload)
            if message is None:
                return False
            check(message)
        except ValueError as error:
            log.warning("Bỏ một tin không đúng dạng (kênh %s): %s", channel, str(error)[:100])
            return False
        except Exception:
            # Whatever is delivered again and again must not stop what comes after it.
            log.exception("Bỏ một tin không đọc được (kênh %s)", channel)
            return False
        if self._full:
            raise Overloaded
        kept = await self._inbox.accept(channel, event_id, {**to_json(message), "carried": self._tracer.carried()}, message.key)
        if kept:
            self._workers.wake()
        self._acknowledge(connector, payload)
        return kept

    async def run(self, stop: asyncio.Event) -> None:
        """Work and send until told to stop, then finish what is in hand. To be awaited with a time limit: what does not end in time is
        taken up at the next start."""
        await self._free()
        watching = asyncio.create_task(self._watch())
        unsent = asyncio.Event()
        sending = asyncio.create_task(self._senders.run(unsent, drain=True))
        try:
            await self._workers.run(stop)
            unsent.set()
            await sending
        finally:
            watching.cancel()
            sending.cancel()
            await asyncio.gather(watching, sending, *self._side_jobs, return_exceptions=True)

    def wake(self) -> None:
        """Something was put into the outbox from elsewhere in this process."""
        self._senders.wake()

    async def _free(self) -> None:
        """Take back what an earlier run under this name was killed over."""
        try:
            freed = await self._inbox.free(self._holder), await self._outbox.free(self._holder)
            self._careful = freed[0] > 0
            if any(freed):
                log.info("Làm tiếp %d tin đến và %d tin đi còn dở", *freed)
        except StorageError as error:  # their leases end by themselves
            log.error("Không nhận lại được việc còn dở: %s", error)

    async def _claim_events(self, most: int) -> list[Event]:
        """Claim events. Those that a killed run had in hand come first, one at a time: if one of them is what kills the program, the
        others must not be counted as attempted with it."""
        if not self._careful:
            return await self._inbox.claim(self._holder, most, self._limits.lease, list(self._connectors))
        if most < self._limits.workers:
            return []
        events = await self._inbox.claim(self._holder, 1, self._limits.lease, list(self._connectors))
        self._careful = any(event.attempt > 1 for event in events)
        return events

    async def _claim_sendings(self, most: int) -> list[Sending]:
        return await self._outbox.claim(self._holder, most, self._limits.lease, list(self._connectors))

    async def _watch(self) -> None:
        """Notice when too much waits."""
        while True:
            try:
                waiting = await self._inbox.waiting()
                full = waiting.count >= self._limits.most_waiting
                if full != self._full:
                    log.warning("Hàng đợi %d tin: %s nhận tin mới", waiting.count, "tạm ngừng" if full else "lại")
                self._full = full
            except StorageError as error:
                log.warning("Không đếm được hàng đợi: %s", error)
            await asyncio.sleep(2.0)

    def _acknowledge(self, connector: Connector, payload: Mapping[str, Any]) -> None:
        async def tell() -> None:
            try:
                await connector.acknowledge(payload)
            except Exception as error:
                log.debug("Kênh %s: không báo được là đã nhận (%s)", connector.name, type(error).__name__)

        task = asyncio.create_task(tell())
        self._side_jobs.add(task)
        task.add_done_callback(self._side_jobs.discard)
