"""The web chat as a person uses it: the real application on a loopback port, driven through headless Chromium."""

from __future__ import annotations

import asyncio
import json
import os
import shutil
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Coroutine, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Receive, Scope, Send

from bot.service import AnswerService
from bot.storage import Part, Storage
from bot.web.api import create_app
from bot.web.page import make_router
from tests.fakes.web_assistant import web_stub

CHROMIUM = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")
if CHROMIUM is None or DRIVER is None:
    pytest.skip("needs a browser: apt-get install chromium chromium-driver", allow_module_level=True)
os.environ["SE_AVOID_STATS"] = "true"
webdriver = pytest.importorskip("selenium.webdriver", reason="needs selenium: pip install -e .[dev]")
from selenium.webdriver.chrome.service import Service  # noqa: E402
from selenium.webdriver.common.by import By  # noqa: E402
from selenium.webdriver.common.keys import Keys  # noqa: E402

AXE = Path(__file__).resolve().parents[2] / "vendor" / "axe-core" / "axe.min.js"
PHONE, DESKTOP, NARROW, SMALL = (390, 844), (1280, 800), (320, 640), (360, 640)
HOST_PAGE = (
    '<!doctype html><html lang="vi"><head><title>Trang của tỉnh</title></head>'
    '<body><h1>Trang của tỉnh</h1><script src="/static/widget.js" data-label="Hỏi đáp" defer></script></body></html>'
)


@dataclass
class Running:
    """The application under test; ``failures``: statuses with which the next questions are refused; ``lost``: how many of the next
    answers do not reach the page."""

    url: str = ""
    failures: deque[int] = field(default_factory=deque)
    lost: int = 0
    asked: list[dict[str, Any]] = field(default_factory=list)
    storage: Storage | None = None
    loop: asyncio.AbstractEventLoop | None = None

    def stored(self, work: Coroutine[Any, Any, Any]) -> Any:
        """Run ``work`` on the application's own loop."""
        assert self.loop is not None
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(10)


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


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running()
    listener = socket.create_server(("127.0.0.1", 0))
    running.url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    started, servers = threading.Event(), []
    database = tmp_path_factory.mktemp("web") / "bot.sqlite3"

    async def serve() -> None:
        storage = Storage(f"sqlite+aiosqlite:///{database}")
        await storage.open()
        running.storage, running.loop = storage, asyncio.get_running_loop()
        service = AnswerService(storage, web_stub, lambda: "v1")
        await service.open()
        host = APIRouter()
        host.add_api_route("/trang-khac", lambda: HTMLResponse(HOST_PAGE, headers={"Content-Security-Policy": "default-src 'self'"}))
        app = Between(create_app(service, routers=[make_router(service), host]), running)
        servers.append(uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)))
        started.set()
        await servers[0].serve(sockets=[listener])
        await storage.close()

    thread = threading.Thread(target=lambda: asyncio.run(serve()))
    thread.start()
    assert started.wait(10)
    yield running
    servers[0].should_exit = True
    thread.join(10)
    listener.close()


