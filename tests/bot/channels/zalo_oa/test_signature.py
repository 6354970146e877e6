from __future__ import annotations

import hashlib
import hmac

import pytest

from bot.channels.zalo_oa.signature import Form, age, signed

RAW = '{"text": "Xin chào"}'.encode()
APP, KEY = "123", "bi-mat"


def made(stamp: str, raw: bytes = RAW, key: str = KEY) -> str:
    return hashlib.sha256(APP.encode() + raw + stamp.encode() + key.encode()).hexdigest()


def check(signature: str, raw: bytes = RAW, header: str | None = "1700000000001", body: str | None = "1700000000000") -> Form | None:
    return signed(raw, signature, APP, KEY, header_time=header, body_time=body)


@pytest.mark.parametrize("write", [str, str.upper, "mac={}".format, "MAC={}".format, " mac={} ".format])
def test_both_time_stamps_and_every_way_to_write_it(write) -> None:  # type: ignore[no-untyped-def]
    assert check(write(made("1700000000001"))) is Form.HEADER
    assert check(write(made("1700000000000"))) is Form.BODY
    assert check(write(made("1700000000000")), header=None) is Form.BODY


@pytest.mark.parametrize(
    "signature",
    [
        "",
        "mac=",
        made("1700000000000", key="khac"),
        made("1700000000000", raw=RAW + b" "),
        made("1600000000000"),
        made("1700000000000")[:-1],
        "mac=mac=" + made("1700000000000"),
        "é" * 64,
        hmac.new(KEY.encode(), APP.encode() + RAW + b"1700000000000", "sha256").hexdigest(),
    ],
)
def test_anything_else_is_refused(signature: str) -> None:
    assert check(signature) is None


def test_without_a_time_stamp_nothing_matches() -> None:
    assert check(made(""), header=None, body=None) is None


def test_age_in_milliseconds_or_seconds() -> None:
    assert age("1700000000000", 1700000060.0) == 60
    assert age("1700000000", 1700000060.0) == 60
    assert age("1700000000000.0", 1.0) is None and age("", 1.0) is None and age("-5", 1.0) is None and age("٣", 1.0) is None
