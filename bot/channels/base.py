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
    """A message as any channel delivers it. ``content`` is the text, the button's token, or the command's name (``argument``: what
    stands after it); ``key`` names the conversation within the channel; ``address`` is where answers go, where that is more than the
    key (a topic of a forum); ``quote`` the id of the message, where answers quote it."""

    key: str
    kind: Kind
    content: str = ""
    address: str = ""
    quote: str | None = None
    argument: str = ""

    @property
    def destination(self) -> str:
        """Where answers go."""
        return self.address or self.key


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

    A connector holds no queue and no conversation. It is safe to use from several tasks at once. Classes name this one as their
    base, so that they inherit what they don't need to say.
    """

    name: str
    part_length: int
    """Longest text of one message, in UTF-16 units."""
    part_pause: float
    """Seconds to leave between two messages to the same person."""
    per_second: float = 30.0
    """Most messages a second to all people together, of one process."""

    def read(self, payload: Mapping[str, Any]) -> IncomingMessage | None:
        """What a delivered event means, none for what is to be left alone. Pure; raises ``ValueError`` on foreign content."""

    async def send(self, address: str, text: str, rows: Rows, quote: str | None = None) -> None:
        """Send one message that fits ``part_length``.

        Args:
            address: :attr:`IncomingMessage.destination` of the message it answers.
            text: plain text; the connector formats it.
            rows: buttons; a connector without buttons leaves them out (choices stand numbered in the text).
            quote: id of the message it answers, where the interface shows that.

        Raises:
            RetryLater: not taken now.
            Refused: never will be.
        """

    def pause_after(self, address: str) -> float:
        """Seconds to leave after a message to ``address``, where some places ask for more than ``part_pause``."""
        return self.part_pause

    async def show_typing(self, address: str) -> None:
        """Show once that an answer is being written, where the interface can. Called again every few seconds; whatever it raises is
        passed over."""
        return None

    async def acknowledge(self, payload: Mapping[str, Any]) -> None:
        """Tell the interface that an event is being worked on, where it waits for that (the mark on a pressed button). Whatever it
        raises is passed over."""
        return None

    def link_to(self, entry: str) -> str | None:
        """An address that opens a private chat about a record, where the interface has such."""
        return None

    async def close(self) -> None:
        """Release what is held open."""
        return None


class Overloaded(RuntimeError):
    """So many events wait that no more are taken: the receiver answers 503, and the interface delivers the event again later."""


class Receives(Protocol):
    """What receivers (a polling loop, a webhook) hand events to, once they are authenticated."""

    async def accept(self, channel: str, event_id: str, payload: Mapping[str, Any]) -> bool:
        """Keep an event; after this returns it may be acknowledged, for it is on disk.

        Args:
            channel: the connector's name.
            event_id: the interface's own id of the event: one that was kept before is dropped.
            payload: the event as JSON, for :meth:`Connector.read`.

        Returns:
            whether it is to be worked on: False for repeats and for what the connector leaves alone.

        Raises:
            Overloaded: too much is waiting.
            sqlalchemy.exc.SQLAlchemyError: it could not be kept.
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
