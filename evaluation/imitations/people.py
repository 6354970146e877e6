"""People on each channel: they write, choose in the way the channel offers it, and read what they are told."""

from __future__ import annotations

import re
from abc import ABC, abstractmethod
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import count
from typing import Any

import httpx

from bot.channels.telegram import NAME as TELEGRAM
from bot.channels.telegram_webhook import HEADER
from bot.channels.zalo_bot.connector import NAME as ZALO_BOT
from bot.channels.zalo_oa.connector import NAME as ZALO_OA
from bot.web.page import CHANNEL as WEB
from evaluation.imitations.failures import Broken, Hanging, Refusing, TooMany, until_told
from evaluation.imitations.telegram import FakeTelegram
from evaluation.imitations.zalo_bot import FakeZaloBot
from evaluation.imitations.zalo_oa import FakeZaloOa, Saying

TIMEOUT = 2.0
"""Seconds that the bot waits for a channel's server: more than a busy machine may take."""
_NUMBERED = re.compile(r"(?:^|[ ·])(\d+)\. ([^·\n]+)", re.MULTILINE)
_LISTED = re.compile(r"^\d+\. (.+)$", re.MULTILINE)
_NUMBER = re.compile(r"^\d+\. ")


class Trouble(StrEnum):
    """What may go wrong with a message on its way out."""

    BUSY = "busy"
    BROKEN = "broken"
    HANGING = "hanging"
    NOT_OK = "not ok under 200"
    EXPIRED = "expired token"
    TOO_LONG = "too long"
    CLOSED = "window closed"


class Stage(ABC):
    """A channel with one person on it for each name: ``p1``, ``p2`` …"""

    channel: str

    @abstractmethod
    async def deliver(self, texts: Sequence[str], order: Sequence[int], person: str = "p1") -> None:
        """The person writes ``texts``; the channel delivers them by their places in ``order``, in which some may come back."""

    @abstractmethod
    def texts(self, person: str = "p1") -> list[str]:
        """Everything the person has been told, one text a message."""

    @abstractmethod
    async def pick(self, label: str, person: str = "p1") -> None:
        """Choose what the last message offers under a label that begins so."""

    async def say(self, text: str, person: str = "p1", *, times: int = 1) -> None:
        """The person writes; ``times``: how often the channel delivers it."""
        await self.deliver([text], [0] * times, person)

    def choices(self, person: str = "p1") -> list[str]:
        """What the last message asks to choose from, without numbers."""
        texts = self.texts(person)
        return _LISTED.findall(texts[-1]) if texts else []

    def key(self, person: str) -> str:
        """The conversation's name on the channel."""
        return person

    def fail(self, trouble: Trouble) -> None:
        """The next message of the bot meets this."""
        raise NotImplementedError(trouble)

    async def wait_for(self, number: int, person: str = "p1") -> list[str]:
        """Wait until the person has been told ``number`` messages."""
        return await until_told(lambda: self.texts(person), number)


@dataclass
class _Screen:
    """What the page shows to a person: the answers by message, the buttons under the last one, and the province of the picker."""

    told: dict[str, str] = field(default_factory=dict)
    choices: list[dict[str, Any]] = field(default_factory=list)
    followups: list[dict[str, Any]] = field(default_factory=list)
    province: str = ""


class OnWeb(Stage):
    """The web chat's page: the answer is the response."""

    channel = WEB

    def __init__(self, address: str) -> None:
        self._address = address
        self._screens: dict[str, _Screen] = {}
        self._numbers = count(1)

    async def deliver(self, texts: Sequence[str], order: Sequence[int], person: str = "p1") -> None:
        messages = [{"text": text, "message": f"m{next(self._numbers)}"} for text in texts]
        for place in order:
            await self._post(messages[place], person)

    async def _post(self, message: dict[str, Any], person: str) -> None:
        screen = self._screens.setdefault(person, _Screen())
        async with httpx.AsyncClient(verify=False, timeout=30) as http:
            sent = {**message, "conversation": person, "province": screen.province}
            answer = (await http.post(f"{self._address}/web/ask", json=sent)).raise_for_status().json()
        shown = screen.told.setdefault(message["message"], answer["answer"])
        assert shown == answer["answer"], "a message that is sent again gets the answer it got before"
        screen.choices, screen.followups, screen.province = answer["choices"], answer["followups"], answer["province"] or ""

    def texts(self, person: str = "p1") -> list[str]:
        return list(self._screens[person].told.values()) if person in self._screens else []

    def choices(self, person: str = "p1") -> list[str]:
        return [c["label"] for c in self._screens[person].choices] if person in self._screens else []

    async def pick(self, label: str, person: str = "p1") -> None:
        screen = self._screens[person]
        chosen = next(c for c in (*screen.choices, *screen.followups) if c["label"].startswith(label))
        await self._post({"text": chosen["label"], "message": f"m{next(self._numbers)}", "choice": chosen}, person)


