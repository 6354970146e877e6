"""Logging in with a password, logging out, and the files of the pages."""

from __future__ import annotations

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response

from bot.admin.gate import LOGIN, Gate, Stopped, Visit, is_private, read_form, visit_of
from bot.admin.pages import FILES, Pages
from bot.admin.tools import Tools
from bot.admin.wording import ERRORS

_WRONG = "Tên hoặc mật khẩu chưa đúng."


def make_login(tools: Tools, gate: Gate, open_router: APIRouter) -> APIRouter:
    """Adds to ``open_router`` what is reached without a session; gives the router of what needs one."""
    pages, options = tools.pages, tools.options

    def form(request: Request, status: int = 200, problem: str = "") -> Response:
        response = Response()
        token = gate.form_token(request, response)
        # A cookie that may only travel by HTTPS is not kept by a browser that came without it.
        safe = is_private(request) or request.headers.get("x-forwarded-proto", "") == "https" or request.url.scheme == "https"
        ways = {"password": options.accounts is not None, "oidc": options.oidc is not None}
        page = pages.page("login", status, visit=None, token=token, problem=problem, safe=safe, **ways)
        page.raw_headers += [h for h in response.raw_headers if h[0] == b"set-cookie"]
        return page

    @open_router.get("/login")
    async def ask(request: Request) -> Response:
        if await gate.session(request) is not None:
            return RedirectResponse("/admin", 303)
        return form(request)

    @open_router.post("/login")
    async def enter(request: Request) -> Response:
        if options.accounts is None:
            raise Stopped(404)
        given = Visit("", "", await read_form(request))
        token, password = given.form.get("csrf"), given.form.get("password")
        if not isinstance(token, str) or not gate.form_is_ours(request, token):
            raise Stopped(403)
        name = given.text("name", 64)
        user = await gate.try_password(request, name, password) if isinstance(password, str) and len(password) <= 1000 else None
        if user is None:
            return form(request, 401, _WRONG)
        response = RedirectResponse("/admin", 303)
        await gate.open(request, response, user, "password")
        return response

    @open_router.get("/static/{name}")
    async def file(name: str) -> Response:
        content = pages.files.get(name)
        if content is None:
            raise Stopped(404)
        return Response(content, media_type=FILES[name], headers={"Cache-Control": "no-cache"})

    router = tools.router()

    @router.post("/logout")
    async def leave(request: Request) -> Response:
        response = RedirectResponse(LOGIN, 303)
        await gate.close(request, response, visit_of(request).user)
        return response

    return router


def not_found(pages: Pages) -> Response:
    """The page for addresses that do not exist."""
    return pages.page("error", 404, visit=None, message=ERRORS[404])