@pytest.fixture(scope="module")
def chromium(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    profile = tmp_path_factory.mktemp("chromium")
    for argument in (
        "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
        "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage", f"--user-data-dir={profile}",
    ):  # fmt: skip
        options.add_argument(argument)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    driver = webdriver.Chrome(options=options, service=Service(DRIVER))
    yield driver
    driver.quit()


class Page:
    """What a person does and sees."""

    def __init__(self, driver: Any, running: Running) -> None:
        self.driver, self.running = driver, running

    def show(self, size: tuple[int, int] = PHONE, *, dark: bool = False, path: str = "") -> Page:
        command = self.driver.execute_cdp_cmd
        metrics = {"width": size[0], "height": size[1], "deviceScaleFactor": 1, "mobile": size[0] < 600}
        command("Emulation.setDeviceMetricsOverride", metrics)
        features = [
            {"name": "prefers-color-scheme", "value": "dark" if dark else "light"},
            {"name": "prefers-reduced-motion", "value": "reduce"},
        ]
        command("Emulation.setEmulatedMedia", {"media": "", "features": features})
        self.driver.get(self.running.url + path)
        return self

    def find(self, selector: str) -> Any:
        return self.driver.find_element(By.CSS_SELECTOR, selector)

    def all(self, selector: str) -> list[Any]:
        return list(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def js(self, script: str, *arguments: Any) -> Any:
        return self.driver.execute_script(script, *arguments)

    def kept(self, key: str) -> Any:
        return self.js("return JSON.parse(sessionStorage.getItem('hdtthc.' + arguments[0]))", key)

    def until(self, condition: Callable[[], Any], seconds: float = 8.0) -> Any:
        end = time.monotonic() + seconds
        while True:
            value = condition()
            if value or time.monotonic() > end:
                assert value, f"did not come to be: {self.find('body').text}"
                return value
            time.sleep(0.05)

    def answers(self) -> list[Any]:
        return self.all(".answer:not(.waiting)")

    def type(self, text: str) -> None:
        self.find("#question").send_keys(text)

    def press(self, element: Any) -> None:
        """Scroll to it, as a person does when the bar above covers it, and click."""
        self.js("arguments[0].scrollIntoView({block: 'center', behavior: 'instant'})", element)
        element.click()

    def answered(self, count: int) -> Any:
        return self.until(lambda: (a := self.answers()) and len(a) == count and a[-1])

    def ask(self, text: str) -> Any:
        count = len(self.answers())
        self.type(text)
        self.find("#send").click()
        return self.answered(count + 1)

    def offline(self, on: bool) -> None:
        self.driver.execute_cdp_cmd("Network.enable", {})
        rate = {"latency": 0, "downloadThroughput": -1, "uploadThroughput": -1}
        self.driver.execute_cdp_cmd("Network.emulateNetworkConditions", {"offline": on, **rate})


@pytest.fixture
def page(chromium: Any, running: Running) -> Iterator[Page]:
    page = Page(chromium, running).show()
    page.js("sessionStorage.clear(); localStorage.clear()")
    page.show()
    chromium.get_log("browser")
    running.asked.clear()
    yield page
    page.offline(False)
    running.failures.clear()
    running.lost = 0
    complaints = [
        e["message"] for e in chromium.get_log("browser") if "Content Security Policy" in e["message"] or "Uncaught" in e["message"]
    ]
    assert complaints == []


def test_asking_choosing_reloading_and_deleting(page: Page, running: Running) -> None:
    assert page.find("#empty").is_displayed()
    assert not page.find("#clear").is_enabled()
    asked_back = page.ask("sổ đỏ")
    assert not page.find("#empty").is_displayed()
    assert "1. Cấp lại sổ đỏ bị mất" in asked_back.text
    assert asked_back.text.count("Cấp lại") == 1, "options stand there as buttons only"
    page.press(page.all(".choices button")[1])
    assert "Đã chọn procedure/2" in page.answered(2).text
    page.press(page.all(".chips button")[0])
    assert "procedure/1 fee" in page.answered(3).text
    page.press(page.all(".choices button")[0])  # under an older answer
    assert "Đã chọn procedure/1" in page.answered(4).text
    pressed = [b.text.splitlines()[-1] for b in page.all(".bubble")][1:]
    assert pressed == ["Cấp đổi sổ đỏ cũ sang mẫu mới", "Lệ phí", "Cấp lại sổ đỏ bị mất"]

    page.type("đang viết dở")
    conversation, before = page.kept("conversation"), page.find("#log").text
    page.driver.refresh()
    assert page.find("#log").text == before
    assert page.kept("conversation") == conversation
    assert page.find("#question").get_attribute("value") == "đang viết dở"
    assert "Lần 5" in page.ask(".").text, "the server still knows the conversation"

    page.find("#clear").click()
    page.find("#keep").click()
    assert len(page.answers()) == 5
    page.find("#clear").click()
    page.find("#really").click()
    page.until(lambda: page.kept("forget") == [])
    assert page.answers() == []
    assert page.find("#empty").is_displayed()
    assert page.kept("messages") == []
    assert page.kept("conversation") != conversation
    assert page.js("return document.activeElement.id") == "question"
    assert "Lần 1" in page.ask("mới").text
    page.js("sessionStorage.setItem('hdtthc.conversation', arguments[0])", json.dumps(conversation))
    page.driver.refresh()
    assert "Lần 1" in page.ask("cũ").text, "and the server has forgotten the old one"


def test_how_an_answer_is_shown(page: Page) -> None:
    answer = page.ask("khai sinh")

    def texts(selector: str) -> list[str]:
        return [e.text for e in answer.find_elements(By.CSS_SELECTOR, selector)]

    assert texts("h3") == ["Đăng ký khai sinh (mã 1.001193)."]
    assert texts("h4") == ["Giấy tờ:", "Các bước:"]
    assert texts("ol li") == ["Vào trang, đăng nhập.", "Điền tờ khai."]
    assert texts(".note li") == ["Cần kiểm tra: mức lệ phí.", "Không còn cấp huyện."]
    assert len(texts(".source li")) == 2
    assert "<b>không phải thẻ</b> <img src=x" in answer.text
    assert page.driver.title == "Hỏi đáp thủ tục hành chính"
    assert answer.find_elements(By.TAG_NAME, "img") == []
    links = answer.find_elements(By.TAG_NAME, "a")
    assert [a.get_attribute("href") for a in links] == [
        "https://dichvucong.example.vn/to-khai_(moi)",
        "https://dichvucong.example.vn/thu-tuc-hanh-chinh/019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7",
        "https://dichvucong.example.vn/1",
    ]
    assert {a.get_attribute("target") for a in links} == {"_blank"}
    assert all("noopener" in a.get_attribute("rel") for a in links)
    page.press(answer.find_element(By.CSS_SELECTOR, ".foot .copy"))
    page.until(lambda: answer.find_element(By.CSS_SELECTOR, ".foot .copy").text == "Đã chép")

    page.driver.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "print"})
    assert answer.is_displayed()
    assert not any(page.find(s).is_displayed() for s in (".tools", ".composer", ".chips", ".foot"))


