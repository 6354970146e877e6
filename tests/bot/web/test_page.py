from __future__ import annotations

import gzip
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from html.parser import HTMLParser
from importlib import resources
from pathlib import Path

import httpx
import pytest

from bot.service import AnswerService
from bot.storage import Storage
from bot.web.api import create_app
from bot.web.page import FOR_EVER, REVALIDATE, TYPES, make_router
from config.settings import WrongSettings, load_settings
from tests.fakes.assistant import stub

ROOT = Path(__file__).resolve().parents[3]
LOADED = ("icon.svg", "chat.css", "icons.js", "answer.js", "chat.js")
"""What the page itself links to."""
STATIC = ROOT / "bot" / "web" / "static"
VOID = {"meta", "link", "img", "br", "hr", "input"}


@pytest.fixture
async def web(service: AnswerService) -> AsyncIterator[httpx.AsyncClient]:
    async with client(service) as made:
        yield made


def client(service: AnswerService, frame_ancestors: str = "") -> httpx.AsyncClient:
    app = create_app(service, routers=[make_router(service, frame_ancestors)])
    return httpx.AsyncClient(transport=httpx.ASGITransport(app, raise_app_exceptions=False), base_url="http://test")


def directives(response: httpx.Response) -> Mapping[str, list[str]]:
    parts = [d.split() for d in response.headers["content-security-policy"].split(";")]
    return {p[0]: p[1:] for p in parts}


async def ask(web: httpx.AsyncClient, text: str, **values: object) -> dict[str, object]:
    response = await web.post("/web/ask", json={"text": text, "conversation": "c-1", **values})
    assert response.status_code == 200, response.text
    answer: dict[str, object] = response.json()
    return answer


# --- files ---------------------------------------------------------------------------------------------------------------


async def test_the_page_and_its_policy(web: httpx.AsyncClient) -> None:
    response = await web.get("/")
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    assert response.headers["cache-control"] == REVALIDATE
    assert response.headers["x-content-type-options"] == "nosniff"
    assert response.headers["x-frame-options"] == "SAMEORIGIN"
    policy = directives(response)
    assert policy["default-src"] == policy["base-uri"] == policy["form-action"] == policy["trusted-types"] == ["'none'"]
    assert policy["script-src"] == policy["style-src"] == policy["img-src"] == policy["connect-src"] == ["'self'"]
    assert policy["frame-ancestors"] == ["'self'"]
    assert "unsafe" not in response.headers["content-security-policy"]
    head = await web.head("/")
    assert (head.status_code, head.content) == (200, b"")


async def test_every_linked_file_is_kept_for_good(web: httpx.AsyncClient) -> None:
    page = (await web.get("/")).text
    links = re.findall(r'(?:href|src)="(static/[^"]+)"', page)
    assert {re.sub(r"\?.*", "", link) for link in links} == {f"static/{name}" for name in LOADED}
    for link in links:
        response = await web.get("/" + link)
        assert response.status_code == 200
        assert response.headers["cache-control"] == FOR_EVER


@pytest.mark.parametrize("name", [n for n in TYPES if n != "index.html"])
async def test_types_tags_and_compression(web: httpx.AsyncClient, name: str) -> None:
    plain = await web.get(f"/static/{name}", headers={"accept-encoding": "identity"})
    assert plain.headers["content-type"] == TYPES[name]
    assert plain.headers["cache-control"] == REVALIDATE
    assert plain.content == (STATIC / name).read_bytes()
    async with web.stream("GET", f"/static/{name}", headers={"accept-encoding": "gzip"}) as packed:
        raw = b"".join([part async for part in packed.aiter_raw()])
    assert packed.headers["content-encoding"] == "gzip"
    assert gzip.decompress(raw) == plain.content
    again = await web.get(f"/static/{name}", headers={"if-none-match": f"W/{plain.headers['etag']}"})
    assert (again.status_code, again.content) == (304, b"")
    assert (await web.get(f"/static/{name}?v=cu")).headers["cache-control"] == REVALIDATE


@pytest.mark.parametrize("path", ["/static/", "/static/index.html", "/static/khong-co.js", "/static/..%2Fapi.py", "/static/%2e%2e/page.py"])
async def test_nothing_else_is_served(web: httpx.AsyncClient, path: str) -> None:
    assert (await web.get(path)).status_code == 404


async def test_an_address_that_does_not_exist(web: httpx.AsyncClient) -> None:
    page = await web.get("/thu-tuc/cu", headers={"accept": "text/html,*/*"})
    assert (page.status_code, page.headers["content-type"]) == (404, "text/html; charset=utf-8")
    assert 'href="/"' in page.text and "{root}" not in page.text and "thu-tuc" not in page.text
    for path in ("/thu-tuc/cu", "/api/v1/khong-co", "/static/khong-co.js"):
        accept = "*/*" if path.startswith("/thu") else "text/html"
        assert (await web.get(path, headers={"accept": accept})).json()["error"]["status"] == 404


