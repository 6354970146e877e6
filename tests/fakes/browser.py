"""The real application on a loopback port, and people who use it in headless Chromium."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
import time
from collections import deque
from collections.abc import Awaitable, Callable, Coroutine, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.service import AnswerService, Loaded
from bot.storage import Storage
from evaluation import chromium
from tests.fakes.web_assistant import web_stub
from tests.waiting import PATIENCE

if chromium.program() is None:
    pytest.skip("needs a browser: apt-get install chromium", allow_module_level=True)
sync_api = pytest.importorskip("playwright.sync_api", reason="needs playwright: pip install -e .[dev]")
expect = sync_api.expect

PHONE, DESKTOP, NARROW, SMALL = (390, 844), (1280, 800), (320, 640), (360, 640)
AXE = Path(__file__).resolve().parents[1] / "vendor" / "axe-core" / "axe.min.js"
_PATIENCE = 1000 * PATIENCE
"""Milliseconds until what is expected must have come."""
expect.set_options(timeout=_PATIENCE)


@dataclass
class Running:
    """The application under test. ``failures``: statuses with which the next questions are refused; ``lost``: how many of the next
    answers do not reach the page; ``asked``: the questions that came."""

    url: str
    storage: Storage
    loop: asyncio.AbstractEventLoop
    failures: deque[int] = field(default_factory=deque)
    lost: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)

    def stored(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run ``work`` on the application's own loop."""
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(PATIENCE)


class Between:
    """ASGI middleware that notes questions and refuses some."""

    def __init__(self, app: ASGIApp, running: Running) -> None:
        self._app, self._running = app, running

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http" or scope["path"] != "/web/ask":
            await self._app(scope, receive, send)
            return
        message = await receive()
        self._running.asked.append(json.loads(message["body"]))
        if self._running.failures:
            status = self._running.failures.popleft()
            told = {"error": {"status": status, "message": "Chỉ để thử."}}
            await JSONResponse(told, status, {"Retry-After": "3"} if status == 429 else None)(scope, receive, send)
            return
        replayed = iter([message])

        async def again() -> Any:
            return next(replayed, None) or await receive()

        if self._running.lost:
            self._running.lost -= 1

            async def nowhere(_message: Any) -> None:
                return None

            await self._app(scope, again, nowhere)
            await JSONResponse({}, 502)(scope, receive, send)
            return
        await self._app(scope, again, send)


@contextmanager
def served(
    folder: Path, make: Callable[[AnswerService, Storage], Awaitable[ASGIApp]], load: Callable[[], Loaded] = web_stub
) -> Iterator[Running]:
    """Serve what ``make`` builds over what ``load`` gives (the web page's stub), from a thread of its own, while the body runs."""
    listener = socket.create_server(("127.0.0.1", 0))
    started, servers, made = threading.Event(), [], []

    async def serve() -> None:
        storage = Storage(f"sqlite+aiosqlite:///{folder}/bot.sqlite3")
        await storage.open()
        service = AnswerService(storage, load, lambda: "v1")
        await service.open()
        running = Running(f"http://127.0.0.1:{listener.getsockname()[1]}/", storage, asyncio.get_running_loop())
        app = Between(await make(service, storage), running)
        servers.append(uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)))
        made.append(running)
        started.set()
        await servers[0].serve(sockets=[listener])
        await storage.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert started.wait(PATIENCE)
    try:
        yield made[0]
    finally:
        servers[0].should_exit = True
        thread.join(PATIENCE)
        listener.close()


class Person:
    """Somebody at a device of their own: what they do and see. ``complaints``: of the browser about the page."""

    def __init__(self, browser: Any, running: Running) -> None:
        self._browser, self.running = browser, running
        self.complaints: list[str] = []
        self._context: Any = None
        self.tab: Any = None

    def open(self, size: tuple[int, int] = PHONE, *, dark: bool = False, path: str = "") -> Person:
        """Take a new device of that size and open a page on it."""
        self.close()
        self._context = self._browser.new_context(
            viewport={"width": size[0], "height": size[1]},
            is_mobile=size[0] < 600,
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="vi-VN",
        )
        self._context.set_default_timeout(_PATIENCE)
        self.tab = self._context.new_page()
        self.tab.on("console", lambda m: self.complaints.append(m.text) if "Content Security Policy" in m.text else None)
        self.tab.on("pageerror", lambda error: self.complaints.append(str(error)))
        self.go(path)
        return self

    def close(self) -> None:
        if self._context is not None:
            self._context.close()
            self._context = None

    def go(self, path: str) -> None:
        self.tab.goto(self.running.url + path)

    def find(self, selector: str, text: str | None = None) -> Any:
        return self.tab.locator(selector, has_text=text)

    def answers(self) -> Any:
        return self.find(".answer:not(.waiting)")

    def answered(self, count: int) -> Any:
        """The last answer, once there are ``count``."""
        expect(self.answers()).to_have_count(count)
        return self.answers().last

    def write(self, text: str) -> None:
        """Write a question and send it."""
        self.find("#question").press_sequentially(text)
        self.find("#send").click()

    def ask(self, text: str) -> Any:
        count = self.answers().count()
        self.write(text)
        return self.answered(count + 1)

    def kept(self, key: str) -> Any:
        return self.tab.evaluate("key => JSON.parse(sessionStorage.getItem('hdtthc.' + key))", key)

    def offline(self, on: bool) -> None:
        self._context.set_offline(on)

    def until(self, condition: Callable[[], Any]) -> Any:
        """Wait until ``condition`` gives something; gives it."""
        end = time.monotonic() + _PATIENCE / 1000
        while not (value := condition()):
            assert time.monotonic() < end, f"did not come to be: {self.find('body').inner_text()}"
            self.tab.wait_for_timeout(50)
        return value

    def barriers(self) -> list[Any]:
        """What axe-core finds wrong with the page, from minor to critical."""
        self.tab.evaluate(AXE.read_text(encoding="utf-8"))
        violations = self.tab.evaluate("() => axe.run(document).then(found => found.violations)")
        return [(v["id"], v["impact"], [n["html"] for n in v["nodes"]]) for v in violations]

    def fits(self) -> bool:
        """Whether nothing is wider than the window."""
        return bool(self.tab.evaluate("document.documentElement.scrollWidth") <= self.tab.viewport_size["width"])

    def too_small(self, selector: str, width: float, height: float) -> list[str]:
        """The visible elements that are hard to hit."""
        shown = [e for e in self.find(selector).all() if e.is_visible()]
        assert shown
        boxes = [(e.inner_text(), e.bounding_box()) for e in shown]
        return [text for text, box in boxes if box is None or box["width"] < width or box["height"] < height]


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    with chromium.launched() as found:
        yield found
