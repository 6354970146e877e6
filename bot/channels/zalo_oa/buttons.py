"""Choices as buttons of Zalo's messages. Pure.

Public sources do not agree on the shape that a consultation message with buttons has, and none shows it tried on a real account. So
the shape is a setting whose default is none (choices as numbered text), and a refused shape falls back to that.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Any

from bot.channels.base import Button
from bot.channels.zalo_oa.events import PAYLOAD_MARK

MOST = 5
_LONGEST_TITLE = 100


class Shape(StrEnum):
    """How buttons are written: not at all; a template without a type, the text beside it; the same with ``template_type``; or a
    template of that type with the text inside."""

    NONE = "none"
    UNTYPED = "untyped"
    TYPED = "typed"
    INSIDE = "inside"


def message(text: str, buttons: Sequence[Button], shape: Shape) -> dict[str, Any]:
    """The message as Zalo takes it; without buttons, or in the shape ``NONE``, the text alone. Zalo allows ``MOST`` buttons, titles of
    100 characters, and payloads of 1,000, which tokens never reach.

    A pressed button's payload is sent in the person's name without being shown (``oa.query.hide``) and arrives as a text message.
    """
    if shape is Shape.NONE or not buttons:
        return {"text": text}
    written = [{"title": b.label[:_LONGEST_TITLE], "type": "oa.query.hide", "payload": PAYLOAD_MARK + b.token} for b in buttons]
    payload: dict[str, Any] = {"buttons": written}
    if shape is not Shape.UNTYPED:
        payload["template_type"] = "button"
    if shape is Shape.INSIDE:
        payload["text"] = text
    attachment = {"type": "template", "payload": payload}
    return {"attachment": attachment} if shape is Shape.INSIDE else {"text": text, "attachment": attachment}
