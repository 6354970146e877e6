"""Errors of the web interface: one shape, ``{"error": {"status", "message"}}``, and clear words."""

from __future__ import annotations

import logging
import math
from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from bot.storage import StorageError
from bot.web.lost import by_a_person, lost_page
from bot.web.wording import BUSY, ERRORS, EXPECTED, TOO_MANY, WHOLE_BODY, WRONG_VALUE

log = logging.getLogger(__name__)

LARGEST_BODY = 32 * 1024
"""Bytes: the longest question with every letter written as ``\\uXXXX``, and room to spare."""

LARGEST_HEAD = 16 * 1024
"""Bytes of a request line with its headers."""


class TooMany(Exception):
    """Refused by a rate limit; ``seconds`` until it may be tried again."""

    def __init__(self, seconds: float) -> None:
        self.seconds = max(1, math.ceil(seconds))
        super().__init__(f"{self.seconds} s")


class Refused(Exception):
    """A request that gets ``status`` and ``message`` (none: the usual words of that status)."""

    def __init__(self, status: int, message: str | None = None) -> None:
        self.status, self.message = status, message
        super().__init__(message or str(status))


def error_response(status: int, message: str | None = None, headers: Mapping[str, str] | None = None) -> JSONResponse:
    """The answer to a request that went wrong."""
    told = message or ERRORS.get(status, ERRORS[500] if status >= 500 else ERRORS[400]).format(limit=LARGEST_BODY // 1024)
    return JSONResponse({"error": {"status": status, "message": told}}, status, headers)


def _explain(error: Mapping[str, Any]) -> str:
    field = ".".join(str(part) for part in error["loc"][1:]) or WHOLE_BODY
    return f"{field}: {EXPECTED.get(error['type'], WRONG_VALUE)}"


async def _on_invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = error.errors()
    if any(p["type"] == "json_invalid" for p in problems):
        return error_response(400)
    if any(p["loc"] == ("body",) and isinstance(p.get("input"), str | bytes) for p in problems):
        return error_response(415)
    return error_response(422, "; ".join(_explain(p) for p in problems))


async def _on_http_error(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    if error.status_code == 404 and by_a_person(request):
        return lost_page(request)
    # FastAPI gives 400 for a body it cannot decode, with an English text.
    return error_response(error.status_code, headers=error.headers)


async def _on_too_many(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, TooMany)
    return error_response(429, TOO_MANY.format(seconds=error.seconds), {"Retry-After": str(error.seconds)})


async def _on_refused(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, Refused)
    return error_response(error.status, error.message)


async def _on_storage(_request: Request, error: Exception) -> JSONResponse:
    log.error("Cơ sở dữ liệu: %s", error)
    return error_response(503, BUSY, {"Retry-After": "5"})


def handle_errors(app: FastAPI) -> None:
    """Give every error of ``app`` its Vietnamese words. What no handler knows ends in :class:`bot.web.arrival.Arrival`."""
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(TooMany, _on_too_many)
    app.add_exception_handler(Refused, _on_refused)
    app.add_exception_handler(StorageError, _on_storage)