class OnTelegram(Stage):
    """``webhook``: address and secret by which updates are delivered; none: the bot fetches them."""

    channel = TELEGRAM

    def __init__(self, server: FakeTelegram, webhook: tuple[str, str] | None = None) -> None:
        self._server, self._webhook = server, webhook

    async def deliver(self, texts: Sequence[str], order: Sequence[int], person: str = "p1") -> None:
        updates = [self._server.numbered(self._server.message(text, self._chat(person))) for text in texts]
        await self._deliver([updates[place] for place in order])

    async def _deliver(self, updates: Sequence[dict[str, Any]]) -> None:
        if self._webhook is None:
            self._server.offer(updates)
            return
        address, secret = self._webhook
        async with httpx.AsyncClient(verify=False, headers={HEADER: secret}) as http:
            for update in updates:
                (await http.post(address, json=update)).raise_for_status()

    def texts(self, person: str = "p1") -> list[str]:
        return self._server.texts(self._chat(person))

    def choices(self, person: str = "p1") -> list[str]:
        buttons = self._server.buttons(self._chat(person)) if self.texts(person) else {}
        return [_NUMBER.sub("", label) for label, token in buttons.items() if token.startswith("o:")]

    async def pick(self, label: str, person: str = "p1") -> None:
        chat = self._chat(person)
        buttons = {_NUMBER.sub("", name): token for name, token in self._server.buttons(chat).items()}
        token = next(token for name, token in buttons.items() if name.startswith(label))
        await self._deliver([self._server.numbered(self._server.pressed(token, chat))])

    def key(self, person: str) -> str:
        return str(self._chat(person))

    @staticmethod
    def _chat(person: str) -> int:
        """Telegram's people have numbers."""
        return 1000 + int(person.removeprefix("p"))

    def fail(self, trouble: Trouble) -> None:
        failures: dict[Trouble, Any] = {
            Trouble.BUSY: TooMany(1),
            Trouble.BROKEN: Broken(),
            Trouble.HANGING: Hanging(TIMEOUT + 1),
            Trouble.NOT_OK: Refusing(200, "internal"),
            Trouble.EXPIRED: Refusing(401, "Unauthorized"),
            Trouble.CLOSED: Refusing(403, "Forbidden: bot was blocked by the user"),
        }
        self._server.fail("sendMessage", failures[trouble])


class _ByNumber(Stage):
    """Choices stand in the text, and are picked by number."""

    async def pick(self, label: str, person: str = "p1") -> None:
        shown = {name.strip(): number for number, name in _NUMBERED.findall(self.texts(person)[-1])}
        await self.say(next(number for name, number in shown.items() if name.startswith(label)), person)


class OnZaloOa(_ByNumber):
    channel = ZALO_OA

    def __init__(self, server: FakeZaloOa) -> None:
        self._server = server

    async def deliver(self, texts: Sequence[str], order: Sequence[int], person: str = "p1") -> None:
        events = [self._server.text(text, person) for text in texts]
        for place in order:
            assert await self._server.deliver(events[place]) == 200

    def texts(self, person: str = "p1") -> list[str]:
        return self._server.texts(person)

    def fail(self, trouble: Trouble) -> None:
        if trouble is Trouble.EXPIRED:
            self._server.expire()
            return
        failures: dict[Trouble, Any] = {
            Trouble.BUSY: Saying(-32),
            Trouble.BROKEN: Broken(),
            Trouble.HANGING: Hanging(TIMEOUT + 1),
            Trouble.NOT_OK: Saying(-200),
            Trouble.TOO_LONG: Saying(-210),
            Trouble.CLOSED: Saying(-230),
        }
        self._server.failures.append(failures[trouble])


class OnZaloOaWithButtons(OnZaloOa):
    async def pick(self, label: str, person: str = "p1") -> None:
        last = self._server.sent_to(person)[-1]
        shown = last.message.get("attachment", {}).get("payload", {}).get("buttons", [])
        pressed = [b["payload"] for b in shown if _NUMBER.sub("", b["title"]).startswith(label)]
        if pressed:
            await self.say(pressed[0], person)
        else:  # Zalo shows five buttons; the rest stands in the text
            await super().pick(label, person)


class OnZaloBot(_ByNumber):
    channel = ZALO_BOT

    def __init__(self, server: FakeZaloBot, *, polled: bool = False) -> None:
        self._server, self._polled, self._wrapped = server, polled, False

    async def deliver(self, texts: Sequence[str], order: Sequence[int], person: str = "p1") -> None:
        events = [self._server.event(user=person, text=text) for text in texts]
        for place in order:
            self._wrapped = not self._wrapped
            if self._polled:
                self._server.push(events[place])
            else:
                assert await self._server.deliver(events[place], wrapped=self._wrapped) == 200

    def texts(self, person: str = "p1") -> list[str]:
        return self._server.texts(person)

    def fail(self, trouble: Trouble) -> None:
        failures: dict[Trouble, Any] = {
            Trouble.BUSY: TooMany(),
            Trouble.BROKEN: Broken(),
            Trouble.HANGING: Hanging(TIMEOUT + 1),
            Trouble.NOT_OK: Refusing(500, "internal"),
            Trouble.EXPIRED: Refusing(401, "Unauthorized"),
            Trouble.CLOSED: Refusing(403, "blocked"),
        }
        self._server.failures.append(failures[trouble])
