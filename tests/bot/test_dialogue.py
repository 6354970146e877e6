"""Several messages: choices, follow-ups, a change of subject, what is remembered and what is not."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline import Assistant
from bot.types import Intent, Option, Outcome, State, Status
from tests.bot.helpers import best, talk

# A question back as the bot asks it, by hand, so that these tests don't hang on which records it would offer.
CHOICES = State(
    question="bản tin điện tử về cải cách hành chính",
    options=(
        Option("Tiền Giang", entry="tien-giang-2021/task-5", province="Tiền Giang"),
        Option("Hưng Yên", entry="hung-yen-2020/duty-2", province="Hưng Yên"),
        Option("Quảng Nam", entry="quang-nam-2024/task-6", province="Quảng Nam"),
    ),
)
RECORDS = State(
    question="khai sinh",
    options=(
        Option("Thủ tục đăng ký khai sinh", entry="procedure/1.001193"),
        Option("Thủ tục đăng ký lại khai sinh", entry="procedure/1.004884"),
        Option("Thủ tục đăng ký kết hôn", entry="procedure/1.000894"),
    ),
)
FIRST, SECOND, THIRD = (o.entry for o in CHOICES.options)


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("1", FIRST),
        ("2", SECOND),
        (" 3. ", THIRD),
        ("số 2", SECOND),
        ("chọn 3", THIRD),
        ("cái thứ hai", SECOND),
        ("thứ nhất", FIRST),
        ("em chọn số 2 ạ", SECOND),
        ("cái cuối", THIRD),
        ("cuối cùng nhé", THIRD),
        ("cai dau", FIRST),
        ("ba", THIRD),
        ("lựa chọn 1", FIRST),
        ("thứ 1 đi", FIRST),
        ("Hưng Yên", SECOND),
        ("hung yen", SECOND),
        ("tỉnh Quảng Nam ạ", THIRD),
        ("dạ ở Tiền Giang nhé", FIRST),
        ("QUẢNG NAM", THIRD),
    ],
)
def test_a_choice_by_number_by_word_by_name(assistant: Assistant, text: str, entry: str) -> None:
    answer = talk(assistant, text, state=CHOICES)
    assert answer.status is Status.ANSWERED
    assert best(answer) == entry


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("cái đầu tiên", FIRST),
        ("đầu tiên", FIRST),
        ("ý thứ nhất", FIRST),
        ("ý 3", THIRD),
        ("2 nha em", SECOND),
        ("số 2 em ơi", SECOND),
    ],
)
def test_more_ways_to_choose(assistant: Assistant, text: str, entry: str) -> None:
    assert best(talk(assistant, text, state=CHOICES)) == entry


@pytest.mark.parametrize(
    ("text", "entry"),
    [("đăng ký lại", "procedure/1.004884"), ("thu tuc dang ky ket hon", "procedure/1.000894"), ("kết hôn", "procedure/1.000894")],
)
def test_a_choice_by_its_words(assistant: Assistant, text: str, entry: str) -> None:
    assert best(talk(assistant, text, state=RECORDS)) == entry


def test_a_province_that_was_not_offered_is_taken_too(assistant: Assistant) -> None:
    answer = talk(assistant, "Hưng Yên", state=State(question="ai tập huấn về PAPI", options=(CHOICES.options[0], CHOICES.options[2])))
    assert answer.items[0].province == "Hưng Yên"


def test_a_new_question_instead_of_a_choice(assistant: Assistant) -> None:
    answer = talk(assistant, "mất sổ đỏ làm lại thế nào", state=CHOICES)
    assert best(answer) == "procedure/1.012786"
    assert not assistant.reply("mất sổ đỏ làm lại thế nào", CHOICES).state.options


def test_a_number_without_options_chooses_nothing(assistant: Assistant) -> None:
    assert talk(assistant, "2").status is not Status.ANSWERED


def test_a_number_past_the_last_option_keeps_the_options(assistant: Assistant) -> None:
    assert best(talk(assistant, "7", "2", state=CHOICES)) == SECOND


def test_options_do_not_outlive_the_turn_that_offered_them(assistant: Assistant) -> None:
    state = assistant.reply("đăng ký kết hôn ở đâu", CHOICES).state
    assert state.options == ()
    assert best(talk(assistant, "Thủ tục đăng ký lại khai sinh", state=state)) != FIRST


# --- follow-ups ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("mất bao nhiêu tiền", "Lệ phí"),
        ("thế lệ phí thì sao", "Lệ phí"),
        ("mat bao nhieu tien", "Lệ phí"),
        ("mất bao lâu", "Thời gian"),
        ("nộp ở đâu", "Nơi nộp"),
        ("làm online được không", "Nộp trực tuyến"),
        ("cần giấy tờ gì", "Giấy tờ"),
        ("ai được làm vậy", "Ai được làm"),
    ],
)
def test_another_point_of_the_same_procedure(assistant: Assistant, text: str, facet: str) -> None:
    answer = talk(assistant, "cho em hỏi thủ tục 1.000894", text)
    assert best(answer) == "procedure/1.000894"
    assert answer.text.splitlines()[1] == f"{facet}:"


@pytest.mark.parametrize("text", ["bao lâu thì xong", "khi nào thì có kết quả", "mấy ngày thì được nhận"])
def test_everyday_follow_ups_about_time(assistant: Assistant, text: str) -> None:
    assert best(talk(assistant, "cho em hỏi thủ tục 1.000894", text)) == "procedure/1.000894"


def test_follow_ups_of_follow_ups(assistant: Assistant) -> None:
    answer = talk(assistant, "thủ tục 1.001193 cần giấy tờ gì", "mất bao nhiêu tiền", "mất bao lâu", "nộp ở đâu")
    assert best(answer) == "procedure/1.001193"
    assert answer.text.splitlines()[1] == "Nơi nộp:"


def about(item: str, province: str) -> State:
    """The state after a question about who leads an item of a plan."""
    return State(province=province, question="ai chủ trì việc này", entry=item, intent=Intent.LEAD)


@pytest.mark.parametrize("text", ["cơ quan nào phối hợp", "phối hợp với ai", "the don vi nao phoi hop"])
def test_partner_after_lead(assistant: Assistant, text: str) -> None:
    answer = talk(assistant, text, state=about("tien-giang-2021/task-5", "Tiền Giang"))
    assert best(answer) == "tien-giang-2021/task-5"
    assert answer.text.startswith("Phối hợp: Các sở, ban, ngành")
    assert answer.partners


@pytest.mark.parametrize("text", ["khi nào", "thời gian thực hiện thế nào", "bao gio lam"])
def test_time_after_lead(assistant: Assistant, text: str) -> None:
    answer = talk(assistant, text, state=about("tien-giang-2021/task-4", "Tiền Giang"))
    assert best(answer) == "tien-giang-2021/task-4"
    assert answer.text.startswith("Thời gian: Quý II và quý III/2021")


def test_a_whole_dialogue_about_a_plan(assistant: Assistant) -> None:
    answer = talk(assistant, "ai chủ trì bản tin điện tử cải cách hành chính ở Tiền Giang năm 2021", "phối hợp với ai", "khi nào")
    assert best(answer) == "tien-giang-2021/task-5"
    assert answer.text.startswith("Thời gian: Định kỳ")


def test_what_about_another_procedure(assistant: Assistant) -> None:
    answer = talk(assistant, "thủ tục 1.000894 ở đâu", "thế còn đăng ký khai sinh?")
    assert best(answer) == "procedure/1.001193"


def test_what_about_another_province(assistant: Assistant) -> None:
    answer = talk(assistant, "báo cáo năm của Quảng Nam trước ngày nào", "thế còn Hưng Yên?")
    assert answer.items[0].plan == "hung-yen-2020"
    assert "báo cáo" in answer.text.lower()


def test_offered_buttons_lead_where_they_say(assistant: Assistant) -> None:
    reply = assistant.reply("thủ tục 1.001193 cần giấy tờ gì")
    assert reply.answer.followups
    assert reply.state.followups == reply.answer.followups
    for option in reply.answer.followups:
        answer = assistant.reply(option.label, reply.state).answer
        assert best(answer) == "procedure/1.001193"
        assert answer.text.splitlines()[1] == f"{option.label}:"


# --- the province --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("text", ["em ở bên Hưng Yên", "Hưng Yên", "em ở tỉnh Hưng Yên ạ", "o hung yen"])
def test_a_province_alone_is_noted(assistant: Assistant, text: str) -> None:
    reply = assistant.reply(text)
    assert reply.answer.outcome is Outcome.PROVINCE_NOTED
    assert "Hưng Yên" in reply.answer.text
    assert reply.state.province == "Hưng Yên"


def test_a_noted_province_answers_later_questions(assistant: Assistant) -> None:
    answer = talk(assistant, "em ở bên Hưng Yên", "ai mở lớp tập huấn chỉ số PAPI")
    assert best(answer) == "hung-yen-2020/duty-2"
    answer = talk(assistant, "em ở bên Quảng Nam", "mục đích của kế hoạch tuyên truyền là gì")
    assert answer.outcome is not Outcome.WHICH_PROVINCE
    assert {i.plan for i in answer.items if i.plan} == {"quang-nam-2024"}


def test_a_noted_province_outlives_other_questions(assistant: Assistant) -> None:
    answer = talk(assistant, "em ở bên Hưng Yên", "đăng ký kết hôn ở đâu", "cảm ơn", "ai mở lớp tập huấn chỉ số PAPI")
    assert answer.items[0].province == "Hưng Yên"


def test_a_named_province_wins_over_the_noted_one(assistant: Assistant) -> None:
    answer = talk(assistant, "em ở bên Hưng Yên", "mục đích kế hoạch tuyên truyền của Quảng Nam là gì")
    assert answer.items[0].plan == "quang-nam-2024"


# --- what is remembered --------------------------------------------------------------------------------------------------

LABEL = st.text(max_size=20)
OPTIONS = st.lists(
    st.builds(Option, LABEL, st.none() | LABEL, st.none() | LABEL, st.none() | st.sampled_from(Intent)), max_size=4
).map(tuple)  # fmt: skip
STATES = st.builds(State, st.none() | LABEL, st.none() | LABEL, st.none() | LABEL, st.sampled_from(Intent), OPTIONS, OPTIONS)


@given(STATES)
def test_a_state_survives_json(state: State) -> None:
    assert State.from_json(json.loads(json.dumps(state.to_json()))) == state


@pytest.mark.parametrize("values", [{}, {"province": None}, {**State().to_json(), "intent": "wish"}, {**State().to_json(), "options": 3}])
def test_a_foreign_state_is_refused(values: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        State.from_json(values)


def test_a_reply_does_not_change_the_state_it_was_given(assistant: Assistant) -> None:
    before = json.dumps(CHOICES.to_json())
    first = assistant.reply("2", CHOICES)
    second = assistant.reply("2", CHOICES)
    assert json.dumps(CHOICES.to_json()) == before
    assert first.answer == second.answer
    assert first.state == second.state


def test_personal_words_are_not_kept_beyond_the_last_question(assistant: Assistant) -> None:
    state = assistant.reply("tôi là Nguyễn Văn Bình, đăng ký kết hôn cần gì").state
    state = assistant.reply("đăng ký khai sinh ở đâu", state).state
    assert "Bình" not in json.dumps(state.to_json(), ensure_ascii=False)


@pytest.mark.parametrize(
    "change",
    [{"province": 5}, {"question": ["x"]}, {"entry": {}}, {"others": [3]}, {"unanswered": "2"}, {"at": True}, {"at": 10**40}, {"seen": [3]}, {"seen": [["1", 2]]}, {"options": [["x", {}, None, None]]}],
)  # fmt: skip
def test_a_stored_state_with_values_of_another_type_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((KeyError, TypeError, ValueError)):
        State.from_json({**State().to_json(), **change})
