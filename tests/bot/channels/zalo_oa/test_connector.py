"""Sending to an imitation of Zalo that fails as scripted."""

from __future__ import annotations

import logging

import pytest

from bot.channels.base import Button, Refused, RetryLater
from bot.channels.splitting import units
from bot.channels.zalo_oa.buttons import Shape
from bot.channels.zalo_oa.client import ANONYMOUS, CONSULTATION
from bot.channels.zalo_oa.connector import LONGEST, ZaloOaConnector
from evaluation.imitations.failures import Broken, Hanging, TooMany
from evaluation.imitations.zalo_oa import Saying
from tests.bot.channels.zalo_oa.conftest import Setting

FACETS = ((Button("Giấy tờ", "f:1:aa"), Button("Lệ phí", "f:2:aa")),)
OPTIONS = tuple((Button(f"{i}. Việc {i}", f"o:{i}:aa"),) for i in range(1, 8))


def connector(setting: Setting, shape: Shape = Shape.NONE) -> ZaloOaConnector:
    return ZaloOaConnector(setting.api, setting.keeper(), shape, now=lambda: 59.0)


async def test_a_consultation_message(setting: Setting) -> None:
    await connector(setting).send("u1", "Chào anh/chị", (), "m1")
    assert [(c.path, c.recipient, c.message) for c in setting.zalo.calls] == [
        (CONSULTATION, {"user_id": "u1"}, {"text": "Chào anh/chị", "quote_message_id": "m1"})
    ]


async def test_an_anonymous_visitor(setting: Setting) -> None:
    await connector(setting, Shape.INSIDE).send("anonymous:c9:a1", "Chào", FACETS, "m1")
    (call,) = setting.zalo.calls
    assert (call.path, call.recipient) == (ANONYMOUS, {"anonymous_id": "a1", "conversation_id": "c9"})
    assert call.message == {"text": "Chào\n\nHỏi thêm: 1. Giấy tờ · 2. Lệ phí"}


async def test_choices_are_numbered_in_the_text_unless_set_otherwise(setting: Setting) -> None:
    await connector(setting).send("u1", "Trả lời.", FACETS)
    assert setting.zalo.calls[0].message == {"text": "Trả lời.\n\nHỏi thêm: 1. Giấy tờ · 2. Lệ phí"}


@pytest.mark.parametrize("shape", [Shape.UNTYPED, Shape.TYPED, Shape.INSIDE])
async def test_buttons_in_every_shape(setting: Setting, shape: Shape) -> None:
    await connector(setting, shape).send("u1", "Ý nào?", OPTIONS)
    (call,) = setting.zalo.calls
    payload = call.message["attachment"]["payload"]
    assert call.text == "Ý nào?\n\n6. Việc 6\n7. Việc 7"  # what is neither in the text nor a button
    assert [b["payload"] for b in payload["buttons"]] == [f"#o:{i}:aa" for i in range(1, 6)]  # five at most
    assert {b["type"] for b in payload["buttons"]} == {"oa.query.hide"}
    assert payload.get("template_type") == (None if shape is Shape.UNTYPED else "button")
    assert ("text" in payload) is (shape is Shape.INSIDE) is ("text" not in call.message)


async def test_refused_buttons_become_text_from_then_on(setting: Setting, caplog: pytest.LogCaptureFixture) -> None:
    setting.zalo.takes_buttons = False
    tried = connector(setting, Shape.UNTYPED)
    with caplog.at_level(logging.ERROR):
        await tried.send("u1", "A", FACETS)
        await tried.send("u1", "B", FACETS)
    assert setting.zalo.texts() == ["A\n\nHỏi thêm: 1. Giấy tờ · 2. Lệ phí", "B\n\nHỏi thêm: 1. Giấy tờ · 2. Lệ phí"]
    assert setting.zalo.refused == [-233]
    assert caplog.text.count("BOT_ZALO_OA_BUTTONS") == 1


async def test_a_quote_that_is_not_taken_is_left_out(setting: Setting) -> None:
    setting.zalo.quotable = False
    await connector(setting).send("u1", "Chào", (), "m1")
    assert [c.message for c in setting.zalo.calls] == [{"text": "Chào"}]


async def test_an_expired_token_is_replaced_and_the_message_sent(setting: Setting) -> None:
    setting.zalo.expire()
    await connector(setting).send("u1", "Chào", ())
    assert setting.zalo.texts() == ["Chào"] and setting.zalo.refused == [-216]
    assert setting.zalo.refreshes == ["refresh-0"]


