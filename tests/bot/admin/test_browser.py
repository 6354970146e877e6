"""The staff pages as a member of staff uses them, in headless Chromium, beside a person at the web chat."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from starlette.types import ASGIApp

from bot.admin.assembly import make_admin
from bot.assembly import describe
from bot.pipeline import Assistant
from bot.service import AnswerService
from bot.storage import Asked, Storage, Turn
from bot.types import Feedback, Outcome
from bot.web.api import create_app
from bot.web.limiting import RateLimits, Rates
from bot.web.page import make_router
from knowledge.encoding import StaticEncoder
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index
from tests.bot.admin.conftest import OPTIONS, PASSWORD
from tests.fakes.browser import DESKTOP, PHONE, SMALL, Person, Running, browser, expect, served

__all__ = ["browser"]
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


async def application(service: AnswerService, storage: Storage) -> ASGIApp:
    limits = RateLimits(Rates())
    for number in range(12):
        await storage.questions.add("web", f"c{number}", Asked("làm giấy khai sinh", Outcome.FOUND, "procedure/1", 0.9, "Tiền Giang"))
    for text in (HTML, "xe buýt số mấy đi trung tâm hành chính công", "Xe buýt số mấy đi trung tâm hành chính công?"):
        await storage.questions.add("telegram", "t", Asked(text, Outcome.NOT_KNOWN))
    await storage.turns.complete(Turn("web", "f", effects=(Feedback(False, "Sai thông tin", None, HTML),)))
    return create_app(service, routers=[make_router(service), *make_admin(service, OPTIONS, limits)], limits=limits)


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with served(tmp_path_factory.mktemp("admin"), application) as found:
        yield found


class Staff(Person):
    """A member of staff at a device of their own."""

    def go(self, path: str) -> None:
        super().go(f"admin{path}")

    def login(self, password: str = PASSWORD) -> None:
        self.go("/login")
        self.find("#name").fill("lan")
        self.find("#password").fill(password)
        self.find("button.main").click()

    def fill(self, name: str, text: str) -> None:
        self.find(f"[name={name}]").fill(text)

    def press(self, text: str) -> None:
        self.tab.get_by_role("main").get_by_text(text, exact=True).click()


@pytest.fixture
def staff(browser: Any, running: Running) -> Iterator[Staff]:
    found = Staff(browser, running)
    found.open(DESKTOP)
    found.login()
    expect(found.find("h1")).to_have_text("Tổng quan")
    yield found
    found.close()
    assert found.complaints == []


@pytest.fixture
def citizen(browser: Any, running: Running) -> Iterator[Person]:
    found = Person(browser, running).open()
    yield found
    found.close()
    assert found.complaints == []


def test_writing_an_answer(staff: Staff, citizen: Person) -> None:
    staff.tab.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    staff.go("/questions")
    assert staff.tab.title().startswith("Câu hỏi chưa ổn"), "what people wrote is text and nothing else"
    expect(staff.find("main")).to_contain_text(HTML)
    expect(staff.find("main img")).to_have_count(0)
    card = staff.find("li.card").filter(has_text="xe buýt")
    expect(card).to_contain_text("2 lượt hỏi")
    card.locator("button").first.click()
    expect(staff.find("h1")).to_have_text("Viết câu trả lời")
    assert "trung tâm hành chính công" in staff.find("#questions").input_value()
    end = (dt.date.today() + dt.timedelta(days=9)).isoformat()
    for name, text in (("text", "Đi xe số 6."), ("source0", "Thông báo 1/TB"), ("valid_to", end)):
        staff.fill(name, text)
    staff.press("Lưu, dùng ngay")
    expect(staff.find(".done")).to_contain_text("Đã lưu câu trả lời")
    expect(citizen.ask("xe buýt số mấy đi trung tâm hành chính công")).to_contain_text("Đi xe số 6.")


def test_answering_somebody_who_waits(staff: Staff, citizen: Person) -> None:
    citizen.ask("không biết").locator(".chips button").first.click()
    citizen.answered(2)
    citizen.write("tôi ở xã A")
    expect(citizen.find(".passed")).to_have_count(1)
    staff.go("/cases")
    staff.find("li.card a").first.click()
    expect(staff.find(".thread")).to_contain_text("tôi ở xã A")
    staff.fill("text", "Chào anh, mời anh tới quầy 5.")
    staff.press("Gửi trả lời")
    expect(staff.find(".done")).to_contain_text("Đã gửi")
    expect(staff.find(".thread")).to_contain_text("quầy 5")
    expect(citizen.find(".letter")).to_contain_text("quầy 5")
    staff.fill("text", "đang viết dở")
    citizen.write("cảm ơn cán bộ")
    expect(staff.find(".thread li.person").last).to_contain_text("cảm ơn cán bộ", timeout=20_000)  # by itself
    expect(staff.find("[name=text]")).to_have_value("đang viết dở")
    assert staff.find(".thread li").count() == 3
    staff.press("Kết thúc trao đổi")
    expect(staff.find("main")).to_contain_text("Không có ai đang chờ")


def test_somebody_new_is_seen_on_every_page(staff: Staff, citizen: Person) -> None:
    staff.tab.clock.install()
    staff.go("/cases")
    assert "(1)" not in staff.tab.title()
    citizen.ask("không biết").locator(".chips button").first.click()
    citizen.answered(2)
    staff.tab.clock.run_for(21_000)
    expect(staff.find("#news")).to_be_visible()
    expect(staff.find("nav .badge")).to_contain_text("1")
    assert staff.tab.title().startswith("(1) ")
    staff.tab.context.clear_cookies()
    staff.tab.clock.run_for(21_000)
    expect(staff.find("#over")).to_contain_text("Phiên làm việc đã hết")


def test_keyboard_and_fit(staff: Staff) -> None:
    staff.go("")
    staff.tab.keyboard.press("Tab")
    expect(staff.find(":focus")).to_have_text("Đến nội dung")
    staff.tab.set_viewport_size({"width": SMALL[0], "height": SMALL[1]})
    for path in PATHS:
        staff.go(path)
        assert staff.fits(), path
        assert staff.too_small("main button, main .button, nav a", 0, 43) == [], path


def test_why_an_answer_fits_a_phone(browser: Any, small_root: Path, encoder: StaticEncoder, tmp_path: Path) -> None:
    index = open_index(small_root, encoder, load_ranking())
    with served(tmp_path, application, lambda: describe(index, Assistant(index), "v1")) as running:
        staff = Staff(browser, running)
        staff.open(SMALL)
        staff.login()
        staff.go("/search")
        staff.fill("text", "nộp hồ sơ trực tuyến")
        staff.find("main button.main").click()
        expect(staff.find("main table").first).to_be_visible()
        for line in staff.find("summary").all():
            line.click()
        assert staff.fits()
        assert staff.barriers() == []
        staff.close()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_accessibility(staff: Staff, dark: bool) -> None:
    """Nothing that axe-core calls a violation, however small."""
    size = PHONE if dark else DESKTOP
    staff.tab.set_viewport_size({"width": size[0], "height": size[1]})
    staff.tab.emulate_media(color_scheme="dark" if dark else "light")
    for path in PATHS:
        staff.go(path)
        assert staff.barriers() == [], path


def test_wrong_passwords(browser: Any, running: Running) -> None:
    stranger = Staff(browser, running)
    stranger.open(DESKTOP, path="/questions")
    expect(stranger.find("h1")).to_have_text("Đăng nhập trang cán bộ")
    for _ in range(5):
        stranger.login("sai mật khẩu rồi")
        expect(stranger.find("[role=alert]")).to_contain_text("chưa đúng")
    stranger.login()
    expect(stranger.find("main")).to_contain_text("15 phút")
    stranger.close()
