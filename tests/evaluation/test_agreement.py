"""The rules of the comparison with the portal's records, on small records that agree or do not."""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from evaluation import agreement
from evaluation.agreement import (
    BODIES,
    CHANNELS,
    FEE,
    NAME,
    NO_FEE,
    NO_TIME,
    PARTS,
    TIME,
    Check,
    Outcome,
    bare,
    compare,
    draw,
    main,
    number,
    written_amount,
    written_times,
)

Row = dict[str, Any]


def method(kind: str = "DIRECT", time: object = 5, unit: str | None = "WORKING_DAY", *fees: Row) -> Row:
    return {"submissionMethod": kind, "processingTime": time, "processingTimeUnit": unit, "fees": list(fees)}


def fee(value: object, currency: str | None = "Việt Nam Đồng", text: str = "") -> Row:
    return {"value": value, "currencyName": currency, "description": text}


def source(*methods: Row, parts: tuple[str | None, ...] = (), **other: Any) -> Row:
    return {
        "code": "1.000001",
        "name": "Tách hộ",
        "executionMethods": list(methods),
        "executionCases": [{"name": "Hồ sơ", "profileComponents": [{"name": p} for p in parts]}],
        **other,
    }


def ours(time: str | None = None, *fees: str, method: str = "Trực tiếp", parts: tuple[str, ...] = (), **other: Any) -> Row:
    channel = {"method": method, **({"time": time} if time else {}), **({"fees": list(fees)} if fees else {})}
    cases = [{"name": "Hồ sơ", "papers": [{"name": p} for p in parts]}] if parts else []
    return {"code": "1.000001", "name": "Tách hộ", "channels": [channel], "cases": cases, **other}


def of(field: str, checks: list[Check]) -> list[Outcome]:
    return [c.outcome for c in checks if c.field == field]


AGREE, DISAGREE, LEFT_OUT = [Outcome.AGREE], [Outcome.DISAGREE], [Outcome.LEFT_OUT]


# --- time ----------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("time", "unit", "text"),
    [
        (5, "WORKING_DAY", "5 ngày làm việc"),
        (15, "HOUR", "15 giờ"),
        (30, "DAY", "30 ngày (kể từ khi đủ hồ sơ, không quá 45 ngày)"),
        (2, "MONTH", "2 tháng"),
        (7.5, "WORKING_DAY", "7,5 ngày làm việc"),
        ("12.50", "WORKING_DAY", "12.5 ngày làm việc"),
    ],
)
def test_a_time_with_the_same_number_and_unit_agrees(time: object, unit: str, text: str) -> None:
    assert of(TIME, compare(source(method(time=time, unit=unit)), ours(text))) == AGREE


@pytest.mark.parametrize("text", [None, "5 ngày", "6 ngày làm việc", "15 ngày làm việc", "5 giờ"])
def test_a_time_that_is_missing_or_other_disagrees(text: str | None) -> None:
    assert Outcome.DISAGREE in of(TIME, compare(source(method()), ours(text)))


def test_every_time_of_a_channel_has_to_appear() -> None:
    twice = source(method(time=5), method(time=10))
    assert of(TIME, compare(twice, ours("5 ngày làm việc; 10 ngày làm việc"))) == AGREE * 2
    assert of(TIME, compare(twice, ours("5 ngày làm việc"))) == AGREE + DISAGREE


def test_a_time_that_the_source_does_not_state_disagrees() -> None:
    assert of(TIME, compare(source(method()), ours("5 ngày làm việc hoặc 9 ngày làm việc"))) == AGREE + DISAGREE


def test_times_are_not_taken_from_another_channel() -> None:
    both = source(method("DIRECT", 5), method("ONLINE", 3))
    swapped = {"name": "Tách hộ", "channels": [{"method": "Trực tiếp", "time": "3 ngày làm việc"}, {"method": "Trực tuyến"}]}
    checks = [c for c in compare(both, swapped) if c.field == TIME]
    assert all(c.outcome is Outcome.DISAGREE for c in checks)
    assert len(checks) == 3


@pytest.mark.parametrize(("time", "unit"), [(7, "OTHER"), ("Theo mô tả", "OTHER"), (7, None), (0, "DAY"), (None, "DAY"), ("", "DAY")])
def test_where_the_source_states_no_time_ours_has_to_be_empty(time: object, unit: str | None) -> None:
    unstated = source(method(time=time, unit=unit))
    assert of(NO_TIME, compare(unstated, ours())) == AGREE
    assert of(NO_TIME, compare(unstated, ours("7 ngày"))) == DISAGREE
    assert of(TIME, compare(unstated, ours())) == []


