from __future__ import annotations

import pytest

from bot.storage import Asked, LeaseLost, Overtaken, Part, Storage, Turn, Waiting
from bot.storage.inbox import Event
from bot.types import Feedback, Forget, HandOver, State
from tests.bot.storage.conftest import Clock

WHO = ("telegram", "a")


async def event(storage: Storage, name: str = "1") -> Event:
    await storage.inbox.accept("telegram", name, {"text": name}, "a")
    return (await storage.inbox.claim("me"))[0]


async def test_all_of_a_turn(storage: Storage) -> None:
    asked = Asked("gọi 0912345678 được không", "found", "procedure/1", 0.9, "Huế")
    effects = (Feedback(False, "sai, gọi 0912345678", "procedure/1", "hỏi gì"), HandOver("muốn gặp cán bộ"))
    turn = Turn(*WHO, State(province="Huế"), (Part("a", "một"), Part("a", "hai")), effects, asked, address="a:7", promised_by=5.0)
    case = await storage.turns.complete(turn, await event(storage))
    assert case is not None and (case.position, case.address, case.promised_by, case.question) == (1, "a:7", 5.0, "muốn gặp cán bộ")
    assert await storage.inbox.waiting() == Waiting(0, 0.0)
    assert (await storage.conversations.load(*WHO)).province == "Huế"
    assert (await storage.outbox.waiting()).count == 2
    [opinion] = await storage.feedback.recent(good=False)
    assert (opinion.reason, opinion.question, opinion.entry) == ("sai, gọi [số điện thoại]", "hỏi gì", "procedure/1")
    [line] = await storage.questions.recent(["found"])
    assert (line.question, line.province, line.confidence) == ("gọi [số điện thoại] được không", "Huế", 0.9)


async def test_a_turn_whose_event_another_worker_has_changes_nothing(storage: Storage, clock: Clock) -> None:
    slow = await event(storage)
    clock.now += 61
    [quick] = await storage.inbox.claim("quick")
    with pytest.raises(LeaseLost):
        await storage.turns.complete(Turn(*WHO, State(province="Huế"), (Part("a", "một"),), (Feedback(True),), Asked("?", "found")), slow)
    assert await storage.conversations.load(*WHO) == State()
    assert (await storage.outbox.waiting()).count == 0
    assert await storage.feedback.recent() == [] and await storage.questions.recent() == []
    await storage.turns.complete(Turn(*WHO, parts=(Part("a", "hai"),)), quick)
    assert [p.text for p in await storage.outbox.claim("me")] == ["hai"]


async def test_a_turn_that_fails_in_the_middle_changes_nothing(storage: Storage) -> None:
    taken = await event(storage)
    impossible = Part("a", "một", rows=((("x", object()),),))  # type: ignore[arg-type]
    with pytest.raises(Exception, match="JSON"):
        await storage.turns.complete(Turn(*WHO, State(province="Huế"), (impossible,)), taken)
    assert await storage.conversations.load(*WHO) == State()
    assert (await storage.inbox.waiting()).count == 1
    await storage.turns.complete(Turn(*WHO, State(province="Huế"), (Part("a", "một"),)), taken)
    assert (await storage.inbox.waiting()).count == 0


async def test_without_an_event(storage: Storage) -> None:
    await storage.turns.complete(Turn("web", "a", State(province="Huế"), asked=Asked("?", "found")))
    assert (await storage.conversations.load("web", "a")).province == "Huế"
    with pytest.raises(ValueError, match="event"):
        await storage.turns.complete(Turn("web", "a", parts=(Part("a", "một"),)))


async def test_a_state_that_is_not_given_stays(storage: Storage) -> None:
    await storage.conversations.save(*WHO, State(province="Huế"))
    await storage.turns.complete(Turn(*WHO), await event(storage))
    assert (await storage.conversations.load(*WHO)).province == "Huế"


async def test_forgetting_still_answers(storage: Storage) -> None:
    await storage.turns.complete(
        Turn(*WHO, State(province="Huế"), (Part("a", "cũ"),), (Feedback(True),), Asked("?", "found")), await event(storage)
    )
    await storage.inbox.accept("telegram", "3", {"text": "sau"}, "a")
    turn = Turn(*WHO, State(province="x"), (Part("a", "đã xóa"),), (Forget(),), Asked("/xoa", "forgotten"))
    await storage.turns.complete(turn, await event(storage, "2"))
    assert [p.text for p in await storage.outbox.claim("me", 10)] == ["đã xóa"]
    assert await storage.conversations.load(*WHO) == State()
    assert await storage.feedback.recent() == [] and await storage.questions.recent() == []
    assert [c.values for c in await storage.questions.counts(["outcome"], "2000-01-01", "2099-01-01")] == [("found",)]


async def test_what_is_said_to_staff_goes_to_the_open_case(storage: Storage) -> None:
    assert await storage.turns.complete(Turn(*WHO, said="có ai không"), await event(storage)) is None
    await storage.turns.complete(Turn(*WHO, effects=(HandOver(),)), await event(storage, "2"))
    case = await storage.turns.complete(Turn(*WHO, said="số tôi 0912345678"), await event(storage, "3"))
    assert case is not None
    assert [(m.author, m.text) for m in await storage.hand_overs.messages(case.id)] == [(None, "số tôi [số điện thoại]")]


async def test_a_turn_on_a_state_that_has_changed_since(storage: Storage) -> None:
    seen = await storage.conversations.recall(*WHO)
    await storage.turns.complete(Turn(*WHO, State(province="Huế"), since=seen))
    with pytest.raises(Overtaken):
        await storage.turns.complete(Turn(*WHO, State(province="Hà Nội"), effects=(Feedback(True),), since=seen))
    assert (await storage.conversations.load(*WHO)).province == "Huế"
    assert await storage.feedback.recent() == [], "nothing of it was stored"
    seen = await storage.conversations.recall(*WHO)
    await storage.turns.complete(Turn(*WHO, State(province="Hà Nội"), since=seen))
    with pytest.raises(Overtaken):
        await storage.turns.complete(Turn(*WHO, State(province="Đà Nẵng"), since=seen))


async def test_a_turn_on_a_state_that_was_erased_since(storage: Storage) -> None:
    await storage.conversations.save(*WHO, State(province="Huế"))
    seen = await storage.conversations.recall(*WHO)
    await storage.privacy.erase_person(*WHO)
    with pytest.raises(Overtaken):
        await storage.turns.complete(Turn(*WHO, State(province="Huế"), since=seen))
    await storage.conversations.save(*WHO, State(question="mới"))
    with pytest.raises(Overtaken):
        await storage.turns.complete(Turn(*WHO, State(province="Huế"), since=seen))
    assert await storage.conversations.load(*WHO) == State(question="mới")
