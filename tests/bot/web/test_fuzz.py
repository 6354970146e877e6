"""Whatever is sent: an answer of the described shape or a clear refusal, never a crash (schemathesis, from the API's own description).

``API_FUZZ_EXAMPLES=2000 pytest tests/bot/web/test_fuzz.py`` looks for longer.
"""

from __future__ import annotations

import os
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
import schemathesis
from fastapi import FastAPI
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.specs.openapi.checks import content_type_conformance, response_schema_conformance, status_code_conformance
from starlette.testclient import TestClient

from bot.assembly import describe
from bot.pipeline import Assistant
from bot.service import AnswerService
from bot.storage import Storage
from bot.web.api import create_app
from bot.web.options import WebOptions
from bot.web.page import make_router
from knowledge.encoding import StaticEncoder
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index
from tests.conftest import TODAY

EXAMPLES = int(os.environ.get("API_FUZZ_EXAMPLES", "6"))
ASKED_FOR_LONG = "API_FUZZ_EXAMPLES" in os.environ
CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_schema_conformance]


@pytest.fixture(scope="module")
def app(tmp_path_factory: pytest.TempPathFactory, small_root: Path, encoder: StaticEncoder) -> FastAPI:
    """The whole application over the small index, which opens and closes its database with the test client."""
    index = open_index(small_root, encoder, load_ranking())
    loaded = describe(index, Assistant(index, TODAY), "v1")
    storage = Storage(f"sqlite+aiosqlite:///{tmp_path_factory.mktemp('fuzz')}/bot.sqlite3")
    service = AnswerService(storage, lambda: loaded, lambda: "v1")

    @asynccontextmanager
    async def lifespan(_app: FastAPI) -> AsyncIterator[None]:
        await storage.open()
        await service.open()
        yield
        await storage.close()

    app = create_app(service, WebOptions(docs=True), routers=[make_router(service)])
    app.router.lifespan_context = lifespan
    return app


@pytest.fixture(scope="module")
def web(app: FastAPI) -> Iterator[TestClient]:
    with TestClient(app, raise_server_exceptions=False) as client:
        yield client


def test_every_operation_as_described(app: FastAPI, web: TestClient) -> None:
    operations = [found.ok() for found in schemathesis.openapi.from_dict(app.openapi()).get_all_operations()]
    assert len(operations) >= 9
    for operation in operations:

        @given(case=operation.as_strategy())
        @settings(max_examples=EXAMPLES, deadline=None, derandomize=not ASKED_FOR_LONG, suppress_health_check=list(HealthCheck))
        def check(case: schemathesis.Case) -> None:
            sent = {k: v for k, v in case.as_transport_kwargs(base_url="http://testserver").items() if v is not None and k != "cookies"}
            case.validate_response(web.request(**sent), checks=CHECKS)

        check()


HOSTILE = st.text(st.characters(), max_size=300) | st.sampled_from(
    [
        "\u202emật khẩu\u202c", "a\u200b\u200c\u200d\ufeffb", "\x00\x1b[31m", "<img src=x onerror=alert(1)>", "{{7*7}}${7*7}",
        "../../etc/passwd", "%2e%2e%2f", "' OR 1=1 --", "\U0001f9d1‍\U0001f33e" * 50, "Z̸̢̛͎" * 200, "а" * 900, "１．００１１９３",
    ]
)  # fmt: skip


@given(text=HOSTILE, province=st.none() | HOSTILE, entry=st.none() | HOSTILE)
@settings(max_examples=max(40, EXAMPLES), deadline=None, derandomize=not ASKED_FOR_LONG, suppress_health_check=list(HealthCheck))
def test_hostile_words_on_the_page(web: TestClient, text: str, province: str | None, entry: str | None) -> None:
    turn = {"text": text, "conversation": "c-1", "province": province, "choice": {"label": text, "entry": entry} if entry else None}
    response = web.post("/web/ask", json=turn)
    assert response.status_code in (200, 413, 422), response.text
    assert response.headers["content-type"] == "application/json"
    if response.status_code == 200:
        said = response.json()["answer"]
        assert not any(c in said for c in "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200b\ufeff\x00\x1b")


@given(body=st.binary(max_size=200), kind=st.sampled_from(["application/json", "text/plain", "application/xml", ""]))
@settings(max_examples=max(40, EXAMPLES), deadline=None, derandomize=not ASKED_FOR_LONG, suppress_health_check=list(HealthCheck))
def test_any_bytes(web: TestClient, body: bytes, kind: str) -> None:
    for path in ("/api/v1/ask", "/web/ask"):
        assert web.post(path, content=body, headers={"content-type": kind}).status_code in (400, 415, 422)
