from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.base import IncomingMessage, Kind
from bot.channels.zalo_bot.events import event_id, known, read, unwrapped
from evaluation.imitations.zalo_bot import FakeZaloBot

zalo = FakeZaloBot()


def test_flat_and_wrapped_are_the_same() -> None:
    event = zalo.event(text=" chào ")
    assert unwrapped(event) == unwrapped({"ok": True, "result": event}) == event
    assert read(event) == IncomingMessage("c1", Kind.TEXT, "chào")
    assert unwrapped({"ok": True, "result": None}) == {}


@pytest.mark.parametrize("kind", ["image", "sticker", "voice", "link", "unsupported"])
def test_media_cannot_be_read_but_captions_can(kind: str) -> None:
    assert read(zalo.event(kind, photo="https://x")) == IncomingMessage("c1", Kind.OTHER)
    assert read(zalo.event(kind, caption="giấy gì đây")) == IncomingMessage("c1", Kind.TEXT, "giấy gì đây")


def test_commands() -> None:
    assert read(zalo.event(text="/xoa")) == IncomingMessage("c1", Kind.COMMAND, "xoa")
    assert read(zalo.event(text="/la")) == IncomingMessage("c1", Kind.TEXT, "/la")


def test_left_alone() -> None:
    assert read(zalo.event(text="x", chat_type="GROUP")) is None
    assert read(zalo.event(text="x", is_bot=True)) is None
    assert read(zalo.event("reaction")) is None
    assert read({"event_name": "message.unsupported.received"}) is None  # protected people's messages come without anything
    assert read({}) is None and read({"event_name": 7, "message": "x"}) is None


def test_no_chat_to_answer_in() -> None:
    with pytest.raises(ValueError, match="no chat"):
        read({"event_name": "message.text.received", "message": {"text": "x"}})


def test_ids_of_repeats() -> None:
    first, second = zalo.event(text="x"), zalo.event(text="x")
    assert event_id(first) == event_id(dict(first)) != event_id(second)
    elsewhere = zalo.event(user="c2", text="x", message_id=first["message"]["message_id"])
    assert event_id(elsewhere) != event_id(first)


def test_known_kinds() -> None:
    assert known(zalo.event()) and known(zalo.event("reaction")) and not known(zalo.event("poll")) and not known({})


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=8),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(
            st.sampled_from(["id", "message", "text", "chat", "from", "is_bot", "chat_type", "event_name"]), inner, max_size=4
        )
    ),
    max_leaves=10,
)


@given(
    st.sampled_from(["message.text.received", "message.image.received", "x"]), st.dictionaries(st.sampled_from(["message", "x"]), _ANYTHING)
)
def test_whatever_stands_in_an_event_it_is_read_or_named_unreadable(name: str, rest: dict[str, object]) -> None:
    event = unwrapped({"event_name": name, **rest})
    known(event)
    event_id(event)
    try:
        message = read(event)
    except ValueError:
        return
    assert message is None or message.key
