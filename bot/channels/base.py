"""What every chat channel has in common: a message in, a message out, and a channel that runs until told to stop."""

from __future__ import annotations

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Protocol


class Kind(StrEnum):
    """What a person did: wrote something, pressed a button, gave a command, sent what the bot cannot read, began to follow the
    bot, or withdrew consent; or a member of staff wrote to the person from the channel's own console."""

    TEXT = "text"
    BUTTON = "button"
    COMMAND = "command"
    OTHER = "other"
    FOLLOW = "follow"
    WITHDRAW = "withdraw"
    STAFF = "staff"


@dataclass(frozen=True)
class IncomingMessage:
    """A message as any channel delivers it. ``content`` is the text, the button's token, or the command's name; ``key`` names the
    conversation within the channel; ``address`` is where answers go, where that is more than the key (a topic of a forum);
    ``quote`` the id of the message, where answers quote it."""

    key: str
    kind: Kind
    content: str = ""
    address: str = ""
    quote: str | None = None


@dataclass(frozen=True)
class Button:
    """A choice under a message. ``token`` comes back when it is pressed (at most 64 bytes)."""

    label: str
    token: str


Rows = tuple[tuple[Button, ...], ...]


@dataclass(frozen=True)
class OutgoingMessage:
    """A message to send: plain text of any length and rows of buttons. A channel without buttons shows the text alone; choices
    are numbered in it."""

    text: str
    rows: Rows = ()


class RetryLater(RuntimeError):
    """The channel's server cannot take the message now (busy, out of reach, a limit): try again after ``seconds``."""

    def __init__(self, seconds: float | None = None, reason: str = "") -> None:
        """``seconds``: what the server asks to wait; none: back off by rule."""
        self.seconds = seconds
        super().__init__(reason)


class Refused(RuntimeError):
    """The channel's server will never take this message (the person blocked the bot, the window closed); the text says why."""


class Connector(Protocol):
    """The two directions of one chat interface. Everything between them (order, storage, retries, pace) is the runtime's.

    A connector holds no queue and no conversation. It is safe to use from several tasks at once.
    """

    name: str
    part_length: int
    """Longest text of one message, in UTF-16 units."""
    part_pause: float
    """Seconds to leave between two messages to the same person."""

    def read(self, payload: Mapping[str, Any]) -> IncomingMessage | None:
        """What a delivered event means, none for what is to be left alone. Pure; raises ``ValueError`` on foreign content."""

    async def send(self, address: str, text: str, rows: Rows, quote: str | None = None) -> None:
        """Send one message that fits ``part_length``.

        Args:
            address: :attr:`IncomingMessage.address` of the message it answers.
            text: plain text; the connector formats it.
            rows: buttons; a connector without buttons leaves them out (choices stand numbered in the text).
            quote: id of the message it answers, where the interface shows that.

        Raises:
            RetryLater: not taken now.
            Refused: never will be.
        """


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
