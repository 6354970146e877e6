"""Whatever is typed: an answer with a status and words, a state that can be stored, never an exception."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.contract import to_contract
from bot.pipeline import Assistant
from bot.types import Option, Outcome, State, Status

FRAGMENTS = st.sampled_from(
    [
        "1.001193", "103/KH-UBND", "61/2018/NĐ-CP", "Tiền Giang", "quang nam", "TG", "Sở Nội vụ", "sở tttt", "giờ là", "nhập vào đâu",
        "ai chủ trì", "ai phối hợp với", "khi nào", "lệ phí", "ở đâu", "giấy tờ gì", "làm gì", "là gì", "còn hiệu lực", "1", "2",
        "cái thứ hai", "cuối", "năm", "2021", "PAPI", "khai sinh", "kết hôn", "thế còn", "xin chào", "cảm ơn", "ko", "dc", "???", "🙂",
        "\u200b", "\x00", "<script>", "'; --", "{help}", "{0}", "%s", "\\", "\ud800", "١", "②", "ﬁ", "中文", "e\u0301\u0301\u0301",
        "a" * 60, "/", "1/", "1.", "KH-UBND", "tỉnh", "Hà Nội", "TP HCM", "kế hoạch", "báo cáo", "trước ngày nào", "online", "\n",
        "\u202e", "－", "Ｃ", "\u0300", "đ" * 30,
    ]
)  # fmt: skip
MESSAGES = st.text(max_size=2000) | st.lists(FRAGMENTS, max_size=12).map(" ".join) | st.lists(FRAGMENTS, max_size=6).map("".join)
ENTRIES = st.none() | st.sampled_from(
    ["procedure/1.001193", "tien-giang-2021/task-5", "province/hung-yen", "office/so-noi-vu", "tien-giang-2021"]
)
LABELS = st.text(max_size=30) | FRAGMENTS
OPTIONS = st.lists(st.builds(Option, LABELS, ENTRIES, st.none() | st.sampled_from(["Tiền Giang", "Atlantis"]), st.none()), max_size=4).map(
    tuple
)
STATES = st.builds(State, st.none() | LABELS, st.none() | MESSAGES, ENTRIES, options=OPTIONS, followups=OPTIONS)
SETTINGS = settings(suppress_health_check=list(HealthCheck), deadline=None)


def check(assistant: Assistant, text: str, state: State | None = None) -> State:
    reply = assistant.reply(text, state)
    assert isinstance(reply.answer.status, Status)
    assert reply.answer.text.strip()
    assert reply.answer.outcome is not Outcome.FAILED
    values = to_contract(reply)
    json.dumps(values)
    assert not any("{" + name + "}" in values["answer"] for name in ("help", "province", "length", "limit", "known", "asked"))
    assert State.from_json(json.loads(json.dumps(reply.state.to_json()))) == reply.state
    if reply.answer.status is Status.ANSWERED:
        assert reply.answer.items, "an answer rests on evidence"
    if reply.answer.status is Status.CLARIFY:
        assert len(reply.answer.options) >= 2
        assert reply.state.options == reply.answer.options
    return reply.state


@SETTINGS
@given(MESSAGES)
def test_any_text(assistant: Assistant, text: str) -> None:
    check(assistant, text)


@SETTINGS
@given(MESSAGES, STATES)
def test_any_text_in_any_conversation(assistant: Assistant, text: str, state: State) -> None:
    check(assistant, text, state)


@settings(SETTINGS, max_examples=30)
@given(st.lists(MESSAGES, min_size=2, max_size=5))
def test_any_conversation(assistant: Assistant, messages: list[str]) -> None:
    state: State | None = None
    for message in messages:
        state = check(assistant, message, state)


@pytest.mark.parametrize(
    "text",
    [
        "a " * 500,
        "khai sinh " * 100,
        "1/" * 500,
        "103/KH-UBND " * 80,
        "\u0301" * 1000,
        "đ" * 1000,
        "Sở Nội vụ " * 90,
        "ai " * 330,
        "- " * 500,
        "KH-" * 330,
        "0" * 1000,
    ],
    ids=["a", "khai sinh", "slashes", "numbers", "marks", "one word", "bodies", "ai", "dashes", "KH", "zeros"],
)
def test_long_repetitions(assistant: Assistant, text: str) -> None:
    check(assistant, text[:1000])


@pytest.mark.parametrize("text", ["{help}", "lệ phí {province}", "%(help)s đăng ký", "{0.__class__}", "${7*7}", "{{7*7}} khai sinh ở đâu"])
def test_text_is_never_a_template(assistant: Assistant, text: str) -> None:
    answer = assistant.reply(text).answer
    assert "49" not in answer.text
    assert "class" not in answer.text


@pytest.mark.parametrize(
    "text",
    ["<b>đăng ký khai sinh</b> ở đâu", "đăng ký khai sinh ở đâu '; DROP", "đăng ký khai sinh\n\n\nở\tđâu", "ĐĂNG KÝ KHAI SINH Ở ĐÂU!!!!"],
)
def test_wrapping_does_not_hide_the_question(assistant: Assistant, text: str) -> None:
    answer = assistant.reply(text).answer
    assert answer.items
    assert answer.items[0].code == "1.001193"
    assert "<b>" not in answer.text
