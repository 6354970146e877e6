"""One run: replicas, slow services, messages at a rate, kills in between, and what became of every message."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import AsyncExitStack
from dataclasses import dataclass, field
from pathlib import Path

from bot.storage import Storage
from evaluation.load.delivering import Delivered, deliver
from evaluation.load.program import Bot
from evaluation.load.service import SECRET, Manners, SlowService, Taken
from evaluation.load.telegram import SlowTelegram
from evaluation.load.zalo_bot import SlowZaloBot
from evaluation.load.zalo_oa import SlowZaloOa

_NOTED_SECONDS = 1.0
"""A busy machine may take so long from the server's taking a message to the note that it did."""


CHANNELS: Mapping[str, type[SlowService]] = {service.name: service for service in (SlowTelegram, SlowZaloOa, SlowZaloBot)}


@dataclass(frozen=True)
class Plan:
    """What to do: messages a second and seconds; through which channels, by turns; replicas; kills, spread at random over the time;
    the services' manners; ``patience``: seconds without a further answer after which the rest counts as lost; ``settled``: seconds to
    wait for repeats after all are answered."""

    rate: float = 100.0
    seconds: float = 60.0
    channels: tuple[str, ...] = tuple(CHANNELS)
    replicas: int = 1
    kills: int = 0
    manners: Manners = field(default_factory=Manners)
    patience: float = 300.0
    settled: float = 5.0
    seed: int = 1


@dataclass(frozen=True)
class Fate:
    """What became of messages. Times in seconds from the first delivery; ``in_hand``: doubled ones that were being sent, or had just
    been sent, at a kill."""

    messages: int
    once: int
    lost: int
    doubled: int
    in_hand: int
    p50: float
    p95: float
    p99: float
    longest: float


@dataclass(frozen=True)
class Result:
    """What a run gave. ``cpu_seconds``: processor time of the program from before the first delivery to after the last answer,
    ``cpu_ms``: of it for one message (neither with kills); ``load_cpu_seconds``: of the load and its services, beside it on the same
    machine; ``integrity``: the database's own check, how many events and messages it still holds open, and how many
    messages it gave up."""

    together: Fate
    channels: dict[str, Fate]
    acknowledged_p99: float
    refused: int
    failures: int
    cpu_seconds: float
    cpu_ms: float
    load_cpu_seconds: float
    peak_mb: float
    exit_statuses: tuple[int, ...]
    integrity: str


async def run(plan: Plan, database: str, index: Path) -> Result:
    """Carry out a plan on an empty database.

    Args:
        plan: see there.
        database: its address; "" for a SQLite file of its own.
        index: a published index.
    """
    services = [CHANNELS[name](plan.manners, plan.seed) for name in plan.channels]
    async with AsyncExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="load-")))
        address = database or f"sqlite:///{folder}/bot.sqlite3"
        await _prepare(services, address)
        for service in services:
            await stack.enter_async_context(service.serving())
        bots = [Bot(services, address, index, folder / f"bot{i}", folder / "log") for i in range(plan.replicas)]
        try:
            return await _run(plan, services, bots, folder, None if database else folder / "bot.sqlite3")
        finally:
            for bot in bots:
                await bot.kill()


async def _prepare(services: Sequence[SlowService], address: str) -> None:
    storage = Storage(address, secret=SECRET)
    await storage.open()
    try:
        for service in services:
            await service.prepare(storage)
    finally:
        await storage.close()


