"""The three exports of the portal: what is read from them, and what is left empty because it is not sure."""

from __future__ import annotations

import gzip
import json
from pathlib import Path
from typing import Any

import pytest

from index_builder.catalogue import reading
from index_builder.catalogue.need import load_field_weights, need
from index_builder.catalogue.reading import UnreadableExport, channels_of_detail, channels_of_page, read_lines


def method(name: str = "ONLINE", time: object = 5, unit: str = "WORKING_DAY", fees: object = ()) -> dict[str, Any]:
    return {"submissionMethod": name, "processingTime": time, "processingTimeUnit": unit, "fees": fees}


@pytest.mark.parametrize(
    ("unit", "time", "read"),
    [
        ("WORKING_DAY", 3, "3 ngày làm việc"),
        ("DAY", 15, "15 ngày"),
        ("HOUR", 8, "8 giờ"),
        ("MONTH", 2, "2 tháng"),
        ("DAY", 7.5, "7,5 ngày"),
    ],
)
def test_units_of_time(unit: str, time: float, read: str) -> None:
    (channel,) = channels_of_detail({"executionMethods": [method(unit=unit, time=time)]})
    assert (channel.method, channel.time) == ("Trực tuyến", read)


@pytest.mark.parametrize(
    ("unit", "time"), [("OTHER", 7), ("YEAR", 1), ("", 3), (None, 3), ("DAY", 0), ("DAY", None), ("DAY", -1), ("DAY", "3")]
)
def test_a_time_that_is_not_sure_is_left_empty(unit: str, time: object) -> None:
    (channel,) = channels_of_detail({"executionMethods": [method(unit=unit, time=time)]})
    assert channel.time is None


def test_fees_with_their_conditions() -> None:
    fees = [
        {"value": 50000, "description": "- Nộp trực tiếp"},
        {"value": 1250000.0, "description": ""},
        {"value": 50000, "description": "Nộp trực tiếp"},
    ]
    (channel,) = channels_of_detail({"executionMethods": [method(fees=fees)]})
    assert channel.fees == ("50.000 đồng (Nộp trực tiếp)", "1.250.000 đồng")


@pytest.mark.parametrize("value", [0, 0.0, None, "50000", -5])
def test_a_fee_of_zero_is_left_empty(value: object) -> None:
    (channel,) = channels_of_detail({"executionMethods": [method(fees=[{"value": value, "description": "Miễn phí"}])]})
    assert channel.fees == ()


def test_each_way_to_submit_is_told_once_and_unknown_ways_are_not() -> None:
    methods = [method("DIRECT", 1), method("POSTAL", 2), method("DIRECT", 1), method("PIGEON", 3)]
    channels = channels_of_detail({"executionMethods": methods})
    assert [(c.method, c.time) for c in channels] == [("Trực tiếp", "1 ngày làm việc"), ("Bưu chính", "2 ngày làm việc")]


def test_rows_of_one_way_keep_the_case_each_is_for() -> None:
    methods = [{**method("DIRECT", 1), "description": "- Cấp lần  đầu"}, {**method("DIRECT", 9), "description": "Cấp lại"}]
    channels = channels_of_detail({"executionMethods": methods})
    assert [(c.case, c.time) for c in channels] == [("Cấp lần đầu", "1 ngày làm việc"), ("Cấp lại", "9 ngày làm việc")]


@pytest.mark.parametrize(
    ("fee", "told"),
    [
        ({"value": 25, "currencyName": "USD"}, "25 USD"),
        ({"value": 7.5, "currencyName": "USD"}, "7,5 USD"),
        ({"value": 70000, "currencyName": "VNĐ"}, "70.000 đồng"),
        ({"value": 1, "currencyName": ""}, None),
        ({"value": 200_000, "description": "x" * 500}, "200.000 đồng"),
        ({"value": 1_500_000, "currencyName": "JPY"}, "1500000 JPY"),
    ],
)
def test_fees_in_their_currency(fee: dict[str, object], told: str | None) -> None:
    (channel,) = channels_of_detail({"executionMethods": [method(fees=[fee])]})
    assert channel.fees == ((told,) if told else ())


