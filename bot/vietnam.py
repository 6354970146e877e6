"""The time in Vietnam, wherever the machine stands: the day for which answers are given, office hours, days of statistics."""

from __future__ import annotations

import datetime as dt

VIETNAM = dt.timezone(dt.timedelta(hours=7))
"""Without summer time since 1975."""


def today() -> dt.date:
    """The present day in Vietnam: on a server that keeps UTC it begins seven hours before the machine's."""
    return dt.datetime.now(VIETNAM).date()
