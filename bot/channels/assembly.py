"""From settings to the chat channels: their connectors, the runtime over them, and their receivers."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from starlette.routing import Route

from bot.channels.base import Channel, Connector, Receives
from bot.channels.http import Http
from bot.channels.receiving import Intake
from bot.channels.runtime import Limits, Runtime
from bot.channels.sending import Told, tell_nobody
from bot.channels.telegram import TelegramConnector
from bot.channels.telegram_polling import TelegramPolling
from bot.channels.telegram_webhook import TelegramWebhook
from bot.channels.zalo_bot.client import ZaloBotApi
from bot.channels.zalo_bot.connector import ZaloBotConnector
from bot.channels.zalo_bot.receivers import ZaloBotPolling, ZaloBotWebhook
from bot.channels.zalo_oa.buttons import Shape
from bot.channels.zalo_oa.channel import ZaloOaChannel
from bot.channels.zalo_oa.client import ZaloApi
from bot.channels.zalo_oa.connector import ZaloOaConnector
from bot.channels.zalo_oa.oauth import OAuth
from bot.channels.zalo_oa.token_store import StoredTokens
from bot.channels.zalo_oa.tokens import TokenKeeper
from bot.channels.zalo_oa.webhook import Account, make_route
from bot.service import AnswerService
from bot.storage import Storage
from bot.tracing import NO_TRACING, Tracer
from config.settings import Settings

ZALO_TIMEOUT = 10.0
"""Seconds for each step of a call to Zalo."""

Receiver = tuple[Channel, Route | None]
"""What receives for a channel: what runs, and the route where it is delivered to (none: it asks for itself)."""


@dataclass(frozen=True)
class Plan:
    """A channel: its connector, and what receives for it once the runtime is there."""

    connector: Connector
    receiver: Callable[[Receives], Receiver]


@dataclass(frozen=True)
class Chat:
    """All chat channels of a process. ``routes``: where events are delivered to."""

    runtime: Runtime
    connectors: tuple[Connector, ...]
    receivers: tuple[Channel, ...]
    routes: tuple[Route, ...]

    async def close(self) -> None:
        """Release what the connectors hold; after everything else has ended."""
        for connector in self.connectors:
            await connector.close()


def make_chat(
    settings: Settings, service: AnswerService, storage: Storage, holder: str, tracer: Tracer = NO_TRACING, told: Told = tell_nobody
) -> Chat:
    """The chat channels that are configured.

    Args:
        settings: say which.
        service: answers.
        storage: the queues.
        holder: this process among all that share the database.
        tracer: follows events.
        told: counts what is sent.
    """
    found = (_telegram(settings, storage, holder), _zalo_oa(settings, storage, holder), _zalo_bot(settings, storage, holder))
    plans = [plan for plan in found if plan is not None]
    return assemble(plans, service, storage, holder, Limits(a_minute=settings.messages_per_minute), tracer, told)


def assemble(
    plans: Sequence[Plan],
    service: AnswerService,
    storage: Storage,
    holder: str,
    limits: Limits,
    tracer: Tracer = NO_TRACING,
    told: Told = tell_nobody,
) -> Chat:
    """Channels as planned, over one runtime."""
    connectors = tuple(plan.connector for plan in plans)
    runtime = Runtime(service, storage, connectors, holder, limits, tracer, told)
    receivers = [plan.receiver(runtime) for plan in plans]
    routes = tuple(route for _, route in receivers if route is not None)
    return Chat(runtime, connectors, tuple(channel for channel, _ in receivers), routes)


def _telegram(settings: Settings, storage: Storage, holder: str) -> Plan | None:
    if settings.telegram_token is None:
        return None
    connector = TelegramConnector(
        settings.telegram_token.get_secret_value(), settings.telegram_base_url, per_second=settings.telegram_per_second
    )
    secret = settings.telegram_webhook_secret

    def receiver(runtime: Receives) -> Receiver:
        if settings.telegram_webhook_url and secret is not None:
            webhook = TelegramWebhook(connector, runtime, settings.telegram_webhook_url, secret.get_secret_value())
            return webhook, webhook.route()
        return TelegramPolling(connector, runtime, storage.leases, holder), None

    return Plan(connector, receiver)


def _zalo_oa(settings: Settings, storage: Storage, holder: str) -> Plan | None:
    if settings.zalo_oa_app_secret is None or settings.zalo_oa_secret_key is None:
        return None
    app_secret, key = settings.zalo_oa_app_secret.get_secret_value(), settings.zalo_oa_secret_key.get_secret_value()
    account = Account(settings.zalo_oa_app_id, settings.zalo_oa_id, key, app_secret, settings.zalo_oa_replay_hours * 3600)
    http = Http(ZALO_TIMEOUT)
    store = StoredTokens(storage.tokens, storage.leases, settings.zalo_oa_id, holder)
    tokens = TokenKeeper(store, OAuth(http, settings.zalo_oa_oauth_url, settings.zalo_oa_app_id, app_secret))
    connector = ZaloOaConnector(
        ZaloApi(http, settings.zalo_oa_api_url), tokens, Shape(settings.zalo_oa_buttons), per_second=settings.zalo_oa_per_second
    )

    def receiver(runtime: Receives) -> Receiver:
        intake = Intake(connector.name, runtime)
        return ZaloOaChannel(tokens, intake), make_route(account, intake)

    return Plan(connector, receiver)


def _zalo_bot(settings: Settings, storage: Storage, holder: str) -> Plan | None:
    if settings.zalo_bot_token is None:
        return None
    api = ZaloBotApi(Http(ZALO_TIMEOUT), settings.zalo_bot_base_url, settings.zalo_bot_token.get_secret_value())
    connector = ZaloBotConnector(api, per_second=settings.zalo_bot_per_second)
    url, secret = settings.zalo_bot_webhook_url, settings.zalo_bot_webhook_secret

    def receiver(runtime: Receives) -> Receiver:
        if url and secret is not None:
            webhook = ZaloBotWebhook(api, Intake(connector.name, runtime), url, secret.get_secret_value())
            return webhook, webhook.route()
        return ZaloBotPolling(api, runtime, storage.leases, holder), None

    return Plan(connector, receiver)
