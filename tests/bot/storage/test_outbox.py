from __future__ import annotations

import logging

import pytest
from sqlalchemy import select

from bot.storage import Part, Storage, Waiting
from bot.storage.outbox import GIVE_UP_AFTER, OutboxRow
from tests.bot.storage.conftest import Clock

ROWS = ((("Có", "o:1"), ("Không", "o:2")), (("Khác", "o:3"),))


async def test_parts_go_one_after_another_with_all_they_hold(storage: Storage) -> None:
    await storage.outbox.put("telegram", "a", "x:1", [Part("12:3", "một", quote="7"), Part("12:3", "hai", ROWS)])
    await storage.outbox.put("telegram", "b", "x:2", [Part("b", "ba")])
    first, other = await storage.outbox.claim("me", 10)
    assert (first.address, first.text, first.rows, first.quote, first.sequence) == ("12:3", "một", (), "7", 0)
    assert other.text == "ba"
    await storage.outbox.sent(first, "900")
    [second] = await storage.outbox.claim("me", 10)
    assert (second.text, second.rows, second.sequence, second.attempt) == ("hai", ROWS, 1, 1)


async def test_the_same_cause_is_queued_once(storage: Storage) -> None:
    for _ in range(2):
        await storage.outbox.put("telegram", "a", "notice:1", [Part("a", "báo")])
    assert (await storage.outbox.waiting()).count == 1


async def test_what_waits_behind_a_postponed_part_waits_too(storage: Storage, clock: Clock) -> None:
    await storage.outbox.put("telegram", "a", "x:1", [Part("a", "một"), Part("a", "hai")])
    [part] = await storage.outbox.claim("me", 10)
    assert await storage.outbox.postpone(part, 20, "429")
    assert await storage.outbox.claim("me", 10) == []
    clock.now += 20
    [part] = await storage.outbox.claim("me", 10)
    assert (part.text, part.attempt) == ("một", 2)
    await storage.outbox.postpone(part, 0, "dừng", counts=False)
    assert (await storage.outbox.claim("me", 10))[0].attempt == 2


async def test_a_delayed_part(storage: Storage, clock: Clock) -> None:
    await storage.outbox.put("telegram", "a", "x:1", [Part("a", "sau", delay=5)])
    assert await storage.outbox.claim("me") == []
    clock.now += 5
    assert len(await storage.outbox.claim("me")) == 1


async def test_a_refused_part_takes_the_rest_of_its_answer_along(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    await storage.outbox.put("telegram", "a", "x:1", [Part("a", "một"), Part("a", "hai")])
    await storage.outbox.put("telegram", "a", "x:2", [Part("a", "ba")])
    [part] = await storage.outbox.claim("me", 10)
    with caplog.at_level(logging.WARNING):
        await storage.outbox.fail(part, "bị chặn")
    assert "bị chặn" in caplog.text
    assert [p.text for p in await storage.outbox.claim("me", 10)] == ["ba"]


async def test_a_part_that_cannot_be_sent_for_a_day_is_given_up(storage: Storage, clock: Clock) -> None:
    await storage.outbox.put("telegram", "a", "x:1", [Part("a", "một")])
    clock.now += GIVE_UP_AFTER + 1
    [part] = await storage.outbox.claim("me")
    assert not await storage.outbox.postpone(part, 10, "503")
    assert await storage.outbox.waiting() == Waiting(0, 0.0)


async def test_a_part_of_a_killed_sender_is_sent_again(storage: Storage, clock: Clock) -> None:
    await storage.outbox.put("telegram", "a", "x:1", [Part("a", "một")])
    [slow] = await storage.outbox.claim("slow", lease=30)
    clock.now += 31
    [again] = await storage.outbox.claim("me")
    assert again.attempt == 2 and not await storage.outbox.extend(slow)
    await storage.outbox.sent(slow)  # it is out, whoever sent it
    await storage.outbox.postpone(again, 0, "nothing happens to what is out")
    assert await storage.outbox.waiting() == Waiting(0, 0.0)


async def test_texts_go_when_sent_and_ids_of_messages_stay(storage: Storage) -> None:
    await storage.outbox.put("zalo", "a", "x:1", [Part("a", "một", ROWS)])
    await storage.outbox.sent((await storage.outbox.claim("me"))[0], "m-1")
    assert await storage._database.rows(select(OutboxRow.text, OutboxRow.rows)) == [(None, None)]
    assert await storage.outbox.is_ours("zalo", "m-1")
    assert not await storage.outbox.is_ours("zalo", "m-2") and not await storage.outbox.is_ours("telegram", "m-1")


async def test_freed(storage: Storage) -> None:
    await storage.outbox.put("zalo", "a", "x:1", [Part("a", "một")])
    await storage.outbox.claim("host-1")
    assert await storage.outbox.claim("host-2") == []
    assert await storage.outbox.free("host-1") == 1
    assert len(await storage.outbox.claim("host-2")) == 1


async def test_what_was_put_off_may_be_hurried(storage: Storage) -> None:
    for channel in ("zalo", "telegram"):
        await storage.outbox.put(channel, "a", f"{channel}:1", [Part("a", "một")])
    for sending in await storage.outbox.claim("host-1", most=2):
        await storage.outbox.postpone(sending, 300, "not authorised")
    await storage.outbox.hurry("zalo")
    assert [sending.channel for sending in await storage.outbox.claim("host-1", most=2)] == ["zalo"]
