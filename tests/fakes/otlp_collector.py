"""A collector of traces on loopback: takes what an exporter posts over OTLP/HTTP and keeps the spans."""

from __future__ import annotations

import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import ExportTraceServiceRequest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from evaluation.loopback import serving

PATH = "/v1/traces"


class Collector:
    """``bodies``: what was posted, as it came."""

    def __init__(self) -> None:
        self.bodies: list[bytes] = []
        self.resource: dict[str, str] = {}

    async def _take(self, request: Request) -> Response:
        body = await request.body()
        self.bodies.append(gzip.decompress(body) if request.headers.get("content-encoding") == "gzip" else body)
        return Response(b"", media_type="application/x-protobuf")

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        """Serve while the body runs; gives the address for the setting."""
        async with serving(Starlette(routes=[Route(PATH, self._take, methods=["POST"])])) as url:
            yield url + PATH

    def spans(self) -> list[dict[str, Any]]:
        """Name, trace, id, parent (empty: a root), times (ns) and attributes of each span, in order of their ends."""
        found = []
        for body in self.bodies:
            for of_process in ExportTraceServiceRequest.FromString(body).resource_spans:
                self.resource = {a.key: a.value.string_value for a in of_process.resource.attributes}
                for scope in of_process.scope_spans:
                    for span in scope.spans:
                        values = {a.key: a.value.string_value or a.value.int_value for a in span.attributes}
                        known = {"name": span.name, "trace": span.trace_id, "id": span.span_id, "parent": span.parent_span_id}
                        times = {"start": span.start_time_unix_nano, "end": span.end_time_unix_nano, "failed": span.status.code == 2}
                        found.append({**known, **times, **values, "events": len(span.events)})
        return found
