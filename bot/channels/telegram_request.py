"""python-telegram-bot's calls over the program's own HTTP client."""

from __future__ import annotations

from telegram.error import NetworkError, TimedOut
from telegram.request import BaseRequest, RequestData

from bot.channels.http import Http, Unreachable


class TelegramRequest(BaseRequest):
    """The library's interface for whatever carries its calls. Files are not sent, so their form is not made."""

    def __init__(self, timeout: float, connections: int) -> None:
        """``timeout`` and ``connections``: as of :class:`bot.channels.http.Http`."""
        self._http = Http(timeout, connections)

    @property
    def read_timeout(self) -> float | None:
        """Seconds to wait for the server where a call does not say."""
        return self._http.timeout

    async def initialize(self) -> None:
        """Nothing: connections are opened with the first call."""

    async def shutdown(self) -> None:
        """Close the connections."""
        await self._http.aclose()

    async def do_request(
        self,
        url: str,
        method: str,
        request_data: RequestData | None = None,
        read_timeout: object = BaseRequest.DEFAULT_NONE,
        write_timeout: object = BaseRequest.DEFAULT_NONE,
        connect_timeout: object = BaseRequest.DEFAULT_NONE,
        pool_timeout: object = BaseRequest.DEFAULT_NONE,
    ) -> tuple[int, bytes]:
        """One call → (HTTP status, body). Of the time limits only ``read_timeout`` (of a long poll) is the caller's to choose.

        Raises:
            TimedOut: no answer in time.
            NetworkError: none for another reason.
        """
        timeout = float(read_timeout) if isinstance(read_timeout, int | float) else None
        data = request_data.json_parameters if request_data else None
        try:
            answered = await self._http.request(method, url, data=data, timeout=timeout, headers={"User-Agent": self.USER_AGENT})
        except Unreachable as error:
            raise (TimedOut() if error.late else NetworkError(str(error))) from None
        return answered.status, answered.body
