"""What staff work with: feedback, questions, curated answers, notices, switches, the audit log, sessions."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.storage import PAUSE, Asked, CuratedAnswer, Level, Notice, Storage, Turn
from bot.types import Feedback
from tests.bot.storage.conftest import Clock

DAY = 86_400.0
ANSWER = CuratedAnswer(
    ("nghỉ tết mấy ngày", "lịch nghỉ tết"), "Nghỉ 7 ngày.", "Lan", dt.date(2026, 11, 1), dt.date(2026, 12, 31), (("Công văn", "https://x"),)
)


async def test_feedback_is_worked_through(storage: Storage) -> None:
    for good in (True, False):
        await storage.turns.complete(Turn("web", "a", effects=(Feedback(good),)))
    [bad] = await storage.feedback.recent(good=False)
    assert [o.good for o in await storage.feedback.recent()] == [False, True]
    assert await storage.feedback.handle(bad.id, "Lan") and not await storage.feedback.handle(bad.id, "Minh")
    assert await storage.feedback.recent(good=False) == []
    assert [(o.id, o.handled_by) for o in await storage.feedback.recent(handled=True)] == [(bad.id, "Lan")]


async def test_questions_are_listed_counted_and_dealt_with(storage: Storage, clock: Clock) -> None:
    asked = [Asked("một", "found", "e/1", 0.9, "Huế"), Asked("hai", "not_known", None, 0.2), Asked("ba", "not_known", None, 0.4)]
    for number, question in enumerate(asked):
        await storage.questions.add("web", str(number), question)
    clock.now += DAY
    await storage.questions.add("zalo", "", asked[0])
    assert [q.question for q in await storage.questions.recent(["not_known"])] == ["ba", "hai"]
    [low] = await storage.questions.recent(below=0.3)
    assert await storage.questions.handle([low.id], "Lan", "out_of_scope") == 1
    assert await storage.questions.handle([low.id], "Lan", "out_of_scope") == 0
    assert [q.question for q in await storage.questions.recent(["not_known"])] == ["ba"]
    assert [(q.question, q.handled_as) for q in await storage.questions.recent(handled=True)] == [("hai", "out_of_scope")]
    counts = await storage.questions.counts(["outcome", "province"], "2000-01-01", "2999-01-01")
    assert [(c.values, c.count) for c in counts] == [(("found", "Huế"), 2), (("not_known", ""), 2)]
    days = [c.values[0] for c in await storage.questions.counts(["day"], "2000-01-01", "2999-01-01")]
    assert len(days) == 2 and days == sorted(days)
    assert [c.count for c in await storage.questions.counts(["channel"], days[1], days[1])] == [1]


async def test_counts_outlive_the_questions(storage: Storage, clock: Clock) -> None:
    for _ in range(2):
        await storage.questions.add("web", "a", Asked("một", "found", "e/1"))
        before = await storage.questions.counts(["day", "channel", "outcome", "province", "entry"], "2000-01-01", "2999-01-01")
        assert await storage.questions.prune(before[0].values[0]) == 0
        assert await storage.questions.prune("2999-01-01") == 1
        assert await storage.questions.recent(handled=None) == []
        assert await storage.questions.counts(["day", "channel", "outcome", "province", "entry"], "2000-01-01", "2999-01-01") == before
    assert [c.count for c in before] == [2]


async def test_curated_answers(storage: Storage, clock: Clock) -> None:
    curated = storage.curated
    versions = [await curated.version()]
    number = await curated.put(ANSWER)
    assert await curated.in_use() == [replace(ANSWER, id=number)]
    for day, found in ((dt.date(2026, 10, 31), 0), (dt.date(2026, 11, 1), 1), (dt.date(2026, 12, 31), 1), (dt.date(2027, 1, 1), 0)):
        assert len(await curated.in_use(day)) == found
    versions.append(await curated.version())
    clock.now += 1
    await curated.put(replace(ANSWER, id=number, text="Nghỉ 9 ngày.", valid_to=None))
    assert [a.text for a in await curated.in_use(dt.date(2030, 1, 1))] == ["Nghỉ 9 ngày."]
    versions.append(await curated.version())
    clock.now += 1
    assert await curated.withdraw(number) and not await curated.withdraw(number)
    assert await curated.in_use() == []
    with pytest.raises(KeyError):
        await curated.put(replace(ANSWER, id=number))
    versions.append(await curated.version())
    assert len(set(versions)) == 4


@pytest.mark.parametrize("wrong", [{"text": " "}, {"questions": (" ",)}, {"author": ""}, {"valid_to": dt.date(2026, 10, 1)}])
def test_wrong_curated_answers(wrong: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"curated|valid_to"):
        replace(ANSWER, **wrong)  # type: ignore[arg-type]


async def test_notices_and_switches(storage: Storage, clock: Clock) -> None:
    now = clock.now
    flood = await storage.notices.add(Notice("Bão số 9", Level.URGENT, now, None, "Lan"))
    await storage.notices.add(Notice("Bảo trì", Level.INFO, now + DAY, now + 2 * DAY, "Lan"))
    assert [n.text for n in await storage.notices.recent()] == ["Bão số 9"]
    clock.now += DAY
    assert [(n.text, n.level) for n in await storage.notices.recent()] == [("Bảo trì", Level.INFO), ("Bão số 9", Level.URGENT)]
    assert await storage.notices.end(flood) and not await storage.notices.end(flood)
    clock.now += DAY
    assert await storage.notices.recent() == []
    assert len(await storage.notices.recent(current=False)) == 2
    assert await storage.notices.switched(PAUSE) is None
    await storage.notices.switch(PAUSE, {"text": "Tạm dừng"}, "Lan")
    assert await storage.notices.switched(PAUSE) == {"text": "Tạm dừng"}
    await storage.notices.switch(PAUSE, None, "Lan")
    assert await storage.notices.switched(PAUSE) is None


async def test_the_audit_log(storage: Storage, clock: Clock) -> None:
    await storage.audit.add("Lan", "login")
    clock.now += 1
    await storage.audit.add("Lan", "answer", "curated/1", {"từ": "đến"})
    assert [(d.action, d.subject, d.details) for d in await storage.audit.recent()] == [
        ("answer", "curated/1", {"từ": "đến"}),
        ("login", None, None),
    ]
    assert [d.action for d in await storage.audit.recent(before=clock.now)] == ["login"]


async def test_sessions_end(storage: Storage, clock: Clock) -> None:
    token, session = await storage.access.start("Lan", 8 * 3600)
    assert await storage.access.session(token, 1800) == session
    assert await storage.access.session(token + "x", 1800) is None
    for _ in range(4):  # used every twenty minutes
        clock.now += 1200
        assert await storage.access.session(token, 1800) == session
    clock.now += 1801
    assert await storage.access.session(token, 1800) is None
    token, _ = await storage.access.start("Lan", 3600)
    clock.now += 3600
    assert await storage.access.session(token, 99_999) is None
    token, _ = await storage.access.start("Lan", 3600)
    clock.now -= 10
    assert await storage.access.session(token, 99_999) is None  # begun in what is now the future
    clock.now += 10
    await storage.access.end(token)
    assert await storage.access.session(token, 1800) is None


async def test_failed_logins_are_counted(storage: Storage, clock: Clock) -> None:
    access = storage.access
    assert [await access.failed("1.2.3.4", 600) for _ in range(3)] == [1, 2, 3]
    assert (await access.failures("1.2.3.4", 600), await access.failures("5.6.7.8", 600)) == (3, 0)
    clock.now += 601
    assert await access.failures("1.2.3.4", 600) == 0
    assert await access.failed("1.2.3.4", 600) == 1
    clock.now -= 3600  # set back: neither locked for ever nor an error
    assert await access.failed("1.2.3.4", 600) == 1
    await access.succeeded("1.2.3.4")
    assert await access.failures("1.2.3.4", 600) == 0
