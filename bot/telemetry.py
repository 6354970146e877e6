"""Spans by OpenTelemetry, handed to a collector over OTLP/HTTP. Only imported where ``BOT_TRACING_URL`` is set.

A trace has one root, ``receive`` (a request, or an event of a chat channel), and below it ``understand``, ``search`` and
``compose``; for chat channels these stand below ``answer``, and ``send`` comes for each message that goes out. On the web the answer
goes out with the request. The library's own variables (``OTEL_TRACES_SAMPLER``, ``OTEL_EXPORTER_OTLP_HEADERS``, …) hold as they are.
"""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import groupby

from opentelemetry import trace
from opentelemetry.exporter.otlp.proto.http.trace_exporter import OTLPSpanExporter
from opentelemetry.sdk.resources import Resource
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import BatchSpanProcessor
from opentelemetry.trace import Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator

from bot.tracing import Carried, Tracer
from bot.types import Reply

EXPORT_SECONDS = 5.0
"""Longest wait for the collector; no answer waits for it."""
_STEPS = {"understand": "understand", "place": "understand", "look_up": "search", "search": "search", "decide": "compose"}
"""The span that each measured step of answering belongs to; one with a name of its own is its own span."""


class Telemetry(Tracer):
    """Makes spans and hands them to a collector in the background; where that is away, they are dropped and the log says so."""

    def __init__(self, url: str, replica: str) -> None:
        """
        Args:
            url: of the collector, with its path (``http://127.0.0.1:4318/v1/traces``).
            replica: this process among others.
        """
        resource = Resource.create({"service.name": "hoi-dap-hanh-chinh", "service.instance.id": replica})
        self._provider = TracerProvider(resource=resource)
        self._provider.add_span_processor(BatchSpanProcessor(OTLPSpanExporter(endpoint=url, timeout=EXPORT_SECONDS)))
        self._tracer = self._provider.get_tracer("bot")
        self._numbers = TraceContextTextMapPropagator()

    def carried(self) -> dict[str, str]:
        carried = super().carried()
        self._numbers.inject(carried)
        return carried

    @contextmanager
    def span(self, name: str, carried: Carried | None = None, **attributes: str | int) -> Iterator[None]:
        before = self._numbers.extract(carried) if carried is not None else None
        # Texts of exceptions may hold what a person wrote: only that there was one is told.
        opened = self._tracer.start_as_current_span(
            name, before, attributes=attributes, record_exception=False, set_status_on_exception=False
        )
        with super().span(name, carried, **attributes), opened as span:
            try:
                yield
            except Exception:
                span.set_status(Status(StatusCode.ERROR))
                raise

    def answered(self, channel: str, reply: Reply, version: str) -> None:
        about = {"channel": channel or "once", "outcome": reply.answer.outcome.value, "index": version}
        trace.get_current_span().set_attributes(about)
        at = time.time_ns() - int(reply.latency_ms * 1e6)
        # The core measures its steps and knows nothing of spans: they are laid one after another, as they were done.
        for name, steps in groupby(reply.steps_ms.items(), _span_of):
            span = self._tracer.start_span(name, start_time=at, attributes=about)
            at += int(sum(milliseconds for _, milliseconds in steps) * 1e6)
            span.end(at)

    def close(self) -> None:
        self._provider.shutdown()


def _span_of(step: tuple[str, float]) -> str:
    return _STEPS.get(step[0], step[0])
