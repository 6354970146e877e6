"""What the web interface says to people and to programs, in Vietnamese."""

from __future__ import annotations

from collections.abc import Mapping

ERRORS: Mapping[int, str] = {
    400: "Nội dung gửi lên không phải JSON hợp lệ.",
    403: "Địa chỉ này chỉ mở cho người vận hành.",
    404: "Không có địa chỉ này.",
    405: "Địa chỉ này không nhận phương thức đó.",
    408: "Nội dung gửi lên quá chậm, vui lòng gửi lại.",
    413: "Nội dung gửi lên quá lớn (nhiều nhất {limit} KB).",
    415: "Cần gửi JSON với Content-Type: application/json.",
    421: "Máy chủ này không phục vụ tên miền đó.",
    431: "Phần đầu của yêu cầu quá lớn.",
    500: "Hệ thống đang gặp lỗi, vui lòng thử lại sau.",
    503: "Chưa có chỉ mục để trả lời. Hãy dựng chỉ mục bằng lệnh: python -m index_builder build",
}
TOO_MANY = "Anh/chị gửi hơi nhanh, vui lòng chờ {seconds} giây rồi gửi lại giúp em."
BUSY = "Hệ thống đang bận, vui lòng thử lại sau ít phút."
STARTING = "Hệ thống đang khởi động, vui lòng thử lại sau ít phút."
NOT_FOUND: Mapping[str, str] = {
    "procedure": "Không có thủ tục mã này.",
    "plan": "Không có kế hoạch này.",
    "office": "Không có cơ quan này.",
    "event": "Không có sự kiện này.",
}
EXPECTED: Mapping[str, str] = {
    "missing": "thiếu trường bắt buộc",
    "string_type": "cần chuỗi ký tự",
    "string_unicode": "có ký tự Unicode không hợp lệ",
    "string_too_long": "dài quá mức cho phép",
    "string_pattern_mismatch": "chỉ gồm chữ không dấu, chữ số và các dấu . _ : -, từ 1 đến 100 ký tự",
    "bool_type": "cần true hoặc false",
    "bool_parsing": "cần true hoặc false",
    "int_parsing": "cần số nguyên",
    "int_parsing_size": "số quá lớn",
    "greater_than_equal": "số quá nhỏ",
    "less_than_equal": "số quá lớn",
    "enum": "không phải giá trị được dùng",
    "literal_error": "không phải giá trị được dùng",
    "extra_forbidden": "không có trường này",
    "model_attributes_type": "cần một đối tượng JSON",
}
"""What a wrong value should have been, by the kind of mistake."""
WRONG_VALUE = "giá trị không hợp lệ"
WHOLE_BODY = "nội dung"
