"""What a question is about, without the words by which it asks."""

from __future__ import annotations

import pytest

from bot.understanding.phrases import without_asking


@pytest.mark.parametrize(
    ("text", "matter"),
    [
        ("đăng ký tạm trú mất bao lâu", "đăng ký tạm trú"),
        ("dang ky tam tru mat bao lau", "dang ky tam tru"),
        ("Lệ phí cấp hộ chiếu là bao nhiêu tiền?", "cấp hộ chiếu là"),
        ("giấy xác nhận độc thân có giá trị bao lâu", "giấy xác nhận độc thân có"),
        ("đăng ký tạm trú", "đăng ký tạm trú"),
        ("mất bao lâu", ""),
        ("", ""),
    ],
)
def test_asking_words_are_taken_out(text: str, matter: str) -> None:
    assert without_asking(text) == matter
