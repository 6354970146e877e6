from __future__ import annotations

from bot.channels.buttons import choice_rows, chosen_option, chosen_province, province_rows
from bot.types import Intent, Option, State

LONG = Option("Thủ tục " + "rất dài " * 30, entry="procedure/" + "9" * 200)
STATE = State(options=(Option("Một", entry="a"), LONG), followups=tuple(Option(f"Nút {i}", "a", None, Intent.FEE) for i in range(4)))


def test_tokens_lead_back_to_their_choice_and_fit() -> None:
    rows = choice_rows(STATE)
    assert [len(row) for row in rows] == [1, 1, 3, 1]
    buttons = [b for row in rows for b in row]
    assert [chosen_option(b.token, STATE) for b in buttons] == [*STATE.options, *STATE.followups]
    assert all(len(b.token.encode()) <= 64 for b in buttons)
    assert buttons[0].label == "1. Một"
    assert buttons[1].label.endswith("…") and len(buttons[1].label) <= 56


def test_another_state_or_a_foreign_token_chooses_nothing() -> None:
    token = choice_rows(STATE)[0][0].token
    assert chosen_option(token, State()) is None
    assert chosen_option(token, State(options=STATE.options)) is None
    for foreign in ("", "o", "o:0:" + token[4:], "o:9:" + token[4:], "o:-1:" + token[4:], "z" + token[1:], "👍"):
        assert chosen_option(foreign, STATE) is None


def test_provinces() -> None:
    names = ("Thành phố Hồ Chí Minh", "Huế")
    tokens = [b.token for row in province_rows(names) for b in row]
    assert [chosen_province(t, names) for t in tokens] == list(names)
    assert all(len(t.encode()) <= 64 for t in tokens)
    assert chosen_province("p:Nơi Khác", names) is None
    assert chosen_province(choice_rows(STATE)[0][0].token, names) is None
