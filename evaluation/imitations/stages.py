"""One way to play a conversation on every channel: a person writes, picks a choice in the way the channel offers it, and reads."""

from __future__ import annotations

import asyncio
import re
import time
from abc import ABC, abstractmethod
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from enum import StrEnum
from typing import Any

import httpx

from bot.channels.assembly import Plan
from bot.channels.http import Http
from bot.channels.receiving import Intake
from bot.channels.telegram import TelegramConnector
from bot.channels.telegram_polling import TelegramPolling
from bot.channels.zalo_bot.client import ZaloBotApi
from bot.channels.zalo_bot.connector import ZaloBotConnector
from bot.channels.zalo_bot.receivers import PATH as BOT_PATH
from bot.channels.zalo_bot.receivers import ZaloBotPolling, make_router
from bot.channels.zalo_oa import webhook as oa_webhook
from bot.channels.zalo_oa.buttons import Shape
from bot.channels.zalo_oa.channel import ZaloOaChannel
from bot.channels.zalo_oa.client import ZaloApi
from bot.channels.zalo_oa.connector import ZaloOaConnector
from bot.channels.zalo_oa.oauth import OAuth, Pair
from bot.channels.zalo_oa.token_store import StoredTokens
from bot.channels.zalo_oa.tokens import TokenKeeper
from bot.service import AnswerService
from bot.storage import Storage
from bot.web.api import create_app
from evaluation.imitations import telegram as telegram_server
from evaluation.imitations import zalo_bot as zalo_bot_server
from evaluation.imitations.failures import Broken, Hanging, Refusing, TooMany, until_told
from evaluation.imitations.running import running
from evaluation.imitations.telegram import FakeTelegram
from evaluation.imitations.zalo_bot import FakeZaloBot
from evaluation.imitations.zalo_oa import APP_ID, APP_SECRET, OA_ID, SECRET_KEY, FakeZaloOa, Saying

TIMEOUT = 1.0
"""Seconds that the bot waits for a channel's server."""
_NUMBERED = re.compile(r"(?:^|[ ·])(\d+)\. ([^·\n]+)", re.MULTILINE)


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
    """A channel with one person on it for each name."""

    @abstractmethod
    async def say(self, text: str, person: str = "p1", *, times: int = 1) -> None:
        """The person writes; ``times``: how often the channel delivers it."""

    @abstractmethod
    def texts(self, person: str = "p1") -> list[str]:
        """Everything the person has been told, one text a message."""

    def fail(self, trouble: Trouble) -> None:
        """The next message of the bot meets this."""
        raise NotImplementedError(trouble)

    async def pick(self, label: str, person: str = "p1") -> None:
        """Choose by the number that stands before a label in the last message."""
        shown = {name.strip(): number for number, name in _NUMBERED.findall(self.texts(person)[-1])}
        await self.say(next(number for name, number in shown.items() if name.startswith(label)), person)

    async def wait_for(self, number: int, person: str = "p1", seconds: float = 10.0) -> list[str]:
        """Wait until the person has been told ``number`` messages."""
        return await until_told(lambda: self.texts(person), number, seconds)


class OnWeb(Stage):
    """The web: the answer is the response."""

    def __init__(self, service: AnswerService) -> None:
        self._app = create_app(service)
        self._told: dict[str, list[str]] = {}
        self._choices: dict[str, list[str]] = {}

    async def say(self, text: str, person: str = "p1", *, times: int = 1) -> None:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(self._app), base_url="http://test", verify=False) as http:
            for _ in range(times):
                response = await http.post("/api/v1/ask", json={"text": text, "conversation": person})
        assert response.status_code == 200
        self._told.setdefault(person, []).append(response.json()["answer"])

    def texts(self, person: str = "p1") -> list[str]:
        return self._told.get(person, [])

    async def pick(self, label: str, person: str = "p1") -> None:
        await self.say(label, person)  # a button on the page sends its words


class OnTelegram(Stage):
    def __init__(self, server: FakeTelegram) -> None:
        self._server = server

    async def say(self, text: str, person: str = "p1", *, times: int = 1) -> None:
        self._server.say(text, chat=_number(person))
        if times > 1:
            self._server.forgetful = True

    def texts(self, person: str = "p1") -> list[str]:
        return self._server.texts(_number(person))

    async def pick(self, label: str, person: str = "p1") -> None:
        buttons = self._server.buttons(_number(person))
        self._server.press(next(token for name, token in buttons.items() if label in name), chat=_number(person))

    def fail(self, trouble: Trouble) -> None:
        failures: dict[Trouble, Any] = {
            Trouble.BUSY: TooMany(1),
            Trouble.BROKEN: Broken(),
            Trouble.HANGING: Hanging(TIMEOUT + 1),
            Trouble.NOT_OK: Refusing(200, "internal"),
            Trouble.CLOSED: Refusing(403, "Forbidden: bot was blocked by the user"),
        }
        self._server.fail("sendMessage", failures[trouble])


