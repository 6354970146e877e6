"""Several processes on one database, and processes killed while they work: nothing is lost, doubled or out of order."""

from __future__ import annotations

import asyncio
import random
import sys
from asyncio.subprocess import PIPE, Process
from pathlib import Path

from sqlalchemy import text

from bot.storage import Storage, Waiting
from tests.bot.storage.conftest import SECRET

ROOT = Path(__file__).resolve().parents[3]
CONVERSATIONS = "abcdef"


def names(per_conversation: int) -> list[str]:
    return [f"{c}/{n}" for n in range(per_conversation) for c in CONVERSATIONS]


async def start(url: str, holder: str, mode: str) -> Process:
    command = (sys.executable, "-m", "tests.fakes.storage_worker", url, SECRET, holder, mode)
    return await asyncio.create_subprocess_exec(*command, cwd=ROOT, stdin=PIPE, stdout=PIPE)


async def lines(process: Process, most: int | None = None) -> list[str]:
    """What a process says after it is ready, until its end or ``most`` lines."""
    assert process.stdout is not None
    found: list[str] = []
    while (most is None or len(found) < most) and (line := await process.stdout.readline()):
        if line.strip() != b"ready":
            found.append(line.decode().strip())
    return found


async def check(storage: Storage, sent: list[str], per_conversation: int, again: int) -> None:
    """``sent`` is every part of every answer, in order within each conversation, with at most ``again`` sent a second time."""
    parts = {f"{name}:{part}" for name in names(per_conversation) for part in (0, 1)}
    assert set(sent) == parts
    assert len(sent) - len(parts) <= again
    for c in CONVERSATIONS:
        assert (await storage.conversations.load("telegram", c)).question == " ".join(f"{c}/{n}" for n in range(per_conversation))
    counts = await storage.questions.counts(["outcome"], "2000-01-01", "2999-01-01")
    assert [c.count for c in counts] == [len(parts) // 2]
    if storage._database.is_sqlite:
        assert await storage._database.read(lambda c: c.execute(text("PRAGMA integrity_check")).scalar_one()) == "ok"


async def test_workers_in_several_processes_share_the_work(database_url: str) -> None:
    storage = Storage(database_url, secret=SECRET)
    await storage.open()
    for name in names(6):
        await storage.inbox.accept("telegram", name, {}, name[0])
    workers = [await start(database_url, f"host-{n}", "work") for n in range(2)]
    sent = await asyncio.gather(*(lines(worker) for worker in workers))
    assert [await worker.wait() for worker in workers] == [0, 0]
    await check(storage, [part for parts in sent for part in parts], 6, again=0)
    for parts in sent:
        for c in CONVERSATIONS:
            mine = [p for p in parts if p[0] == c]
            assert mine == sorted(mine)
    await storage.close()


async def test_workers_killed_in_the_middle(database_url: str) -> None:
    storage = Storage(database_url, secret=SECRET)
    await storage.open()
    for name in names(6):
        await storage.inbox.accept("telegram", name, {}, name[0])
    chance, sent, kills = random.Random(7), [], 0
    while await storage.inbox.waiting() != Waiting(0, 0.0) or await storage.outbox.waiting() != Waiting(0, 0.0):
        worker = await start(database_url, "host", "work")
        sent += await lines(worker, most=chance.randint(8, 40))
        await asyncio.sleep(chance.random() * 0.02)
        if worker.returncode is None:
            worker.kill()
            kills += 1
        sent += await lines(worker)  # what it had said before
        await worker.wait()
        assert kills < 72, "no progress"
    assert kills >= 2
    await check(storage, sent, 6, again=kills)  # killed between the other side's taking a part and the mark
    await storage.close()


async def test_what_was_acknowledged_before_a_kill_is_there(database_url: str) -> None:
    storage = Storage(database_url, secret=SECRET)
    await storage.open()
    safe: set[str] = set()
    for most in (3, 20, 41):
        process = await start(database_url, "host", "accept")
        assert process.stdin is not None
        process.stdin.write(" ".join(names(12)).encode())
        process.stdin.close()
        safe |= set(await lines(process, most))
        process.kill()
        safe |= set(await lines(process))
        await process.wait()
    found = set()
    while events := await storage.inbox.claim("me", 10):
        for event in events:
            assert event.event_id not in found
            found.add(event.event_id)
            await storage.inbox.done(event)
    assert safe <= found <= set(names(12)) and len(safe) >= 41
    await storage.close()