@pytest.mark.parametrize("row", [{}, {"executionMethods": None}, {"executionMethods": []}])
def test_no_ways_to_submit(row: dict[str, Any]) -> None:
    assert channels_of_detail(row) == ()


@pytest.mark.parametrize(
    ("line", "way", "time"),
    [
        ("Trực tuyến: 3 Ngày làm việcPhí : 50000 Đồng (mỗi lần)Trong 3 ngày", "Trực tuyến", "3 ngày làm việc"),
        ("Trực tiếp: 20 NgàyLệ phí : 0 Đồng", "Trực tiếp", "20 ngày"),
        ("Dịch vụ bưu chính: 8 GiờKhông có thông tin", "Bưu chính", "8 giờ"),
        ("Trực tiếp: 0 Ngày làm việcPhí", "Trực tiếp", None),
        ("Trực tiếp: Theo quy địnhPhí : 100.000 Đồng", "Trực tiếp", None),
        ("Trực tiếp: 5 Ngày kể từ ngày nhận đủ hồ sơ", "Trực tiếp", None),
        ("Trực tuyến: 10Lệ phí : 75.000 Đồng", "Trực tuyến", None),
    ],
)
def test_glued_page_text_gives_a_time_only_where_its_unit_is_plain(line: str, way: str, time: str | None) -> None:
    (channel,) = channels_of_page(line)
    assert (channel.method, channel.time) == (way, time)


@pytest.mark.parametrize(
    "text", ["Trực tiếp: 3 Ngày làm việcPhí : 500.000 Đồng", "Trực tuyến: 1 NgàyLệ phí : 25000 Đồng\nTrực tiếp: 2 NgàyPhí : 1 Đồng"]
)
def test_glued_page_text_never_gives_a_fee(text: str) -> None:
    assert [c.fees for c in channels_of_page(text)] == [()] * len(text.splitlines())


def test_papers_with_their_forms_and_copies() -> None:
    parts = [
        {"name": "+ Tờ khai theo mẫu số 01/ĐK;", "originalQty": 1, "copyQty": 0},
        {"name": "- Ảnh  4x6\xa0cm.", "originalQty": 0, "copyQty": 2},
        {"name": "x" * 241},
        {"name": " - "},
    ]
    (case,) = reading.cases_of_detail({"executionCases": [{"name": "* Giấy tờ phải nộp:", "profileComponents": parts}, {"name": "trống"}]})
    assert case.name == "Giấy tờ phải nộp"
    assert [(p.name, p.form, p.originals, p.copies) for p in case.papers] == [
        ("Tờ khai theo mẫu số 01/ĐK", "01/ĐK", 1, None),
        ("Ảnh 4x6 cm", None, None, 2),
    ]
    assert case.left_out == 1


def test_a_dossier_of_nothing_but_long_items_is_counted() -> None:
    (case,) = reading.cases_of_detail({"executionCases": [{"name": "", "profileComponents": [{"name": "x" * 241}, {"name": "y" * 300}]}]})
    assert (case.name, case.papers, case.left_out) == ("Hồ sơ", (), 2)


def test_numbers_of_legal_documents() -> None:
    text = "Luật 60/2014/QH13 60/2014/QH13, Nghị định 123/2015/NĐ-CP; ngày 12/4/2021; 15/2015/TT-BTP sửa 1/2/2020/X"
    assert reading.bases_in(text) == ("60/2014/QH13", "123/2015/NĐ-CP", "15/2015/TT-BTP")


@pytest.mark.parametrize(
    ("row", "kind"),
    [
        ({"executionMethods": None}, "detail"),
        ({"ma": 1, "ten": 2}, "page"),
        ({"categories": [], "departmentPromulgate": ""}, "list"),
        ({"ma": 1}, "unknown"),
        ({}, "unknown"),
    ],
)
def test_kinds_of_rows(row: dict[str, object], kind: str) -> None:
    assert reading.kind_of(row) == kind


