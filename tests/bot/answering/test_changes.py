"""Dated changes as sentences."""

from __future__ import annotations

import datetime as dt

import pytest

from bot.answering.changes import notable, told

TODAY = dt.date(2026, 11, 21)


@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"text": "Làm tại xã", "valid_from": "2025-07-01"}, "Làm tại xã (từ 1/7/2025)."),
        ({"text": "Làm tại xã."}, "Làm tại xã."),
        ({"text": "Giảm nửa", "valid_from": "2025-07-01", "valid_to": "2026-12-31"}, "Giảm nửa (từ 1/7/2025 đến hết 31/12/2026)."),
        ({"text": "Giảm nửa", "valid_to": "2026-12-31", "basis": "Thông tư A"}, "Giảm nửa (đến hết 31/12/2026), theo Thông tư A."),
        ({"text": "Luật mới", "valid_from": "2027-03-01", "basis": "Luật B"}, "Từ 1/3/2027: Luật mới, theo Luật B."),
        ({"text": "Miễn", "valid_from": "2027-01-01", "valid_to": "2027-02-28"}, "Từ 1/1/2027 đến hết 28/2/2027: Miễn."),
        ({"text": "Có từ 01/7/2025", "valid_from": "2025-07-01"}, "Có từ 01/7/2025."),
        ({"text": "Có từ 11/7/2025", "valid_from": "2025-07-01"}, "Có từ 11/7/2025 (từ 1/7/2025)."),
        ({"text": "Từ 01/3/2027 áp dụng luật mới", "valid_from": "2027-03-01"}, "Từ 01/3/2027 áp dụng luật mới."),
        ({"text": "Luật A và Nghị định B áp dụng", "basis": "Luật A; Nghị định B"}, "Luật A và Nghị định B áp dụng."),
        ({"text": "Luật A áp dụng", "basis": "Luật A; Nghị định B"}, "Luật A áp dụng, theo Luật A; Nghị định B."),
    ],
)
def test_a_change_is_told_with_its_days_and_basis_once(change: dict[str, str], sentence: str) -> None:
    assert told(change, TODAY) == sentence


def test_a_change_that_begins_today_is_in_force() -> None:
    assert told({"text": "Mới", "valid_from": "2026-11-21"}, TODAY) == "Mới (từ 21/11/2026)."


def test_coming_changes_first_then_the_latest_and_none_that_is_over() -> None:
    over = {"text": "cũ", "valid_from": "2025-01-01", "valid_to": "2026-11-20"}
    last_day = {"text": "hết hôm nay", "valid_from": "2025-01-01", "valid_to": "2026-11-21"}
    undated = {"text": "không ngày"}
    recent = {"text": "gần", "valid_from": "2026-08-18"}
    soon, later = {"text": "sắp", "valid_from": "2027-01-01"}, {"text": "sau", "valid_from": "2027-03-01"}
    assert notable([over, later, undated, last_day, recent, soon], TODAY) == [soon, later, recent, last_day, undated]
