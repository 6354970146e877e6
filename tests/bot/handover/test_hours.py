from __future__ import annotations

import datetime as dt

import pytest

from bot.handover.hours import OfficeHours, parse_days, spoken
from bot.vietnam import VIETNAM

HOURS = OfficeHours.parse("T2-T6 7:30-11:30 13:30-17:00; T7 8:00-11:00", [dt.date(2026, 11, 23)])
SATURDAY, SUNDAY, HOLIDAY, TUESDAY = 21, 22, 23, 24


def at(day: int, hour: int, minute: int = 0) -> dt.datetime:
    return dt.datetime(2026, 11, day, hour, minute, tzinfo=VIETNAM)


@pytest.mark.parametrize(
    ("moment", "expected"),
    [
        (at(SATURDAY, 8), True),
        (at(SATURDAY, 11), False),
        (at(SUNDAY, 9), False),
        (at(HOLIDAY, 9), False),
        (at(TUESDAY, 7, 29), False),
        (at(TUESDAY, 7, 30), True),
        (at(TUESDAY, 12), False),
        (at(TUESDAY, 16, 59), True),
        (at(TUESDAY, 1).astimezone(dt.UTC) + dt.timedelta(hours=8), True),
    ],
)
def test_open_or_not(moment: dt.datetime, expected: bool) -> None:
    assert HOURS.is_open(moment) is expected


@pytest.mark.parametrize(
    ("moment", "expected", "words"),
    [
        (at(SATURDAY, 7), at(SATURDAY, 8), "8h00 hôm nay"),
        (at(SATURDAY, 12), at(TUESDAY, 7, 30), "7h30 thứ Ba 24/11"),
        (at(HOLIDAY, 12), at(TUESDAY, 7, 30), "7h30 ngày mai"),
        (at(TUESDAY, 12), at(TUESDAY, 13, 30), "13h30 hôm nay"),
    ],
)
def test_next_opening_skips_weekends_and_holidays(moment: dt.datetime, expected: dt.datetime, words: str) -> None:
    opening = HOURS.next_opening(moment)
    assert opening == expected
    assert spoken(opening, moment.date()) == words


def test_never_open() -> None:
    never = OfficeHours.parse("")
    assert not never.is_open(at(TUESDAY, 9))
    assert never.next_opening(at(TUESDAY, 9)) is None


@pytest.mark.parametrize(
    "text", ["hằng ngày", "T2", "T6-T2 7:00-8:00", "T2 25:00-26:00", "T2 9:00-8:00", "T2 7:70-8:00", "T8 7:00-8:00", "T2 7-8"]
)
def test_wrong_hours_are_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"cần dạng|ngày sau|không hợp lệ"):
        OfficeHours.parse(text)


def test_days() -> None:
    assert parse_days("2026-09-02, 2027-01-01") == {dt.date(2026, 9, 2), dt.date(2027, 1, 1)}
    assert parse_days(" ") == frozenset()
    with pytest.raises(ValueError, match="isoformat"):
        parse_days("2/9/2026")
