from __future__ import annotations

import pytest

from index_builder.documents.understanding.directory import Directory
from index_builder.documents.understanding.pieces import Cell, Grid, Line
from index_builder.documents.understanding.spelling import offices_readable, respelled


@pytest.mark.parametrize(
    ("typed", "mended"),
    [
        ("ngày3 tháng 4 năm2023", "ngày 3 tháng 4 năm 2023"),
        ("Phòng,chống thiên tai như sau :", "Phòng, chống thiên tai như sau:"),
        ("1,5 tỷ đồng; Sở VH,TT&DL", "1,5 tỷ đồng; Sở VH,TT&DL"),
        ("Các sở: Nội vụ, Tài chính và UBND cấp xã báo cáo", "Sở Nội vụ, Sở Tài chính và UBND cấp xã báo cáo"),
        (
            "các Sở Văn hóa, Thể thao và Du lịch, Y tế và Giáo dục và Đào tạo",
            "Sở Văn hóa, Thể thao và Du lịch, Sở Y tế và Sở Giáo dục và Đào tạo",
        ),
        ("Các sở, ban, ngành tỉnh", "Các sở, ban, ngành tỉnh"),
        ("UỶ BAN NHÂN DÂN", "ỦY BAN NHÂN DÂN"),
    ],
)
def test_lines_and_cells_are_mended(typed: str, mended: str) -> None:
    line, grid = respelled([Line(typed, bold=True), Grid(((Cell(typed),),))], Directory())
    assert line == Line(mended, bold=True)
    assert isinstance(grid, Grid)
    assert grid.rows[0][0].text == mended


@pytest.mark.parametrize(
    ("capitals", "written"),
    [
        ("1. SỞ NỘI VỤ:", "1. Sở Nội vụ:"),
        ("II. CÁC SỞ, BAN, NGÀNH", "II. Các sở, ban, ngành"),
        ("UBND CÁC HUYỆN, THÀNH PHỐ", "UBND các huyện, thành phố"),
        ("3. SỞ TÀI CHÍNH: Tham mưu kinh phí.", "3. Sở Tài chính: Tham mưu kinh phí."),
        ("CHỦ TỊCH UBND CÁC HUYỆN, THÀNH PHỐ", "Chủ tịch UBND các huyện, thành phố"),
        ("BÁO MÔ PHỎNG", "Báo Mô phỏng"),
        ("III. TỔ CHỨC THỰC HIỆN", "III. TỔ CHỨC THỰC HIỆN"),
        ("UBND", "UBND"),
    ],
)
def test_offices_in_capitals(capitals: str, written: str) -> None:
    (line, grid) = offices_readable([Line(capitals), Grid(((Cell("CÔNG AN TỈNH"),),))], Directory())
    assert line == Line(written)
    assert isinstance(grid, Grid)
    assert grid.rows[0][0].text == "Công an tỉnh"
