"""What chat channels say beside answers, in one place to be reviewed."""

from __future__ import annotations

from collections.abc import Mapping

COMMANDS: Mapping[str, str] = {
    "start": "Bắt đầu",
    "help": "Hướng dẫn cách hỏi",
    "menu": "Xem danh mục thủ tục",
    "tinh": "Chọn tỉnh, thành phố của anh/chị",
    "vanban": "Xem các kế hoạch em tra được",
    "canbo": "Gặp cán bộ",
    "xoa": "Xóa mọi điều em còn lưu về anh/chị",
}
COMMANDS_ENGLISH: Mapping[str, str] = {
    "start": "Start (answers are in Vietnamese)",
    "help": "How to ask",
    "menu": "Browse procedures",
    "tinh": "Choose your province or city",
    "vanban": "Plans that can be searched",
    "canbo": "Talk to a member of staff",
    "xoa": "Erase everything kept about you",
}
COMMAND_LIST = "Các lệnh:\n" + "\n".join(f"/{name}: {what}" for name, what in COMMANDS.items())
UNKNOWN_COMMAND = "Dạ, em không có lệnh này. " + COMMAND_LIST
CHOOSE_PROVINCE = "Anh/chị ở tỉnh, thành phố nào ạ? Bấm chọn, hoặc nhắn tên tỉnh."
CHOOSE_PLAN = "Em tra được các văn bản dưới đây. Anh/chị muốn xem văn bản nào ạ?"
NO_PLANS = "Dạ, hiện em chưa có kế hoạch nào để tra."
TEXT_ONLY = "Dạ, em chỉ đọc được tin nhắn chữ. Anh/chị gõ câu hỏi giúp em ạ."
IN_PRIVATE = "Hỏi tiếp riêng với em: {link}"
MORE_TO_ASK = "Hỏi thêm: "
BY_WORDS = "Hoặc nhắn: "
CHOOSE_BY_NUMBER = "Anh/chị nhắn số thứ tự để chọn."
CHOOSE_PROVINCE_BY_NAME = "Anh/chị ở tỉnh, thành phố nào ạ? Anh/chị nhắn tên tỉnh giúp em."