async def _run(plan: Plan, services: Sequence[SlowService], bots: Sequence[Bot], folder: Path, file: Path | None) -> Result:
    for bot in bots:  # one after another: each reads the index into the machine's memory for the next
        await bot.start()
        await bot.ready()
    await asyncio.sleep(1.0)
    before, load_before = [bot.used()[0] for bot in bots], time.process_time()
    delivered = Delivered()
    hit: set[str] = set()
    killing = asyncio.create_task(_kill(plan, services, bots, hit))
    await deliver(services, bots, plan.rate, plan.seconds, delivered)
    await killing
    await _answered(plan, services, delivered)
    used, load_used = [bot.used() for bot in bots], time.process_time() - load_before
    statuses = tuple([await bot.stop() for bot in bots])
    log = (folder / "log").read_text(errors="replace")
    if "Traceback" in log:
        print(log[log.index("Traceback") :][:2000])
    cpu = sum(after - start for (after, _), start in zip(used, before, strict=True)) if not plan.kills else 0.0
    taken = _taken(services)
    return Result(
        together=_fate(list(delivered.sent), delivered, taken, hit),
        channels={s.name: _fate([p for p, name in delivered.channel.items() if name == s.name], delivered, taken, hit) for s in services},
        acknowledged_p99=_share(sorted(delivered.acknowledged.values()), 0.99),
        refused=delivered.refused,
        failures=sum(service.failures for service in services),
        cpu_seconds=cpu,
        cpu_ms=1000 * cpu / max(1, len(delivered.sent)),
        load_cpu_seconds=load_used,
        peak_mb=max(peak for _, peak in used),
        exit_statuses=statuses,
        integrity=_integrity(file) if file is not None else "not checked here",
    )


def _taken(services: Sequence[SlowService]) -> dict[str, list[Taken]]:
    return {person: taken for service in services for person, taken in service.taken.items() if taken}


def _fate(people: Sequence[str], delivered: Delivered, taken: Mapping[str, Sequence[Taken]], hit: set[str]) -> Fate:
    answers = {person: [message.text for message in taken.get(person, ())] for person in people}
    # A long answer comes in several messages: only the same one again is an answer too many.
    doubled = {person for person, texts in answers.items() if len(set(texts)) < len(texts)}
    waits = sorted(taken[person][0].at - delivered.sent[person] for person, texts in answers.items() if texts)
    lost = len(people) - len(waits)
    return Fate(
        messages=len(people),
        once=len(waits) - len(doubled),
        lost=lost,
        doubled=len(doubled),
        in_hand=len(doubled & hit),
        p50=_share(waits, 0.5),
        p95=_share(waits, 0.95),
        p99=_share(waits, 0.99),
        longest=waits[-1] if waits else 0.0,
    )


async def _kill(plan: Plan, services: Sequence[SlowService], bots: Sequence[Bot], hit: set[str]) -> None:
    """Kill replicas at random moments, and start each again at once. ``hit`` gets the people to whom something was being sent, or had
    been sent so lately that the note of it may not have been written."""
    rng = random.Random(plan.seed)
    moments = sorted(rng.uniform(0.5, plan.seconds) for _ in range(plan.kills))
    start = time.perf_counter()
    for moment in moments:
        await asyncio.sleep(max(0.0, start + moment - time.perf_counter()))
        bot = rng.choice(bots)
        now = time.perf_counter()
        hit |= _in_hand(services, now)
        await bot.kill()
        # Once more: between the look and the end of the process another sending may have begun.
        hit |= _in_hand(services, now)
        await bot.start()
        if rng.random() < 0.7:  # the others are killed while they start
            await bot.ready()
            await asyncio.sleep(rng.uniform(0, 1.0))


def _in_hand(services: Sequence[SlowService], since: float) -> set[str]:
    """People to whom something is being sent, or was sent less than :data:`_NOTED_SECONDS` before ``since`` or after it."""
    calling = {person for service in services for person, calls in service.in_hand.items() if calls}
    return calling | {person for person, taken in _taken(services).items() if since - taken[-1].at < _NOTED_SECONDS}


async def _answered(plan: Plan, services: Sequence[SlowService], delivered: Delivered) -> None:
    """Wait until every message is answered, or nothing has come for a long time."""
    count, since = -1, time.perf_counter()
    while time.perf_counter() - since < plan.patience:
        now = len(_taken(services))
        if now == len(delivered.sent):
            break
        if now != count:
            count, since = now, time.perf_counter()
        await asyncio.sleep(0.2)
    await asyncio.sleep(plan.settled)


def _share(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def _integrity(file: Path) -> str:
    with sqlite3.connect(file) as connection:
        said = connection.execute("PRAGMA integrity_check").fetchone()[0]
        left = [connection.execute(f"SELECT count(*) FROM {table} WHERE closed_at IS NULL").fetchone()[0] for table in ("inbox", "outbox")]
        failed = connection.execute("SELECT count(*) FROM outbox WHERE outcome = 'failed'").fetchone()[0]
    return f"{said}; open events {left[0]}, open messages {left[1]}, messages given up {failed}"
