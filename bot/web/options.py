"""How the web interface is set up."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.web.limiting import Rates
from config.settings import Settings


@dataclass(frozen=True)
class WebOptions:
    """What :func:`bot.web.api.create_app` needs to know beside the service. The defaults are closed, and without limits.

    Attributes:
        docs: show the interface's description at ``/docs``.
        hsts_days: tell browsers for so many days to come by HTTPS only; 0: don't.
        cors_origins: pages of these origins may call ``/api/v1`` from a browser.
        trusted_proxies: addresses or networks whose ``X-Forwarded-For`` is believed.
        hosts: names under which the bot is reached; others are refused; empty: any.
        rates: rate limits.
        log_access: write a line for each request.
        metrics_token: what must be shown to read ``/metrics``; none: only this machine may.
    """

    docs: bool = False
    hsts_days: int = 0
    cors_origins: tuple[str, ...] = ()
    trusted_proxies: tuple[str, ...] = ()
    hosts: tuple[str, ...] = ()
    rates: Rates = field(default_factory=Rates)
    log_access: bool = False
    metrics_token: str | None = field(default=None, repr=False)


def web_options(settings: Settings) -> WebOptions:
    """The options that the settings ask for."""
    token = settings.metrics_token
    return WebOptions(
        docs=settings.api_docs,
        hsts_days=settings.hsts_days,
        cors_origins=tuple(settings.cors_origins.split()),
        trusted_proxies=tuple(settings.trusted_proxies.split()),
        hosts=tuple(settings.allowed_hosts.lower().split()),
        rates=Rates(settings.rate_per_conversation, settings.rate_per_address, settings.rate_overall),
        log_access=settings.access_log,
        metrics_token=token.get_secret_value() if token else None,
    )
