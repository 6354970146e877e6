"""Feedback, a person to talk to, forgetting, staff mode, menus, several questions, and how long things are remembered."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from bot import wording
from bot.conversation import PROVINCE_LASTS, TOPIC_LASTS
from bot.pipeline import Assistant
from bot.types import Audience, Feedback, Forget, HandOver, Intent, Option, Outcome, Reply, State, Status
from tests.bot.helpers import best

ANSWERED = State(question="đổi bằng lái", entry="procedure/3.000347", others=("procedure/3.000348", "procedure/3.000346"))


def last(assistant: Assistant, *messages: str, state: State | None = None) -> Reply:
    for message in messages:
        reply = assistant.reply(message, state)
        state = reply.state
    return reply


def test_good_feedback_is_passed_on(assistant: Assistant) -> None:
    reply = last(assistant, "đúng rồi", state=ANSWERED)
    assert reply.effects == (Feedback(True, None, "procedure/3.000347", "đổi bằng lái"),)
    assert reply.state.entry == "procedure/3.000347"


def test_bad_feedback_asks_for_the_reason_once(assistant: Assistant) -> None:
    asked = last(assistant, "sai rồi", state=ANSWERED)
    assert asked.effects == (Feedback(False, None, "procedure/3.000347", "đổi bằng lái"),)
    assert [o.label for o in asked.answer.options] == list(wording.REASONS)
    assert asked.answer.status is Status.CLARIFY
    given = last(assistant, "Sai thông tin", state=asked.state)
    assert given.effects == (Feedback(False, "Sai thông tin", "procedure/3.000347", "đổi bằng lái"),)
    assert given.answer.outcome is Outcome.FEEDBACK_NOTED


def test_a_reason_is_understood_from_its_label_alone(assistant: Assistant) -> None:
    """Channels may bring back a label without the action behind it."""
    asked = last(assistant, "sai rồi", state=ANSWERED)
    stripped = replace(asked.state, options=(Option("Thiếu"),))
    assert last(assistant, "1", state=stripped).effects[0] == Feedback(False, "Thiếu", "procedure/3.000347", "đổi bằng lái")


def test_feedback_without_an_answer_before_is_a_question(assistant: Assistant) -> None:
    assert not last(assistant, "đúng rồi").effects


def test_only_answers_may_be_judged(assistant: Assistant) -> None:
    assert assistant.reply("thủ tục 1.001193 ở đâu").answer.feedback
    assert not assistant.reply("xin chào").answer.feedback


def test_another_record_is_offered(assistant: Assistant) -> None:
    reply = last(assistant, "không phải cái này", state=ANSWERED)
    assert [o.entry for o in reply.answer.options] == [*ANSWERED.others, None]
    assert best(last(assistant, "1", state=reply.state).answer) == ANSWERED.others[0]
    assert last(assistant, "3", state=reply.state).answer.outcome is Outcome.SAY_MORE


def test_a_person_is_asked_for(assistant: Assistant) -> None:
    reply = last(assistant, "cho tôi gặp cán bộ", state=ANSWERED)
    assert reply.effects == (HandOver("đổi bằng lái", "procedure/3.000347"),)


def test_a_person_is_offered_after_two_questions_without_an_answer(assistant: Assistant) -> None:
    first = last(assistant, "thời tiết ngày mai thế nào")
    assert wording.OFFER_STAFF not in first.answer.text
    second = last(assistant, "giá vàng hôm nay bao nhiêu", state=first.state)
    assert wording.OFFER_STAFF in second.answer.text
    assert last(assistant, wording.TO_STAFF, state=second.state).effects
    answered = last(assistant, "thủ tục 1.001193 ở đâu", state=second.state)
    assert answered.state.unanswered == 0


def test_forgetting(assistant: Assistant) -> None:
    reply = last(assistant, "xóa", state=replace(ANSWERED, province="Hưng Yên", audience=Audience.STAFF))
    assert reply.effects == (Forget(),)
    assert reply.state == State()


def test_staff_mode_lasts_until_it_is_left(assistant: Assistant) -> None:
    reply = last(assistant, "/congchuc", "xin chào", "thủ tục 1.001193 ở đâu", "menu")
    assert reply.state.audience is Audience.STAFF
    assert reply.answer.options[0].label == wording.PLANS_OF_PROVINCES
    assert last(assistant, "/congdan", state=reply.state).state.audience is Audience.CITIZEN


@pytest.mark.parametrize("text", ["cứu với, cháy nhà", "con tôi bị bắt cóc", "em muốn chết", "cuu voi"])
def test_danger_comes_before_everything(assistant: Assistant, text: str) -> None:
    state = replace(ANSWERED, options=(Option("Một", entry="procedure/3.000348"), Option("Hai", entry="procedure/3.000346")))
    answer = last(assistant, text, state=state).answer
    assert answer.outcome in (Outcome.EMERGENCY, Outcome.DISTRESS)
    assert "113" in answer.text
    assert "115" in answer.text


# --- menus ---------------------------------------------------------------------------------------------------------------


def test_every_choice_of_every_menu_leads_to_its_record(assistant: Assistant) -> None:
    top = last(assistant, "menu")
    assert len(top.answer.options) == len(assistant.index.life_events) + 1
    for option in top.answer.options[:-1]:
        menu = last(assistant, option.label, state=top.state)
        assert menu.answer.outcome is Outcome.MENU
        for number, choice in enumerate(menu.answer.options, 1):
            assert best(last(assistant, str(number), state=menu.state).answer) == choice.entry


def test_plans_by_province(assistant: Assistant) -> None:
    menu = last(assistant, "danh sách kế hoạch")
    assert {o.label for o in menu.answer.options} == {"Tiền Giang", "Hưng Yên", "Quảng Nam", "Quảng Ngãi"}
    assert best(last(assistant, "Hưng Yên", state=menu.state).answer) == "hung-yen-2020"
    two = last(assistant, "Tiền Giang", state=menu.state)
    assert {o.entry for o in two.answer.options} == {"tien-giang-2020", "tien-giang-2021"}


# --- several questions ---------------------------------------------------------------------------------------------------


def test_two_questions_are_answered_in_turn(assistant: Assistant) -> None:
    reply = last(assistant, "Đăng ký thường trú cần giấy tờ gì? Đổi bằng lái xe mất bao lâu?")
    assert [i.id for i in reply.answer.items[:2]] == ["procedure/1.004222", "procedure/3.000347"]
    assert len({i.id for i in reply.answer.items}) == len(reply.answer.items)
    first, second = reply.answer.text.split("Việc thứ 2:")
    assert "Giấy tờ:" in first
    assert "Thời gian:" in second
    assert reply.state.entry == "procedure/3.000347"


@pytest.mark.parametrize(
    "text",
    [
        "vợ chồng tôi cưới ở xa, giờ muốn làm giấy kết hôn thì nộp ở đâu và cần giấy tờ gì",
        "con tôi sinh ra ở bệnh viện tỉnh khác, khai sinh ở đâu, việc đó mất bao lâu",
    ],
)
def test_one_matter_is_one_question(assistant: Assistant, text: str) -> None:
    assert "Việc thứ 2" not in last(assistant, text).answer.text


# --- what is remembered, and how long ------------------------------------------------------------------------------------


def test_a_topic_ends_before_the_province(assistant: Assistant) -> None:
    state = assistant.reply("thủ tục 1.001193 ở đâu", State(province="Hưng Yên"), now=1_000_000.0).state
    assert state.at == 1_000_000
    assert best(assistant.reply("mất bao nhiêu tiền", state, now=1_000_000.0 + TOPIC_LASTS).answer) == "procedure/1.001193"
    later = assistant.reply("xin chào", state, now=1_000_001.0 + TOPIC_LASTS).state
    assert (later.province, later.entry, later.question) == ("Hưng Yên", None, None)
    assert assistant.reply("xin chào", state, now=1_000_001.0 + PROVINCE_LASTS).state.province is None


def test_states_of_earlier_versions_are_read() -> None:
    old = {"province": "Huế", "question": "q", "entry": None, "intent": "fee", "options": [["A", "e", None, "fee"]], "followups": []}
    state = State.from_json(old)
    assert state == State("Huế", "q", None, Intent.FEE, (Option("A", "e", None, Intent.FEE),))
    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state


def test_personal_data_is_neither_kept_nor_in_the_way(assistant: Assistant) -> None:
    reply = last(assistant, "cccd 001099012345 của tôi bị mất thì làm lại ở đâu, sđt 0912 345 678")
    assert reply.answer.status is Status.ANSWERED
    assert "đừng gửi số căn cước, số điện thoại" in reply.answer.text
    assert not any(d in json.dumps(reply.state.to_json()) for d in ("001099012345", "0912", "345 678"))


@pytest.mark.parametrize(
    "asked", ["cần giấy tờ gì", "lệ phí bao nhiêu vậy ạ", "mat bao lau", "thủ tục cần những giấy tờ gì vậy ạ", "nộp ở đâu"]
)
def test_a_side_without_a_matter_is_asked_back(assistant: Assistant, asked: str) -> None:
    reply = last(assistant, asked)
    assert reply.answer.outcome is Outcome.WHICH_MATTER
    assert reply.answer.options
    assert not reply.answer.items


def test_the_side_asked_first_is_told_of_the_matter_named_next(assistant: Assistant) -> None:
    typed = last(assistant, "cần giấy tờ gì", "đăng ký khai tử")
    assert (best(typed.answer), typed.state.intent) == ("procedure/1.000656", Intent.PAPERS)
    chosen = last(assistant, "lệ phí bao nhiêu", "Có người mất")
    choice = next(o for o in chosen.answer.options if o.entry == "procedure/1.000656")
    told = last(assistant, choice.label, state=chosen.state)
    assert (best(told.answer), told.state.intent) == ("procedure/1.000656", Intent.FEE)


def test_a_side_of_the_last_answer_does_not_pass_to_one_from_the_menu(assistant: Assistant) -> None:
    chosen = last(assistant, "lệ phí thủ tục 1.001193", "danh mục", "Có người mất")
    choice = next(o for o in chosen.answer.options if o.entry == "procedure/1.000656")
    assert last(assistant, choice.label, state=chosen.state).state.intent is Intent.ANY


def test_a_side_goes_on_about_the_last_answer(assistant: Assistant) -> None:
    assert best(last(assistant, "thủ tục 1.001193", "cần giấy tờ gì").answer) == "procedure/1.001193"


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("làm sổ đỏ cần giấy tờ gì", "Đăng ký đất đai"),
        ("lam lai so do can gi", "Cấp lại Giấy chứng nhận"),
        ("làm bằng lái hết bao nhiêu", "giấy phép lái xe"),
        ("nhận con cần giấy gì", "nhận cha, mẹ, con"),
        ("hồ sơ đó nộp ở đâu", "khai sinh"),
        ("cần giấy tờ gì", "khai sinh"),
    ],
)
def test_a_matter_in_everyday_words_is_no_more_about_the_last_answer(assistant: Assistant, text: str, about: str) -> None:
    reply = last(assistant, "thủ tục 1.001193", text)
    assert about in reply.answer.items[0].title
