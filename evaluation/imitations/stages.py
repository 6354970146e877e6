"""Putting a channel up: the bot as the program assembles it, the imitation of the channel's server, and people on it."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AbstractAsyncContextManager, asynccontextmanager

from bot.channels import telegram_webhook
from bot.channels.assembly import Plan, Receiver
from bot.channels.base import Receives
from bot.channels.http import Http
from bot.channels.receiving import Intake
from bot.channels.telegram import TelegramConnector
from bot.channels.telegram_polling import TelegramPolling
from bot.channels.zalo_bot import receivers as zalo_bot_receivers
from bot.channels.zalo_bot.client import ZaloBotApi
from bot.channels.zalo_bot.connector import ZaloBotConnector
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
from bot.web.page import make_router
from evaluation.imitations import telegram as telegram_server
from evaluation.imitations import zalo_bot as zalo_bot_server
from evaluation.imitations.failures import until_told
from evaluation.imitations.people import TIMEOUT, OnTelegram, OnWeb, OnZaloBot, OnZaloOa, OnZaloOaWithButtons, Stage
from evaluation.imitations.running import SECRET, running
from evaluation.imitations.telegram import FakeTelegram
from evaluation.imitations.zalo_bot import FakeZaloBot
from evaluation.imitations.zalo_oa import APP_ID, APP_SECRET, OA_ID, SECRET_KEY, FakeZaloOa
from evaluation.loopback import serving

PutUp = Callable[[AnswerService, Storage], AbstractAsyncContextManager[Stage]]
"""Puts a channel up over a service and its storage while the body runs."""
_PUBLIC = "https://hoidap.example.vn"
_QUICKLY = 0.05
"""Seconds before what was refused is tried again."""


@asynccontextmanager
async def web(service: AnswerService, _storage: Storage) -> AsyncIterator[Stage]:
    async with serving(create_app(service, routers=[make_router(service)])) as address:
        yield OnWeb(address)


def telegram(*, polled: bool) -> PutUp:
    @asynccontextmanager
    async def put_up(service: AnswerService, storage: Storage) -> AsyncIterator[Stage]:
        def plan(storage: Storage) -> Plan:
            connector = TelegramConnector(
                telegram_server.TOKEN,
                server.url,
                part_pause=0,
                per_second=1000,
                timeout=TIMEOUT,
                first_retry=_QUICKLY,
                token_pause=_QUICKLY,
            )

            def receiver(runtime: Receives) -> Receiver:
                if polled:
                    return TelegramPolling(connector, runtime, storage.leases, "one", poll=1, first_retry=_QUICKLY), None
                webhook = telegram_webhook.TelegramWebhook(connector, runtime, _PUBLIC + telegram_webhook.PATH, SECRET)
                return webhook, webhook.route()

            return Plan(connector, receiver)

        async with FakeTelegram().serving() as server, running(service, storage, plan) as (_, url):
            if not polled:
                await until_told(lambda: [str(call["url"]) for call in server.done("setWebhook")], 1)
            yield OnTelegram(server, None if polled else (url + telegram_webhook.PATH, SECRET))

    return put_up


def zalo_oa(shape: Shape = Shape.NONE) -> PutUp:
    @asynccontextmanager
    async def put_up(service: AnswerService, storage: Storage) -> AsyncIterator[Stage]:
        def plan(storage: Storage) -> Plan:
            http = Http(TIMEOUT)
            tokens = TokenKeeper(store, OAuth(http, server.url, APP_ID, APP_SECRET))
            # A clock at the end of a minute, which is what the limit is counted by.
            connector = ZaloOaConnector(ZaloApi(http, server.url), tokens, shape, now=lambda: 60.0 - _QUICKLY)
            connector.part_pause = 0.0
            account = oa_webhook.Account(APP_ID, OA_ID, SECRET_KEY, APP_SECRET)

            def receiver(runtime: Receives) -> Receiver:
                intake = Intake(connector.name, runtime)
                return ZaloOaChannel(tokens, intake), oa_webhook.make_route(account, intake)

            return Plan(connector, receiver)

        async with FakeZaloOa().serving() as server:
            store = StoredTokens(storage.tokens, storage.leases, OA_ID, "one")
            await store.save(Pair(server.access, server.refresh, time.time() + 90_000))
            async with running(service, storage, plan) as (_, url):
                server.webhook = url + oa_webhook.PATH
                yield (OnZaloOa if shape is Shape.NONE else OnZaloOaWithButtons)(server)

    return put_up


def zalo_bot(*, polled: bool) -> PutUp:
    @asynccontextmanager
    async def put_up(service: AnswerService, storage: Storage) -> AsyncIterator[Stage]:
        def plan(storage: Storage) -> Plan:
            api = ZaloBotApi(Http(TIMEOUT), server.url, zalo_bot_server.TOKEN)
            connector = ZaloBotConnector(api, first_pause=_QUICKLY)
            connector.part_pause, connector.per_second = 0.0, 1000

            def receiver(runtime: Receives) -> Receiver:
                if polled:
                    return zalo_bot_receivers.ZaloBotPolling(api, runtime, storage.leases, "one", wait=1, first_pause=_QUICKLY), None
                address = _PUBLIC + zalo_bot_receivers.PATH
                webhook = zalo_bot_receivers.ZaloBotWebhook(api, Intake(connector.name, runtime), address, zalo_bot_server.SECRET)
                return webhook, webhook.route()

            return Plan(connector, receiver)

        async with FakeZaloBot().serving() as server, running(service, storage, plan) as (_, url):
            server.webhook = url + zalo_bot_receivers.PATH
            yield OnZaloBot(server, polled=polled)

    return put_up


STAGES: Mapping[str, PutUp] = {
    "web": web,
    "telegram": telegram(polled=False),
    "telegram_polling": telegram(polled=True),
    "zalo_oa": zalo_oa(),
    "zalo_oa_buttons": zalo_oa(Shape.UNTYPED),
    "zalo_bot": zalo_bot(polled=False),
    "zalo_bot_polling": zalo_bot(polled=True),
}
"""Every channel in every way in which it receives and shows choices."""
