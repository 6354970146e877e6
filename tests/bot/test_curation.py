"""When an answer by staff stands in for what the search found."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from bot.curation import Curation
from bot.service import Loaded
from bot.storage import CuratedAnswer, Storage
from bot.types import Answer, Outcome, Reply, State
from knowledge.encoding import StaticEncoder
from tests.fakes.web_assistant import WebAssistant

TODAY = dt.date(2026, 11, 21)
QUESTION = "thẻ căn cước hết hạn thì đổi ở đâu tại trung tâm số 2"
FOUND = Reply(Answer(Outcome.FOUND, "từ tìm kiếm"), State(entry="procedure/1"))


@pytest.fixture
async def curation(storage: Storage) -> Curation:
    await storage.curated.put(CuratedAnswer((QUESTION, "hai tiếng"), "Đổi tại quầy 5.", "Trung tâm A", TODAY))
    await storage.curated.put(CuratedAnswer((QUESTION,), "Ở tỉnh B đổi tại quầy 9.", "Trung tâm B", TODAY, province="B"))
    made = Curation(storage.curated, TODAY)
    await made.refresh()
    return made


@pytest.fixture
def loaded(encoder: StaticEncoder) -> Loaded:
    return Loaded(WebAssistant(), "v1", encode=encoder.queries)


@pytest.mark.parametrize(
    ("text", "wins"),
    [
        (QUESTION, True),
        ("The can cuoc HET HAN thi doi o dau, tai trung tam so 2???", True),
        ("thẻ căn cước hết hạn thì đổi ở đâu tại trung tâm số 2 ạ", True),
        ("thẻ căn cước hết hạn thì đổi ở đâu tại trung tâm số 3", False),
        ("thẻ căn cước", False),
        ("giấy phép xây dựng xin ở đâu", False),
        ("hai tiếng", False),
    ],
)
def test_what_is_the_same_question(curation: Curation, loaded: Loaded, text: str, wins: bool) -> None:
    assert (curation.instead(text, FOUND, loaded) is not FOUND) is wins


def test_what_it_leaves_alone(curation: Curation, loaded: Loaded) -> None:
    for outcome in (Outcome.EMERGENCY, Outcome.PERSONAL_DATA, Outcome.HAND_OVER, Outcome.FAILED, Outcome.FORGOTTEN):
        reply = replace(FOUND, answer=Answer(outcome, "x"))
        assert curation.instead(QUESTION, reply, loaded) is reply
    reply = curation.instead(QUESTION, FOUND, loaded)
    assert "quầy 5" in reply.answer.text
    assert reply.state.entry is None, "a follow-up must not go on about the record that was not shown"
    without_encoder = replace(loaded, encode=None)
    assert curation.instead(QUESTION, FOUND, without_encoder) is not FOUND
    assert curation.instead(QUESTION + " ạ", FOUND, without_encoder) is FOUND


def test_an_answer_for_a_province(storage: Storage, curation: Curation, loaded: Loaded) -> None:
    there = replace(FOUND, state=State(province="B"))
    assert "Ở tỉnh B" in curation.instead(QUESTION, there, loaded).answer.text, "the province's own wins"


async def test_a_database_that_fails_changes_nothing(storage: Storage, curation: Curation, loaded: Loaded) -> None:
    await storage.close()
    curation.now()
    with pytest.raises(RuntimeError):
        await storage.curated.version()
    assert curation.instead(QUESTION, FOUND, loaded) is not FOUND
