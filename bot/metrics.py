"""What can be seen from outside: counts and times for Prometheus. No label ever holds what a person wrote or who they are."""

from __future__ import annotations

import datetime as dt
import logging
import re
from collections.abc import Awaitable, Callable

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram, ProcessCollector, generate_latest

from bot.types import Reply

log = logging.getLogger(__name__)

ANSWER_SECONDS = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5)
REQUEST_SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.3, 1.0, 3.0, 10.0)
NO_TOPIC = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})
"""Anybody may invent a method; each label value costs memory."""
_STAMP = re.compile(r"^(\d{8}T\d{6})")

Reading = Callable[[], Awaitable[None]]
"""Brings gauges up to date, just before they are read."""


class Metrics:
    """One process's figures. Names begin with ``bot_``; times are in seconds."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)

        def counter(name: str, help_text: str, *labels: str) -> Counter:
            return Counter(name, help_text, labels, registry=self.registry)

        def gauge(name: str, help_text: str, *labels: str) -> Gauge:
            return Gauge(name, help_text, labels, registry=self.registry)

        def histogram(name: str, help_text: str, label: str, buckets: tuple[float, ...]) -> Histogram:
            return Histogram(name, help_text, (label,), buckets=buckets, registry=self.registry)

        self._answers = counter("bot_answers", "Answers given", "channel", "status", "outcome", "topic")
        self._answer_seconds = histogram("bot_answer_seconds", "Time to find and compose an answer", "channel", ANSWER_SECONDS)
        self._step_seconds = histogram("bot_step_seconds", "Time of one step of answering", "step", ANSWER_SECONDS)
        self._requests = counter("bot_http_requests", "Web requests", "route", "method", "status")
        self._request_seconds = histogram("bot_http_request_seconds", "Time of a web request", "route", REQUEST_SECONDS)
        self._limited = counter("bot_rate_limited", "Requests refused by a rate limit", "scope")
        self._errors = counter("bot_errors", "Messages in the log at ERROR and above", "logger")
        self._sent = counter("bot_messages", "Attempts to send a message on a chat channel", "channel", "result")
        self._running = gauge(
            "bot_channel_running", "Whether a chat channel runs (1) or has ended, such as for a refused token (0)", "channel"
        )
        self._waiting = gauge("bot_queue_waiting", "Rows of a queue that are not finished", "queue")
        self._oldest = gauge("bot_queue_oldest_seconds", "Age of the oldest of them", "queue")
        self._index = gauge("bot_index_info", "The index in use (always 1)", "version")
        self._entries = gauge("bot_index_entries", "Entries of the index in use")
        self._built = gauge("bot_index_built_timestamp_seconds", "When the index in use was built (UTC)")
        self._expires = gauge("bot_token_expires_timestamp_seconds", "When a channel's access token ends (UTC)", "channel")
        self._unread = counter("bot_metrics_unread", "Times that a figure could not be read, by what failed", "error")
        self._readings: list[Reading] = []

    def answered(self, channel: str, reply: Reply) -> None:
        """Count an answer. The topic is the type of the record it rests on."""
        answer = reply.answer
        topic = answer.items[0].type if answer.items else NO_TOPIC
        self._answers.labels(channel or "once", answer.status.value, answer.outcome.value, topic).inc()
        self._answer_seconds.labels(channel or "once").observe(reply.latency_ms / 1000)
        for step, milliseconds in reply.steps_ms.items():
            self._step_seconds.labels(step).observe(milliseconds / 1000)

    def requested(self, route: str, method: str, status: int, seconds: float) -> None:
        self._requests.labels(route, method if method in METHODS else "other", str(status)).inc()
        self._request_seconds.labels(route).observe(seconds)

    def limited(self, scope: str) -> None:
        self._limited.labels(scope).inc()

    def failed(self, logger: str) -> None:
        self._errors.labels(logger).inc()

    def sent(self, channel: str, result: str) -> None:
        """Count an attempt to send; ``result``: ``sent``, ``postponed`` or ``refused``."""
        self._sent.labels(channel, result).inc()

    def running(self, channel: str, runs: bool) -> None:
        """Whether a chat channel runs."""
        self._running.labels(channel).set(runs)

    def queue(self, name: str, waiting: int, oldest_seconds: float) -> None:
        self._waiting.labels(name).set(waiting)
        self._oldest.labels(name).set(oldest_seconds)

    def token_expires(self, channel: str, at: float) -> None:
        self._expires.labels(channel).set(at)

    def index(self, version: str, entries: int) -> None:
        """The index in use; ``version`` begins with the time it was built (``20261121T112731…``)."""
        self._index.clear()
        self._index.labels(version).set(1)
        self._entries.set(entries)
        if stamp := _STAMP.match(version):
            self._built.set(dt.datetime.strptime(stamp[1], "%Y%m%dT%H%M%S").replace(tzinfo=dt.UTC).timestamp())

    def before_reading(self, reading: Reading) -> None:
        """Have ``reading`` called whenever the figures are read."""
        self._readings.append(reading)

    async def text(self) -> bytes:
        """The figures in Prometheus's text format. A reading that fails leaves its gauges as they were and is counted."""
        for reading in self._readings:
            try:
                await reading()
            except Exception as error:
                self._unread.labels(type(error).__name__).inc()
                log.warning("Không đọc được một số đo (%s)", type(error).__name__)
        return generate_latest(self.registry)


class ErrorCounter(logging.Handler):
    """Counts what is logged as an error, by the logger's name."""

    def __init__(self, metrics: Metrics) -> None:
        super().__init__(logging.ERROR)
        self._metrics = metrics

    def emit(self, record: logging.LogRecord) -> None:
        self._metrics.failed(record.name)
