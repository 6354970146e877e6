from __future__ import annotations

import datetime as dt

import pytest

from index_builder.documents.model import Document, Look, Paragraph, Place, Row, Table
from index_builder.documents.understanding.directory import Directory
from index_builder.documents.understanding.draft import Draft
from index_builder.documents.understanding.understand import understand

DIRECTORY = Directory(provinces={"Tiền Giang": "tỉnh"})
HEAD = ("ỦY BAN NHÂN DÂN\nTỈNH TIỀN GIANG", "Số: 15/KH-UBND", "Tiền Giang, ngày 15 tháng 01 năm 2021", "KẾ HOẠCH", "Chuyển đổi số năm 2021")


def document(*blocks: str | list[tuple[str, ...]]) -> Document:
    made: list[Paragraph | Table] = []
    for number, block in enumerate(blocks):
        place = Place(None, number)
        if isinstance(block, str):
            made.append(Paragraph(block, place, Look()))
        else:
            made.append(Table(tuple(Row(cells, place) for cells in block), place))
    return Document("thu.md", "md", "0" * 64, None, tuple(made))


def drafted(*blocks: str | list[tuple[str, ...]]) -> Draft:
    return understand(document(*HEAD, *blocks), DIRECTORY)


def test_head() -> None:
    draft = drafted("Căn cứ Quyết định số 5/QĐ-TTg ngày 03/6/2020 của Thủ tướng Chính phủ;", "I. MỤC ĐÍCH", "- Làm nhanh.")
    assert draft.number.value == "15/KH-UBND"
    assert draft.date.value == dt.date(2021, 1, 15)
    assert draft.title.value == "Kế hoạch chuyển đổi số năm 2021"
    assert draft.issuing_body.value == "Ủy ban nhân dân tỉnh Tiền Giang"
    assert [(b.number, b.preamble) for b in draft.bases] == [("5/QĐ-TTg", True)]
    assert draft.years.value == (2021,)


@pytest.mark.parametrize(
    "heading",
    [
        ("STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian"),
        ("TT", "Nội dung công việc", "Đầu mối", "Đơn vị phối hợp", "Tiến độ"),
        ("Số TT", "Hoạt động", "Bộ phận thực hiện chính", "Cơ quan tham gia", "Hoàn thành"),
    ],
)
def test_columns_are_known_by_meaning(heading: tuple[str, ...]) -> None:
    rows = [heading, ("1", "Mở cổng dữ liệu", "Sở Nội vụ", "Sở Tài chính", "Quý II/2021"), ("2", "Tập huấn", "nt", "-nt-", "Như trên")]
    first, second = drafted("I. NHIỆM VỤ", rows).tasks
    assert (first.leads, first.partners, first.timing and first.timing.normal) == (("Sở Nội vụ",), ("Sở Tài chính",), "2021-Q2")
    assert first.place.section == "Mục I, STT 1"
    assert (second.leads, second.partners, second.timing and second.timing.normal) == (first.leads, first.partners, "2021-Q2")


def test_group_rows_and_rows_that_go_on_are_no_tasks() -> None:
    rows = [
        ("STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian"),
        ("(1)", "(2)", "(3)", "(4)", "(5)"),
        ("I", "Hạ tầng", "Hạ tầng", "Hạ tầng", "Hạ tầng"),
        ("1", "Xây dựng trung tâm", "Sở Xây dựng", "Công an tỉnh", "2021"),
        ("", "dữ liệu của tỉnh", "", "Sở Tài chính", ""),
    ]
    (task,) = drafted("I. NHIỆM VỤ", rows).tasks
    assert task.title == "Xây dựng trung tâm dữ liệu của tỉnh"
    assert task.partners == ("Công an tỉnh", "Sở Tài chính")


def test_heading_on_two_rows() -> None:
    rows = [
        ("STT", "Nhiệm vụ", "Cơ quan thực hiện", "Cơ quan thực hiện", "Thời gian"),
        ("STT", "Nhiệm vụ", "Chủ trì", "Phối hợp", "Thời gian"),
        ("1", "Tập huấn", "Sở Nội vụ", "Sở Y tế", "Quý I"),
    ]
    (task,) = drafted("I. NHIỆM VỤ", rows).tasks
    assert (task.leads, task.partners) == (("Sở Nội vụ",), ("Sở Y tế",))


def test_tasks_behind_labels() -> None:
    (task,) = drafted(
        "I. NHIỆM VỤ", "1. Tuyên truyền lưu động", "- Cơ quan chủ trì: Sở Văn hóa, Thể thao và Du lịch.", "- Cơ quan phối hợp: Sở Nội vụ.", "- Thời gian: Quý I."
    ).tasks  # fmt: skip
    assert (task.title, task.leads, task.partners) == ("Tuyên truyền lưu động", ("Sở Văn hóa, Thể thao và Du lịch",), ("Sở Nội vụ",))
    assert task.place.section == "Mục I.1"


def test_duties_below_an_office_and_what_it_reports() -> None:
    draft = drafted(
        "I. TỔ CHỨC THỰC HIỆN",
        "1. Sở Nội vụ",
        "- Chủ trì, phối hợp với Sở Tài chính xây dựng dự toán, hoàn thành trước ngày 30 tháng 6.",
        "- Định kỳ 6 tháng báo cáo UBND tỉnh (qua Văn phòng UBND tỉnh).",
        "2. Đề nghị Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh phối hợp tuyên truyền.",
    )
    first, second = draft.duties
    assert (first.leads, first.partners, first.place.section) == (("Sở Nội vụ",), ("Sở Tài chính",), "Mục I.1, gạch đầu dòng 1")
    assert second.leads == ("Ủy ban Mặt trận Tổ quốc Việt Nam tỉnh",)
    (report,) = draft.reports
    assert (report.who, report.to, report.via) == (("Sở Nội vụ",), ("UBND tỉnh",), ("Văn phòng UBND tỉnh",))
    assert report.timing is not None
    assert report.timing.normal == "mỗi 6 tháng"


def test_purposes_and_pointers_to_the_annex_are_no_tasks() -> None:
    draft = drafted(
        "I. MỤC ĐÍCH", "- Sở Nội vụ chủ trì tốt hơn.", "II. GIẢI PHÁP (chi tiết tại phụ lục)", "a) Báo Ấp Bắc duy trì chuyên mục."
    )
    assert not draft.tasks
    assert not draft.duties
    assert [c.kind.value for c in draft.contents] == ["purpose", "form"]


def test_nothing_to_understand() -> None:
    draft = understand(document("Một đoạn văn không phải văn bản hành chính."), DIRECTORY)
    assert not draft.tasks
    assert draft.number.value is None
    assert draft.title.review