def test_the_files_are_all_there_small_and_packaged() -> None:
    assert {p.name for p in STATIC.iterdir()} == set(TYPES)
    assert all((resources.files("bot.web") / "static" / name).is_file() for name in TYPES)
    packed = sum(len(gzip.compress((STATIC / name).read_bytes())) for name in TYPES)
    assert packed < 30_000, "a cheap phone on a slow network has to load this"
    assert '"bot.web" = ["static/*", "templates/*"]' in (ROOT / "pyproject.toml").read_text(encoding="utf-8")


@pytest.mark.parametrize("name", list(TYPES))
def test_no_other_host_and_no_html_from_text(name: str) -> None:
    text = (STATIC / name).read_text(encoding="utf-8")
    hosts = set(re.findall(r"(?:https?:)?//([a-z0-9-]+(?:\.[a-z0-9-]+)+)", text, re.IGNORECASE))
    assert hosts <= {"www.w3.org"}, "only the name of SVG's namespace"
    assert "@import" not in text
    assert "url(" not in text
    for sink in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval(", "new Function", "DOMParser"):
        assert sink not in text


class _Page(HTMLParser):
    """Collects what the page is made of, and checks that tags close in order."""

    def __init__(self) -> None:
        super().__init__()
        self.open: list[str] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: dict[int, str] = {}
        self._at: list[int] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        assert len(dict(attrs)) == len(attrs), f"an attribute twice in <{tag}>"
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
            self._at.append(len(self.elements) - 1)

    def handle_endtag(self, tag: str) -> None:
        assert self.open, f"</{tag}> closes nothing"
        assert self.open.pop() == tag
        self._at.pop()

    def handle_data(self, data: str) -> None:
        for index in self._at:
            self.text[index] = self.text.get(index, "") + data.strip()


def test_the_page_is_sound_html() -> None:
    source = (STATIC / "index.html").read_text(encoding="utf-8")
    page = _Page()
    page.feed(source)
    page.close()
    assert source.lower().startswith("<!doctype html>")
    assert page.open == []
    tags = [tag for tag, _ in page.elements]
    assert tags.count("h1") == tags.count("main") == tags.count("title") == 1
    assert ("html", {"lang": "vi"}) in page.elements
    ids = [a["id"] for _, a in page.elements if "id" in a]
    assert len(ids) == len(set(ids))
    for tag, attributes in page.elements:
        assert not [a for a in attributes if a.startswith("on") or a == "style"], "the policy forbids inline code and style"
        for reference in ("for", "aria-labelledby", "aria-describedby"):
            assert attributes.get(reference) is None or attributes[reference] in ids
        if tag == "a":
            assert (attributes["href"] or "")[1:] in ids
        if tag == "img":
            assert "alt" in attributes
    labelled = {a["for"] for tag, a in page.elements if tag == "label"}
    assert {a["id"] for tag, a in page.elements if tag in ("select", "textarea")} == labelled
    for index, (tag, attributes) in enumerate(page.elements):
        if tag == "button":
            assert attributes.get("type") in ("button", "submit")
            assert page.text.get(index) or attributes.get("aria-label")
        if tag == "script":
            assert not page.text.get(index)
            assert attributes["src"]
        assert tag != "style"


def test_what_the_script_looks_for_is_on_the_page() -> None:
    script = (STATIC / "chat.js").read_text(encoding="utf-8")
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    wanted = set(re.findall(r'\$\("([a-z-]+)"\)', script))
    assert wanted
    assert all(f'id="{name}"' in page for name in wanted)


def test_nine_examples() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    groups = re.findall(r'<ul class="examples">(.*?)</ul>', page, re.DOTALL)
    assert [group.count("<button") for group in groups] == [6, 3]


# --- what the page asks for ----------------------------------------------------------------------------------------------


async def test_an_answer_with_what_the_page_shows(web: httpx.AsyncClient) -> None:
    first = await ask(web, "chọn")
    assert first["status"] == "clarify"
    assert first["options"] == ["Cấp lại sổ đỏ", "Cấp đổi sổ đỏ"]
    assert first["choices"] == [
        {"label": "Cấp lại sổ đỏ", "entry": "procedure/1", "province": None, "intent": None, "action": None},
        {"label": "Cấp đổi sổ đỏ", "entry": "procedure/2", "province": None, "intent": None, "action": None},
    ]
    followed = await ask(web, "nút")
    assert [f["label"] for f in followed["followups"]] == ["Lệ phí", "Thời gian"]  # type: ignore[attr-defined]
    assert (await ask(web, "xin chào"))["answer"] == "3: xin chào"
    assert (await ask(web, "a" * 1001))["status"] == "error"


async def test_a_button_means_the_same_later(web: httpx.AsyncClient) -> None:
    choice = {"label": "Cấp đổi sổ đỏ", "entry": "procedure/2", "province": None, "intent": "fee"}
    for _ in range(2):  # under an older answer, and sent again after a lost connection
        assert (await ask(web, "Cấp đổi sổ đỏ", choice=choice))["answer"] == "chọn procedure/2 fee"
    without_record = {"label": "Tiền Giang", "entry": None, "province": "Tiền Giang", "intent": None}
    assert str((await ask(web, "Tiền Giang", choice=without_record))["answer"]).endswith(": Tiền Giang")


async def test_a_button_of_an_index_that_is_gone(tmp_path: Path) -> None:
    storage = Storage(f"sqlite+aiosqlite:///{tmp_path}/bot.sqlite3")
    await storage.open()
    service = AnswerService(storage, lambda: replace(stub(), entry_ids={"procedure/1"}), lambda: "v1")
    await service.open()
    async with client(service) as web:
        gone = {"label": "Cấp đổi sổ đỏ", "entry": "procedure/2", "province": None, "intent": None}
        assert (await ask(web, "Cấp đổi sổ đỏ", choice=gone))["answer"] == "1: Cấp đổi sổ đỏ"
    await storage.close()


async def test_the_picked_province(web: httpx.AsyncClient) -> None:
    assert (await web.get("/web/choices")).json()["provinces"] == ["Tiền Giang", "Đồng Tháp"]
    assert (await ask(web, "a", province="Đồng Tháp"))["province"] == "Đồng Tháp"
    assert (await ask(web, "a"))["province"] == "Đồng Tháp"
    assert (await ask(web, "a", province="Không Có"))["province"] == "Đồng Tháp"
    assert (await ask(web, "a", province=""))["province"] is None


async def test_deleting(web: httpx.AsyncClient) -> None:
    await ask(web, "một")
    assert (await ask(web, "hai"))["answer"] == "2: hai"
    for _ in range(2):
        assert (await web.delete("/web/conversations/c-1")).status_code == 204
    assert (await ask(web, "ba"))["answer"] == "1: ba"
    assert (await web.delete("/web/conversations/a b")).status_code == 422


async def test_wrong_requests_and_failures(web: httpx.AsyncClient, tmp_path: Path) -> None:
    for wrong in ({"text": "a"}, {"text": "a", "conversation": ""}, {"text": "a", "conversation": "c", "x": 1}, []):
        assert (await web.post("/web/ask", json=wrong)).status_code == 422
    intent = {"label": "a", "intent": "khong-co"}
    assert (await web.post("/web/ask", json={"text": "a", "conversation": "c", "choice": intent})).status_code == 422
    failed = await web.post("/web/ask", json={"text": "lỗi", "conversation": "c"})
    assert (failed.status_code, failed.json()["status"]) == (500, "error")
    storage = Storage(f"sqlite+aiosqlite:///{tmp_path}/khac.sqlite3")
    await storage.open()
    async with client(AnswerService(storage, stub, lambda: "v1")) as unopened:
        assert (await unopened.post("/web/ask", json={"text": "a", "conversation": "c"})).status_code == 503
        assert (await unopened.get("/web/choices")).status_code == 503
        assert (await unopened.get("/")).status_code == 200
    await storage.close()


# --- in other pages ------------------------------------------------------------------------------------------------------


async def test_pages_that_may_show_the_chat(service: AnswerService) -> None:
    async with client(service, "https://tinh.gov.vn  https://*.so.gov.vn:8443") as web:
        response = await web.get("/")
    assert directives(response)["frame-ancestors"] == ["'self'", "https://tinh.gov.vn", "https://*.so.gov.vn:8443"]


def test_the_setting_takes_origins_only(monkeypatch: pytest.MonkeyPatch) -> None:
    assert load_settings(None).frame_ancestors == ""
    monkeypatch.setenv("BOT_FRAME_ANCESTORS", "https://tinh.gov.vn https://*.so.gov.vn:8443")
    assert load_settings(None).frame_ancestors.split() == ["https://tinh.gov.vn", "https://*.so.gov.vn:8443"]
    for wrong in ("*", "https://tinh.gov.vn; script-src *", "tinh.gov.vn", "https://a.vn,https://b.vn"):
        monkeypatch.setenv("BOT_FRAME_ANCESTORS", wrong)
        with pytest.raises(WrongSettings, match="BOT_FRAME_ANCESTORS"):
            load_settings(None)
