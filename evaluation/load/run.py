"""One run: replicas, a slow server, messages at a rate, kills in between, and what became of every message."""

from __future__ import annotations

import asyncio
import random
import sqlite3
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from evaluation.load.delivering import Delivered, deliver
from evaluation.load.program import Bot
from evaluation.load.telegram import Manners, SlowTelegram

_SETTLED_SECONDS = 5.0
"""After all are answered, repeats are waited for so long."""

_NOTED_SECONDS = 1.0
"""A busy machine may take so long from the server's taking a message to the note that it did."""


@dataclass(frozen=True)
class Plan:
    """What to do: messages a second and seconds; replicas; kills, spread at random over the time; the server's manners."""

    rate: float = 100.0
    seconds: float = 60.0
    replicas: int = 1
    kills: int = 0
    manners: Manners = field(default_factory=Manners)
    patience: float = 120.0
    seed: int = 1


@dataclass(frozen=True)
class Result:
    """What became of the messages. Times in seconds from the first delivery; ``in_hand``: doubled ones that were being sent, or
    had just been sent, at a kill; ``integrity``: the database's own check, and how many events and messages it still holds open."""

    messages: int
    once: int
    lost: int
    doubled: int
    in_hand: int
    kills: int
    p50: float
    p95: float
    p99: float
    longest: float
    acknowledged_p99: float
    refused: int
    failures: int
    cpu_seconds: float
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
    with tempfile.TemporaryDirectory(prefix="load-") as name:
        folder = Path(name)
        address = database or f"sqlite:///{folder}/bot.sqlite3"
        async with SlowTelegram(plan.manners, plan.seed).serving() as telegram:
            bots = [Bot(telegram.url, address, index, folder / f"bot{i}", folder / "log") for i in range(plan.replicas)]
            try:
                return await _run(plan, telegram, bots, folder, None if database else folder / "bot.sqlite3")
            finally:
                for bot in bots:
                    await bot.kill()


async def _run(plan: Plan, telegram: SlowTelegram, bots: Sequence[Bot], folder: Path, file: Path | None) -> Result:
    for bot in bots:  # one after another: the first makes the tables
        await bot.start()
        await bot.ready()
    await asyncio.sleep(1.0)
    before = [bot.used()[0] for bot in bots]
    delivered = Delivered()
    hit: set[int] = set()
    killing = asyncio.create_task(_kill(plan, telegram, bots, hit))
    await deliver(bots, plan.rate, plan.seconds, delivered)
    await killing
    await _answered(plan, telegram, delivered)
    used = [bot.used() for bot in bots]
    statuses = tuple([await bot.stop() for bot in bots])
    log = (folder / "log").read_text(errors="replace")
    if "Traceback" in log:
        print(log[log.index("Traceback") :][:2000])
    counts = {chat: len(telegram.taken.get(chat, ())) for chat in delivered.sent}
    doubled = {chat for chat, count in counts.items() if count > 1}
    waits = sorted(telegram.taken[chat][0] - at for chat, at in delivered.sent.items() if counts[chat])
    return Result(
        messages=len(counts),
        once=sum(count == 1 for count in counts.values()),
        lost=sum(count == 0 for count in counts.values()),
        doubled=len(doubled),
        in_hand=len(doubled & hit),
        kills=plan.kills,
        p50=_share(waits, 0.5),
        p95=_share(waits, 0.95),
        p99=_share(waits, 0.99),
        longest=waits[-1] if waits else 0.0,
        acknowledged_p99=_share(sorted(delivered.acknowledged.values()), 0.99),
        refused=delivered.refused,
        failures=telegram.failures,
        cpu_seconds=sum(after - start for (after, _), start in zip(used, before, strict=True)) if not plan.kills else 0.0,
        peak_mb=max(peak for _, peak in used),
        exit_statuses=statuses,
        integrity=_integrity(file) if file is not None else "not checked here",
    )


async def _kill(plan: Plan, telegram: SlowTelegram, bots: Sequence[Bot], hit: set[int]) -> None:
    """Kill replicas at random moments, and start each again at once. ``hit`` gets the chats to which something was being sent, or had
    been sent so lately that the note of it may not have been written."""
    rng = random.Random(plan.seed)
    moments = sorted(rng.uniform(0.5, plan.seconds) for _ in range(plan.kills))
    start = time.perf_counter()
    for moment in moments:
        await asyncio.sleep(max(0.0, start + moment - time.perf_counter()))
        bot = rng.choice(bots)
        now = time.perf_counter()
        hit |= {chat for chat, calls in telegram.in_hand.items() if calls}
        hit |= {chat for chat, times in telegram.taken.items() if now - times[-1] < _NOTED_SECONDS}
        await bot.kill()
        await bot.start()
        if rng.random() < 0.7:  # the others are killed while they start
            await bot.ready()
            await asyncio.sleep(rng.uniform(0, 1.0))


async def _answered(plan: Plan, telegram: SlowTelegram, delivered: Delivered) -> None:
    """Wait until every message is answered, or nothing has come for a long time."""
    count, since = -1, time.perf_counter()
    while time.perf_counter() - since < plan.patience:
        now = sum(bool(telegram.taken.get(chat)) for chat in delivered.sent)
        if now == len(delivered.sent):
            break
        if now != count:
            count, since = now, time.perf_counter()
        await asyncio.sleep(0.2)
    await asyncio.sleep(_SETTLED_SECONDS)


def _share(values: Sequence[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))] if values else 0.0


def _integrity(file: Path) -> str:
    with sqlite3.connect(file) as connection:
        said = connection.execute("PRAGMA integrity_check").fetchone()[0]
        left = [connection.execute(f"SELECT count(*) FROM {table} WHERE closed_at IS NULL").fetchone()[0] for table in ("inbox", "outbox")]
    return f"{said}; open events {left[0]}, open messages {left[1]}"
