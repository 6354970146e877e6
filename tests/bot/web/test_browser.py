"""The web chat as a person uses it: the real application on a loopback port, driven through headless Chromium."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import APIRouter
from fastapi.responses import HTMLResponse
from starlette.types import ASGIApp

from bot.service import AnswerService
from bot.storage import Part, Storage
from bot.web.api import create_app
from bot.web.page import make_router
from tests.fakes.browser import DESKTOP, NARROW, PHONE, SMALL, Person, Running, browser, expect, served

__all__ = ["browser"]
HOST_PAGE = (
    '<!doctype html><html lang="vi"><head><title>Trang của tỉnh</title></head>'
    '<body><h1>Trang của tỉnh</h1><script src="/static/widget.js" data-label="Hỏi đáp" defer></script></body></html>'
)


async def application(service: AnswerService, _storage: Storage) -> ASGIApp:
    host = APIRouter()
    host.add_api_route("/trang-khac", lambda: HTMLResponse(HOST_PAGE, headers={"Content-Security-Policy": "default-src 'self'"}))
    return create_app(service, routers=[make_router(service), host])


@pytest.fixture(scope="module")
def running(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Running]:
    with served(tmp_path_factory.mktemp("web"), application) as found:
        yield found


@pytest.fixture
def person(browser: Any, running: Running) -> Iterator[Person]:
    running.asked.clear()
    found = Person(browser, running).open()
    yield found
    found.close()
    running.failures.clear()
    running.lost = 0
    assert found.complaints == []


def test_asking_choosing_reloading_and_deleting(person: Person) -> None:
    expect(person.find("#empty")).to_be_visible()
    expect(person.find("#clear")).to_be_disabled()
    asked_back = person.ask("sổ đỏ").inner_text()
    expect(person.find("#empty")).to_be_hidden()
    assert "1. Cấp lại sổ đỏ bị mất" in asked_back
    assert asked_back.count("Cấp lại") == 1, "options stand there as buttons only"
    person.find(".choices button").nth(1).click()
    expect(person.answered(2)).to_contain_text("Đã chọn procedure/2")
    person.find(".chips button").first.click()
    expect(person.answered(3)).to_contain_text("procedure/1 fee")
    person.find(".choices button").first.click()  # under an older answer
    expect(person.answered(4)).to_contain_text("Đã chọn procedure/1")
    pressed = [text.splitlines()[-1] for text in person.find(".bubble").all_inner_texts()][1:]
    assert pressed == ["Cấp đổi sổ đỏ cũ sang mẫu mới", "Lệ phí", "Cấp lại sổ đỏ bị mất"]

    person.find("#question").press_sequentially("đang viết dở")
    conversation, before = person.kept("conversation"), person.find("#log").inner_text()
    person.tab.reload()
    assert person.find("#log").inner_text() == before
    assert person.kept("conversation") == conversation
    expect(person.find("#question")).to_have_value("đang viết dở")
    expect(person.ask(".")).to_contain_text("Lần 5")  # the server still knows the conversation

    person.find("#clear").click()
    person.find("#keep").click()
    expect(person.answers()).to_have_count(5)
    person.find("#clear").click()
    person.find("#really").click()
    person.until(lambda: person.kept("forget") == [])
    expect(person.answers()).to_have_count(0)
    expect(person.find("#empty")).to_be_visible()
    assert person.kept("messages") == []
    assert person.kept("conversation") != conversation
    expect(person.find("#question")).to_be_focused()
    expect(person.ask("mới")).to_contain_text("Lần 1")
    person.tab.evaluate("old => sessionStorage.setItem('hdtthc.conversation', old)", json.dumps(conversation))
    person.tab.reload()
    expect(person.ask("cũ")).to_contain_text("Lần 1")  # and the server has forgotten the old one


def test_how_an_answer_is_shown(person: Person) -> None:
    answer = person.ask("khai sinh")

    def texts(selector: str) -> list[str]:
        return list(answer.locator(selector).all_inner_texts())

    assert texts("h3") == ["Đăng ký khai sinh (mã 1.001193)."]
    assert texts("h4") == ["Giấy tờ:", "Các bước:"]
    assert texts("ol li") == ["Vào trang, đăng nhập.", "Điền tờ khai."]
    assert texts(".note li") == ["Cần kiểm tra: mức lệ phí.", "Không còn cấp huyện."]
    assert len(texts(".source li")) == 2
    assert "<b>không phải thẻ</b> <img src=x" in answer.inner_text()
    assert person.tab.title() == "Hỏi đáp thủ tục hành chính"
    assert answer.locator("img").count() == 0
    links = answer.locator("a").all()
    assert [a.get_attribute("href") for a in links] == [
        "https://dichvucong.example.vn/to-khai_(moi)",
        "https://dichvucong.example.vn/thu-tuc-hanh-chinh/019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7",
        "https://dichvucong.example.vn/1",
    ]
    assert {a.get_attribute("target") for a in links} == {"_blank"}
    assert all("noopener" in a.get_attribute("rel") for a in links)
    answer.locator(".foot .copy").click()
    expect(answer.locator(".foot .copy")).to_have_text("Đã chép")

    person.tab.emulate_media(media="print")
    expect(answer).to_be_visible()
    assert answer.locator(".official strong").is_visible() and not answer.locator(".official .host").is_visible()
    assert not any(person.find(s).first.is_visible() for s in (".tools", ".composer", ".chips", ".foot"))


def test_two_answers_in_one_keep_their_notes_and_sources(person: Person) -> None:
    answer = person.ask("hai việc")
    parts = answer.locator(".part")
    assert parts.locator("h3").all_inner_texts() == [
        "Việc thứ 1: Cấp hộ chiếu (mã 1.001456).",
        "Việc thứ 2: Đăng ký kết hôn (mã 1.000894).",
    ]
    first, second = parts.all()
    assert first.locator(".note li").filter(visible=True).all_inner_texts() == ["Một.", "Hai.", "Ba."]
    first.locator("summary").click()
    assert first.locator(".note li").filter(visible=True).all_inner_texts() == ["Một.", "Hai.", "Ba.", "Bốn.", "Năm."]
    assert second.locator(".note p").all_inner_texts() == ["Sáu."]
    assert ["1.001456" in first.locator(".source").inner_text(), "1.000894" in second.locator(".source").inner_text()] == [True, True]
    person.tab.reload()
    expect(first.locator("details")).not_to_have_attribute("open", "")
    person.tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    expect(first.locator("details")).to_have_attribute("open", "")


def test_notices_of_staff_stand_apart(person: Person) -> None:
    answer = person.ask("có thông báo")
    assert [n.inner_text().split("\n\n") for n in answer.locator(".notice").all()] == [
        ["Thông báo", "Lũ lớn.", "Trung tâm nghỉ."],
        ["Thông báo", "Chiều nay họp."],
    ]
    assert answer.locator("h3").inner_text() == "Ý anh/chị là việc nào dưới đây ạ?"
    order = answer.evaluate("node => [...node.children].map(c => c.className || c.localName)")
    assert order == ["hidden", "notice", "h3", "p", "choices", "notice", "foot"]
    assert "📢" not in answer.inner_text()


def test_an_emergency_is_called_with_one_press(person: Person) -> None:
    calls = person.ask("cháy").locator("a.call")
    assert calls.all_inner_texts() == ["Gọi 113\ncông an", "Gọi 114\ncứu hỏa", "Gọi 111"]
    assert [c.get_attribute("href") for c in calls.all()] == ["tel:113", "tel:114", "tel:111"]
    assert person.too_small("a.call", 48, 48) == []
    assert person.ask("số 113 là gì").locator("a.call").count() == 0


def test_personal_data_does_not_stay_on_the_device(person: Person) -> None:
    person.write("đổi thẻ, số căn cước 079123456789")
    person.answered(1)
    asked = person.find(".asked")
    expect(asked.locator(".bubble")).to_contain_text("đổi thẻ, số căn cước [số căn cước]")
    expect(asked.locator(".masked")).to_contain_text("Em đã che thông tin riêng")
    assert "079123456789" not in json.dumps(person.kept("messages")[0]) + asked.inner_text()
    person.tab.reload()
    expect(asked.locator(".masked")).to_have_count(1)
    person.ask("câu khác")
    expect(person.find(".masked")).to_have_count(1)


def test_a_double_click_asks_once(person: Person, running: Running) -> None:
    person.find(".examples button").first.dblclick()
    person.answered(1)
    person.ask("sổ đỏ").locator(".choices button").first.dblclick()
    person.answered(3)
    person.find(".chips button").last.dblclick()
    person.answered(4)
    person.ask("khai sinh").locator(".judging button").nth(1).dblclick()
    expect(person.find(".judging .chips button")).to_have_count(4)
    assert len(running.asked) == 5


def test_enter_that_ends_a_syllable_does_not_send(person: Person, running: Running) -> None:
    """Vietnamese input methods use Enter to take what is being composed."""
    question = person.find("#question")
    question.focus()
    keys = person.tab.context.new_cdp_session(person.tab)
    keys.send("Input.imeSetComposition", {"text": "khai sinh", "selectionStart": 9, "selectionEnd": 9})
    keys.send("Input.dispatchKeyEvent", {"type": "keyDown", "key": "Process", "code": "Enter", "windowsVirtualKeyCode": 229})
    question.evaluate(
        "e => e.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', isComposing: true, bubbles: true, cancelable: true}))"
    )
    person.tab.wait_for_timeout(200)
    assert (running.asked, question.input_value()) == ([], "khai sinh")
    keys.send("Input.insertText", {"text": "khai sinh"})
    question.press("Enter")
    person.answered(1)
    assert [q["text"] for q in running.asked] == ["khai sinh"]


def test_two_tabs_and_the_way_back(person: Person, running: Running) -> None:
    person.ask("trong tab một")
    other = person.tab.context.new_page()
    other.goto(running.url)
    expect(other.locator("#empty")).to_be_visible()
    assert other.evaluate("sessionStorage.getItem('hdtthc.conversation')") != json.dumps(person.kept("conversation"))
    other.close()
    person.tab.goto(running.url + "docs-khong-co")
    person.tab.go_back()
    expect(person.answers()).to_have_count(1)
    expect(person.ask("hai")).to_contain_text("Lần 2")


def test_examples(person: Person) -> None:
    assert [group.locator("button").count() for group in person.find(".examples").all()] == [6, 3]
    example = person.find(".examples button").first
    text = example.inner_text()
    example.click()
    expect(person.answered(1)).to_contain_text(text)


def test_offline_and_back(person: Person) -> None:
    person.offline(True)
    person.write("mất mạng")
    expect(person.find(".trouble").first).to_contain_text("Em sẽ tự gửi lại")
    person.write("câu sau")
    expect(person.find(".asked").nth(1)).to_contain_text("Đang chờ gửi.")
    person.offline(False)  # the browser says that it is back, and the question goes at once
    person.answered(2)
    expect(person.find(".trouble")).to_have_count(0)
    order = person.find(".message").all_inner_texts()
    assert [("mất mạng" in t, "câu sau" in t) for t in order] == [(True, False)] * 2 + [(False, True)] * 2

    person.offline(True)
    person.write("gửi rồi tải lại")
    expect(person.find(".trouble")).to_have_count(1)
    person.offline(False)
    person.tab.reload()
    person.answered(3)


def test_a_server_in_trouble(person: Person, running: Running) -> None:
    running.failures.extend([503, 429])
    person.write("đông quá")
    trouble = person.find(".trouble")
    expect(trouble).to_contain_text("Hệ thống đang bận")
    trouble.locator("button").click()
    expect(trouble).to_contain_text("Đang có nhiều người hỏi")
    expect(person.answers()).to_have_count(0)
    trouble.locator("button").click()
    person.answered(1)
    assert len(running.asked) == 3

    running.failures.append(422)
    person.write("bị từ chối")
    expect(trouble).to_have_text("Chưa gửi được. Chỉ để thử.Gửi lại")
    trouble.locator("button").click()
    person.answered(2)
    expect(trouble).to_have_count(0)


def test_a_server_away_for_long(person: Person, running: Running) -> None:
    """The page goes on trying by itself; nobody has to watch it."""
    tab = person.tab
    tab.clock.install()
    tab.reload()
    running.failures.extend([503] * 9)
    person.write("chờ lâu")
    trouble = person.find(".trouble")
    for _ in range(9):
        expect(trouble).to_have_text("Hệ thống đang bận. Em sẽ tự gửi lại ạ.Gửi lại")
        tab.wait_for_timeout(50)
        with tab.expect_response("**/web/ask"):
            tab.clock.fast_forward(61_000)
    person.answered(1)
    expect(trouble).to_have_count(0)
    assert len({q["message"] for q in running.asked}) == 1


def test_an_answer_lost_on_its_way_is_not_given_twice(person: Person, running: Running) -> None:
    expect(person.ask("một")).to_contain_text("Lần 1")
    running.lost = 2
    person.write("hai")
    for seen in (2, 3):
        person.until(lambda seen=seen: len(running.asked) >= seen and person.find(".trouble button").count())
        person.find(".trouble button").first.click()
    expect(person.answered(2)).to_contain_text("Lần 2")
    assert len({q["message"] for q in running.asked}) == 2
    expect(person.ask("ba")).to_contain_text("Lần 3")


def test_opinions(person: Person, running: Running) -> None:
    expect(person.find("#events")).to_be_visible()
    person.ask("khai sinh")
    judging = person.find(".judging button")
    assert judging.all_inner_texts() == ["👍 Đúng ý", "👎 Chưa đúng"]
    judging.first.click()
    expect(person.find(".thanks")).to_have_text("Cảm ơn anh/chị.")
    person.ask("khai sinh")
    judging.nth(1).click()
    reasons = person.find(".judging .chips button")
    expect(reasons.first).to_be_focused()
    reasons.filter(has_text="Không đúng việc tôi hỏi").click()
    expect(person.answered(3)).to_contain_text("Ý anh/chị là việc nào")  # the bot offers what else it may be
    kept = person.until(lambda: len(found := running.stored(running.storage.feedback.recent(most=2))) == 2 and found)
    assert {(k.good, k.reason, k.question, k.entry) for k in kept} == {
        (True, None, "khai sinh", "procedure/1.001193"),
        (False, "Không đúng việc tôi hỏi", "khai sinh", "procedure/1.001193"),
    }
    person.tab.reload()
    expect(person.find(".thanks")).to_have_count(2)
    answer = person.ask(".")
    assert answer.locator(".judging").count() == 0, "only where there is something to judge"


def test_a_person_answers(person: Person, running: Running) -> None:
    storage = running.storage
    person.ask("không biết").locator(".chips button").first.click()
    expect(person.answered(2)).to_contain_text("em đã ghi nhận")
    case = running.stored(storage.hand_overs.current("web", person.kept("conversation")))
    person.write("tôi ở xã A")
    expect(person.find(".passed")).to_have_count(1)
    expect(person.answers()).to_have_count(2)  # the bot keeps quiet
    assert running.stored(storage.hand_overs.reply(case.id, "lan", [Part("web", "Chào anh.\nXem https://dichvucong.example.vn/2")]))
    letter = person.find(".letter")
    expect(letter).to_contain_text("Chào anh.")
    expect(letter.locator("a")).to_have_attribute("href", "https://dichvucong.example.vn/2")
    person.tab.reload()
    expect(letter).to_have_count(1)
    running.stored(storage.hand_overs.close(case.id, "lan"))
    expect(person.answers().last).to_contain_text("đã kết thúc")
    expect(letter).to_have_count(1)  # what was shown is not fetched again
    expect(person.ask("lại hỏi bot")).to_contain_text("Lần")


def test_situations_of_life(person: Person) -> None:
    event = person.find(".tiles button")
    expect(event).to_have_count(1)
    event.click()
    assert person.answered(1).locator(".choices button").count() == 2


def test_long_questions(person: Person, running: Running) -> None:
    question, counter = person.find("#question"), person.find("#counter")
    question.fill("ạ" * 1010)
    expect(counter).to_have_text("Dài quá 10 ký tự, anh/chị bớt lại giúp em.")
    expect(question).to_have_attribute("aria-invalid", "true")
    question.press("Enter")
    expect(question).to_have_value("ạ" * 1010)
    assert running.asked == []
    for _ in range(10):
        question.press("Backspace")
    expect(counter).to_have_text("Còn 0 ký tự.")
    question.press("Enter")
    person.answered(1)
    expect(counter).to_be_hidden()


def test_with_the_keyboard_alone(person: Person) -> None:
    keys = person.tab.keyboard

    def go_to(found: Any, *, back: bool = False) -> None:
        for _ in range(40):
            if found.evaluate("e => e === document.activeElement"):
                return
            keys.press("Shift+Tab" if back else "Tab")
        raise AssertionError(f"the keyboard does not lead to {found}")

    keys.press("Tab")
    skip = person.find(".skip")
    expect(skip).to_be_focused()
    expect(skip).to_have_text("Đến ô nhập câu hỏi")
    assert skip.bounding_box()["y"] >= 0
    keys.press("Enter")
    question = person.find("#question")
    expect(question).to_be_focused()
    keys.type("dòng một")
    keys.press("Shift+Enter")
    keys.type("dòng hai")
    expect(question).to_have_value("dòng một\ndòng hai")
    keys.press("Enter")
    person.answered(1)
    expect(question).to_have_value("")

    keys.type("sổ đỏ")
    keys.press("Enter")
    go_to(person.answered(2).locator(".choices button").nth(1), back=True)
    keys.press("Enter")
    expect(person.answered(3)).to_contain_text("Đã chọn procedure/2")
    go_to(person.answers().last.locator(".chips button").first, back=True)
    keys.press("Space")
    expect(person.answered(4)).to_contain_text("procedure/1 fee")

    go_to(question)
    keys.type("khai sinh")
    keys.press("Enter")
    go_to(person.answered(5).locator(".judging button").nth(1), back=True)
    keys.press("Enter")
    expect(person.find(".judging .chips button").first).to_be_focused()
    keys.press("Enter")
    expect(person.find(".thanks")).to_have_count(1)

    go_to(person.find("#clear"), back=True)
    keys.press("Enter")
    expect(person.find("#confirm")).to_be_visible()
    keys.press("Escape")
    expect(person.find("#clear")).to_be_focused()
    keys.press("Enter")
    go_to(person.find("#really"))
    keys.press("Enter")
    expect(person.answers()).to_have_count(0)
    expect(question).to_be_focused()


def test_province_and_larger_letters(person: Person, running: Running) -> None:
    picker = person.find("#province")
    expect(picker.locator("option")).to_have_text(["Chọn tỉnh", "An Giang", "Điện Biên", "Đồng Tháp", "Tiền Giang"])
    picker.select_option("Tiền Giang")
    expect(person.ask("a")).to_contain_text("a / Tiền Giang")
    person.tab.reload()
    expect(picker).to_have_value("Tiền Giang")
    person.ask("ở Đồng Tháp")
    expect(picker).to_have_value("Đồng Tháp")
    expect(person.ask("b")).to_contain_text("Đồng Tháp")
    assert [q["province"] for q in running.asked] == ["Tiền Giang", "Tiền Giang", "Đồng Tháp"]

    def size() -> float:
        return float(person.tab.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))

    assert size() >= 18
    person.find("#larger").click()
    assert size() >= 22
    person.tab.reload()
    assert size() >= 22
    expect(person.find("#larger")).to_have_attribute("aria-pressed", "true")


@pytest.mark.parametrize("size", [NARROW, SMALL, PHONE, DESKTOP])
def test_everything_fits_and_can_be_hit(person: Person, size: tuple[int, int]) -> None:
    person.open(size)
    person.ask("sổ đỏ")
    person.ask("khai sinh")
    assert person.fits()
    assert person.too_small("button, select, textarea, a.official", 47.5, 47.5) == []


@pytest.mark.parametrize("larger", [False, True], ids=["browser", "page"])
def test_letters_twice_as_large(person: Person, larger: bool) -> None:
    """WCAG 2.2, 1.4.4: on a phone whose owner reads letters of double size (and has pressed "Chữ to") everything can be used."""
    person.open(SMALL)
    person.tab.context.new_cdp_session(person.tab).send("Page.setFontSizes", {"fontSizes": {"standard": 32, "fixed": 26}})
    person.tab.reload()
    if larger:
        person.find("#larger").click()
    question = person.find("#question").bounding_box()
    size = float(person.tab.evaluate("parseFloat(getComputedStyle(document.body).fontSize)"))
    assert size >= (40 if larger else 36)
    assert question["width"] >= 6 * size, "there is room for a word"
    person.ask("sổ đỏ")
    person.ask("hai việc")
    person.ask("cháy")
    assert person.fits()


@pytest.mark.parametrize("dark", [False, True], ids=["light", "dark"])
def test_accessibility(person: Person, running: Running, dark: bool) -> None:
    """Nothing that axe-core calls a violation, however small."""
    person.open(PHONE, dark=dark)
    background = person.tab.evaluate("getComputedStyle(document.body).backgroundColor")
    assert (sum(int(part) for part in background.strip("rgb()").split(",")) < 3 * 80) == dark
    expect(person.find("#events")).to_be_visible()
    assert person.barriers() == [], "empty"
    person.ask("sổ đỏ")
    person.ask("khai sinh")
    person.find(".judging button").nth(1).click()
    person.ask("không biết")
    person.ask("hai việc")
    person.ask("có thông báo")
    person.ask("cháy")
    person.ask("số căn cước 079123456789")
    running.failures.append(422)
    person.write("hỏng")
    expect(person.find(".trouble")).to_have_count(1)
    person.find("#question").fill("a" * 1001)
    assert person.barriers() == [], "conversation"
    person.find("#clear").click()
    assert person.barriers() == [], "dialog"


def test_weight(person: Person) -> None:
    """All that a first visit loads, unpacked; sent it is a third of that."""
    sizes: dict[str, int] = {}
    person.tab.on("response", lambda response: sizes.update({response.url: len(response.body())}))
    person.go("")
    expect(person.find("#events")).to_be_visible()
    # What has come is on the page a little before it is told here.
    person.until(lambda: {url.rpartition("/")[2].partition("?")[0] for url in sizes} >= {"", "chat.js", "chat.css", "choices"})
    assert sum(sizes.values()) < 100_000, sizes


def test_the_widget(person: Person) -> None:
    person.open(DESKTOP, path="trang-khac")
    launcher = person.find("#hdtthc-launcher")
    expect(launcher).to_have_text("Hỏi đáp")
    launcher.click()
    frame = person.tab.frame_locator("#hdtthc-panel iframe")
    frame.locator("#question").press_sequentially("trong khung")
    frame.locator("#send").click()
    expect(frame.locator(".answer:not(.waiting)")).to_contain_text("Lần 1: trong khung")
    expect(frame.locator("html")).to_have_class("embed")
    frame.locator("#question").press("Escape")
    panel = person.find("#hdtthc-panel")
    expect(panel).to_be_hidden()
    expect(launcher).to_be_focused()
    launcher.click()
    expect(panel).to_be_visible()
    assert panel.locator("iframe").bounding_box()["height"] > 500
    panel.locator("button").click()
    expect(launcher).to_be_visible()


def test_the_widget_says_that_staff_have_answered(person: Person, running: Running) -> None:
    storage = running.storage
    person.open(DESKTOP, path="trang-khac")
    launcher = person.find("#hdtthc-launcher")
    launcher.click()
    frame = person.tab.frame_locator("#hdtthc-panel iframe")
    frame.locator("#question").fill("Gặp cán bộ")
    frame.locator("#send").click()
    expect(frame.locator(".answer:not(.waiting)")).to_contain_text("em đã ghi nhận")
    person.find("#hdtthc-panel > div button").click()
    expect(launcher).to_have_text("Hỏi đáp")
    conversation = json.loads(frame.locator("html").evaluate("() => sessionStorage.getItem('hdtthc.conversation')"))
    case = running.stored(storage.hand_overs.current("web", conversation))
    assert running.stored(storage.hand_overs.reply(case.id, "lan", [Part("web", "Chào anh.")]))
    expect(launcher).to_have_text("Cán bộ đã trả lời")
    launcher.click()
    expect(frame.locator(".letter")).to_contain_text("Chào anh.")
    person.find("#hdtthc-panel > div button").click()
    expect(launcher).to_have_text("Hỏi đáp")
