"""Questions that ask with more words than they name their matter with."""

from __future__ import annotations

import pytest

from bot.pipeline import Assistant
from bot.types import Status
from tests.bot.helpers import best, talk


@pytest.mark.parametrize(
    ("text", "record"),
    [
        ("xin hỏi luật nào hay nghị định nào quy định đăng kí kết hôn", "procedure/1.000894"),
        ("muon đăng kí kết hôn co phai dong tien khong nop giay cho ai", "procedure/1.000894"),
        ("xin hỏi luật nào hay nghị định nào quy định đổi chủ xe", "procedure/1.013076"),
        ("đến 40 tuổi đổi căn cước thì nhờ người khác đi nộp thay có được không ạ", "procedure/1.014063"),
        ("chấp thuận chủ trương đầu tư xong mình nhận được giấy tờ gì vậy ad", "procedure/1.009645"),
    ],
)
def test_the_record_is_found_in_spite_of_them(assistant: Assistant, text: str, record: str) -> None:
    answer = talk(assistant, text)
    assert answer.status is Status.ANSWERED
    assert best(answer) == record


@pytest.mark.parametrize(
    "text",
    [
        "xin hỏi luật nào hay nghị định nào quy định chuyển nhượng cầu thủ bóng đá",
        "mua điện thoại trả góp cần giấy tờ gì và mất bao nhiêu tiền",
        pytest.param(
            "thi bằng lái máy bay hết bao nhiêu tiền nộp ở đâu vậy ad",
            marks=pytest.mark.xfail(
                strict=True, reason="a licence to fly is taken for one to drive at a confidence of .5 (lost on 21/11/2026)"
            ),
        ),
    ],
)
def test_what_is_out_of_scope_stays_so(assistant: Assistant, text: str) -> None:
    assert talk(assistant, text).status is not Status.ANSWERED