def test_levels_from_names_of_bodies() -> None:
    assert reading.levels_of_bodies(("Bộ Tư pháp",)) == ("bộ",)
    assert reading.levels_of_bodies(("Sở Tư pháp", "Ủy ban nhân dân cấp xã")) == ("tỉnh", "xã")
    assert reading.levels_of_bodies(("Bộ đội Biên phòng tỉnh",)) != ()
    assert reading.levels_of_bodies(()) == ()
    assert reading.levels_of_page("Cấp tỉnh, Cấp xã") == ("tỉnh", "xã")


# --- files ---------------------------------------------------------------------------------------------------------------


def test_lines_of_plain_and_packed_files(tmp_path: Path) -> None:
    rows = [{"a": 1}, {"b": "đ"}]
    text = "\n\n".join(json.dumps(r, ensure_ascii=False) for r in rows)
    (tmp_path / "a.jsonl").write_text(text, encoding="utf-8")
    (tmp_path / "a.jsonl.gz").write_bytes(gzip.compress(text.encode()))
    assert list(read_lines(tmp_path / "a.jsonl")) == list(read_lines(tmp_path / "a.jsonl.gz")) == rows


@pytest.mark.parametrize(("content", "place"), [('{"a": 1}\n{"b": ', "dòng 2"), ("[1]\n", "dòng 1"), ('{"a": 1}\nnull', "dòng 2")])
def test_a_broken_line_is_named(tmp_path: Path, content: str, place: str) -> None:
    path = tmp_path / "a.jsonl"
    path.write_text(content)
    with pytest.raises(UnreadableExport, match=place) as caught:
        list(read_lines(path))
    assert str(path) in str(caught.value)


PACKED = gzip.compress(b"\n".join(json.dumps({"number": i, "text": f"{i * 7919:x}"}).encode() for i in range(400)))


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("a.jsonl.gz", b"not packed"),
        ("a.jsonl.gz", PACKED[: len(PACKED) // 2]),
        ("a.jsonl", '{"a": "đ"}'.encode("utf-16")),
        ("a.jsonl.gz", PACKED[:200] + bytes(b ^ 0x55 for b in PACKED[200:260]) + PACKED[260:]),
    ],
    ids=["not packed", "cut off", "other encoding", "damaged"],
)
def test_a_file_that_cannot_be_read(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UnreadableExport):
        list(read_lines(tmp_path / name))


def test_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(UnreadableExport):
        list(read_lines(tmp_path / "none.jsonl"))


# --- how much a procedure is needed --------------------------------------------------------------------------------------


def test_weights_by_field(tmp_path: Path) -> None:
    (tmp_path / "need.yaml").write_text("6: [Hộ tịch]\n3: [Thủy sản, Thú y]\n", encoding="utf-8")
    assert load_field_weights(tmp_path / "need.yaml") == {"Hộ tịch": 6, "Thủy sản": 3, "Thú y": 3}


def test_citizens_procedures_at_the_commune_are_needed_most() -> None:
    weights = {"Hộ tịch": 6}

    def of(field: str, level: str, *audience: str, internal: bool = False) -> float:
        return need([field], [level], audience, internal=internal, weights=weights)

    birth = of("Hộ tịch", "xã", "Công dân Việt Nam")
    firm = of("Đầu tư", "tỉnh", "Doanh nghiệp Việt Nam")
    staff = of("Hộ tịch", "tỉnh", "Cán bộ, công chức, viên chức")
    inner = of("Hộ tịch", "tỉnh", "Cán bộ, công chức, viên chức", internal=True)
    assert 1.0 >= birth > firm > inner >= 0.0
    assert birth > staff > inner
    assert need([], [], [], internal=False, weights={}) < firm
