"""Logging to stderr, as lines of text or of JSON, with secrets taken out of every line."""

from __future__ import annotations

import datetime as dt
import json
import logging
import re
import sys
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Literal

from config.settings import TOKEN_SHAPE

request_id: ContextVar[str] = ContextVar("request_id", default="")
"""Number of the request being served; in every log line of that request, and of what is done for it later by others."""
event_id: ContextVar[str] = ContextVar("event_id", default="")
"""The event of a chat channel that is being worked on, such as ``telegram:17``."""
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
    "urllib3": logging.WARNING,
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
        numbers = " ".join(number for number in (request_id.get(), event_id.get()) if number)
        record.request = f" [{numbers}]" if numbers else ""
        return self.covered(super().format(record))

    def covered(self, text: str) -> str:
        """``text`` without secrets."""
        if self._known is not None:
            text = self._known.sub(REDACTED, text)
        return _TOKEN.sub(REDACTED, text)


class JsonFormatter(RedactingFormatter):
    """One JSON object a line: ``time`` (UTC), ``level``, ``logger``, ``message``, and where there are such ``request``, ``event`` and
    ``traceback``."""

    def format(self, record: logging.LogRecord) -> str:
        values = {
            "time": dt.datetime.fromtimestamp(record.created, dt.UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": record.getMessage(),
            "request": request_id.get(),
            "event": event_id.get(),
            "traceback": self.formatException(record.exc_info) if record.exc_info and record.exc_info[0] else "",
        }
        # Covered before it is written as JSON, which may spell a secret's letters in another way.
        return json.dumps({name: self.covered(text) for name, text in values.items() if text}, ensure_ascii=False)


def set_up_logging(level: str = "INFO", secrets: Iterable[str] = (), form: Literal["text", "json"] = "text") -> None:
    """Send the program's log to stderr (stdout is for answers only), replacing what was set up before.

    Args:
        level: lowest level shown: DEBUG, INFO, WARNING or ERROR.
        secrets: values to cover wherever they appear.
        form: lines for people, or objects for programs that collect logs.
    """
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonFormatter(secrets) if form == "json" else RedactingFormatter(secrets))
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name, quiet in _QUIET.items():
        logging.getLogger(name).setLevel(quiet)
