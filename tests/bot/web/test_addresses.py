from __future__ import annotations

import pytest

from bot.web.addresses import Addresses, network_of, parse_address


def scope(peer: str | None, *forwarded: str) -> dict[str, object]:
    headers = [(b"x-forwarded-for", f.encode("latin-1")) for f in forwarded]
    return {"type": "http", "client": (peer, 1234) if peer else None, "headers": headers}


@pytest.mark.parametrize(
    ("proxies", "peer", "forwarded", "visitor"),
    [
        ((), "203.0.113.7", ("1.2.3.4",), "203.0.113.7"),  # nobody is believed unless named
        ((), "127.0.0.1", ("1.2.3.4",), "127.0.0.1"),
        (("127.0.0.1",), "127.0.0.1", ("1.2.3.4",), "1.2.3.4"),
        (("127.0.0.1",), "203.0.113.7", ("1.2.3.4",), "203.0.113.7"),
        (("127.0.0.1",), "127.0.0.1", ("6.6.6.6, 1.2.3.4",), "1.2.3.4"),  # what stands before is the visitor's own invention
        (("127.0.0.1",), "127.0.0.1", ("6.6.6.6", "1.2.3.4"), "1.2.3.4"),
        (("127.0.0.1", "10.0.0.0/8"), "127.0.0.1", ("6.6.6.6, 1.2.3.4, 10.1.2.3",), "1.2.3.4"),
        (("127.0.0.1",), "127.0.0.1", ("1.2.3.4:5678",), "1.2.3.4"),
        (("127.0.0.1",), "127.0.0.1", ("[2001:db8::5]:99",), "2001:db8::5"),
        (("127.0.0.1",), "127.0.0.1", ("<script>",), "127.0.0.1"),
        (("127.0.0.1",), "127.0.0.1", ("",), "127.0.0.1"),
        (("127.0.0.1",), "::ffff:127.0.0.1", ("1.2.3.4",), "1.2.3.4"),
        (("127.0.0.1",), None, ("1.2.3.4",), "?"),
    ],
)
def test_the_visitor_behind_trusted_proxies_only(
    proxies: tuple[str, ...], peer: str | None, forwarded: tuple[str, ...], visitor: str
) -> None:
    assert Addresses(proxies).of(scope(peer, *forwarded)) == visitor


def test_addresses_as_written() -> None:
    assert str(parse_address(" 10.0.0.1 ")) == "10.0.0.1"
    assert parse_address("1.2.3") is None
    assert parse_address("x" * 10_000) is None
    assert network_of("2001:db8:1:2:3:4:5:6") == "2001:db8:1:2::/64"
    assert network_of("10.0.0.1") == "10.0.0.1"
    assert network_of("?") == "?"
