"""Zalo's events → incoming messages. Pure.

Shapes are those of the webhook's documentation; time stamps come as strings or numbers. A tapped query button arrives as a text
message whose text is the button's payload.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from bot.channels.base import IncomingMessage, Kind
from bot.channels.wording import COMMANDS

PAYLOAD_MARK = "#"
"""Before a button's token in its payload. Zalo's console has a filter that lets only texts with this mark through."""
_PAYLOAD = re.compile(rf"{PAYLOAD_MARK}([a-z]+:.{{1,62}})", re.DOTALL)
_COMMAND = re.compile(r"/([a-z]+)", re.IGNORECASE)
_ANONYMOUS = "anonymous"
_GREETED = ("follow", "user_click_chatnow")
_FROM_USER, _FROM_ANONYMOUS, _FROM_OA, _IN_GROUPS = "user_send_", "anonymous_send_", "oa_send_", "user_send_group_"
_LOCATION = "user_send_location"
_KNOWN_SILENT = frozenset(
    ("unfollow", "user_seen_message", "user_received_message", "user_reacted_message", "oa_reacted_message", "user_submit_info")
)
_COUNTRY = frozenset(("việt nam", "viet nam", "vietnam"))
_POSTCODE = re.compile(r"\s*\d{5,6}$")


@dataclass(frozen=True)
class Recipient:
    """Where an answer goes: a user, or a visitor who is not logged in (``conversation`` set; the interface needs both ids)."""

    user: str
    conversation: str | None = None

    def __str__(self) -> str:
        return self.user if self.conversation is None else f"{_ANONYMOUS}:{self.conversation}:{self.user}"

    @staticmethod
    def of(address: str) -> Recipient:
        """Inverse of ``str``."""
        kind, _, rest = address.partition(":")
        if kind != _ANONYMOUS:
            return Recipient(address)
        conversation, _, user = rest.partition(":")
        return Recipient(user, conversation)


def account(event: Mapping[str, Any]) -> str | None:
    """The id of the Official Account that an event belongs to."""
    sent_by_account = str(event.get("event_name", "")).startswith(_FROM_OA)
    return _text(event.get("oa_id")) or _id(event, "sender" if sent_by_account else "recipient")


def event_id(event: Mapping[str, Any]) -> str:
    """What makes a repeat of an event recognisable: the account, the event's name, and the message, or else the person and time."""
    message = _text(_part(event, "message").get("msg_id"))
    rest = message or f"{_user(event)}@{_text(event.get('timestamp'))}"
    return f"{account(event)}:{event.get('event_name')}:{rest}"


def known(event: Mapping[str, Any]) -> bool:
    """Whether it is an event whose meaning is known, be it that it means nothing."""
    name = str(event.get("event_name"))
    prefixes = (_FROM_USER, _FROM_ANONYMOUS, _FROM_OA)
    return name in (*_GREETED, "user_withdraw") or name in _KNOWN_SILENT or name.startswith(prefixes)


def read(event: Mapping[str, Any]) -> IncomingMessage | None:
    """What an event means, none for what is to be left alone: what the bot itself sent, receipts, groups, what is not known.

    Raises:
        ValueError: an event that means something names nobody.
    """
    name = str(event.get("event_name"))
    if name in _GREETED:
        return IncomingMessage(_needed(event), Kind.FOLLOW)
    if name == "user_withdraw":
        return IncomingMessage(_needed(event), Kind.WITHDRAW)
    if name.startswith(_FROM_OA):
        # The bot's own messages come back as events too; only people who write in Zalo's console have an admin_id.
        by_staff = _text(_part(event, "sender").get("admin_id"))
        person = _id(event, "recipient")
        return IncomingMessage(person, Kind.STAFF, _text(_part(event, "message").get("text"))) if by_staff and person else None
    if name.startswith(_FROM_USER) and not name.startswith(_IN_GROUPS):
        person = _needed(event)
        return _message(event, person, person)
    if name.startswith(_FROM_ANONYMOUS):
        conversation = _text(_part(event, "message").get("conversation_id"))
        if not conversation:
            raise ValueError(f"{name}: no conversation_id")
        return _message(event, f"{_ANONYMOUS}:{conversation}", str(Recipient(_needed(event), conversation)))
    return None


def _message(event: Mapping[str, Any], key: str, address: str) -> IncomingMessage:
    message = _part(event, "message")
    # A picture may have a caption, and then that is what the person asks.
    text = _text(message.get("text"))
    if event.get("event_name") == _LOCATION:
        text = _province_of(text)
    quote = _text(message.get("msg_id")) or None
    if not text:
        return IncomingMessage(key, Kind.OTHER, address=address, quote=quote)
    pressed = _PAYLOAD.fullmatch(text)
    if pressed:
        return IncomingMessage(key, Kind.BUTTON, pressed[1], address, quote)
    command = _COMMAND.fullmatch(text)
    if command and command[1].lower() in COMMANDS:
        return IncomingMessage(key, Kind.COMMAND, command[1].lower(), address, quote)
    return IncomingMessage(key, Kind.TEXT, text, address, quote)


def _province_of(place: str) -> str:
    """The last part of a place's name, which is its province where the name is a full address: more than that the bot has no use
    for. "12 Trần Phú, Hội An, Quảng Nam, Việt Nam" → "Quảng Nam"."""
    parts = [_POSTCODE.sub("", part).strip() for part in place.split(",")]
    parts = [part for part in parts if part and part.casefold() not in _COUNTRY]
    return parts[-1] if len(parts) >= 2 else ""


def _part(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = event.get(name)
    return part if isinstance(part, Mapping) else {}


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""


def _id(event: Mapping[str, Any], name: str) -> str:
    return _text(_part(event, name).get("id"))


def _user(event: Mapping[str, Any]) -> str:
    return _id(event, "sender") or _id(event, "follower") or _text(event.get("user_id"))


def _needed(event: Mapping[str, Any]) -> str:
    person = _user(event)
    if not person:
        raise ValueError(f"{event.get('event_name')}: names nobody")
    return person
