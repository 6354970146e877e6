"""Office hours: when staff answer, and when they will next. Pure; times are Vietnam's (UTC+7, no summer time)."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterable
from dataclasses import dataclass

from bot.vietnam import VIETNAM

_DAYS = {"T2": 0, "T3": 1, "T4": 2, "T5": 3, "T6": 4, "T7": 5, "CN": 6}
_NAMES = ("thứ Hai", "thứ Ba", "thứ Tư", "thứ Năm", "thứ Sáu", "thứ Bảy", "Chủ nhật")
_DAY = "T[2-7]|CN"
_TIME = r"(\d{1,2})[:h](\d{2})"
_RULE = re.compile(rf"^(?P<first>{_DAY})(?:-(?P<last>{_DAY}))?\s+(?P<spans>\S.*)$", re.IGNORECASE)
_SPAN = re.compile(rf"^{_TIME}-{_TIME}$")
_LONGEST_SEARCH = 60
"""Days in which the next opening is looked for: longer than any run of holidays."""


@dataclass(frozen=True)
class OfficeHours:
    """Opening times of each weekday (Monday first) as minutes of the day, and the days that are closed all the same."""

    week: tuple[tuple[tuple[int, int], ...], ...]
    holidays: frozenset[dt.date] = frozenset()

    @staticmethod
    def parse(text: str, holidays: Iterable[dt.date] = ()) -> OfficeHours:
        """Read ``T2-T6 7:30-11:30 13:30-17:00; T7 8:00-11:00``. Empty text: never open.

        Raises:
            ValueError: it is not of this form; the message says which part, in Vietnamese.
        """
        week: list[list[tuple[int, int]]] = [[] for _ in range(7)]
        for rule in filter(None, (part.strip() for part in text.split(";"))):
            match = _RULE.match(rule)
            if match is None:
                raise ValueError(f"{rule!r}: cần dạng T2-T6 7:30-11:30 13:30-17:00")
            first = _DAYS[match["first"].upper()]
            last = _DAYS[match["last"].upper()] if match["last"] else first
            if last < first:
                raise ValueError(f"{rule!r}: ngày sau đứng trước ngày đầu")
            spans = [_span(span, rule) for span in match["spans"].split()]
            for day in range(first, last + 1):
                week[day] += spans
        return OfficeHours(tuple(tuple(sorted(day)) for day in week), frozenset(holidays))

    def is_open(self, at: dt.datetime) -> bool:
        """Whether staff answer at a moment (aware of its time zone)."""
        local = at.astimezone(VIETNAM)
        minute = local.hour * 60 + local.minute
        return any(start <= minute < end for start, end in self._on(local.date()))

    def next_opening(self, at: dt.datetime) -> dt.datetime | None:
        """When they begin again after ``at``; none where that is not in sight."""
        local = at.astimezone(VIETNAM)
        for ahead in range(_LONGEST_SEARCH):
            day = local.date() + dt.timedelta(days=ahead)
            for start, _ in self._on(day):
                opening = dt.datetime.combine(day, dt.time(start // 60, start % 60), VIETNAM)
                if opening > local:
                    return opening
        return None

    def _on(self, day: dt.date) -> tuple[tuple[int, int], ...]:
        return () if day in self.holidays else self.week[day.weekday()]


def _span(text: str, rule: str) -> tuple[int, int]:
    match = _SPAN.match(text)
    if match is None:
        raise ValueError(f"{rule!r}: giờ cần dạng 7:30-11:30")
    start, end = int(match[1]) * 60 + int(match[2]), int(match[3]) * 60 + int(match[4])
    if not (int(match[2]) < 60 and int(match[4]) < 60 and 0 <= start < end <= 24 * 60):
        raise ValueError(f"{rule!r}: giờ không hợp lệ")
    return start, end


def spoken(moment: dt.datetime, today: dt.date) -> str:
    """``7h30 hôm nay``, ``7h30 ngày mai``, ``7h30 thứ Hai 23/11``."""
    local = moment.astimezone(VIETNAM)
    ahead = (local.date() - today).days
    day = {0: "hôm nay", 1: "ngày mai"}.get(ahead, f"{_NAMES[local.weekday()]} {local:%d/%m}")
    return f"{local.hour}h{local.minute:02d} {day}"


def parse_days(text: str) -> frozenset[dt.date]:
    """``2026-09-02, 2027-01-01`` → days; raises ``ValueError`` on anything else."""
    return frozenset(dt.date.fromisoformat(part) for part in re.split(r"[\s,;]+", text.strip()) if part)
