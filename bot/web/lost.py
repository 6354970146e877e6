"""What a person sees at an address that does not exist: a page with the way back, where programs get an error object."""

from __future__ import annotations

from html import escape
from importlib import resources

from fastapi import Request
from fastapi.responses import HTMLResponse

_PAGE = (resources.files("bot.web") / "templates" / "lost.html").read_text(encoding="utf-8")
_OF_PROGRAMS = ("/api/", "/web/", "/static/", "/webhooks/")


def by_a_person(request: Request) -> bool:
    """Whether a browser was sent there by a person: it asks for a page, and not for one of the addresses of programs."""
    asks = request.method == "GET" and "text/html" in request.headers.get("accept", "")
    return asks and not request.url.path.removeprefix(request.scope.get("root_path", "")).startswith(_OF_PROGRAMS)


def lost_page(request: Request) -> HTMLResponse:
    """The page, with status 404."""
    return HTMLResponse(_PAGE.replace("{root}", escape(request.scope.get("root_path", ""))), 404)
