"""The small parts of the runtime: pace, back-off, group commit, the lease of a receiver, a pool over a failing database."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.channels.base import Connector, IncomingMessage, Kind
from bot.channels.leading import lead
from bot.channels.messages import check, fitting, from_json, to_json
from bot.channels.pool import Pool
from bot.channels.sending import LONGEST_PAUSE, Pace, backoff
from bot.channels.telegram import GROUP_PAUSE, TelegramConnector
from bot.storage import StorageError
from bot.storage.together import Together
from tests.waiting import PATIENCE, until


class Plain(Connector):
    """Two seconds between messages to one person."""

    name, part_length, part_pause, per_second = "plain", 100, 2.0, 1000.0


def test_pace_of_an_address_holds_back_no_other() -> None:
    now = [10.0]
    pace = Pace(Plain(), lambda: now[0])
    assert pace.wait("a") == 0
    pace.sent("a")
    assert (pace.wait("a"), pace.wait("b")) == (2.0, 0)
    now[0] += 1.5
    assert pace.wait("a") == 0.5
    now[0] += 1
    assert pace.wait("a") == 0


def test_telegram_wants_longer_pauses_in_groups() -> None:
    connector = TelegramConnector("1:x")
    assert (connector.pause_after("42"), connector.pause_after("-100:7")) == (1.0, GROUP_PAUSE)


def test_back_off_grows_and_ends() -> None:
    for attempt, (least, most) in {1: (0.5, 1), 2: (1, 2), 4: (4, 8), 40: (LONGEST_PAUSE / 2, LONGEST_PAUSE)}.items():
        waits = [backoff(attempt) for _ in range(50)]
        assert least <= min(waits) < max(waits) <= most


async def test_what_comes_together_is_stored_together_and_in_order() -> None:
    batches: list[list[int]] = []

    async def commit(items: Sequence[int]) -> list[int]:
        batches.append(list(items))
        await asyncio.sleep(0.01)
        if len(items) > 1 and 13 in items:
            raise ValueError
        if 13 in items:
            raise KeyError(13)
        return [10 * item for item in items]

    together = Together(commit, most=4)
    assert await asyncio.gather(*(together.put(n) for n in range(6))) == [0, 10, 20, 30, 40, 50]
    assert [item for batch in batches for item in batch] == list(range(6))
    assert len(batches) < 6
    results = await asyncio.gather(*(together.put(n) for n in (12, 13, 14)), return_exceptions=True)
    assert (results[0], results[2]) == (120, 140)
    assert isinstance(results[1], KeyError)


class OneLock:
    """A lease kept in memory; ``broken``: the database is away."""

    def __init__(self) -> None:
        self.holder, self.broken = "", False

    async def acquire(self, name: str, holder: str, seconds: float) -> bool:
        if self.broken:
            raise StorageError("away")
        self.holder = self.holder or holder
        return self.holder == holder

    async def release(self, name: str, holder: str) -> None:
        self.holder = "" if self.holder == holder else self.holder


async def test_one_leads_and_another_takes_over() -> None:
    lock, stops, working = OneLock(), {name: asyncio.Event() for name in "ab"}, []

    async def run(name: str) -> None:
        async def work(ended: asyncio.Event) -> None:
            working.append(name)
            await ended.wait()
            working.remove(name)

        await lead(lock, "poll", name, work, stops[name], seconds=0.06)

    tasks = {name: asyncio.create_task(run(name)) for name in "ab"}
    await asyncio.sleep(0.1)
    (first,) = working
    stops[first].set()
    await asyncio.wait_for(tasks[first], PATIENCE)
    second = "b" if first == "a" else "a"
    await until(lambda: working == [second])
    lock.broken = True  # what cannot be renewed is given up before it ends
    await until(lambda: not working)
    stops[second].set()
    await asyncio.wait_for(tasks[second], PATIENCE)


async def test_work_that_fails_ends_leading_and_comes_out() -> None:
    async def work(_ended: asyncio.Event) -> None:
        raise RuntimeError("hỏng")

    lock = OneLock()
    with pytest.raises(RuntimeError, match="hỏng"):
        await lead(lock, "poll", "a", work, asyncio.Event())
    assert lock.holder == ""


async def test_a_pool_survives_a_database_that_is_away_and_stays_within_its_size() -> None:
    left, seen, at_once, most_at_once = list(range(20)), [], 0, 0
    failures = 2

    async def claim(most: int) -> list[int]:
        nonlocal failures
        if failures:
            failures -= 1
            raise StorageError("away")
        taken = left[:most]
        del left[:most]
        return taken

    async def work(row: int) -> None:
        nonlocal at_once, most_at_once
        at_once += 1
        most_at_once = max(most_at_once, at_once)
        await asyncio.sleep(0.005)
        at_once -= 1
        if row == 3:
            raise ZeroDivisionError
        seen.append(row)

    pool, stop = Pool("thử", claim, work, most=4, look_every=0.01, gather=0.001), asyncio.Event()
    running = asyncio.create_task(pool.run(stop))
    await until(lambda: len(seen) >= 19)
    stop.set()
    await asyncio.wait_for(running, PATIENCE)
    assert sorted(seen) == [n for n in range(20) if n != 3]
    assert most_at_once == 4


async def test_a_draining_pool_takes_what_is_left_before_it_ends() -> None:
    left, seen = list(range(10)), []

    async def claim(most: int) -> list[int]:
        taken = left[:most]
        del left[:most]
        return taken

    async def work(row: int) -> None:
        seen.append(row)

    stop = asyncio.Event()
    stop.set()
    await Pool("thử", claim, work, most=3).run(stop, drain=True)
    assert seen == list(range(10))


def test_a_message_as_the_inbox_keeps_it() -> None:
    message = IncomingMessage("k", Kind.COMMAND, "start", "-1:2", "9", "p-1")
    assert from_json(to_json(message)) == message
    assert from_json(to_json(IncomingMessage("k", Kind.TEXT, "a\ud83d"))).content == "a\ufffd"


@pytest.mark.parametrize(
    "message", [{"key": "x" * 129}, {"key": ""}, {"key": "a\ud800"}, {"key": "a", "address": "b\x00"}, {"key": "a", "quote": "c" * 200}]
)
def test_a_conversation_that_no_channel_would_name_is_refused(message: dict[str, str]) -> None:
    with pytest.raises(ValueError, match="not printable"):
        check(IncomingMessage(kind=Kind.TEXT, content="x", **message))


def test_names_of_every_channel_are_taken() -> None:
    for key, address in (
        ("42", ""),
        ("-1001234567890:42", "-1001234567890:7"),
        ("anonymous:" + "c" * 60, "anonymous:" + "c" * 60 + ":" + "u" * 60),
    ):
        check(IncomingMessage(key, Kind.TEXT, "x", address, quote="1"))


def test_an_endless_id_of_an_event_still_recognises_its_repeat() -> None:
    assert fitting("987:user_send_text:m1") == "987:user_send_text:m1"
    long = fitting("9" * 500), fitting("9" * 500), fitting("9" * 501), fitting("a\ud800")
    assert long[0] == long[1] != long[2] and all(len(name) == 64 for name in long)


@pytest.mark.parametrize("message", [{"content": 7}, {"content": ["x"]}, {"argument": None}, {"key": 42}])
def test_values_of_another_type_are_no_message(message: dict[str, object]) -> None:
    with pytest.raises(ValueError, match="another type"):
        check(IncomingMessage(**{"key": "a", "kind": Kind.TEXT, "content": "x", **message}))
