"""Logging to stderr, with secrets taken out of every line."""

from __future__ import annotations

import logging
import re
import sys
from collections.abc import Iterable
from contextvars import ContextVar

from config.settings import TOKEN_SHAPE

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Number of the web request being served; in every log line of that request."""
REDACTED = "[đã che]"
_TOKEN = re.compile(TOKEN_SHAPE.replace(":", "(?::|%3A)"), re.IGNORECASE)
_QUIET = {
    # These write request addresses at INFO or DEBUG, and Telegram's addresses hold the token.
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "aiohttp": logging.WARNING,
    "telegram": logging.WARNING,
    "telegram.ext": logging.WARNING,
    # Prints a traceback for every error page of a gateway, which the sender handles and reports in one line.
    "telegram.request": logging.CRITICAL,
    "alembic": logging.WARNING,
    "asyncio": logging.WARNING,
    "uvicorn": logging.WARNING,
    "uvicorn.error": logging.WARNING,
}


class RedactingFormatter(logging.Formatter):
    """Formats a record, traceback included, and covers bot tokens and the given secrets.

    A formatter and not a filter: a filter sees neither the traceback's text nor the message with its arguments filled in.
    """

    def __init__(self, secrets: Iterable[str] = ()) -> None:
        super().__init__("%(asctime)s %(levelname)s %(name)s%(request)s: %(message)s")
        known = "|".join(re.escape(s) for s in sorted(secrets, key=len, reverse=True) if s)
        self._known = re.compile(known) if known else None

    def format(self, record: logging.LogRecord) -> str:
        number = request_id.get()
        record.request = f" [{number}]" if number else ""
        text = super().format(record)
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        return _TOKEN.sub(REDACTED, text)


def set_up_logging(level: str = "INFO", secrets: Iterable[str] = ()) -> None:
    """Send the program's log to stderr (stdout is for answers only), replacing what was set up before.

    Args:
        level: lowest level shown: DEBUG, INFO, WARNING or ERROR.
        secrets: values to cover wherever they appear.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(RedactingFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(quiet)
