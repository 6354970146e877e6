"""Names in capitals as one reads them."""

from __future__ import annotations

import pytest

from knowledge.casing import sentence_case
from knowledge.text import folded_keys


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("THỦ TỤC THÀNH LẬP HỘI (CẤP TỈNH).", "Thủ tục thành lập hội (cấp tỉnh)."),
        ("THỦ TỤC QUỸ TỰ GIẢI THỂ (Cấp xã)", "Thủ tục quỹ tự giải thể (Cấp xã)"),
        ("CẤP SỔ BHXH, THẺ BHYT CHO NGƯỜI LAO ĐỘNG", "Cấp sổ BHXH, thẻ BHYT cho người lao động"),
        ("MỜI TỔ CHỨC NƯỚC NGOÀI VÀO VIỆT NAM", "Mời tổ chức nước ngoài vào Việt Nam"),
        ("TRƯỜNG HỢP QUY ĐỊNH TẠI KHOẢN 2 ĐIỀU 34", "Trường hợp quy định tại khoản 2 Điều 34"),
        ("GIẤY PHÉP LÁI XE HẠNG A", "Giấy phép lái xe hạng A"),
        ("ĐỒ ÁN Ở XÃ", "Đồ án ở xã"),
    ],
)
def test_capitals_throughout_are_read_as_a_sentence(written: str, read: str) -> None:
    assert sentence_case(written) == read
    assert folded_keys(written) == folded_keys(read), "no letter is lost"


@pytest.mark.parametrize(
    "name", ["Cấp Giấy phép lái xe", "Cấp sổ BHXH, thẻ BHYT, BHTN", "UBND", "HIV", "Đăng ký VNeID", "Dự án ODA của UBND TP", ""]
)
def test_what_is_not_shouted_stays(name: str) -> None:
    assert sentence_case(name) == name
