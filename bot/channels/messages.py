"""Incoming messages as the inbox keeps them. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.channels.base import IncomingMessage, Kind


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


def _whole(text: str) -> str:
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
