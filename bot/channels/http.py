"""The one HTTP client behind all chat services' interfaces.

Library: aiohttp. Of a message's processor time the call to its chat service is the largest part but one, and aiohttp needs about a
third of what httpx needs for it, because its parser is compiled and an idle connection costs nothing to look at.
"""

from __future__ import annotations

import asyncio
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Self

import aiohttp
import httpx

DEFAULT_CONNECTIONS = 64


class Unreachable(RuntimeError):
    """No answer; the text names the kind of error and never the address, which may hold a token. ``late``: the time ran out."""

    def __init__(self, reason: str, *, late: bool = False) -> None:
        self.late = late
        super().__init__(reason)


@dataclass(frozen=True)
class Answered:
    """An answer, whatever its status. ``retry_after``: the header's value."""

    status: int
    body: bytes
    retry_after: str | None


class Http:
    """Connections to one service. They are opened with the first call and closed by :meth:`aclose`; a call after that opens anew.

    It follows no redirects: a token would go along. It keeps no cookies. Proxies are those of the environment (``HTTPS_PROXY``).
    """

    def __init__(self, timeout: float, connections: int = DEFAULT_CONNECTIONS) -> None:
        """
        Args:
            timeout: seconds for each step of a call (getting a connection, waiting for bytes).
            connections: at most so many at once; further calls wait for one.
        """
        self.timeout, self._connections = timeout, connections
        self._session: aiohttp.ClientSession | None = None

    async def request(self, method: str, url: str, *, timeout: float | None = None, **options: Any) -> Answered:
        """One call.

        Args:
            method, url: of HTTP.
            timeout: seconds to wait for bytes, where that is not the client's.
            options: ``json``, ``data`` (a form) and ``headers``, as of aiohttp.

        Raises:
            Unreachable: no whole answer came.
        """
        limits = aiohttp.ClientTimeout(connect=self.timeout, sock_connect=self.timeout, sock_read=timeout or self.timeout)
        try:
            async with self._opened().request(method, url, timeout=limits, allow_redirects=False, **options) as response:
                return Answered(response.status, await response.read(), response.headers.get("Retry-After"))
        except TimeoutError as error:
            raise Unreachable(type(error).__name__, late=True) from None
        except (aiohttp.ClientError, OSError, ValueError) as error:  # ValueError: an address that is none
            raise Unreachable(type(error).__name__) from None

    def _opened(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            # The same authorities as everywhere else in the program, not those of the operating system.
            connector = aiohttp.TCPConnector(limit=self._connections, ssl=_authorities())
            self._session = aiohttp.ClientSession(
                connector=connector, cookie_jar=aiohttp.DummyCookieJar(), headers={"Accept": "application/json"}, trust_env=True
            )
        return self._session

    async def aclose(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()
            await asyncio.sleep(0)  # lets their transports end before the loop does

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        await self.aclose()


def _authorities() -> ssl.SSLContext:
    return httpx.create_ssl_context()
