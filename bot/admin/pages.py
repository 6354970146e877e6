"""Templates to pages: everything that goes into one is escaped."""

from __future__ import annotations

import datetime as dt
import time
from collections.abc import Mapping
from importlib import resources
from typing import Any

from fastapi.responses import HTMLResponse
from jinja2 import Environment, PackageLoader, StrictUndefined

from bot.admin.wording import CHANNELS, OUTCOMES
from bot.vietnam import VIETNAM

POLICY = "; ".join(
    [
        "default-src 'none'",
        "style-src 'self'",
        "script-src 'self'",
        "img-src 'self'",
        "connect-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types 'none'",
    ]
)
"""Its own files and nothing else: no inline code or style, no HTML made from text, no frames."""
HEADERS: Mapping[str, str] = {"Content-Security-Policy": POLICY, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
FILES: Mapping[str, str] = {"admin.css": "text/css; charset=utf-8", "admin.js": "text/javascript; charset=utf-8"}


def moment(seconds: float | None) -> str:
    """``21/11/2026 14:05`` in Vietnam."""
    return "" if seconds is None else f"{dt.datetime.fromtimestamp(seconds, VIETNAM):%d/%m/%Y %H:%M}"


def day(iso: str) -> str:
    """``2026-11-21`` → ``21/11/2026``."""
    return "/".join(reversed(iso.split("-")))


def ago(seconds: float | None) -> str:
    """``5 phút`` since a time."""
    past = max(0.0, time.time() - (seconds or 0.0))
    for size, name in ((86_400, "ngày"), (3600, "giờ"), (60, "phút")):
        if past >= size:
            return f"{past // size:.0f} {name}"
    return "chưa đầy một phút"


def number(value: float) -> str:
    """``12.345``, as numbers are written in Vietnam."""
    return f"{value:,.0f}".replace(",", ".")


def percent(value: float) -> str:
    return f"{100 * value:.0f} %"


class Pages:
    """The templates of this package."""

    def __init__(self) -> None:
        loader = PackageLoader("bot.admin")
        self._environment = Environment(loader=loader, autoescape=True, undefined=StrictUndefined, trim_blocks=True, lstrip_blocks=True)
        self._environment.filters.update(moment=moment, day=day, ago=ago, number=number, percent=percent)
        self._environment.filters.update(
            outcome=lambda value: OUTCOMES.get(value, value), channel=lambda value: CHANNELS.get(value, value) or "không rõ"
        )
        folder = resources.files("bot.admin") / "static"
        self.files = {name: (folder / name).read_bytes() for name in FILES}

    def page(self, name: str, status: int = 200, **values: Any) -> HTMLResponse:
        """The template ``name.html`` filled with ``values``; a value that a template needs and does not get is an error."""
        return HTMLResponse(self._environment.get_template(f"{name}.html").render(values), status, HEADERS)