def test_a_stated_time_beside_an_unstated_one_is_enough() -> None:
    mixed = source(method(time="Theo mô tả", unit="OTHER"), method(time=5))
    assert of(TIME, compare(mixed, ours("5 ngày làm việc"))) == AGREE


# --- fee -----------------------------------------------------------------------------------------------------------------


def test_a_fee_with_the_same_amount_and_currency_agrees() -> None:
    assert of(FEE, compare(source(method("DIRECT", 5, "DAY", fee(20000))), ours(None, "20.000 đồng (mỗi lần)"))) == AGREE
    assert of(FEE, compare(source(method("DIRECT", 5, "DAY", fee(70, "USD"))), ours(None, "70 USD"))) == AGREE
    assert of(FEE, compare(source(method("DIRECT", 5, "DAY", fee(40000, None))), ours(None, "40.000 đồng"))) == AGREE


@pytest.mark.parametrize(
    ("stated", "text"),
    [
        (fee(20000), None),
        (fee(20000), "2.000 đồng"),
        (fee(20000), "20.000 USD"),
        (fee(70, "USD"), "70 đồng"),
        (fee(45, None), "45 đồng"),
        (fee(1500.5), "1.500 đồng"),
    ],
)
def test_a_fee_that_is_missing_or_other_disagrees(stated: Row, text: str | None) -> None:
    mine = ours(None, text) if text else ours()
    assert Outcome.DISAGREE in of(FEE, compare(source(method("DIRECT", 5, "DAY", stated)), mine))


def test_a_small_value_without_a_currency_may_be_left_out() -> None:
    assert of(FEE, compare(source(method("DIRECT", 5, "DAY", fee(45, None))), ours())) == LEFT_OUT


def test_a_fee_that_the_source_does_not_state_disagrees() -> None:
    stated = source(method("DIRECT", 5, "DAY", fee(20000)))
    assert of(FEE, compare(stated, ours(None, "20.000 đồng", "30.000 đồng"))) == AGREE + DISAGREE


def test_all_rows_of_a_channel_count() -> None:
    rows = source(method("DIRECT", 5, "DAY", fee(100000)), method("DIRECT", 5, "DAY", fee(50000)))
    assert of(FEE, compare(rows, ours(None, "100.000 đồng"))) == AGREE + DISAGREE


@pytest.mark.parametrize("fees", [[], [fee(0)], [fee(None), fee(0, None)]])
def test_no_fee_stated_means_none_of_ours(fees: list[Row]) -> None:
    free = source(method("DIRECT", 5, "DAY", *fees))
    assert of(NO_FEE, compare(free, ours())) == AGREE
    assert of(NO_FEE, compare(free, ours(None, "0 đồng"))) == DISAGREE


# --- dossier parts, bodies, channels, name -------------------------------------------------------------------------------


def test_parts_are_the_same_but_for_spacing_dashes_and_final_marks() -> None:
    rows = source(parts=("- Tờ khai\n CT01;", "  + Hợp đồng  thuê nhà.", "Ảnh 3x4"))
    assert of(PARTS, compare(rows, ours(parts=("Tờ khai CT01", "Hợp đồng thuê nhà", "Ảnh 3x4")))) == AGREE * 3


def test_a_missing_or_added_part_disagrees() -> None:
    rows = source(parts=("Tờ khai", "Ảnh"))
    assert of(PARTS, compare(rows, ours(parts=("Tờ khai",)))) == AGREE + DISAGREE
    assert of(PARTS, compare(rows, ours(parts=("Tờ khai", "Ảnh", "Sổ hộ khẩu")))) == AGREE * 2 + DISAGREE
    assert of(PARTS, compare(rows, ours())) == DISAGREE * 2


def test_long_names_are_left_out_by_design_and_empty_ones_are_nothing() -> None:
    assert of(PARTS, compare(source(parts=("a" * 240,)), ours())) == DISAGREE
    assert of(PARTS, compare(source(parts=("a" * 241,)), ours())) == LEFT_OUT
    assert of(PARTS, compare(source(parts=("- " + "a" * 240 + ".",)), ours(parts=("a" * 240,)))) == AGREE
    assert of(PARTS, compare(source(parts=("", None, " - ")), ours())) == []


