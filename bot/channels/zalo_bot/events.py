"""Events of the Zalo Bot Platform → incoming messages. Pure.

The documentation shows an event wrapped (``{"ok": true, "result": {…}}``), live reports show it bare; both are taken. There are no
buttons: choices come back as numbers and words.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from bot.channels.base import IncomingMessage, Kind
from bot.channels.wording import COMMANDS

_COMMAND = re.compile(r"/([a-z]+)", re.IGNORECASE)
_PRIVATE = "PRIVATE"
_TEXT = "message.text.received"
_MEDIA = frozenset(f"message.{kind}.received" for kind in ("image", "sticker", "voice", "link", "unsupported"))
_KNOWN_SILENT = frozenset(("message.reaction.received",))


def unwrapped(body: Mapping[str, Any]) -> Mapping[str, Any]:
    """The event in a delivered body."""
    result = body.get("result", body)
    return result if isinstance(result, Mapping) else {}


def known(event: Mapping[str, Any]) -> bool:
    """Whether it is an event whose meaning is known, be it that it means nothing."""
    return str(event.get("event_name")) in {_TEXT, *_MEDIA, *_KNOWN_SILENT}


def event_id(event: Mapping[str, Any]) -> str:
    """What makes a repeat recognisable: the chat and the message, or the time where the message has no id."""
    message = _part(event, "message")
    identity = _text(message.get("message_id")) or f"@{_text(message.get('date'))}"
    return f"{_text(_part(message, 'chat').get('id'))}:{identity}"


def read(event: Mapping[str, Any]) -> IncomingMessage | None:
    """What an event means, none for what is to be left alone: other bots, groups, reactions, and what has no content.

    Raises:
        ValueError: a message without a chat to answer in.
    """
    name, message = str(event.get("event_name")), _part(event, "message")
    if name != _TEXT and name not in _MEDIA:
        return None
    if not message:
        return None  # messages of protected people come without content and without an address
    chat = _part(message, "chat")
    if _part(message, "from").get("is_bot") or _text(chat.get("chat_type") or _PRIVATE).upper() != _PRIVATE:
        return None
    key = _text(chat.get("id"))
    if not key:
        raise ValueError(f"{name}: no chat")
    text = _text(message.get("text") if name == _TEXT else message.get("caption"))
    if not text:
        return IncomingMessage(key, Kind.OTHER)
    command = _COMMAND.fullmatch(text)
    if command and command[1].lower() in COMMANDS:
        return IncomingMessage(key, Kind.COMMAND, command[1].lower())
    return IncomingMessage(key, Kind.TEXT, text)


def _part(event: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    part = event.get(name)
    return part if isinstance(part, Mapping) else {}


def _text(value: object) -> str:
    return str(value).strip() if isinstance(value, str | int) else ""
