"""What every chat channel has in common: a message in, a message out, and a channel that runs until told to stop."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from dataclasses import dataclass
from enum import StrEnum


class Kind(StrEnum):
    """What a person did: wrote something, pressed a button, gave a command, or sent what the bot cannot read."""

    TEXT = "text"
    BUTTON = "button"
    COMMAND = "command"
    OTHER = "other"


@dataclass(frozen=True)
class IncomingMessage:
    """A message as any channel delivers it. ``content`` is the text, the button's token, or the command's name; ``key`` names the
    conversation within the channel."""

    key: str
    kind: Kind
    content: str = ""


@dataclass(frozen=True)
class Button:
    """A choice under a message. ``token`` comes back when it is pressed (at most 64 bytes)."""

    label: str
    token: str


@dataclass(frozen=True)
class OutgoingMessage:
    """A message to send: plain text of any length and rows of buttons. A channel without buttons shows the text alone; choices
    are numbered in it."""

    text: str
    rows: tuple[tuple[Button, ...], ...] = ()


class ChannelError(RuntimeError):
    """A channel cannot run and trying again is of no use; the message says what to change, in Vietnamese."""


class Channel(ABC):
    """A chat channel. Subclasses translate; what to say is the dialogue's."""

    name: str

    @abstractmethod
    async def run(self, stop: asyncio.Event) -> None:
        """Receive and answer until ``stop`` is set, then finish what is being answered and return.

        Raises:
            ChannelError: the channel cannot run as it is set up.
        """


async def wait_unless(stop: asyncio.Event, seconds: float) -> bool:
    """Wait, but no longer than until ``stop``; gives whether it is set."""
    try:
        await asyncio.wait_for(stop.wait(), seconds)
    except TimeoutError:
        return False
    return True