def test_examples(page: Page) -> None:
    assert [len(group.find_elements(By.TAG_NAME, "button")) for group in page.all(".examples")] == [6, 3]
    example = page.find(".examples button")
    text = example.text
    example.click()
    assert text in page.answered(1).text


def test_a_lost_connection(page: Page, running: Running) -> None:
    page.offline(True)
    page.type("mất mạng")
    page.find("#send").click()
    assert page.until(lambda: page.all(".trouble"))[0].text.startswith("Chưa gửi được, đang thử lại…")
    page.type("câu sau")
    page.find("#send").click()
    assert "Đang chờ gửi." in page.all(".asked")[1].text
    page.offline(False)  # the browser says that it is back, and the question goes at once
    page.answered(2)
    assert page.all(".trouble") == []
    order = [m.text for m in page.all(".message")]
    assert [("mất mạng" in t, "câu sau" in t) for t in order] == [(True, False)] * 2 + [(False, True)] * 2

    page.offline(True)
    page.type("gửi rồi tải lại")
    page.find("#send").click()
    page.until(lambda: page.all(".trouble"))
    page.offline(False)
    page.driver.refresh()
    page.answered(3)


def test_a_server_in_trouble(page: Page, running: Running) -> None:
    running.failures.extend([503, 429])
    page.type("đông quá")
    page.find("#send").click()
    trouble = page.until(lambda: page.all(".trouble"))[0]
    assert "Hệ thống đang bận" in trouble.text
    trouble.find_element(By.TAG_NAME, "button").click()
    page.until(lambda: "Đang có nhiều người hỏi" in trouble.text)
    assert page.answers() == []
    trouble.find_element(By.TAG_NAME, "button").click()
    page.answered(1)
    assert len(running.asked) == 3

    running.failures.append(422)
    page.type("bị từ chối")
    page.find("#send").click()
    trouble = page.until(lambda: page.all(".trouble"))[0]
    assert trouble.text == "Chưa gửi được. Chỉ để thử.\nGửi lại"
    trouble.find_element(By.TAG_NAME, "button").click()
    page.answered(2)
    assert page.all(".trouble") == []


def test_an_answer_lost_on_its_way_is_not_given_twice(page: Page, running: Running) -> None:
    assert "Lần 1" in page.ask("một").text
    running.lost = 2
    page.type("hai")
    page.find("#send").click()
    for seen in (2, 3):
        page.until(lambda seen=seen: len(running.asked) >= seen and page.all(".trouble"))
        page.all(".trouble button")[0].click()
    assert "Lần 2" in page.answered(2).text
    assert len({q["message"] for q in running.asked}) == 2
    assert "Lần 3" in page.ask("ba").text


