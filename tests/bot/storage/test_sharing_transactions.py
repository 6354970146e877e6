"""What comes at the same time shares a transaction: one that cannot be stored takes no other with it, and order stays."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from pathlib import Path

import pytest
from sqlalchemy import Connection, event

from bot.storage import Asked, LeaseLost, Overtaken, Part, Storage, Turn
from bot.storage.inbox import Event
from bot.storage.together import Together
from bot.types import Forget, HandOver, State
from tests.bot.storage.conftest import SECRET, Clock


async def taken(storage: Storage, *conversations: str) -> list[Event]:
    """One event of each conversation, in hand."""
    await asyncio.gather(*(storage.inbox.accept("telegram", f"{c}/1", {"text": c}, c) for c in conversations))
    events = await storage.inbox.claim("me", len(conversations))
    assert [e.conversation for e in events] == list(conversations)
    return events


def turn(conversation: str, province: str = "Huế") -> Turn:
    return Turn("telegram", conversation, State(province=province), (Part(conversation, "một"), Part(conversation, "hai")))


async def transactions(storage: Storage, work: Sequence[asyncio.Future[object]]) -> int:
    """How many transactions that write ``work`` takes."""
    begun: list[object] = []
    write = storage._database.write

    async def counted(*args: object, **options: object) -> object:
        begun.append(args)
        return await write(*args, **options)  # type: ignore[arg-type]

    storage._database.write = counted  # type: ignore[assignment,method-assign]
    await asyncio.gather(*work)
    return len(begun)


async def test_turns_that_end_together_are_stored_together(storage: Storage) -> None:
    events = await taken(storage, *"abcdefgh")
    ends = [asyncio.ensure_future(storage.turns.complete(turn(e.conversation), e)) for e in events]
    assert await transactions(storage, ends) == 1
    assert (await storage.inbox.waiting()).count == 0
    assert [(await storage.conversations.load("telegram", c)).province for c in "ah"] == ["Huế", "Huế"]
    first = await storage.outbox.claim("me", 20)
    assert [(s.conversation, s.text) for s in first] == [(c, "một") for c in "abcdefgh"], "parts in order, one of a conversation at a time"
    notes = [asyncio.ensure_future(storage.outbox.sent(sending)) for sending in first]
    assert await transactions(storage, notes) == 1
    assert [s.text for s in await storage.outbox.claim("me", 20)] == ["hai"] * 8


async def test_a_lost_lease_among_turns_that_end_together(storage: Storage, clock: Clock) -> None:
    slow = (await taken(storage, "a"))[0]
    clock.now += 61
    quick = await storage.inbox.claim("other")
    [other] = await taken(storage, "b")
    results = await asyncio.gather(
        storage.turns.complete(turn("a", "sai"), slow), storage.turns.complete(turn("b"), other), return_exceptions=True
    )
    assert isinstance(results[0], LeaseLost) and results[1] is None
    assert await storage.conversations.load("telegram", "a") == State()
    await storage.turns.complete(turn("a"), quick[0])
    assert {s.conversation for s in await storage.outbox.claim("me", 9)} == {"a", "b"}


async def test_what_cannot_be_stored_takes_no_other_with_it(storage: Storage) -> None:
    a, b, c, d = await taken(storage, *"abcd")
    await storage.conversations.save("telegram", "c", State(province="Huế"))
    seen = await storage.conversations.recall("telegram", "c")
    await storage.conversations.save("telegram", "c", State(province="Hà Nội"))
    impossible = Turn("telegram", "b", State(province="Huế"), (Part("b", "x", rows=((("x", object()),),)),))  # type: ignore[arg-type]
    overtaken = Turn("telegram", "c", State(province="Cần Thơ"), (Part("c", "x"),), since=seen)
    asked = Turn("telegram", "d", State(question="?"), (Part("d", "x"),), (HandOver("?"),), Asked("?", "found"), address="d")
    results = await asyncio.gather(
        storage.turns.complete(turn("a"), a),
        storage.turns.complete(impossible, b),
        storage.turns.complete(overtaken, c),
        storage.turns.complete(asked, d),
        return_exceptions=True,
    )
    assert results[0] is None and isinstance(results[2], Overtaken)
    assert isinstance(results[1], Exception) and "JSON" in str(results[1])
    assert not isinstance(results[3], BaseException) and results[3] is not None and results[3].conversation == "d"
    assert [(await storage.conversations.load("telegram", who)).province for who in "abc"] == ["Huế", None, "Hà Nội"]
    assert (await storage.inbox.waiting()).count == 2, "those two can be tried again"
    assert {s.conversation for s in await storage.outbox.claim("me", 9)} == {"a", "d"}
    assert len(await storage.questions.recent()) == 1


async def test_one_who_wants_to_be_forgotten_among_others(storage: Storage) -> None:
    a, b = await taken(storage, *"ab")
    await storage.conversations.save("telegram", "a", State(province="Huế"))
    forgets = Turn("telegram", "a", State(province="x"), (Part("a", "đã xóa"),), (Forget(),), Asked("/xoa", "forgotten"))
    await asyncio.gather(storage.turns.complete(forgets, a), storage.turns.complete(turn("b"), b))
    assert await storage.conversations.load("telegram", "a") == State()
    assert (await storage.conversations.load("telegram", "b")).province == "Huế"
    assert [s.text for s in await storage.outbox.claim("me", 9)] == ["đã xóa", "một"]
    assert await storage.questions.recent() == []


async def test_events_accepted_together_keep_their_order_and_repeats_are_known(storage: Storage) -> None:
    numbers = [0, 1, 2, 1, 3, 0, 4]
    kept = await asyncio.gather(*(storage.inbox.accept("telegram", str(n), {"n": n}, "a") for n in numbers))
    assert kept == [True, True, True, False, True, False, True]
    seen = []
    while events := await storage.inbox.claim("me", 9):
        seen += [e.payload["n"] for e in events]
        await storage.inbox.done(events[0])
    assert seen == [0, 1, 2, 3, 4]


async def test_the_first_waits_for_nothing_and_those_behind_it_share_the_next() -> None:
    batches: list[list[int]] = []

    async def commit(items: Sequence[int]) -> Sequence[int]:
        batches.append(list(items))
        return items

    together = Together(commit, pause=0.05)
    assert await together.put(1) == 1
    assert await asyncio.gather(together.put(2), together.put(3), together.put(4)) == [2, 3, 4]
    assert batches == [[1], [2, 3, 4]]


async def test_taking_does_not_look_at_what_is_closed(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path}/bot.sqlite3", secret=SECRET)
    await storage.open()
    seen: list[tuple[str, object]] = []

    def remember(_c: object, _cursor: object, statement: str, values: object, _context: object, _many: object) -> None:
        seen.append((statement, values))

    engine = storage._database._local
    assert engine is not None
    event.listen(engine, "before_cursor_execute", remember)
    await storage.inbox.claim("me", channels=["telegram"])
    await storage.outbox.claim("me", channels=["telegram"])
    event.remove(engine, "before_cursor_execute", remember)

    def plans(connection: Connection) -> list[str]:
        looks = [one for one in seen if one[0].startswith("SELECT")]
        assert len(looks) == 2
        return [str(row[3]) for look in looks for row in connection.exec_driver_sql("EXPLAIN QUERY PLAN " + look[0], look[1])]  # type: ignore[arg-type]

    scans = [step for step in await storage._database.read(plans) if step.startswith("SCAN")]
    assert scans == ["SCAN inbox USING INDEX inbox_next", "SCAN outbox USING INDEX outbox_next"]
    await storage.close()


@pytest.mark.parametrize("count", [1, 7])
async def test_states_read_together(storage: Storage, count: int) -> None:
    for number in range(count):
        await storage.conversations.save("telegram", str(number), State(province=f"p{number}"))
    await storage.turns.complete(Turn("telegram", "0", effects=(HandOver(),)))
    found = await asyncio.gather(*(storage.conversations.load("telegram", str(number)) for number in range(count + 1)))
    assert [state.province for state in found] == [f"p{number}" for number in range(count)] + [None]
    cases = await asyncio.gather(*(storage.hand_overs.current("telegram", str(number)) for number in range(count + 1)))
    assert [case is not None for case in cases] == [True] + [False] * count
