from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import IncomingMessage, Kind
from bot.channels.zalo_oa.events import Recipient, account, event_id, known, read
from evaluation.imitations.zalo_oa import OA_ID, FakeZaloOa

zalo = FakeZaloOa()


def test_a_text_with_its_quote() -> None:
    event = zalo.text("  làm căn cước ở đâu  ")
    message = read(event)
    assert message == IncomingMessage("u1", Kind.TEXT, "làm căn cước ở đâu", "u1", event["message"]["msg_id"])


def test_a_pressed_button_comes_as_its_payload() -> None:
    assert read(zalo.text("#o:1:1f3a9c00")) == IncomingMessage("u1", Kind.BUTTON, "o:1:1f3a9c00", "u1", _last())
    assert read(zalo.text("#p:Tiền Giang")) == IncomingMessage("u1", Kind.BUTTON, "p:Tiền Giang", "u1", _last())
    hashtag = read(zalo.text("#thutuc làm hộ chiếu"))
    assert hashtag is not None and hashtag.kind is Kind.TEXT


def _last() -> str:
    return f"m{int(event_id(zalo.text('x')).rsplit('m', 1)[1]) - 1}"


def test_commands_only_where_they_are_ours() -> None:
    command, other = read(zalo.text("/XOA")), read(zalo.text("/khongco"))
    assert command is not None and (command.kind, command.content) == (Kind.COMMAND, "xoa")
    assert other is not None and other.kind is Kind.TEXT


@pytest.mark.parametrize("kind", ["image", "gif", "sticker", "file", "audio", "video", "link", "business_card", "gi_do_moi"])
def test_media_cannot_be_read_but_captions_can(kind: str) -> None:
    attachment = {"type": kind, "payload": {"url": "https://x.zdn.vn/1"}}
    silent = zalo.event(f"user_send_{kind}", message={"msg_id": "m", "attachments": [attachment]})
    found = read(silent)
    assert found is not None and found.kind is Kind.OTHER
    captioned = read(zalo.event(f"user_send_{kind}", message={"msg_id": "m", "text": "giấy này là gì", "attachments": [attachment]}))
    assert captioned is not None and (captioned.kind, captioned.content) == (Kind.TEXT, "giấy này là gì")


@pytest.mark.parametrize(
    ("place", "kept"),
    [
        ("12 Trần Phú, Hội An, Quảng Nam, Việt Nam", "Quảng Nam"),
        ("12 Trần Phú, Hội An, Quảng Nam 51300, Vietnam", "Quảng Nam"),
        ("UBND phường 1", None),
        ("", None),
    ],
)
def test_of_a_place_only_the_province_is_read(place: str, kept: str | None) -> None:
    attachment = {"type": "location", "payload": {"coordinates": {"latitude": "15.8", "longitude": "108.3"}}}
    found = read(zalo.event("user_send_location", message={"msg_id": "m", "text": place, "attachments": [attachment]}))
    assert found is not None
    assert (found.kind, found.content) == ((Kind.TEXT, kept) if kept else (Kind.OTHER, ""))


@pytest.mark.parametrize("name", ["follow", "user_click_chatnow"])
def test_beginning_to_follow(name: str) -> None:
    assert read(zalo.event(name)) == IncomingMessage("u1", Kind.FOLLOW)


def test_withdrawing_consent() -> None:
    assert read(zalo.event("user_withdraw")) == IncomingMessage("u1", Kind.WITHDRAW)
    as_message = zalo.event("user_withdraw") | {"sender": {"id": "u7"}}
    del as_message["user_id"]
    assert read(as_message) == IncomingMessage("u7", Kind.WITHDRAW)


def test_a_member_of_staff_is_told_from_the_bot_itself() -> None:
    own = zalo.event("oa_send_text", message={"msg_id": "s1", "text": "bot nói"})
    assert read(own) is None
    staff = zalo.event("oa_send_text", message={"msg_id": "s1", "text": "Chào bác"}, sender={"id": OA_ID, "admin_id": "9"})
    assert read(staff) == IncomingMessage("u1", Kind.STAFF, "Chào bác")
    assert account(staff) == OA_ID


def test_anonymous_visitors_are_answered_in_their_conversation() -> None:
    event = zalo.event("anonymous_send_text", "a1", message={"msg_id": "m", "conversation_id": "c:9", "text": "chào"})
    found = read(event)
    assert found is not None and (found.key, found.kind) == ("anonymous:c:9", Kind.TEXT)
    assert Recipient("a1", "c9") == Recipient.of(str(Recipient("a1", "c9")))
    assert Recipient.of("u1") == Recipient("u1")
    with pytest.raises(ValueError, match="conversation_id"):
        read(zalo.event("anonymous_send_text", "a1", message={"msg_id": "m", "text": "chào"}))


@pytest.mark.parametrize(
    "name",
    ["unfollow", "user_seen_message", "user_received_message", "user_reacted_message", "user_submit_info", "user_send_group_text", "moi"],
)
def test_left_alone(name: str) -> None:
    assert read(zalo.event(name, message={"msg_id": "m", "text": "x"})) is None
    assert known(zalo.event(name)) is (name != "moi")


@pytest.mark.parametrize("event", [{}, {"event_name": 5}, {"event_name": ["user_send_text"]}, {"event_name": "oa_send_text", "sender": 1}])
def test_foreign_content_means_nothing(event: dict[str, object]) -> None:
    assert read(event) is None


def test_a_message_of_nobody_cannot_be_read() -> None:
    with pytest.raises(ValueError, match="names nobody"):
        read({"event_name": "user_send_text", "sender": "u", "message": ["x"]})


def test_repeats_have_one_id_and_different_events_different_ones() -> None:
    first, second = zalo.text("x"), zalo.text("x")
    assert event_id(first) == event_id(dict(first)) != event_id(second)
    follow = zalo.event("follow", timestamp="1")
    assert event_id(follow) == event_id({**follow, "source": "khác"})
    assert len({event_id(e) for e in (follow, follow | {"timestamp": "2"}, zalo.event("follow", "u2", timestamp="1"))}) == 3
    staff = zalo.event("oa_send_text", message={"msg_id": first["message"]["msg_id"]})
    assert event_id(staff) != event_id(first)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(["id", "msg_id", "text", "admin_id", "x"]), inner, max_size=4)
    ),
    max_leaves=8,
)


@given(
    st.sampled_from(["user_send_text", "user_send_location", "anonymous_send_text", "oa_send_text", "follow", "user_withdraw", "x"]),
    st.dictionaries(st.sampled_from(["sender", "recipient", "follower", "message", "user_id", "oa_id", "timestamp"]), _ANYTHING),
)
def test_whatever_stands_in_an_event_it_is_read_or_named_unreadable(name: str, rest: dict[str, object]) -> None:
    event = {"event_name": name, **rest}
    event_id(event)
    account(event)
    try:
        message = read(event)
    except ValueError:
        return
    if message is not None:
        assert message.key
        assert Recipient.of(message.destination).user
