"""Layouts that offices use and that the first drafts missed: each on the smallest document that shows it."""

from __future__ import annotations

import pytest

from index_builder.documents.understanding.draft import Draft
from tests.index_builder.documents.understanding.test_understand import drafted


def who(draft: Draft) -> list[tuple[str, tuple[str, ...], tuple[str, ...]]]:
    return [(t.title, t.leads, t.partners) for t in (*draft.tasks, *draft.duties)]


def test_offices_as_group_rows() -> None:
    draft = drafted(
        "PHỤ LỤC",
        [
            ("STT", "Nhiệm vụ", "Thời gian"),
            ("I", "SỞ NỘI VỤ", "SỞ NỘI VỤ"),
            ("1", "Mở lớp tập huấn cho cấp xã", "Quý I"),
            ("II", "Công an tỉnh", "Công an tỉnh"),
            ("2", "Kiểm tra phương tiện", "Quý II"),
        ],
    )
    assert who(draft) == [("Mở lớp tập huấn cho cấp xã", ("Sở Nội vụ",), ()), ("Kiểm tra phương tiện", ("Công an tỉnh",), ())]


@pytest.mark.parametrize("other", ["Lãnh đạo phụ trách", "Chuyên viên phụ trách", "Cơ quan theo dõi, tham mưu"])
def test_who_looks_after_it_does_not_lead(other: str) -> None:
    draft = drafted(
        "I. NHIỆM VỤ", [("TT", "Nhiệm vụ", other, "Cơ quan thực hiện"), ("1", "Rà soát thủ tục", "Nguyễn Văn Thử", "Sở Tư pháp")]
    )
    assert who(draft) == [("Rà soát thủ tục", ("Sở Tư pháp",), ())]


def test_marks_for_lead_and_partner_in_one_cell() -> None:
    draft = drafted("I. NHIỆM VỤ", [("TT", "Nhiệm vụ", "Cơ quan thực hiện"), ("1", "Rà soát thủ tục", "Sở Tư pháp (CT), Sở Nội vụ (PH)")])
    assert who(draft) == [("Rà soát thủ tục", ("Sở Tư pháp",), ("Sở Nội vụ",))]


def test_the_first_column_may_number_the_rows_under_another_name() -> None:
    draft = drafted("I. NHIỆM VỤ", [("Chỉ số", "Tên chỉ số thành phần", "Cơ quan thực hiện"), ("1.1", "Tri thức công dân", "Sở Tư pháp")])
    assert who(draft) == [("Tri thức công dân", ("Sở Tư pháp",), ())]
    assert draft.tasks[0].place.section == "Mục I, STT 1.1"


def test_a_duty_keeps_its_own_time_beside_a_report() -> None:
    draft = drafted(
        "I. TỔ CHỨC THỰC HIỆN",
        "1. Sở Nội vụ xây dựng kế hoạch trước ngày 15/5/2021; báo cáo kết quả về UBND tỉnh trước ngày 25/11/2021.",
        "2. Sở Y tế: tham mưu UBND tỉnh báo cáo Chính phủ trước ngày 05/6 và 05/12.",
    )
    assert [d.timing.wording for d in draft.duties if d.timing] == ["Trước ngày 15/5/2021"]
    assert [(r.who, r.to, r.timing and r.timing.wording) for r in draft.reports] == [
        (("Sở Nội vụ",), ("UBND tỉnh",), "Trước ngày 25/11/2021"),
        (("Sở Y tế",), ("Chính phủ",), "Trước ngày 05/6 và 05/12"),
    ]


def test_a_report_that_only_says_through_whom_goes_to_the_issuer() -> None:
    draft = drafted("I. TỔ CHỨC THỰC HIỆN", "1. UBND các huyện báo cáo kết quả trước ngày 10/12/2021 (qua Sở Nội vụ).")
    assert [(r.to, r.via) for r in draft.reports] == [(("Ủy ban nhân dân tỉnh Tiền Giang",), ("Sở Nội vụ",))]


def test_two_offices_below_a_year_are_two_sentences() -> None:
    draft = drafted(
        "I. TỔ CHỨC THỰC HIỆN",
        "Các sở xây dựng kế hoạch, hoàn thành trong tháng 02/2021. Giao Văn phòng HĐND và UBND xã theo dõi, đôn đốc việc thực hiện.",
    )
    assert [d.leads for d in draft.duties] == [("Các sở",), ("Văn phòng HĐND và UBND xã",)]
