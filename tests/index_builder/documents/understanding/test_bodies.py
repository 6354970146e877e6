from __future__ import annotations

import pytest

from index_builder.documents.understanding.bodies import Names, leading, split

NAMES = Names(("Phòng Thông tin, Báo chí, Xuất bản",))


@pytest.mark.parametrize(
    ("text", "bodies"),
    [
        (
            "Sở Tài chính, Sở Kế hoạch và Đầu tư và các sở, ban, ngành; UBND các huyện, thị xã, thành phố",
            ("Sở Tài chính", "Sở Kế hoạch và Đầu tư", "Các sở, ban, ngành", "UBND các huyện, thị xã, thành phố"),
        ),
        ("Sở Văn hóa, Thể thao và Du lịch.", ("Sở Văn hóa, Thể thao và Du lịch",)),
        ("- Sở Tài chính\n- Sở Nội vụ\n- Các sở,\nngành liên quan", ("Sở Tài chính", "Sở Nội vụ", "Các sở, ngành liên quan")),
        ("Các sở, ban, ngành; Ủy ban\nnhân dân các huyện", ("Các sở, ban, ngành", "Ủy ban nhân dân các huyện")),
        ("Phòng Thông tin, Báo chí, Xuất bản và Văn phòng Sở", ("Phòng Thông tin, Báo chí, Xuất bản", "Văn phòng Sở")),
        (
            "Văn phòng Ủy ban nhân dân tỉnh (Trung tâm Phục vụ hành chính công tỉnh)",
            ("Văn phòng Ủy ban nhân dân tỉnh (Trung tâm Phục vụ hành chính công tỉnh)",),
        ),
        ("Báo Ấp Bắc, Đài Phát thanh và Truyền hình tỉnh", ("Báo Ấp Bắc", "Đài Phát thanh và Truyền hình tỉnh")),
        ("", ()),
    ],
)
def test_a_cell_is_split_where_bodies_begin(text: str, bodies: tuple[str, ...]) -> None:
    assert split(text, NAMES) == bodies


@pytest.mark.parametrize(
    ("text", "bodies", "rest"),
    [
        ("Sở Nội vụ và các cơ quan thông tấn, báo chí thực hiện tốt", ("Sở Nội vụ", "Các cơ quan thông tấn, báo chí"), "thực hiện tốt"),
        ("các cơ quan, tổ chức liên quan triển khai", ("Các cơ quan, tổ chức liên quan",), "triển khai"),
        ("Đài Truyền hình tỉnh, tổ chức phát sóng", ("Đài Truyền hình tỉnh",), ", tổ chức phát sóng"),
        ("Sở, ban, ngành; UBND xã, phường quán triệt", ("Sở, ban, ngành", "UBND xã, phường"), "quán triệt"),
        ("Ban An toàn giao thông tỉnh theo dõi", ("Ban An toàn giao thông tỉnh",), "theo dõi"),
        ("các cơ quan được kiểm tra chuẩn bị hồ sơ", ("Các cơ quan được kiểm tra",), "chuẩn bị hồ sơ"),
        ("Tổ chức các lớp tập huấn", (), "Tổ chức các lớp tập huấn"),
        ("Ban hành kế hoạch", (), "Ban hành kế hoạch"),
        ("Báo cáo kết quả", (), "Báo cáo kết quả"),
    ],
)
def test_bodies_at_the_beginning_of_a_sentence(text: str, bodies: tuple[str, ...], rest: str) -> None:
    assert leading(text, NAMES) == (bodies, rest)
