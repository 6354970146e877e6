"""Incoming messages as the inbox keeps them. Pure."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from bot.channels.base import IncomingMessage, Kind

LONGEST_ID, LONGEST_ADDRESS = 128, 256
"""Characters that the database's columns hold: of a conversation's key, an event's or a message's id; of an address."""


def fitting(event_id: str) -> str:
    """An event's id as the database can hold it: itself, or a digest of an endless or unprintable one."""
    if _holds(event_id, LONGEST_ID):
        return event_id
    return hashlib.sha256(event_id.encode("utf-8", "surrogatepass")).hexdigest()


def check(message: IncomingMessage) -> None:
    """Raises ``ValueError`` where the conversation, the address or the quoted id is not what any channel gives (endless, or not
    printable), or where a text is none: libraries hand values of any type through."""
    if not all(isinstance(text, str) for text in (message.key, message.content, message.address, message.argument, message.quote or "")):
        raise ValueError("a text is of another type")
    known = _holds(message.key, LONGEST_ID) and _holds(message.destination, LONGEST_ADDRESS)
    if not known or (message.quote is not None and not _holds(message.quote, LONGEST_ID)):
        raise ValueError("a conversation's key or address is too long or not printable")


def to_json(message: IncomingMessage) -> dict[str, Any]:
    """A message as JSON. Halves of characters, which JSON can spell and no database holds, are replaced."""
    return {
        "key": message.key,
        "kind": message.kind.value,
        "content": _whole(message.content),
        "address": message.address,
        "quote": message.quote,
        "argument": _whole(message.argument),
    }


def from_json(values: Mapping[str, Any]) -> IncomingMessage:
    """Inverse of :func:`to_json`; raises ``KeyError``, ``TypeError`` or ``ValueError`` on foreign values."""
    return IncomingMessage(values["key"], Kind(values["kind"]), values["content"], values["address"], values["quote"], values["argument"])


def _holds(name: str, longest: int) -> bool:
    return 0 < len(name) <= longest and name.isprintable()


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
