"""Pictures of the web chat for the README, taken from the running bot: ``python -m evaluation.pictures``.

Starts the bot on the current index with a fixed day, drives headless Chromium through it, and writes ``docs/images``. Needs
chromium and chromium-driver (Debian's packages) and a font with Vietnamese letters.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from config.settings import load_settings
from evaluation import commands
from evaluation.commands import command

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


class NoPicture(RuntimeError):
    """Something needed is missing or did not happen; the message says what, in Vietnamese."""


def _until(condition: Any, what: str) -> None:
    end = time.monotonic() + PATIENCE
    while not condition():
        if time.monotonic() > end:
            raise NoPicture(f"Chờ quá lâu: {what}")
        time.sleep(0.1)


@contextmanager
def running_bot() -> Iterator[str]:
    """A bot on a free port with a database of its own; gives its address.

    Raises:
        NoPicture: it did not start.
    """
    with tempfile.TemporaryDirectory() as folder:
        own = {"BOT_PORT": "0", "BOT_TODAY": DAY, "BOT_DATABASE_URL": f"sqlite:///{folder}/bot.sqlite3", "BOT_TELEGRAM_TOKEN": ""}
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
def browser() -> Iterator[Any]:
    """Headless Chromium.

    Raises:
        NoPicture: it is not installed.
    """
    os.environ["SE_AVOID_STATS"] = "true"
    chromium, driver = shutil.which("chromium"), shutil.which("chromedriver")
    if chromium is None or driver is None:
        raise NoPicture("Cần cài trình duyệt: apt-get install chromium chromium-driver fonts-noto-core")
    from selenium import webdriver
    from selenium.webdriver.chrome.service import Service

    options = webdriver.ChromeOptions()
    options.binary_location = chromium
    for argument in ("--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--disable-dev-shm-usage"):
        options.add_argument(argument)
    made = webdriver.Chrome(options=options, service=Service(driver))
    try:
        yield made
    finally:
        made.quit()


def take(driver: Any, address: str, picture: Picture, folder: Path) -> Path:
    """Take one picture in a conversation of its own; gives the file."""
    size = {"width": picture.width, "height": picture.height, "deviceScaleFactor": picture.scale, "mobile": picture.width < 600}
    driver.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", size)
    features = [
        {"name": "prefers-color-scheme", "value": "dark" if picture.dark else "light"},
        {"name": "prefers-reduced-motion", "value": "reduce"},
    ]
    driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": features})
    driver.get(f"http://{address}/")
    driver.execute_script("sessionStorage.clear(); localStorage.clear()")
    driver.get(f"http://{address}/")
    _until(lambda: driver.execute_script("return document.querySelectorAll('#province option').length > 1"), "danh sách tỉnh")
    for number, question in enumerate(picture.questions, 1):
        driver.find_element("id", "question").send_keys(question)
        driver.find_element("id", "send").click()
        _until(lambda n=number: len(driver.find_elements("css selector", ANSWERS)) >= n, f"câu trả lời cho “{question}”")
    driver.execute_script("document.activeElement.blur()")
    time.sleep(0.3)  # the page scrolls to the question
    file = folder / f"{picture.name}.png"
    driver.save_screenshot(str(file))
    return file


def main(argv: Sequence[str] | None = None) -> int:
    """Take all pictures. Exit status: 0 all taken; 1 one was not."""
    command("pictures", "Chụp ảnh trang chat cho README.").parse_args(argv)
    FOLDER.mkdir(parents=True, exist_ok=True)
    try:
        with running_bot() as address, browser() as driver:
            for picture in PICTURES:
                print(take(driver, address, picture, FOLDER), file=sys.stderr)
    except NoPicture as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    commands.run(main)
