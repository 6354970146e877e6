"""What a question is about, without the words by which it asks."""

from __future__ import annotations

import pytest

from bot.types import Intent
from bot.understanding.phrases import intents_in, without_asking
from knowledge.text import folded_keys


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("đăng ký tạm trú mất bao lâu", "đăng ký tạm trú"),
        ("dang ky tam tru mat bao lau", "dang ky tam tru"),
        ("Lệ phí cấp hộ chiếu là bao nhiêu tiền?", "cấp hộ chiếu là"),
        ("giấy xác nhận độc thân có giá trị bao lâu", "giấy xác nhận độc thân có"),
        ("đăng ký tạm trú", "đăng ký tạm trú"),
        ("làm hộ chiếu mất bao lâu", "làm hộ chiếu"),
        ("mất bao lâu", ""),
        ("", ""),
    ],
)
def test_asking_words_are_taken_out(text: str, matter: str) -> None:
    assert without_asking(text) == matter


@pytest.mark.parametrize(
    ("text", "asked"),
    [
        ("nhờ chị làm hộ được không", (Intent.WHO,)),
        ("nộp hộ mẹ", (Intent.WHO,)),
        ("làm hộ chiếu", ()),
        ("lam ho chieu cho con", ()),
        ("nộp hồ sơ", ()),
        ("làm hộ khẩu", ()),
        ("làm hộ chiếu rồi nhờ em làm hộ", (Intent.WHO,)),
        ("phí làm hộ chiếu", (Intent.FEE,)),
        ("bảo hiểm xã hội ai được rút", (Intent.WHO,)),
        ("phải hỏi ai", (Intent.WHERE,)),
        ("mất sổ đỏ làm lại thế nào", (Intent.STEPS,)),
        ("doi the can cuoc lam sao", (Intent.STEPS,)),
        ("nhờ người khác làm được không", (Intent.WHO,)),
    ],
)
def test_a_favour_is_told_from_a_word_that_begins_alike(text: str, asked: tuple[Intent, ...]) -> None:
    assert intents_in(folded_keys(text))[0] == asked
