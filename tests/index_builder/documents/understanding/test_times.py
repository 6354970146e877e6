from __future__ import annotations

import pytest

from index_builder.documents.understanding.times import read_cell, read_sentence


@pytest.mark.parametrize(
    ("text", "wording", "normal"),
    [
        ("Thường xuyên", "Thường xuyên", "thường xuyên"),
        ("Thực hiện trong quý II và quý III/2021", "Quý II và quý III/2021", "2021-Q2; 2021-Q3"),
        ("Quý II, III/2022", "Quý II, III/2022", "2022-Q2; 2022-Q3"),
        ("Định kỳ\nhàng tháng", "Định kỳ hàng tháng", "hằng tháng"),
        ("Định kỳ hàng quý, 6 tháng, một năm", "Định kỳ hàng quý, 6 tháng, một năm", "hằng quý; mỗi 6 tháng; hằng năm"),
        ("Chậm nhất ngày 25 hằng tháng", "Chậm nhất ngày 25 hằng tháng", "<=---25; hằng tháng"),
        ("trước ngày 30 tháng 6", "Trước ngày 30 tháng 6", "<=--06-30"),
        ("Từ tháng 4 đến tháng 11 năm 2023", "Từ tháng 4 đến tháng 11 năm 2023", "2023-04..2023-11"),
        ("Giai đoạn 2021–2025", "Giai đoạn 2021–2025", "2021..2025"),
        ("3/2026 - 6/2026", "3/2026 - 6/2026", "2026-03..2026-06"),
        ("31/12/2024", "31/12/2024", "2024-12-31"),
        ("Sau khi có văn bản", "Sau khi có văn bản", ""),
    ],
)
def test_cell(text: str, wording: str, normal: str) -> None:
    found = read_cell(text)
    assert found is not None
    assert (found.wording, found.normal) == (wording, normal)


def test_empty_cell() -> None:
    assert read_cell(" - ") is None


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("chủ trì xây dựng đề án, hoàn thành trước ngày 30 tháng 9 năm 2024", "<=2024-09-30"),
        ("Hàng năm, rà soát nội dung", "hằng năm"),
        ("(trước ngày 30 tháng 6 đối với báo cáo 6 tháng và trước ngày 10 tháng 12 đối với báo cáo năm)", "<=--06-30; <=--12-10"),
        ("truyền thông về một cửa trên địa bàn tỉnh năm 2021.", "2021"),
        ("nếu có khó khăn, vướng mắc, đề nghị phản ánh", "khi có vướng mắc"),
    ],
)
def test_sentence_with_a_deadline(text: str, normal: str) -> None:
    found = read_sentence(text)
    assert found is not None
    assert found.normal == normal


@pytest.mark.parametrize(
    "text",
    [
        "theo Quyết định số 2817/QĐ-UBND ngày 25/12/2023 của UBND tỉnh",
        "tuyên truyền Kế hoạch cải cách hành chính năm 2024. Phối hợp với Sở Nội vụ",
        "xác định là nhiệm vụ thường xuyên",
        "tuyên truyền Chương trình giai đoạn 2021-2025, tầm nhìn đến năm 2030",
        "thực hiện Nghị quyết giai đoạn 2021-2025 của tỉnh",
    ],
)
def test_dates_that_set_no_deadline(text: str) -> None:
    assert read_sentence(text) is None
