"""The web application: the REST API under ``/api/v1``, the operators' addresses, and whatever routers are given to it."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.middleware.cors import CORSMiddleware
from fastapi.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.contract import to_contract
from bot.metrics import Metrics
from bot.service import AnswerService
from bot.tracing import NO_TRACING, Tracer
from bot.types import Outcome
from bot.web.addresses import Addresses
from bot.web.arrival import HEADERS, Arrival, Served
from bot.web.browse import make_browse
from bot.web.conversations import make_conversations
from bot.web.errors import error_response, handle_errors
from bot.web.guard import Guard
from bot.web.limiting import RateLimits
from bot.web.operations import Check, make_operations
from bot.web.options import WebOptions
from bot.web.reference import make_reference
from bot.web.responding import Responder
from bot.web.shapes import AnswerObject, ErrorObject, Question

CHANNEL = "api"
PREFIX = "/api/"


class ForApi:
    """ASGI middleware: CORS for the public API alone; pages and the addresses that only they use stay with their own origin."""

    def __init__(self, app: ASGIApp, origins: Sequence[str]) -> None:
        self._app = app
        self._shared = CORSMiddleware(
            app,
            allow_origins=origins,
            allow_methods=["GET", "POST", "DELETE"],
            allow_headers=["Content-Type", "If-None-Match"],
            expose_headers=["ETag", "Retry-After", "X-Request-Id"],
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        shared = scope["type"] == "http" and scope["path"].startswith(PREFIX)
        await (self._shared if shared else self._app)(scope, receive, send)


BY_ANY_NAME = frozenset({"/healthz", "/readyz", "/metrics"})
"""Asked by the machine's own address: by the container's health check, the balancer, Prometheus."""


class OwnHosts:
    """ASGI middleware: refuses requests for other names than the bot's own (421)."""

    def __init__(self, app: ASGIApp, hosts: Sequence[str]) -> None:
        self._app, self._hosts = app, frozenset(hosts)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and scope["path"] not in BY_ANY_NAME:
            host = dict(scope["headers"]).get(b"host", b"").decode("latin-1").lower()
            name = host if host.endswith("]") else host.rpartition(":")[0] or host
            if not {host, name} & self._hosts:
                await error_response(421)(scope, receive, send)
                return
        await self._app(scope, receive, send)


def make_api(service: AnswerService, limits: RateLimits) -> APIRouter:
    """Asking, under ``/api/v1``."""
    responder = Responder(service, CHANNEL)
    errors: dict[int | str, dict[str, Any]] = {s: {"model": ErrorObject} for s in (400, 413, 415, 422, 429, 503)}
    router = APIRouter(prefix="/api/v1", tags=["Hỏi đáp"], responses=errors)

    @router.post("/ask", response_model=AnswerObject, summary="Hỏi một câu")
    async def ask(request: Request, question: Question) -> JSONResponse:
        """Answer a question with the contract's answer object. Whatever was asked, an answer object comes with status 200; 500 only
        where the program itself failed."""
        limits.check(request, question.conversation)
        if service.loaded is None:
            return error_response(503)
        if question.conversation is None:
            reply = await service.answer(question.text, CHANNEL)
            return JSONResponse(to_contract(reply, question.id), 500 if reply.answer.outcome is Outcome.FAILED else 200)
        act, text = service.ask(question.text), question.text
        given = await responder.respond(question.conversation, act, to_contract, text=text, message=question.message)
        return JSONResponse({**given.answer, "id": question.id}, 500 if given.failed else 200)

    return router


def counting(metrics: Metrics) -> Callable[[Served], None]:
    """Counts requests that were answered."""
    return lambda request: metrics.requested(request.route, request.method, request.status, request.seconds)


def create_app(
    service: AnswerService,
    options: WebOptions | None = None,
    *,
    routers: Sequence[APIRouter] = (),
    metrics: Metrics | None = None,
    checks: Mapping[str, Check] | None = None,
    limits: RateLimits | None = None,
    tracer: Tracer = NO_TRACING,
) -> FastAPI:
    """The web application.

    Args:
        service: answers.
        options: see :class:`WebOptions`.
        routers: what else to serve, such as web pages and the webhooks of chat channels.
        metrics: where requests are counted.
        checks: what must work beside the database for ``/readyz`` to say so.
        limits: the rate limits, where routers share them; none: made from the options.
        tracer: follows what is asked.
    """
    options, metrics = options or WebOptions(), metrics or Metrics()
    limits = limits or RateLimits(options.rates, metrics.limited)
    # No redirects to an address with a slash more or less: they would repeat whatever host name the request claims.
    app = FastAPI(title="Hỏi đáp thủ tục hành chính", version="1", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    # The last one added is the first one reached.
    app.add_middleware(Guard)
    if options.cors_origins:
        app.add_middleware(ForApi, origins=options.cors_origins)
    if options.hosts:
        app.add_middleware(OwnHosts, hosts=options.hosts)
    strict = {"Strict-Transport-Security": f"max-age={options.hsts_days * 86_400}"} if options.hsts_days else {}
    app.add_middleware(
        Arrival,
        addresses=Addresses(options.trusted_proxies),
        served=counting(metrics),
        headers={**HEADERS, **strict},
        log_access=options.log_access,
        tracer=tracer,
    )
    handle_errors(app)
    app.include_router(make_api(service, limits))
    app.include_router(make_conversations(service, limits, "/api/v1", CHANNEL))
    app.include_router(make_browse(service, limits))
    checks = {"database": lambda: service.storage.conversations.load("", ""), **(checks or {})}
    app.include_router(make_operations(service, metrics, token=options.metrics_token, checks=checks))
    if options.docs:
        app.include_router(make_reference(app))
    for router in routers:
        app.include_router(router)
    return app
