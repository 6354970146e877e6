from __future__ import annotations

import pytest
from sqlalchemy import select

from bot.storage import LeaseLost, Storage, Turn
from bot.storage.replies import ReplyRow, Told
from bot.types import State


async def test_a_request_sent_again_gets_the_same_answer_and_counts_once(storage: Storage) -> None:
    assert await storage.replies.find("web", "a", "m1") is None
    await storage.turns.complete(Turn("web", "a", State(province="Huế"), told=Told("m1", {"answer": "một"})))
    with pytest.raises(LeaseLost):
        await storage.turns.complete(Turn("web", "a", State(province="Hà Nội"), told=Told("m1", {"answer": "hai"})))
    assert await storage.replies.find("web", "a", "m1") == {"answer": "một"}
    assert await storage.replies.find("web", "b", "m1") is None
    assert (await storage.conversations.load("web", "a")).province == "Huế"
    [stored] = await storage._database.rows(select(ReplyRow.answer))
    assert "một" not in stored.answer
    await storage.privacy.erase_person("web", "a")
    assert await storage.replies.find("web", "a", "m1") is None
