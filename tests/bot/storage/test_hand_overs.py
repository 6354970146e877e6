from __future__ import annotations

from bot.storage import Case, Part, Storage, Turn
from bot.types import HandOver
from tests.bot.storage.conftest import Clock


async def ask(storage: Storage, key: str) -> Case:
    case = await storage.turns.complete(Turn("telegram", key, effects=(HandOver("hỏi"),)))
    assert case is not None
    return case


async def test_places_in_the_queue(storage: Storage) -> None:
    assert await storage.hand_overs.waiting() == 0
    first, second = await ask(storage, "a"), await ask(storage, "b")
    assert (first.position, second.position) == (1, 2)
    assert (await ask(storage, "b")).id == second.id
    assert await storage.hand_overs.waiting() == 2
    assert await storage.hand_overs.reply(first.id, "Lan", [Part("a", "chào")])
    assert [(c.conversation, c.position, c.taken_by) for c in await storage.hand_overs.cases()] == [("a", None, "Lan"), ("b", 1, None)]
    current = await storage.hand_overs.current("telegram", "b")
    assert current is not None and current.position == 1


async def test_a_reply_of_staff_reaches_the_person_and_is_kept(storage: Storage, clock: Clock) -> None:
    case = await ask(storage, "a")
    await storage.hand_overs.reply(case.id, "Lan", [Part("a", "phần một"), Part("a", "phần hai")])
    await storage.turns.complete(Turn("telegram", "a", said="cảm ơn"))
    assert await storage.hand_overs.reply(case.id, "Minh", [Part("a", "không có gì")])
    assert [(m.author, m.text) for m in await storage.hand_overs.messages(case.id)] == [
        ("Lan", "phần một\nphần hai"),
        (None, "cảm ơn"),
        ("Minh", "không có gì"),
    ]
    sent = []
    while parts := await storage.outbox.claim("me"):
        sent.append(parts[0].text)
        await storage.outbox.sent(parts[0])
    assert sent == ["phần một", "phần hai", "không có gì"]


async def test_a_closed_case_takes_nothing_more_and_another_can_be_opened(storage: Storage) -> None:
    case = await ask(storage, "a")
    assert await storage.hand_overs.close(case.id, "Lan", [Part("a", "tạm biệt")])
    assert not await storage.hand_overs.close(case.id, "Lan")
    assert not await storage.hand_overs.reply(case.id, "Lan", [Part("a", "muộn")])
    assert (await storage.outbox.waiting()).count == 1
    assert await storage.hand_overs.current("telegram", "a") is None
    assert [c.id for c in await storage.hand_overs.cases(closed=True)] == [case.id]
    assert (await ask(storage, "a")).id != case.id


async def test_staff_who_write_in_the_channels_own_console_take_over(storage: Storage) -> None:
    case = await storage.hand_overs.take_over("zalo", "u1", "cán bộ 7", "chào anh/chị", "u1")
    assert (case.taken_by, case.position, case.address) == ("cán bộ 7", None, "u1")
    again = await storage.hand_overs.take_over("zalo", "u1", "cán bộ 8", "tiếp")
    assert (again.id, again.taken_by) == (case.id, "cán bộ 7")
    assert [m.author for m in await storage.hand_overs.messages(case.id)] == ["cán bộ 7", "cán bộ 8"]
    assert (await storage.outbox.waiting()).count == 0


async def test_on_the_web_nothing_is_sent_but_letters_are_fetched(storage: Storage) -> None:
    case = await storage.turns.complete(Turn("web", "a", effects=(HandOver(),)))
    assert case is not None
    for text in ("một", "hai"):
        assert await storage.hand_overs.reply(case.id, "Lan", [Part("a", text)])
    assert (await storage.outbox.waiting()).count == 0
    found = await storage.hand_overs.letters("web", "a")
    assert [letter.text for letter in found.letters] == ["một", "hai"] and found.case is not None
    assert [letter.text for letter in (await storage.hand_overs.letters("web", "a", after=found.letters[0].id)).letters] == ["hai"]
    assert await storage.hand_overs.close(case.id, "Lan")
    assert (await storage.hand_overs.letters("web", "a", after=found.letters[1].id)).case is None
