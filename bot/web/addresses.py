"""Whose request it is: the address that rate limits count, behind as many proxies as are trusted."""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence

from starlette.types import Scope

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network
UNKNOWN = "?"


def parse_address(text: str) -> Address | None:
    """An address as proxies write it: with or without a port, in brackets or not; none for anything else."""
    text = text.strip()
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ipaddress.ip_address(text)
    except ValueError:
        return None
    mapped = address.ipv4_mapped if isinstance(address, ipaddress.IPv6Address) else None
    return mapped or address


class Addresses:
    """Finds the address of a request. ``proxies``: addresses or networks whose ``X-Forwarded-For`` is believed.

    The header is read from its end: each trusted proxy adds the address it was called from, so the first one that is not a trusted
    proxy's is the visitor's. What stands before it may be forged and counts nothing.
    """

    def __init__(self, proxies: Sequence[str] = ()) -> None:
        self._trusted: tuple[Network, ...] = tuple(ipaddress.ip_network(p, strict=False) for p in proxies)

    def trusts(self, address: Address) -> bool:
        return any(address in network for network in self._trusted)

    def of(self, scope: Scope) -> str:
        """The visitor's address; ``?`` where the server does not tell (a Unix socket)."""
        peer = parse_address((scope.get("client") or ("",))[0])
        if peer is None or not self.trusts(peer):
            return str(peer or UNKNOWN)
        found = peer
        for address in map(parse_address, reversed(_forwarded(scope))):
            if address is None:
                break
            found = address
            if not self.trusts(address):
                break
        return str(found)


def _forwarded(scope: Scope) -> list[str]:
    values = [value.decode("latin-1") for name, value in scope["headers"] if name == b"x-forwarded-for"]
    return [part for value in values for part in value.split(",")]


def came_through_proxy(scope: Scope) -> bool:
    """Whether some proxy has passed the request on, as far as its headers say."""
    return any(name in (b"x-forwarded-for", b"forwarded", b"x-real-ip", b"via") for name, _ in scope["headers"])


def is_loopback(scope: Scope) -> bool:
    """Whether the request comes from this machine itself."""
    peer = parse_address((scope.get("client") or ("",))[0])
    return peer is not None and peer.is_loopback


def network_of(address: str) -> str:
    """What a rate limit counts as one visitor: an IPv4 address, or the /64 of an IPv6 one (one subscriber has all of it)."""
    parsed = parse_address(address)
    if isinstance(parsed, ipaddress.IPv6Address):
        return str(ipaddress.ip_network((parsed, 64), strict=False))
    return str(parsed or UNKNOWN)
