from __future__ import annotations

import json
import sqlite3
from pathlib import Path

from sqlalchemy import func, select

from bot.storage import Asked, Part, Periods, Storage, Turn
from bot.storage.database import Base
from bot.types import Feedback, HandOver, State
from tests.bot.storage.conftest import SECRET, Clock

DAY = 86_400.0
WHO = ("telegram", "an-1")


async def live(storage: Storage, key: str) -> None:
    """All that can be kept about a person: ``key`` and words that no other test person has."""
    for number in range(2):
        await storage.inbox.accept("telegram", f"{key}:{number}", {"text": f"{key} hỏi"}, key)
    [event] = [e for e in await storage.inbox.claim("me", 10) if e.conversation == key]
    effects = (Feedback(False, f"{key} chê", question=f"{key} hỏi"), HandOver(f"{key} cần người"))
    turn = Turn("telegram", key, State(question=f"{key} hỏi"), (Part(key, f"trả lời {key}"),), effects, Asked(f"{key} hỏi", "found"))
    case = await storage.turns.complete(turn, event)
    assert case is not None
    await storage.hand_overs.reply(case.id, "Lan", [Part(key, f"Lan đáp {key}")])
    await storage.turns.complete(Turn("telegram", key, said=f"{key} nói"))


async def test_export_and_erasure(storage: Storage) -> None:
    await live(storage, "an-1")
    await live(storage, "binh-2")
    found = await storage.privacy.export_person(*WHO)
    text = json.dumps(found, ensure_ascii=False)
    for piece in ("an-1 hỏi", "an-1 chê", "an-1 cần người", "trả lời an-1", "Lan đáp an-1", "an-1 nói"):
        assert piece in text
    assert "binh" not in text
    assert all(
        found[table] for table in ("conversations", "inbox", "outbox", "feedback", "hand_overs", "hand_over_messages", "question_log")
    )

    gone = await storage.privacy.erase_person(*WHO)
    assert gone["conversations"] == gone["feedback"] == gone["question_log"] == 1
    left = await storage.privacy.export_person(*WHO)
    assert {table: rows for table, rows in left.items() if rows} == {"channel": "telegram", "key": "an-1"}
    assert [e.conversation for e in await storage.inbox.claim("me", 10)] == ["binh-2"]
    assert not await storage.inbox.accept("telegram", "an-1:1", {}, "an-1")  # a repeat is still known as one
    assert len(json.dumps(await storage.privacy.export_person("telegram", "binh-2"))) > 500


async def test_nothing_of_an_erased_person_is_anywhere(storage: Storage) -> None:
    await live(storage, "an-1")
    person = storage.keys.pseudonym(*WHO)
    await storage.privacy.erase_person(*WHO)
    for table in Base.metadata.sorted_tables:
        for row in await storage._database.rows(select(table)):
            values = {str(v) for name, v in row._mapping.items() if name != "event_id"}  # the channel's own id of an event
            assert not any("an-1" in value or person in value for value in values), table.name


async def test_erased_words_are_not_left_in_the_file(tmp_path: Path) -> None:
    storage = Storage(f"sqlite:///{tmp_path}/bot.sqlite3", secret=SECRET)
    await storage.open()
    await storage.conversations.save(*WHO, State(question="chuyện rất riêng"))
    await storage.privacy.erase_person(*WHO)
    await storage.close()
    with sqlite3.connect(tmp_path / "bot.sqlite3") as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    assert "rất riêng".encode() not in b"".join(p.read_bytes() for p in tmp_path.iterdir())


async def rows(storage: Storage) -> dict[str, int]:
    counted = {t.name: await storage._database.value(select(func.count()).select_from(t)) for t in Base.metadata.sorted_tables}
    return {name: count for name, count in counted.items() if count}


async def test_everything_has_its_time(storage: Storage, clock: Clock) -> None:
    await live(storage, "an-1")
    await storage.audit.add("Lan", "login")
    await storage.access.start("Lan", 3600)
    await storage.access.failed("1.2.3.4", 600)
    for sending in await storage.outbox.claim("me", 10):
        await storage.outbox.sent(sending)
    gone_after = {}
    for days in (1, 2.9, 3.1, 6.9, 7.1, 11, 29, 31, 89, 92, 729, 731):
        clock.now = 1_790_000_000.0 + days * DAY
        before = await rows(storage)
        await storage.retention.prune()
        for table in set(before) - set(await rows(storage)):
            gone_after[table] = days
    assert gone_after == {
        "staff_sessions": 1,
        "login_failures": 2.9,
        "inbox": 11,  # one was never answered: given up after 7 days, its id kept for another 3
        "conversations": 31,
        "question_log": 92,
        "feedback": 92,
        "hand_overs": 92,
        "hand_over_messages": 92,
        "audit_log": 731,
    }
    assert set(await rows(storage)) == {"daily_counts", "outbox", "switches"}  # one message was never sent: the sender gives it up


async def test_periods_are_settings(database_url: str, clock: Clock) -> None:
    storage = Storage(database_url, clock, secret=SECRET, periods=Periods(conversations=1, content=5))
    await storage.open()
    await live(storage, "an-1")
    clock.now += 2 * DAY
    assert (await storage.retention.prune())["conversations"] == 1
    clock.now += 5 * DAY
    assert (await storage.retention.prune())["feedback"] == 1
    await storage.close()
