"""Pictures of the web chat and the staff pages for the guides, taken from the running bot: ``python -m evaluation.pictures``.

Starts the bot on the current index with a fixed day and made-up figures, drives headless Chromium through it, and writes ``docs/images``.
Needs chromium (Debian's package) and a font with Vietnamese letters.
"""

from __future__ import annotations

import asyncio
import os
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from argon2 import PasswordHasher

from config.settings import load_settings
from evaluation import commands
from evaluation.chromium import NoBrowser, launched
from evaluation.commands import command
from evaluation.sample_figures import fill

if TYPE_CHECKING:
    from playwright.sync_api import Browser, BrowserContext

FOLDER = Path(__file__).resolve().parents[1] / "docs" / "images"
DAY = "2026-11-21"
PATIENCE = 60.0
"""Seconds for the bot to start, or for an answer to appear."""
ANSWERS = ".answer:not(.waiting)"


@dataclass(frozen=True)
class Picture:
    """A window of ``width`` × ``height`` CSS pixels, drawn ``scale`` times as fine, after ``questions`` were asked."""

    name: str
    width: int
    height: int
    scale: int
    questions: tuple[str, ...] = ()
    dark: bool = False


PICTURES = (
    Picture("web-phone", 390, 844, 2, ("mat so do lam lai the nao",)),
    Picture("web-phone-start", 390, 844, 2),
    Picture("web-desktop", 1280, 860, 1, ("đăng ký kết hôn ở đâu",)),
)


STAFF = Picture("admin-desktop", 1280, 900, 1)
"""The whole first page of staff."""


class NoPicture(RuntimeError):
    """Something needed is missing or did not happen; the message says what, in Vietnamese."""


def _until(condition: Any, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise NoPicture(f"Chờ quá lâu: {what}")
        time.sleep(0.1)


@contextmanager
def running_bot(password: str = "") -> Iterator[str]:
    """A bot on a free port with a database of its own; gives its address. With a ``password`` its staff pages are open and show made-up
    figures.

    Raises:
        NoPicture: it did not start.
    """
    with tempfile.TemporaryDirectory() as folder:
        own = {"BOT_PORT": "0", "BOT_TODAY": DAY, "BOT_DATABASE_URL": f"sqlite:///{folder}/bot.sqlite3", "BOT_TELEGRAM_TOKEN": ""}
        if password:
            own["BOT_ADMIN_PASSWORD_HASH"] = PasswordHasher(time_cost=1, memory_cost=64, parallelism=1).hash(password)
            asyncio.run(fill(f"sqlite+aiosqlite:///{folder}/bot.sqlite3"))
        environment = {**os.environ, **own, "BOT_INDEX_DIR": str(load_settings().index_dir.resolve())}
        log = Path(folder) / "log"
        with log.open("wb") as stream:
            bot = subprocess.Popen([sys.executable, "-m", "bot", "serve"], env=environment, stderr=stream)
        try:
            _until(lambda: b"http://" in log.read_bytes() or bot.poll() is not None, "bot khởi động")
            if bot.poll() is not None:
                raise NoPicture(log.read_text(encoding="utf-8").strip())
            yield log.read_text(encoding="utf-8").partition("http://")[2].split()[0]
        finally:
            bot.terminate()
            bot.wait(PATIENCE)


@contextmanager
def _window(browser: Browser, picture: Picture) -> Iterator[BrowserContext]:
    context = browser.new_context(
        viewport={"width": picture.width, "height": picture.height},
        device_scale_factor=picture.scale,
        is_mobile=picture.width < 600,
        color_scheme="dark" if picture.dark else "light",
        reduced_motion="reduce",
        locale="vi-VN",
    )
    try:
        yield context
    finally:
        context.close()


def take(browser: Browser, address: str, picture: Picture, folder: Path) -> Path:
    """Take one picture in a conversation of its own; gives the file.

    Raises:
        NoPicture: something that the picture shows did not come.
    """
    with _window(browser, picture) as context:
        page = context.new_page()
        page.goto(f"http://{address}/")
        _until(lambda: page.locator("#province option").count() > 1, "danh sách tỉnh")
        for number, question in enumerate(picture.questions, 1):
            page.locator("#question").fill(question)
            page.locator("#send").click()
            _until(lambda n=number: page.locator(ANSWERS).count() >= n, f"câu trả lời cho “{question}”")
        page.evaluate("document.activeElement.blur()")
        page.wait_for_timeout(300)  # the page scrolls to the question
        file = folder / f"{picture.name}.png"
        page.screenshot(path=file)
        return file


def take_staff(browser: Browser, address: str, password: str, folder: Path) -> Path:
    """Take the picture of the staff pages; gives the file."""
    with _window(browser, STAFF) as context:
        page = context.new_page()
        page.goto(f"http://{address}/admin/login")
        page.locator("#name").fill("lan")
        page.locator("#password").fill(password)
        page.locator("button.main").click()
        page.locator(".figures").wait_for()
        file = folder / f"{STAFF.name}.png"
        page.screenshot(path=file, full_page=True)
        return file


def main(argv: Sequence[str] | None = None) -> int:
    """Take all pictures. Exit status: 0 all taken; 1 one was not."""
    command("pictures", "Chụp ảnh trang chat và trang cán bộ cho tài liệu.").parse_args(argv)
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        password = secrets.token_urlsafe()
        with running_bot(password) as address, launched() as browser:
            for picture in PICTURES:
                print(take(browser, address, picture, FOLDER), file=sys.stderr)
            print(take_staff(browser, address, password, FOLDER), file=sys.stderr)
    except (NoPicture, NoBrowser) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    commands.run(main)