class OnZaloOa(Stage):
    def __init__(self, server: FakeZaloOa) -> None:
        self._server = server

    async def say(self, text: str, person: str = "p1", *, times: int = 1) -> None:
        event = self._server.text(text, person)
        assert await asyncio.gather(*(self._server.deliver(event) for _ in range(times))) == [200] * times

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
        last = [c for c in self._server.calls if person in c.recipient.values()][-1]
        buttons = last.message["attachment"]["payload"]["buttons"]
        await self.say(next(b["payload"] for b in buttons if label in b["title"]), person)


class OnZaloBot(Stage):
    def __init__(self, server: FakeZaloBot, *, polled: bool = False) -> None:
        self._server, self._polled, self._wrapped = server, polled, False

    async def say(self, text: str, person: str = "p1", *, times: int = 1) -> None:
        event = self._server.event(user=person, text=text)
        for _ in range(times):
            self._wrapped = not self._wrapped
            if self._polled:
                self._server.push(event)
            else:
                assert await self._server.deliver(event, wrapped=self._wrapped) == 200

    def texts(self, person: str = "p1") -> list[str]:
        return self._server.texts(person)

    def fail(self, trouble: Trouble) -> None:
        failures: dict[Trouble, Any] = {
            Trouble.BUSY: TooMany(),
            Trouble.BROKEN: Broken(),
            Trouble.HANGING: Hanging(TIMEOUT + 1),
            Trouble.NOT_OK: Refusing(500, "internal"),
            Trouble.CLOSED: Refusing(403, "blocked"),
        }
        self._server.failures.append(failures[trouble])


def _number(person: str) -> int:
    """Telegram's people have numbers."""
    return 1000 + int(person.removeprefix("p"))


# --- putting them up -------------------------------------------------------------------------------------------------


@asynccontextmanager
async def web(service: AnswerService, _storage: Storage) -> AsyncIterator[Stage]:
    yield OnWeb(service)


@asynccontextmanager
async def telegram(service: AnswerService, storage: Storage) -> AsyncIterator[Stage]:
    def plan(storage: Storage) -> Plan:
        connector = TelegramConnector(telegram_server.TOKEN, server.url, part_pause=0, per_second=1000, timeout=TIMEOUT, first_retry=0.05)
        return Plan(connector, lambda runtime: (TelegramPolling(connector, runtime, storage.leases, "one", poll=1, first_retry=0.05), None))

    async with FakeTelegram().serving() as server, running(service, storage, plan):
        yield OnTelegram(server)


def zalo_oa(shape: Shape = Shape.NONE) -> Callable[[AnswerService, Storage], Any]:
    @asynccontextmanager
    async def put_up(service: AnswerService, storage: Storage) -> AsyncIterator[Stage]:
        def plan(storage: Storage) -> Plan:
            http = Http(TIMEOUT)
            tokens = TokenKeeper(store, OAuth(http, server.url, APP_ID, APP_SECRET))
            # A clock at the end of a minute, which is what the limit is counted by.
            connector = ZaloOaConnector(ZaloApi(http, server.url), tokens, shape, now=lambda: 59.95)
            connector.part_pause = 0.0
            account = oa_webhook.Account(APP_ID, OA_ID, SECRET_KEY, APP_SECRET)

            def receiver(runtime: Any) -> Any:
                intake = Intake(connector.name, runtime)
                return ZaloOaChannel(tokens, intake), oa_webhook.make_router(account, intake)

            return Plan(connector, receiver)

        async with FakeZaloOa().serving() as server:
            store = StoredTokens(storage.tokens, storage.leases, OA_ID, "one")
            await store.save(Pair(server.access, server.refresh, time.time() + 90_000))
            async with running(service, storage, plan) as (_, url):
                server.webhook = url + oa_webhook.PATH
                yield (OnZaloOa if shape is Shape.NONE else OnZaloOaWithButtons)(server)

    return put_up


def zalo_bot(*, polled: bool) -> Callable[[AnswerService, Storage], Any]:
    @asynccontextmanager
    async def put_up(service: AnswerService, storage: Storage) -> AsyncIterator[Stage]:
        def plan(storage: Storage) -> Plan:
            api = ZaloBotApi(Http(TIMEOUT), server.url, zalo_bot_server.TOKEN)
            connector = ZaloBotConnector(api, first_pause=0.05)
            connector.part_pause, connector.per_second = 0.0, 1000

            def receiver(runtime: Any) -> Any:
                polling = ZaloBotPolling(api, runtime, storage.leases, "one", wait=1, first_pause=0.05)
                return polling, None if polled else make_router(zalo_bot_server.SECRET, Intake(connector.name, runtime))

            return Plan(connector, receiver)

        async with FakeZaloBot().serving() as server, running(service, storage, plan) as (_, url):
            server.webhook = url + BOT_PATH
            yield OnZaloBot(server, polled=polled)

    return put_up


STAGES: dict[str, Callable[[AnswerService, Storage], Any]] = {
    "web": web,
    "telegram": telegram,
    "zalo_oa": zalo_oa(),
    "zalo_oa with buttons": zalo_oa(Shape.UNTYPED),
    "zalo_bot by webhook": zalo_bot(polled=False),
    "zalo_bot by polling": zalo_bot(polled=True),
}