def test_opinions(page: Page, running: Running) -> None:
    assert running.storage is not None
    page.until(lambda: page.find("#events").is_displayed())
    page.ask("khai sinh")
    good, bad = page.all(".judging button")
    assert (good.text, bad.text) == ("👍 Đúng ý", "👎 Chưa đúng")
    page.press(good)
    assert page.find(".thanks").text == "Cảm ơn anh/chị."
    page.ask("khai sinh")
    page.press(page.all(".judging button")[1])
    reasons = page.all(".judging .chips button")
    assert page.driver.switch_to.active_element == reasons[0]
    page.press(next(r for r in reasons if r.text == "Không đúng việc tôi hỏi"))
    assert "Ý anh/chị là việc nào" in page.answered(3).text, "the bot offers what else it may be"
    kept = page.until(lambda: len(found := running.stored(running.storage.feedback.recent(most=2))) == 2 and found)
    assert {(k.good, k.reason, k.question, k.entry) for k in kept} == {
        (True, None, "khai sinh", "procedure/1.001193"),
        (False, "Không đúng việc tôi hỏi", "khai sinh", "procedure/1.001193"),
    }
    page.driver.refresh()
    assert len(page.all(".thanks")) == 2
    page.ask(".")
    assert page.answers()[-1].find_elements(By.CSS_SELECTOR, ".judging") == [], "only where there is something to judge"


def test_a_person_answers(page: Page, running: Running) -> None:
    storage = running.storage
    assert storage is not None
    unknown = page.ask("không biết")
    page.press(unknown.find_element(By.CSS_SELECTOR, ".chips button"))
    assert "em đã ghi nhận" in page.answered(2).text
    conversation = page.kept("conversation")
    case = running.stored(storage.hand_overs.current("web", conversation))
    page.type("tôi ở xã A")
    page.find("#send").click()
    page.until(lambda: page.all(".passed"))
    assert len(page.answers()) == 2, "the bot keeps quiet"
    assert running.stored(storage.hand_overs.reply(case.id, "lan", [Part("web", "Chào anh.\nXem https://dichvucong.example.vn/2")]))
    letter = page.until(lambda: page.all(".letter"))[0]
    assert "Chào anh." in letter.text
    assert letter.find_element(By.TAG_NAME, "a").get_attribute("href") == "https://dichvucong.example.vn/2"
    page.driver.refresh()
    assert len(page.all(".letter")) == 1
    running.stored(storage.hand_overs.close(case.id, "lan"))
    page.until(lambda: "đã kết thúc" in page.answers()[-1].text)
    assert len(page.all(".letter")) == 1, "what was shown is not fetched again"
    assert "Lần" in page.ask("lại hỏi bot").text


def test_situations_of_life(page: Page) -> None:
    (event,) = page.until(lambda: page.all(".tiles button"))
    page.press(event)
    assert len(page.answered(1).find_elements(By.CSS_SELECTOR, ".choices button")) == 2


def test_keyboard_and_length(page: Page, running: Running) -> None:
    page.find("body").send_keys(Keys.TAB)
    skip = page.driver.switch_to.active_element
    assert skip.text == "Đến ô nhập câu hỏi"
    assert skip.rect["y"] >= 0
    skip.send_keys(Keys.ENTER)
    question = page.find("#question")
    page.until(lambda: page.driver.switch_to.active_element == question)
    question.send_keys("dòng một", Keys.SHIFT, Keys.ENTER, Keys.NULL, "dòng hai")
    assert question.get_attribute("value") == "dòng một\ndòng hai"
    question.send_keys(Keys.ENTER)
    page.answered(1)
    assert question.get_attribute("value") == ""
    page.js("arguments[0].value = 'ạ'.repeat(1010); arguments[0].dispatchEvent(new Event('input'))", question)
    assert page.find("#counter").text == "Dài quá 10 ký tự, anh/chị bớt lại giúp em."
    assert question.get_attribute("aria-invalid") == "true"
    question.send_keys(Keys.ENTER)
    assert len(question.get_attribute("value")) == 1010
    assert len(running.asked) == 1
    question.send_keys(Keys.BACKSPACE * 10)
    assert page.find("#counter").text == "Còn 0 ký tự."
    question.send_keys(Keys.ENTER)
    page.answered(2)
    assert not page.find("#counter").is_displayed()


