"""Headless Chromium for pictures and tests: the system's own (Debian's package), driven by Playwright, which downloads nothing."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from playwright.sync_api import Browser

MISSING = "Cần cài trình duyệt: apt-get install chromium fonts-noto-core; và pip install -e '.[dev]'"
_NAMES = ("chromium", "chromium-browser", "google-chrome")


class NoBrowser(RuntimeError):
    """There is no browser to drive; the message says what to install, in Vietnamese."""


def program() -> str | None:
    """Where the browser is, none where there is none."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


@contextmanager
def launched() -> Iterator[Browser]:
    """A browser while the body runs.

    Raises:
        NoBrowser: it is not installed.
    """
    path = program()
    try:
        from playwright.sync_api import sync_playwright
    except ImportError as error:
        raise NoBrowser(MISSING) from error
    if path is None:
        raise NoBrowser(MISSING)
    # Chromium's sandbox cannot be had as root, which is who runs tests in a container.
    arguments = ["--no-sandbox"] if os.geteuid() == 0 else []
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=[*arguments, "--disable-dev-shm-usage"])
        try:
            yield browser
        finally:
            browser.close()
