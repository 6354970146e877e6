"""uvicorn as the bot needs it: bounded, patient with no one who sends slowly, and without headers that tell what it is."""

from __future__ import annotations

import asyncio
from typing import Any

import h11
import uvicorn
from starlette.types import ASGIApp
from uvicorn.protocols.http.h11_impl import H11Protocol

from bot.web.errors import LARGEST_HEAD

HEADER_SECONDS = 10.0
MOST_CONNECTIONS = 1000
"""Beyond these uvicorn answers 503 at once."""


class PatientProtocol(H11Protocol):
    """HTTP/1.1 that ends connections on which the head of a request does not come to its end in time."""

    head_timer: asyncio.TimerHandle | None = None

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        self._watch()

    def data_received(self, data: bytes) -> None:
        super().data_received(data)
        self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._stop_watching()
        super().connection_lost(exc)

    def _watch(self) -> None:
        """Keep a clock running exactly while a head is incomplete; bytes that trickle in do not set it back."""
        if self.conn.their_state is not h11.IDLE:
            self._stop_watching()
        elif self.head_timer is None:
            self.head_timer = self.loop.call_later(HEADER_SECONDS, self._give_up)

    def _stop_watching(self) -> None:
        if self.head_timer is not None:
            self.head_timer.cancel()
            self.head_timer = None

    def _give_up(self) -> None:
        self.head_timer = None
        waiting = self.cycle is None or self.cycle.response_complete
        if waiting and not self.transport.is_closing():
            self.transport.close()


def server_config(app: ASGIApp) -> uvicorn.Config:
    """The configuration for ``uvicorn.Server``. Forwarded headers are left to :mod:`bot.web.addresses`."""
    return uvicorn.Config(
        app,
        http=PatientProtocol,
        log_config=None,
        access_log=False,
        server_header=False,
        proxy_headers=False,
        h11_max_incomplete_event_size=LARGEST_HEAD,
        limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=5,
        timeout_graceful_shutdown=5,
    )
