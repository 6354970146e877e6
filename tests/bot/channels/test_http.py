"""The HTTP client of the channels against a real server."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from bot.channels.base import RetryLater
from bot.channels.calling import TooMany, call
from bot.channels.http import Http, Unreachable
from evaluation.loopback import serving
from tests.waiting import PATIENCE


async def handle(request: Request) -> Response:
    match request.path_params["what"]:
        case "never":
            await asyncio.Event().wait()
        case "late":
            await asyncio.sleep(0.2)
            return JSONResponse({"late": True})
        case "elsewhere":
            return RedirectResponse("/echo")
        case "many":
            return Response("busy", 429, headers={"Retry-After": "7"})
        case "list":
            return JSONResponse([1])
        case "broken":
            return Response("<html>", 503)
    sent = await request.body()
    return JSONResponse(
        {"method": request.method, "body": sent.decode(), "cookie": request.headers.get("cookie")}, headers={"Set-Cookie": "a=b"}
    )


@pytest.fixture
async def url() -> AsyncIterator[str]:
    async with serving(Starlette(routes=[Route("/{what}", handle, methods=["GET", "POST"])])) as url:
        yield url


async def test_a_call_and_one_after_closing(url: str) -> None:
    http = Http(5.0)
    for _ in range(2):
        status, answer = await call(http, "POST", f"{url}/echo", json={"câu": 1})
        assert (status, answer) == (200, {"method": "POST", "body": '{"câu": 1}', "cookie": None}) or answer["body"] == '{"c\\u00e2u": 1}'
        assert answer["cookie"] is None, "no cookies are kept"
        await http.aclose()
    await http.aclose()


async def test_a_form(url: str) -> None:
    async with Http(5.0) as http:
        _, answer = await call(http, "POST", f"{url}/echo", data={"a": "ô & b", "c": "1"})
    assert answer["body"] == "a=%C3%B4+%26+b&c=1"


async def test_redirects_are_not_followed(url: str) -> None:
    async with Http(5.0) as http:
        assert (await http.request("GET", f"{url}/elsewhere")).status == 307


async def test_what_is_no_answer_names_no_address(url: str) -> None:
    async with Http(0.1) as http:
        with pytest.raises(Unreachable) as late:
            await http.request("GET", f"{url}/never?token=secret")
        with pytest.raises(Unreachable) as away:
            await http.request("GET", "http://127.0.0.1:1/token-secret")
        with pytest.raises(Unreachable) as wrong:
            await http.request("GET", "no address secret")
        assert (await http.request("GET", f"{url}/late", timeout=PATIENCE)).status == 200
    assert (late.value.late, away.value.late, wrong.value.late) == (True, False, False)
    assert not any("secret" in str(error.value) for error in (late, away, wrong))


async def test_answers_that_mean_later(url: str) -> None:
    async with Http(5.0) as http:
        with pytest.raises(TooMany) as many:
            await call(http, "GET", f"{url}/many")
        assert many.value.seconds == 7
        for what in ("broken", "list"):
            with pytest.raises(RetryLater):
                await call(http, "GET", f"{url}/{what}")
        with pytest.raises(RetryLater):
            await call(http, "GET", "http://127.0.0.1:1/")
