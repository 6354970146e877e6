"""The staff pages as a member of staff uses them, in headless Chromium, beside a person at the web chat."""

from __future__ import annotations

import asyncio
import datetime as dt
import socket
import threading
from collections.abc import Iterator
from typing import Any

import pytest
import uvicorn

from bot.admin.assembly import make_admin
from bot.service import AnswerService
from bot.storage import Asked, Storage, Turn
from bot.types import Feedback, Outcome
from bot.web.api import create_app
from bot.web.limiting import RateLimits, Rates
from bot.web.page import make_router
from tests.bot.admin.conftest import OPTIONS, PASSWORD
from tests.bot.web.test_browser import AXE, DESKTOP, PHONE, SMALL, By, Page, Running, chromium
from tests.fakes.web_assistant import web_stub

__all__ = ["chromium"]
HTML = "<img src=x onerror=\"document.title='hong'\"> làm lại thẻ ở đâu"
PATHS = (
    "",
    "/cases",
    "/questions",
    "/opinions",
    "/answers",
    "/answers/new",
    "/suggestions",
    "/search",
    "/knowledge",
    "/notices",
    "/persons",
    "/audit",
)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    running = Running()
    listener = socket.create_server(("127.0.0.1", 0))
    running.url = f"http://127.0.0.1:{listener.getsockname()[1]}/"
    started, servers = threading.Event(), []
    database = tmp_path_factory.mktemp("admin") / "bot.sqlite3"

    async def serve() -> None:
        storage = Storage(f"sqlite+aiosqlite:///{database}")
        await storage.open()
        running.storage, running.loop = storage, asyncio.get_running_loop()
        service = AnswerService(storage, web_stub, lambda: "v1")
        await service.open()
        limits = RateLimits(Rates())
        app = create_app(service, routers=[make_router(service), *make_admin(service, OPTIONS, limits)], limits=limits)
        servers.append(uvicorn.Server(uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)))
        for number in range(12):
            await storage.questions.add("web", f"c{number}", Asked("làm giấy khai sinh", Outcome.FOUND, "procedure/1", 0.9, "Tiền Giang"))
        for text in (HTML, "xe buýt số mấy đi trung tâm hành chính công", "Xe buýt số mấy đi trung tâm hành chính công?"):
            await storage.questions.add("telegram", "t", Asked(text, Outcome.NOT_KNOWN))
        await storage.turns.complete(Turn("web", "f", effects=(Feedback(False, "Sai thông tin", None, HTML),)))
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


class StaffPage(Page):
    """What a member of staff does."""

    def open(self, path: str = "", size: tuple[int, int] = DESKTOP, *, dark: bool = False) -> None:
        self.show(size, dark=dark, path=f"admin{path}")

    def login(self, password: str = PASSWORD) -> None:
        self.open("/login")
        self.find("#name").send_keys("lan")
        self.find("#password").send_keys(password)
        self.press(self.find("button.main"))

    def fill(self, name: str, text: str) -> None:
        field = self.find(f"[name={name}]")
        self.js("arguments[0].value = arguments[1]", field, text)

    def says(self, selector: str, text: str, seconds: float = 15.0) -> None:
        """Wait until some element of the page that is loaded then holds ``text``; an element held from before would be stale."""
        script = "return [...document.querySelectorAll(arguments[0])].some(e => !e.hidden && e.textContent.includes(arguments[1]))"
        self.until(lambda: self.js(script, selector, text), seconds)

    def button(self, text: str) -> Any:
        return next(b for b in self.all("main button, main .button") if b.text == text)


@pytest.fixture
def staff(chromium: Any, running: Running) -> Iterator[StaffPage]:
    page = StaffPage(chromium, running)
    page.open("/login")
    chromium.get_log("browser")
    if not page.all("nav"):
        page.login()
    page.says("h1", "Tổng quan")
    yield page
    complaints = [e["message"] for e in chromium.get_log("browser") if "Content Security" in e["message"] or "Uncaught" in e["message"]]
    assert complaints == []


