from __future__ import annotations

from bot.channels import wording
from bot.channels.base import Button
from bot.channels.buttons import choice_rows, province_rows
from bot.channels.numbering import _WITHOUT_BUTTONS, with_choices
from bot.channels.splitting import units
from bot.conversation import choose
from bot.types import Intent, Option, State
from bot.wording import CHOOSE

FACETS = (Option("Giấy tờ", "procedure/1", intent=Intent.PAPERS), Option("Lệ phí", "procedure/1", intent=Intent.FEE))
CHOICES = (Option("Cấp lại sổ đỏ", "procedure/1"), Option("Cấp đổi sổ đỏ", "procedure/2"))


def test_follow_ups_are_one_short_line() -> None:
    assert with_choices("Trả lời.", choice_rows(State(followups=FACETS)), 1900) == "Trả lời.\n\nHỏi thêm: 1. Giấy tờ · 2. Lệ phí"


def test_options_stand_in_the_text_already() -> None:
    assert with_choices("1. Cấp lại\n2. Cấp đổi", choice_rows(State(options=CHOICES)), 1900) == "1. Cấp lại\n2. Cấp đổi"


def test_options_that_do_not_stand_in_the_text_are_listed() -> None:
    shown = with_choices("Chỉ có các số từ 1 đến 2.", choice_rows(State(options=CHOICES)), 1900)
    assert shown == "Chỉ có các số từ 1 đến 2.\n\n1. Cấp lại sổ đỏ\n2. Cấp đổi sổ đỏ"


def test_the_numbers_are_those_that_the_conversation_takes() -> None:
    state = State(options=CHOICES, followups=FACETS)
    shown = with_choices("…", choice_rows(state), 1900)
    for option in FACETS:
        number = next(i for i in range(1, 9) if f"{i}. {option.label}" in shown)
        assert choose(str(number), (*state.options, *state.followups), ()) == option


def test_provinces_are_chosen_by_name() -> None:
    shown = with_choices("Anh/chị ở đâu?", province_rows(("Tiền Giang", "Đồng Tháp")), 1900)
    assert shown == "Anh/chị ở đâu?\n\nHoặc nhắn: Tiền Giang · Đồng Tháp"


def test_what_stands_as_a_button_is_not_repeated() -> None:
    assert with_choices("x", choice_rows(State(followups=FACETS)), 1900, shown=2) == "x"
    assert with_choices("x", choice_rows(State(followups=FACETS)), 1900, shown=1) == "x\n\nHỏi thêm: 2. Lệ phí"


def test_never_longer_than_the_limit() -> None:
    rows = ((Button("😀" * 20, "f:1:x"), Button("Lệ phí", "f:2:x")),)
    for limit in range(10, 90):
        assert units(with_choices("mười chữ..", rows, limit)) <= limit
    assert with_choices("mười chữ..", rows, 12) == "mười chữ.."


def test_nobody_is_asked_to_press_what_is_not_there() -> None:
    rows = choice_rows(State(options=CHOICES))
    assert "bấm" not in with_choices(f"1. A\n2. B\n{CHOOSE}", rows, 1900).lower()
    assert "bấm" in with_choices(f"1. A\n2. B\n{CHOOSE}", rows, 1900, shown=2).lower()
    assert "Bấm" not in with_choices(wording.CHOOSE_PROVINCE, (), 1900)
    assert max(units(writing) - units(pressing) for pressing, writing in _WITHOUT_BUTTONS.items()) < 20  # parts keep room for this
