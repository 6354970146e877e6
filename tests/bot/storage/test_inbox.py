from __future__ import annotations

import asyncio
import logging

import pytest
from sqlalchemy import select, update

from bot.storage import MOST_ATTEMPTS, LeaseLost, Storage, Waiting
from bot.storage.inbox import InboxRow
from tests.bot.storage.conftest import SECRET, Clock


async def accept(storage: Storage, *events: str) -> None:
    """Accept events named ``CONVERSATION/NUMBER``."""
    for event in events:
        assert await storage.inbox.accept("telegram", event, {"text": event}, event.split("/")[0])


async def names(storage: Storage, most: int = 10) -> list[str]:
    return [e.event_id for e in await storage.inbox.claim("me", most)]


async def test_an_event_is_accepted_once(storage: Storage) -> None:
    await accept(storage, "a/1")
    assert not await storage.inbox.accept("telegram", "a/1", {}, "a")
    assert await storage.inbox.accept("zalo", "a/1", {}, "a")
    [event] = await storage.inbox.claim("me", 10, channels=["telegram"])
    assert (event.channel, event.event_id, event.conversation, event.payload, event.attempt) == ("telegram", "a/1", "a", {"text": "a/1"}, 1)
    await storage.inbox.done(event)
    assert not await storage.inbox.accept("telegram", "a/1", {}, "a")
    assert await storage.inbox.claim("me", 10, channels=["telegram"]) == []


async def test_in_order_within_a_conversation_and_side_by_side_across(storage: Storage) -> None:
    await accept(storage, "a/1", "a/2", "b/1", "a/3", "b/2")
    first = await storage.inbox.claim("me", 10)
    assert [e.event_id for e in first] == ["a/1", "b/1"]
    assert await names(storage) == []
    await storage.inbox.done(first[1])
    assert await names(storage) == ["b/2"]
    await storage.inbox.done(first[0])
    assert await names(storage) == ["a/2"]


async def test_many_takers_get_each_event_once(storage: Storage) -> None:
    await accept(storage, *(f"{c}/{n}" for n in range(4) for c in "abcdefgh"))
    seen: list[str] = []

    async def work() -> None:
        while events := await storage.inbox.claim("me", 3):
            for event in events:
                seen.append(event.event_id)
                await asyncio.sleep(0)
                await storage.inbox.done(event)

    await asyncio.gather(*(work() for _ in range(6)))
    while await storage.inbox.waiting() != Waiting(0, 0.0):  # a taker may have found all others' conversations busy, and ended
        await work()
    assert len(seen) == 32 and len(set(seen)) == 32
    for c in "abcdefgh":
        assert [e for e in seen if e[0] == c] == [f"{c}/{n}" for n in range(4)]


async def test_a_lease_runs_out_and_its_holder_comes_too_late(storage: Storage, clock: Clock) -> None:
    await accept(storage, "a/1")
    [slow] = await storage.inbox.claim("slow", lease=60)
    clock.now += 59
    assert await names(storage) == []
    assert await storage.inbox.extend(slow, 60)
    clock.now += 59
    assert await names(storage) == []
    clock.now += 2
    [quick] = await storage.inbox.claim("quick")
    assert quick.attempt == 2
    with pytest.raises(LeaseLost):
        await storage.inbox.done(slow)
    assert not await storage.inbox.extend(slow)
    await storage.inbox.postpone(slow, 0)
    assert await names(storage) == []
    await storage.inbox.done(quick)


async def test_what_a_killed_process_held_is_taken_up_at_its_next_start(storage: Storage) -> None:
    await accept(storage, "a/1", "b/1")
    await storage.inbox.claim("host-1")
    await storage.inbox.claim("host-2")
    assert await storage.inbox.free("host-1") == 1
    assert await names(storage) == ["a/1"]


async def test_an_event_that_never_ends_well_is_answered_with_an_apology_and_then_given_up(
    storage: Storage, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await accept(storage, "a/1", "a/2")
    for attempt in range(1, MOST_ATTEMPTS + 2):
        [event] = await storage.inbox.claim("me")
        assert (event.event_id, event.attempt, event.exhausted) == ("a/1", attempt, attempt > MOST_ATTEMPTS)
        clock.now += 61
    with caplog.at_level(logging.ERROR):
        assert await names(storage) == []
    assert "a/1" in caplog.text
    assert await names(storage) == ["a/2"]


async def test_postponed(storage: Storage, clock: Clock) -> None:
    await accept(storage, "a/1")
    [event] = await storage.inbox.claim("me")
    await storage.inbox.postpone(event, 30)
    assert await names(storage) == []
    clock.now += 30
    [event] = await storage.inbox.claim("me")
    assert event.attempt == 2
    await storage.inbox.postpone(event, 0, counts=False)
    [event] = await storage.inbox.claim("me")
    assert event.attempt == 2


@pytest.mark.parametrize("back", [3600.0, 400 * 86_400.0])
async def test_a_clock_set_back_holds_nothing_for_ever(storage: Storage, clock: Clock, back: float) -> None:
    await accept(storage, "a/1", "b/1")
    held, paused = await storage.inbox.claim("me", 2, lease=600)
    await storage.inbox.postpone(paused, 6 * 3600)
    clock.now -= back
    assert (await storage.inbox.waiting()).oldest == 0.0
    taken = await names(storage)
    assert held.event_id in taken
    clock.now += 6 * 3600
    assert paused.event_id in [*taken, *await names(storage)]


async def test_waiting(storage: Storage, clock: Clock) -> None:
    assert await storage.inbox.waiting() == Waiting(0, 0.0)
    await accept(storage, "a/1")
    clock.now += 5
    await accept(storage, "a/2")
    assert await storage.inbox.waiting() == Waiting(2, 5.0)


async def test_contents_are_encrypted_and_go_when_done(storage: Storage) -> None:
    await storage.inbox.accept("telegram", "1", {"text": "riêng tư"}, "a")
    [stored] = await storage._database.rows(select(InboxRow.payload))
    assert stored.payload and "riêng" not in stored.payload and "text" not in stored.payload
    await storage.inbox.done((await storage.inbox.claim("me"))[0])
    assert await storage._database.rows(select(InboxRow.payload)) == [(None,)]


async def test_with_another_key_an_event_is_given_up_and_the_next_is_not(
    storage: Storage, database_url: str, clock: Clock, caplog: pytest.LogCaptureFixture
) -> None:
    await accept(storage, "a/1")
    other = Storage(database_url, clock, secret=SECRET + "!")  # not opened: that would refuse the key
    assert await names(other) == []
    assert "khóa bí mật" in caplog.text
    await accept(other, "a/2")
    assert await names(other) == ["a/2"]
    await other.close()


async def test_an_event_of_the_version_before_is_read(storage: Storage) -> None:
    await accept(storage, "a/1")
    await storage._database.change(update(InboxRow).values(payload='{"text": "rõ"}'))
    assert (await storage.inbox.claim("me"))[0].payload == {"text": "rõ"}