def test_province_and_larger_letters(page: Page, running: Running) -> None:
    picker = page.find("#province")
    page.until(lambda: len(picker.find_elements(By.TAG_NAME, "option")) == 5)
    names = [o.text for o in picker.find_elements(By.TAG_NAME, "option")]
    assert names == ["Chọn tỉnh", "An Giang", "Điện Biên", "Đồng Tháp", "Tiền Giang"]
    picker.send_keys("Tiền")
    assert "a / Tiền Giang" in page.ask("a").text
    page.driver.refresh()
    page.until(lambda: page.find("#province").get_attribute("value") == "Tiền Giang")
    page.ask("ở Đồng Tháp")
    assert page.find("#province").get_attribute("value") == "Đồng Tháp"
    assert "Đồng Tháp" in page.ask("b").text
    assert [q["province"] for q in running.asked] == ["Tiền Giang", "Tiền Giang", "Đồng Tháp"]

    def size() -> float:
        return float(page.js("return parseFloat(getComputedStyle(document.body).fontSize)"))

    assert size() >= 18
    page.find("#larger").click()
    assert size() >= 22
    page.driver.refresh()
    assert size() >= 22
    assert page.find("#larger").get_attribute("aria-pressed") == "true"


@pytest.mark.parametrize("size", [NARROW, SMALL, PHONE, DESKTOP])
def test_everything_fits_and_can_be_hit(page: Page, size: tuple[int, int]) -> None:
    page.show(size)
    page.ask("sổ đỏ")
    page.ask("khai sinh")
    assert page.js("return document.documentElement.scrollWidth <= innerWidth")
    shown = [e for e in page.all("button, select, textarea, a.official") if e.is_displayed()]
    assert len(shown) > 10
    for element in shown:
        assert element.rect["width"] >= 47.5, element.text
        assert element.rect["height"] >= 47.5, element.text


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_accessibility(page: Page, running: Running, dark: bool) -> None:
    """No violation that axe-core calls serious or critical."""
    source = AXE.read_text(encoding="utf-8")

    def check(where: str) -> None:
        page.js(source)
        run = "const done = arguments[arguments.length - 1]; axe.run(document).then(r => done(r.violations), e => done(String(e)))"
        violations = page.driver.execute_async_script(run)
        assert isinstance(violations, list), violations
        found = [(v["id"], v["impact"], [n["html"] for n in v["nodes"]]) for v in violations]
        assert [f for f in found if f[1] in ("serious", "critical")] == [], where

    page.show(PHONE, dark=dark)
    page.js("localStorage.clear(); sessionStorage.clear()")  # whatever an earlier test left of its conversation
    page.show(PHONE, dark=dark)
    page.until(lambda: page.find("#events").is_displayed())
    check("empty")
    page.ask("sổ đỏ")
    page.ask("khai sinh")
    page.press(page.all(".judging button")[1])
    page.ask("không biết")
    running.failures.append(422)
    page.type("hỏng")
    page.find("#send").click()
    page.until(lambda: page.all(".trouble"))
    page.js("const q = document.getElementById('question'); q.value = 'a'.repeat(1001); q.dispatchEvent(new Event('input'))")
    check("conversation")
    page.find("#clear").click()
    check("dialog")
    page.find("#keep").click()


def test_the_widget(page: Page) -> None:
    page.show(DESKTOP, path="trang-khac")
    launcher = page.until(lambda: page.find("#hdtthc-launcher"))
    assert launcher.text == "Hỏi đáp"
    launcher.click()
    frame = page.find("#hdtthc-panel iframe")
    page.driver.switch_to.frame(frame)
    assert "Lần 1: trong khung" in page.ask("trong khung").text
    assert page.js("return document.documentElement.classList.contains('embed')")
    page.type(Keys.ESCAPE)
    page.driver.switch_to.default_content()
    page.until(lambda: not page.find("#hdtthc-panel").is_displayed())
    assert page.driver.switch_to.active_element == launcher
    launcher.click()
    assert page.find("#hdtthc-panel").is_displayed()
    assert page.find("#hdtthc-panel iframe").rect["height"] > 500
    page.find("#hdtthc-panel button").click()
    assert launcher.is_displayed()
