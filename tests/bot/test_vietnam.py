"""The day of answers is Vietnam's, on whatever clock the machine runs."""

from __future__ import annotations

import datetime as dt

import pytest

from bot import vietnam
from bot.pipeline import Assistant


class Evening(dt.datetime):
    """Six in the evening in UTC: one in the morning of the next day in Vietnam."""

    @classmethod
    def now(cls, tz: dt.tzinfo | None = None) -> dt.datetime:  # type: ignore[override]
        return dt.datetime(2026, 12, 31, 18, tzinfo=dt.UTC).astimezone(tz)


def test_the_year_begins_with_vietnam(assistant: Assistant, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(vietnam.dt, "datetime", Evening)
    assert vietnam.today() == dt.date(2027, 1, 1)
    assert Assistant(assistant.index).today == dt.date(2027, 1, 1)
