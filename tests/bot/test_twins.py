"""Of procedures listed twice under one name, the one that can answer is shown first."""

from __future__ import annotations

import datetime as dt

from bot.answering.twins import Twins
from bot.types import Intent
from knowledge.entries import Entry, EntryType
from knowledge.search.ranking import Hit, Ranked
from knowledge.twins import alike, shared_name

DAY = dt.date(2026, 11, 21)


def procedure(code: str, title: str, province: str | None = None, **facts: object) -> Entry:
    catalogue = {"code": code, "name": title, **facts}
    return Entry(
        id=f"procedure/{code}", type=EntryType.PROCEDURE, title=title, code=code, province=province, record={"catalogue": catalogue}
    )


OLD = procedure("1.000001", "Thủ tục cấp thẻ mẫu (thực hiện tại cấp tỉnh)", channels=[{"method": "Trực tiếp", "time": "5 ngày"}])
NEW = procedure("1.000002", "CẤP THẺ MẪU.")
OTHER = procedure("1.000003", "Cấp thẻ khác", channels=[{"method": "Trực tiếp", "time": "5 ngày"}])
ELSEWHERE = procedure("1.000004", "Cấp thẻ mẫu", province="Hưng Yên", channels=[{"method": "Trực tiếp", "time": "1 ngày"}])


def ranked(*numbers: int) -> Ranked:
    return Ranked(tuple(Hit(n, 1.0 - i, 0.5 / (i + 1)) for i, n in enumerate(numbers)), 0.9, 0.9, {})


def test_shared_name_leaves_out_level_and_opening() -> None:
    assert shared_name(OLD.title) == shared_name(NEW.title) == "cap the mau"


def test_the_twin_that_can_answer_comes_first() -> None:
    twins = Twins([OLD, NEW, OTHER])
    got = twins.answering(ranked(1, 2, 0), Intent.TIME, DAY)
    assert [h.entry for h in got.hits] == [0, 1, 2]
    assert got.hits[0].share == 0.5


def test_nothing_changes_when_the_first_can_answer_or_no_twin_can() -> None:
    twins = Twins([OLD, NEW, OTHER])
    assert [h.entry for h in twins.answering(ranked(0, 1), Intent.TIME, DAY).hits] == [0, 1]
    assert [h.entry for h in twins.answering(ranked(1, 2, 0), Intent.FEE, DAY).hits] == [1, 2, 0]


def test_a_provinces_own_procedure_is_no_twin() -> None:
    twins = Twins([ELSEWHERE, NEW])
    assert [h.entry for h in twins.answering(ranked(1, 0), Intent.TIME, DAY).hits] == [1, 0]


def test_names_that_differ_in_their_subject_are_not_alike() -> None:
    assert alike("Đăng ký kết hôn (cấp xã)", "Thủ tục đăng ký kết hôn")
    assert not alike("Đăng ký kết hôn", "Đăng ký khai tử")
