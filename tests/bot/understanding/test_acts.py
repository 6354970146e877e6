"""Wishes to the bot itself are told from questions, and corrections lose their beginning."""

from __future__ import annotations

import pytest

from bot.pipeline import Assistant
from bot.understanding.acts import Act, act_of, corrected
from bot.understanding.reading import read


def wish(assistant: Assistant, text: str) -> Act | None:
    return act_of(read(assistant.searcher.query(text), assistant.names, assistant.searcher.speller))


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("cho tôi gặp cán bộ", Act.HAND_OVER), ("em muon noi chuyen voi nguoi that", Act.HAND_OVER), ("/gapcanbo", Act.HAND_OVER),
        ("xóa", Act.FORGET), ("xoá hết đi em", Act.FORGET), ("/xoa@thutucbot", Act.FORGET),
        ("menu", Act.MENU), ("cho xem các thủ tục", Act.MENU), ("/menu", Act.MENU), ("/kehoach", Act.PLANS),
        ("tôi là cán bộ", Act.STAFF), ("/congchuc", Act.STAFF), ("/canbo", Act.HAND_OVER), ("/congdan", Act.CITIZEN),
        ("đúng rồi, cảm ơn em", Act.GOOD), ("👍", Act.GOOD), ("👎", Act.BAD), ("sai rồi", Act.BAD), ("không đúng ý", Act.BAD),
        ("chua dung", Act.BAD), ("không phải cái này", Act.ANOTHER), ("không", Act.ANOTHER), ("cái khác", Act.ANOTHER),
    ],
)  # fmt: skip
def test_wishes(assistant: Assistant, text: str, act: Act) -> None:
    assert wish(assistant, text) is act


@pytest.mark.parametrize(
    "text",
    [
        "gặp cán bộ nào để nộp hồ sơ", "xóa đăng ký tạm trú", "xóa thế chấp ở đâu", "có mất tiền không", "đúng không em?", "phải không",
        "thông tin trên sổ đỏ bị sai thì sửa ở đâu", "các thủ tục đất đai", "không phải nộp phí đúng không", "tôi là cán bộ hưu trí",
        "/nhayvaoday", "sai tên trên khai sinh", "làm lại căn cước",
    ],
)  # fmt: skip
def test_questions_are_no_wishes(assistant: Assistant, text: str) -> None:
    assert wish(assistant, text) is None


@pytest.mark.parametrize(
    ("text", "meant"),
    [
        ("không phải, ý tôi là đăng ký thường trú", "đăng ký thường trú"),
        ("ko, y minh la thuong tru co", "thuong tru"),
        ("à nhầm, tôi hỏi Quảng Nam 2024", "quảng nam 2024"),
        ("không phải tạm trú mà là thường trú", "thường trú"),
        ("nhầm", ""),
        ("mất sổ đỏ làm lại thế nào", None),
        ("không có giấy chứng sinh thì sao", None),
    ],
)
def test_corrections(text: str, meant: str | None) -> None:
    assert corrected(text) == meant