def test_bodies_are_compared_as_a_set_over_both_kinds() -> None:
    rows = source(departmentsExecuting=[{"name": "Công an Xã."}], unitGroupsExecuting=[{"name": "Sở Xây dựng"}])
    assert of(BODIES, compare(rows, ours(bodies=["Sở Xây dựng", "Công an Xã"]))) == AGREE
    assert of(BODIES, compare(rows, ours(bodies=["Công an Xã"]))) == DISAGREE
    assert of(BODIES, compare(rows, ours(bodies=["Công an Xã", "Sở Xây dựng", "Sở Y tế"]))) == DISAGREE


def test_bodies_that_the_record_does_not_state_are_not_compared() -> None:
    assert of(BODIES, compare(source(), ours(bodies=["Công an Xã"]))) == LEFT_OUT
    assert of(BODIES, compare(source(), ours())) == AGREE


def test_channels_are_compared_as_a_set() -> None:
    assert of(CHANNELS, compare(source(method("ONLINE")), ours(method="Trực tuyến"))) == AGREE
    assert of(CHANNELS, compare(source(method("ONLINE")), ours())) == DISAGREE
    assert of(CHANNELS, compare(source(method("PIGEON")), ours())) == DISAGREE


def test_names_agree_in_any_form_of_unicode_but_not_in_other_words() -> None:
    assert of(NAME, compare(source(name="Ta\u0301ch  h\u1ed9"), ours())) == AGREE
    assert of(NAME, compare(source(name="Tách hộ khẩu"), ours())) == DISAGREE


def test_a_procedure_that_we_lack_is_one_disagreement() -> None:
    assert [(c.field, c.outcome) for c in compare(source(method(), parts=("Tờ khai",)), None)] == [(NAME, Outcome.DISAGREE)]


# --- reading and drawing -------------------------------------------------------------------------------------------------


def test_numbers_times_and_amounts_are_read_exactly() -> None:
    assert [number(v) for v in (5, 7.5, "12", 0, -1, "", None, True, "Theo mô tả", "NaN")] == [5, Decimal("7.5"), 12, *[None] * 7]
    assert written_times("15 ngày làm việc, nơi khác 20 ngày (không quá 3 giờ)") == [(Decimal(15), "ngày làm việc"), (Decimal(20), "ngày")]
    assert written_amount("1.100.000 đồng (mỗi thửa)") == (Decimal(1100000), "đồng")
    assert written_amount("20 USD") == (Decimal(20), "USD")
    assert written_amount("theo mức của tỉnh") is None
    assert bare("–  Đơn; ") == "Đơn"


def test_a_draw_depends_on_the_seed_and_not_on_the_order_of_the_file() -> None:
    rows: list[Row] = [{"code": f"1.{i:06d}"} for i in range(100)]
    first = draw(rows, 10, 1)
    assert first == draw(rows[::-1], 10, 1)
    assert first != draw(rows, 10, 2)
    assert len({r["code"] for r in first}) == 10
    assert draw(rows, 1000, 1) == rows


def test_the_comparison_shares_no_code_with_the_importer() -> None:
    text = Path(agreement.__file__).read_text(encoding="utf-8")
    assert "index_builder" not in text
    assert "knowledge.schema" not in text


@pytest.fixture
def files(tmp_path: Path) -> Callable[[Row, Row], list[str]]:
    def write(theirs: Row, mine: Row) -> list[str]:
        with gzip.open(tmp_path / "details.jsonl.gz", "wt", encoding="utf-8") as out:
            out.write(json.dumps(theirs) + "\n\n")
        (tmp_path / "catalogue.jsonl").write_text(json.dumps(mine) + "\n", encoding="utf-8")
        return [str(tmp_path / "details.jsonl.gz"), "--catalogue", str(tmp_path / "catalogue.jsonl")]

    return write


def test_the_command_prints_a_table_and_each_disagreement(
    files: Callable[[Row, Row], list[str]], capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(files(source(method(), parts=("b" * 300,)), ours("5 ngày làm việc"))) == 0
    out = capsys.readouterr().out
    assert "Chỗ lệch: 0" in out
    assert "dài hơn 240 ký tự: 1" in out
    assert main(files(source(method()), ours("9 ngày làm việc"))) == 1
    assert "1.000001 thời gian: thiếu 5 ngày làm việc" in capsys.readouterr().out


def test_an_unreadable_file_is_said_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(tmp_path / "none.jsonl")]) == 2
    assert "Không đọc được" in capsys.readouterr().err