def test_writing_an_answer(staff: StaffPage, running: Running) -> None:
    staff.open("/questions", SMALL)
    assert staff.driver.title.startswith("Câu hỏi chưa ổn"), "what people wrote is text and nothing else"
    assert HTML in staff.find("main").text and staff.all("main img") == []
    card = next(c for c in staff.all("li.card") if "xe buýt" in c.text.lower())
    assert "2 lượt hỏi" in card.text
    staff.press(card.find_element(By.TAG_NAME, "button"))
    staff.says("h1", "Viết câu trả lời")
    assert "trung tâm hành chính công" in staff.find("#questions").get_attribute("value")
    end = (dt.date.today() + dt.timedelta(days=9)).isoformat()
    for name, text in (("text", "Đi xe số 6."), ("source0", "Thông báo 1/TB"), ("valid_to", end)):
        staff.fill(name, text)
    staff.press(staff.button("Lưu, dùng ngay"))
    staff.says(".done", "Đã lưu câu trả lời")
    staff.show(PHONE)
    assert "Đi xe số 6." in staff.ask("xe buýt số mấy đi trung tâm hành chính công").text


def test_answering_somebody_who_waits(staff: StaffPage, running: Running) -> None:
    staff.show(PHONE)
    staff.js("sessionStorage.clear(); localStorage.clear()")
    staff.show(PHONE)
    chat = staff.driver.current_window_handle
    staff.ask("không biết")
    staff.press(staff.find(".answer .chips button"))
    staff.answered(2)
    staff.type("tôi ở xã A")
    staff.find("#send").click()
    staff.until(lambda: staff.all(".passed"))
    staff.driver.switch_to.new_window("tab")
    try:
        staff.open("/cases")
        staff.press(staff.find("li.card a"))
        staff.says(".thread", "tôi ở xã A")
        staff.fill("text", "Chào anh, mời anh tới quầy 5.")
        staff.press(staff.button("Gửi trả lời"))
        staff.says(".done", "Đã gửi")
        staff.says(".thread", "quầy 5")
        staff.driver.switch_to.window(chat)
        staff.says(".letter", "quầy 5")
        staff.type("cảm ơn cán bộ")
        staff.find("#send").click()
        staff.driver.switch_to.window(staff.driver.window_handles[-1])
        staff.says("#news", "Có tin mới", 20)
        staff.press(staff.button("Kết thúc trao đổi"))
        staff.says("main", "Không có ai đang chờ")
    finally:
        staff.driver.close()
        staff.driver.switch_to.window(chat)


def test_keyboard_and_fit(staff: StaffPage) -> None:
    staff.open()
    staff.find("body").send_keys("\ue004")
    assert staff.driver.switch_to.active_element.text == "Đến nội dung"
    for path in PATHS:
        staff.open(path, SMALL)
        assert staff.js("return document.documentElement.scrollWidth <= innerWidth"), path
        small = [b.text for b in staff.all("main button, main .button, nav a") if b.is_displayed() and b.rect["height"] < 43]
        assert small == [], path


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_accessibility(staff: StaffPage, dark: bool) -> None:
    source = AXE.read_text(encoding="utf-8")
    run = "const done = arguments[arguments.length - 1]; axe.run(document).then(r => done(r.violations), e => done(String(e)))"
    for path in PATHS:
        staff.open(path, PHONE if dark else DESKTOP, dark=dark)
        staff.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": True})
        staff.js(source)
        violations = staff.driver.execute_async_script(run)
        staff.driver.execute_cdp_cmd("Page.setBypassCSP", {"enabled": False})
        assert isinstance(violations, list), violations
        found = [(v["id"], v["impact"], [n["html"] for n in v["nodes"]]) for v in violations]
        assert [f for f in found if f[1] in ("serious", "critical")] == [], path


def test_wrong_passwords(chromium: Any, running: Running) -> None:
    chromium.delete_all_cookies()
    page = StaffPage(chromium, running)
    page.open("/questions")
    assert page.find("h1").text == "Đăng nhập trang cán bộ"
    for _ in range(5):
        page.login("sai mật khẩu rồi")
        page.says("[role=alert]", "chưa đúng")
    page.login()
    page.says("main", "15 phút")
