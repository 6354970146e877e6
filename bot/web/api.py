"""The web API: questions in, answer objects out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Annotated, Any

from fastapi import APIRouter, FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError
from starlette.exceptions import HTTPException
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.contract import to_contract
from bot.service import AnswerService
from bot.types import Outcome

CHANNEL = "api"
LARGEST_BODY = 32 * 1024
"""Bytes: the longest question with every letter written as ``\\uXXXX``, and room to spare."""

HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "Content-Security-Policy": "default-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'; object-src 'none'",
    "Cache-Control": "no-store",
}
_DOCS_SOURCE = "'self' 'unsafe-inline' cdn.jsdelivr.net"
_DOCS_POLICY = f"default-src 'self'; script-src {_DOCS_SOURCE}; style-src {_DOCS_SOURCE}; img-src 'self' data: fastapi.tiangolo.com"

ERRORS: Mapping[int, str] = {
    400: "Nội dung gửi lên không phải JSON hợp lệ.",
    404: "Không có địa chỉ này.",
    405: "Địa chỉ này không nhận phương thức đó.",
    413: f"Nội dung gửi lên quá lớn (nhiều nhất {LARGEST_BODY // 1024} KB).",
    415: "Cần gửi JSON với Content-Type: application/json.",
    500: "Hệ thống đang gặp lỗi, vui lòng thử lại sau.",
    503: "Chưa có chỉ mục để trả lời. Hãy dựng chỉ mục bằng lệnh: python -m index_builder build",
}
_EXPECTED: Mapping[str, str] = {
    "missing": "thiếu trường bắt buộc",
    "string_type": "cần chuỗi ký tự",
    "string_unicode": "có ký tự Unicode không hợp lệ",
    "string_too_long": "dài quá mức cho phép",
    "string_pattern_mismatch": "chỉ gồm chữ không dấu, chữ số và các dấu . _ : -, từ 1 đến 100 ký tự",
    "extra_forbidden": "không có trường này",
    "model_attributes_type": "cần một đối tượng JSON",
}


def _writable(text: str) -> str:
    """JSON can spell half of a character (``\\ud800``), which no database and no answer can hold."""
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        raise PydanticCustomError("string_unicode", "invalid Unicode")
    return text


Text = Annotated[str, AfterValidator(_writable)]


class Question(BaseModel):
    """A question. Questions of the same ``conversation`` share what was said before; ``id`` comes back with the answer."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    conversation: Annotated[str | None, Field(pattern=r"^[A-Za-z0-9._:-]{1,100}$")] = None
    id: Annotated[Text | None, Field(max_length=200)] = None


def error_response(status: int, message: str | None = None) -> JSONResponse:
    return JSONResponse({"error": {"status": status, "message": message or ERRORS.get(status, ERRORS[500])}}, status)


class Guard:
    """ASGI middleware: refuses bodies over the limit, whether announced or streamed, and sets the security headers."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        policy = {"Content-Security-Policy": _DOCS_POLICY} if scope["path"] == "/docs" else {}

        async def send_with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                present = {name.lower() for name, _ in message["headers"]}
                extra = [(k.lower().encode(), v.encode()) for k, v in {**HEADERS, **policy}.items()]
                message = {**message, "headers": [*message["headers"], *(h for h in extra if h[0] not in present)]}
            await send(message)

        body = await _read(scope, receive)
        if body is None:
            await error_response(413)(scope, receive, send_with_headers)
            return

        pending: list[Message] = [{"type": "http.request", "body": body, "more_body": False}]

        async def replay() -> Message:
            return pending.pop() if pending else await receive()

        await self._app(scope, replay, send_with_headers)


async def _read(scope: Scope, receive: Receive) -> bytes | None:
    """The whole body, none where it is too large."""
    announced = dict(scope["headers"]).get(b"content-length", b"0")
    if not announced.isdigit() or int(announced) > LARGEST_BODY:
        return None
    body = bytearray()
    while True:
        message = await receive()
        body += message.get("body", b"")
        if len(body) > LARGEST_BODY:
            return None
        if not message.get("more_body", False):
            return bytes(body)


def _explain(error: Mapping[str, Any]) -> str:
    field = ".".join(str(part) for part in error["loc"][1:]) or "nội dung"
    return f"{field}: {_EXPECTED.get(error['type'], 'giá trị không hợp lệ')}"


async def _on_invalid(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestValidationError)
    problems = error.errors()
    if any(p["type"] == "json_invalid" for p in problems):
        return error_response(400)
    if any(p["loc"] == ("body",) and isinstance(p.get("input"), str | bytes) for p in problems):
        return error_response(415)
    return error_response(422, "; ".join(_explain(p) for p in problems))


async def _on_http_error(_request: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    # FastAPI gives 400 for a body it cannot decode, with an English text.
    return error_response(error.status_code)


async def _on_crash(_request: Request, _error: Exception) -> JSONResponse:
    return error_response(500)


def create_app(service: AnswerService, *, docs: bool = False, routers: Sequence[APIRouter] = ()) -> FastAPI:
    """The web application.

    Args:
        service: answers.
        docs: show the interface's description at ``/docs``.
        routers: what else to serve, such as web pages and the webhooks of chat channels.
    """
    app = FastAPI(
        title="Hỏi đáp thủ tục hành chính",
        docs_url="/docs" if docs else None,
        redoc_url=None,
        openapi_url="/openapi.json" if docs else None,
    )
    app.add_middleware(Guard)
    app.add_exception_handler(RequestValidationError, _on_invalid)
    app.add_exception_handler(HTTPException, _on_http_error)
    app.add_exception_handler(Exception, _on_crash)

    @app.post("/api/v1/ask")
    async def ask(question: Question) -> JSONResponse:
        """Answer a question with the contract's answer object. Whatever was asked, an answer object comes with status 200; 500 only
        where the program itself failed."""
        if service.loaded is None:
            return error_response(503)
        reply = await service.answer(question.text, CHANNEL, question.conversation)
        failed = reply.answer.outcome is Outcome.FAILED
        return JSONResponse(to_contract(reply, question.id), 500 if failed else 200)

    @app.get("/healthz")
    async def health() -> JSONResponse:
        """Whether questions can be answered, and from which index."""
        loaded = service.loaded
        if loaded is None:
            return error_response(503)
        return JSONResponse({"status": "ok", "index": loaded.version, "entries": loaded.entries})

    for router in routers:
        app.include_router(router)
    return app
