"""Every record of the real index can be told, with its source, and nothing that is told was made up."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterator
from typing import Any

import pytest

from bot.contract import to_contract
from bot.pipeline import Assistant
from bot.types import Intent, Reply, State, Status
from knowledge.entries import EntryType
from knowledge.loading import Knowledge
from knowledge.search.index import SearchIndex
from tests.bot.helpers import best, talk

INTENTS = list(Intent)


def strings(value: Any) -> Iterator[str]:
    """All texts inside a record."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from strings(inner)
    elif isinstance(value, list | tuple):
        for inner in value:
            yield from strings(inner)


def test_every_record_can_be_told(assistant: Assistant, real_index: SearchIndex) -> None:
    for number, entry in enumerate(real_index.entries):
        for intent in (Intent.ANY, INTENTS[number % len(INTENTS)]):
            answer = assistant.answer_about(entry, intent, entry.province)
            assert answer.status is Status.ANSWERED
            assert answer.text.strip(), entry.id
            assert not re.search(r"\bNone\b|[{}\[\]]|\d{4}-\d\d-\d\d", answer.text), f"{entry.id}: {answer.text}"
            assert "Nguồn:" in answer.text, f"{entry.id} names no source"
            assert all(o.entry in real_index.by_id for o in answer.followups)
            assert all(link.startswith("http") for link in answer.links)


def test_all_sources_but_the_plans_name_the_day_they_were_checked(assistant: Assistant, real_index: SearchIndex) -> None:
    for entry in real_index.entries:
        if entry.type not in (EntryType.TASK, EntryType.DUTY, EntryType.CONTENT, EntryType.PLAN):
            text = assistant.answer_about(entry, Intent.ANY, None).text
            assert re.search(r"Kiểm tra ngày \d{1,2}/\d{1,2}/\d{4}\.", text), entry.id


@pytest.mark.parametrize("intent", [Intent.PAPERS, Intent.FEE, Intent.TIME, Intent.WHERE, Intent.WHO, Intent.RESULT, Intent.STEPS])
def test_every_line_of_a_guided_procedure_stands_in_its_record(assistant: Assistant, real_index: SearchIndex, intent: Intent) -> None:
    for entry in real_index.entries:
        if entry.type is EntryType.PROCEDURE and "guidance" in (entry.record or {}):
            held = {unicodedata.normalize("NFC", s).strip().rstrip(".") for s in strings(entry.record)}
            lines = assistant.answer_about(entry, intent, None).text.splitlines()
            for line in lines:
                point = re.fullmatch(r"(?:- |\d+\. )(.+?)\.?", line)
                if point and not line.startswith(("- Cơ quan thực hiện:", "- Cách nộp:", "- Trực t", "- Bưu chính", "- …")):
                    bare = re.sub(r" \(\d+ bản (?:chính|sao)(?:, \d+ bản sao)?\)$", "", point[1]).rstrip(".")
                    undated = re.sub(r"(?: \((?:từ|đến hết) [^)]*\))?(?:, theo .+)?$", "", bare)
                    assert bare in held or undated in held, f"{entry.id}: {line}"


def test_every_money_amount_told_stands_in_the_record(assistant: Assistant, real_index: SearchIndex) -> None:
    amounts = 0
    for entry in real_index.entries:
        text = assistant.answer_about(entry, Intent.FEE, None).text
        held = " ".join(strings(entry.record))
        for amount in re.findall(r"\d[\d.]*(?= ?đồng)", text):
            amounts += 1
            assert amount in held or amount in entry.title, f"{entry.id}: {amount}"
    assert amounts > 200


def test_the_answer_object_is_plain_json(assistant: Assistant) -> None:
    for text in ("đăng ký khai sinh ở đâu", "mục đích của kế hoạch tuyên truyền là gì", "xin chào", ""):
        reply = assistant.reply(text)
        values = to_contract(reply, "q1")
        assert json.loads(json.dumps(values)) == values
        assert values["id"] == "q1"
        assert values["options"] == [o.label for o in reply.answer.options]
        assert 0.0 <= values["confidence"] <= 1.0


def test_evidence_is_best_first_and_scores_are_probabilities(assistant: Assistant) -> None:
    for text in (
        "đăng ký khai sinh ở đâu",
        "ai chủ trì tập huấn ở Hưng Yên",
        "cấp lại sổ đỏ",
        "giấy phép xây dựng nhà ở",
        "mở quán ăn cần gì",
    ):
        scores = [i.score for i in assistant.reply(text).answer.items]
        assert all(0.0 <= s <= 1.0 for s in scores)
        assert len(scores) <= 10
        assert scores == sorted(scores, reverse=True)


def test_the_same_question_gives_the_same_answer(assistant: Assistant) -> None:
    for text in ("đăng ký khai sinh ở đâu", "mục đích của kế hoạch tuyên truyền là gì", "giá vàng hôm nay thế nào"):
        first, second = assistant.reply(text), assistant.reply(text)
        assert (first.answer, first.state) == (second.answer, second.state)


def test_steps_are_timed(assistant: Assistant) -> None:
    reply = assistant.reply("cho em hỏi đăng ký khai sinh ở đâu")
    assert isinstance(reply, Reply)
    assert reply.latency_ms > 0
    assert {"understand", "search"} <= set(reply.steps_ms)
    assert sum(reply.steps_ms.values()) <= reply.latency_ms + 1


def test_a_state_naming_an_unknown_province_is_no_error(assistant: Assistant) -> None:
    assert assistant.reply("thủ tục 1.001193 ở đâu", State(province="Atlantis")).answer.status is Status.ANSWERED


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("làm khai sinh", "1.001193"),
        ("lam khai sinh cho con", "1.001193"),
        ("đi làm khai sinh ở Hưng Yên hết bao nhiêu tiền", "1.001193"),
        ("khai sinh lưu động", "1.003583"),
        ("đăng ký kết hôn cần gì", "1.000894"),
    ],
)
def test_a_name_alone_means_the_record_of_that_name(assistant: Assistant, text: str, code: str) -> None:
    answer = talk(assistant, text)
    assert answer.status is Status.ANSWERED
    assert answer.items[0].code == code


def test_every_short_name_finds_its_record(assistant: Assistant, known: Knowledge) -> None:
    """Where two records share a name, either will do: they are twins."""
    owners: dict[str, set[str]] = {}
    for record, names in known.names.items():
        for name in names:
            owners.setdefault(name, set()).add(record)
    missed = [name for name, records in sorted(owners.items())[::7] if best(talk(assistant, name)) not in records]
    assert len(missed) <= len(owners) // 7 // 20, missed


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ("mất ví có cccd và bằng lái", ["1.014064", "3.000348"]),
        ("bi moc tui mat ca can cuoc va bang lai, lam lai o dau", ["1.014064", "3.000348"]),
    ],
)
def test_papers_lost_together_are_answered_one_by_one(assistant: Assistant, text: str, codes: list[str]) -> None:
    assert [i.code for i in talk(assistant, text).items[: len(codes)]] == codes


def test_words_that_ask_of_nothing_go_on_about_the_record(assistant: Assistant) -> None:
    answer = talk(assistant, "đăng ký kết hôn ở đâu", "cần mấy người đi")
    assert answer.items[0].code == "1.000894"