async def test_a_token_refused_again_is_not_replaced_in_a_circle(setting: Setting) -> None:
    setting.zalo.failures.extend([Saying(-216), Saying(-220), Saying(-216)])
    with pytest.raises(RetryLater):
        await connector(setting).send("u1", "Chào", ())
    assert len(setting.zalo.refreshes) == 1 and setting.zalo.refused == [-216, -220]


async def test_too_long_for_zalo_is_sent_in_smaller_parts(setting: Setting) -> None:
    text = "Một câu. " * 150
    setting.zalo.failures.append(Saying(-210))
    await connector(setting).send("u1", text, FACETS, "m1")
    sent = setting.zalo.texts()
    assert len(sent) == 2 and " ".join(sent).split() == (text + " Hỏi thêm: 1. Giấy tờ · 2. Lệ phí").split()
    assert ["quote_message_id" in c.message for c in setting.zalo.calls] == [True, False]


async def test_a_short_text_is_not_cut_for_ever(setting: Setting) -> None:
    setting.zalo.failures.extend([Saying(-210)] * 3)
    with pytest.raises(Refused):
        await connector(setting).send("u1", "Chào", ())
    assert setting.zalo.refused == [-210]


async def test_parts_leave_room_for_the_choices(setting: Setting) -> None:
    tried = connector(setting)
    await tried.send("u1", "x" * tried.part_length, FACETS)
    assert setting.zalo.texts()[0].endswith("2. Lệ phí") and units(setting.zalo.texts()[0]) <= LONGEST


async def test_the_rate_limit_waits_for_the_next_minute(setting: Setting) -> None:
    setting.zalo.failures.append(Saying(-32))
    with pytest.raises(RetryLater) as raised:
        await connector(setting).send("u1", "Chào", (), "m1")
    assert raised.value.seconds == 1.0
    assert setting.zalo.calls == []


async def test_failed_for_no_reason_is_tried_once_more(setting: Setting) -> None:
    setting.zalo.failures.append(Saying(-200))
    await connector(setting).send("u1", "Chào", ())
    assert setting.zalo.texts() == ["Chào"]
    setting.zalo.failures.extend([Saying(-200)] * 2)
    with pytest.raises(Refused):
        await connector(setting).send("u1", "Chào", ())
    assert setting.zalo.texts() == ["Chào"]


@pytest.mark.parametrize(("failure", "seconds"), [(TooMany(7), 7.0), (Broken(503), None), (Broken(200), None), (Hanging(30.0), None)])
async def test_out_of_order(setting: Setting, failure: TooMany | Broken | Hanging, seconds: float | None) -> None:
    setting.zalo.failures.append(failure)
    with pytest.raises(RetryLater) as raised:
        await connector(setting).send("u1", "Chào", ())
    assert raised.value.seconds == seconds
    assert "access-0" not in str(raised.value)


@pytest.mark.parametrize("code", [-213, -217, -218, -227, -230, -232, -234, -244])
async def test_a_closed_window_or_a_blocked_bot_is_final_and_no_alarm(
    setting: Setting, code: int, caplog: pytest.LogCaptureFixture
) -> None:
    setting.zalo.failures.append(Saying(code))
    with caplog.at_level(logging.ERROR), pytest.raises(Refused, match=str(code)):
        await connector(setting).send("u1", "Chào", (), "m1")
    assert setting.zalo.refused == [code] and caplog.text == ""


@pytest.mark.parametrize(
    ("code", "told"), [(-221, "Xác thực OA"), (-224, "Nâng gói"), (-211, "hạn mức"), (-223, "zalo-authorise"), (-205, "BOT_ZALO_OA_ID")]
)
async def test_what_the_operator_must_mend_is_told_once(setting: Setting, code: int, told: str, caplog: pytest.LogCaptureFixture) -> None:
    tried = connector(setting)
    setting.zalo.failures.extend([Saying(code)] * 3)
    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            with pytest.raises(Refused):
                await tried.send("u1", "Chào", (), "m1")
    assert setting.zalo.refused == [code] * 3
    assert caplog.text.count(told) == 1
    await tried.send("u1", "Chào", ())
    setting.zalo.failures.append(Saying(code))
    with caplog.at_level(logging.ERROR), pytest.raises(Refused):
        await tried.send("u1", "Chào", ())
    assert caplog.text.count(told) == 2  # it worked in between


async def test_an_unknown_error_is_told_with_its_number(setting: Setting, caplog: pytest.LogCaptureFixture) -> None:
    setting.zalo.failures.append(Saying(-999, "something new"))
    with caplog.at_level(logging.ERROR), pytest.raises(Refused):
        await connector(setting).send("u1", "Chào", ())
    assert "-999 something new" in caplog.text
