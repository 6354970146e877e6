"""The authorisation by an administrator, with an imitation of Zalo that checks PKCE, the secret and the single use of codes."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Callable
from urllib.parse import parse_qs, urlsplit

import pytest

from bot.channels.zalo_oa.authorising import FAILED, OK, authorise
from bot.channels.zalo_oa.oauth import Callback, OAuth, challenge, new_verifier, read_callback
from evaluation.imitations.failures import Broken
from evaluation.imitations.zalo_oa import APP_ID, CODE, OA_ID, SECRET_KEY
from tests.bot.channels.zalo_oa.conftest import Setting

CALLBACK = "https://bot.tinh.gov.vn/zalo"


def person(setting: Setting, paste: str) -> Callable[[str], str]:
    """A person who opens the address shown and pastes what the browser then shows; ``{state}`` in ``paste`` is filled in."""

    def ask(shown: str) -> str:
        address = next(line for line in shown.splitlines() if line.startswith("http"))
        query = {name: values[0] for name, values in parse_qs(urlsplit(address).query).items()}
        assert urlsplit(address).path == "/v4/oa/permission"
        assert (query["app_id"], query["redirect_uri"]) == (APP_ID, CALLBACK)
        setting.zalo.verifier_challenge = query["code_challenge"]
        return paste.format(state=query["state"])

    return ask


async def run(setting: Setting, paste: str, oauth: OAuth | None = None, oa_id: str = OA_ID) -> int:
    return await authorise(oauth or setting.oauth, setting.api, setting.store, oa_id, CALLBACK, person(setting, paste))


@pytest.mark.parametrize("paste", [f"{CALLBACK}?oa_id={OA_ID}&code={CODE}&state={{state}}", f"  {CODE}\n", f"code={CODE}"])
async def test_the_pair_is_stored(setting: Setting, paste: str, capsys: pytest.CaptureFixture[str]) -> None:
    setting.store.kept = None
    assert await run(setting, paste) == OK
    assert setting.store.kept is not None and setting.store.kept.current.access == setting.zalo.access
    shown = capsys.readouterr()
    assert "UBND xã Thử Nghiệm" in shown.err and shown.out == "" and setting.zalo.access not in shown.err


@pytest.mark.parametrize(
    ("paste", "told"),
    [
        ("", "Không thấy mã code"),
        (CALLBACK + "?error=access_denied", "Không thấy mã code"),
        (f"{CALLBACK}?code={CODE}&state=cua-lan-khac", "không thuộc lần cấp quyền này"),
        (f"{CALLBACK}?code={CODE}&oa_id=111&state={{state}}", "cấp quyền cho OA 111"),
        ("ma-da-dung", "không cấp token"),
    ],
)
async def test_what_goes_wrong_is_said(setting: Setting, paste: str, told: str, capsys: pytest.CaptureFixture[str]) -> None:
    before = setting.store.kept
    assert await run(setting, paste) == FAILED
    assert told in capsys.readouterr().err
    assert setting.store.kept is before


async def test_the_other_secret_is_named(setting: Setting, capsys: pytest.CaptureFixture[str]) -> None:
    assert await run(setting, CODE, OAuth(setting.http, setting.zalo.url, APP_ID, SECRET_KEY)) == FAILED
    assert "không phải OA Secret Key" in capsys.readouterr().err


async def test_out_of_reach(setting: Setting, capsys: pytest.CaptureFixture[str]) -> None:
    setting.zalo.oauth_failures.append(Broken())
    assert await run(setting, CODE) == FAILED
    assert "Không gọi được Zalo (HTTP 502)" in capsys.readouterr().err


async def test_another_account_is_not_stored_even_with_a_bare_code(setting: Setting) -> None:
    before = setting.store.kept
    assert await run(setting, CODE, oa_id="111") == FAILED
    assert setting.store.kept is before


def test_pkce() -> None:
    verifier = new_verifier()
    assert len(verifier) == 43 and verifier.isalnum() and verifier.isascii() and verifier != new_verifier()
    padded = challenge(verifier) + "="
    assert base64.urlsafe_b64decode(padded) == hashlib.sha256(verifier.encode()).digest()
    # The example of RFC 7636, appendix B.
    assert challenge("dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk") == "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"


def test_callbacks() -> None:
    assert read_callback("https://x.vn/cb?code=a%2Bb&oa_id=1&state=s") == Callback("a+b", "1", "s")
    assert read_callback("abc-DEF_1") == Callback("abc-DEF_1")
    with pytest.raises(ValueError, match="no code"):
        read_callback("tôi không biết")
