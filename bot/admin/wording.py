"""What the staff pages call things, in Vietnamese. Longer texts stand in the templates."""

from __future__ import annotations

from collections.abc import Mapping

from bot.types import Outcome
from knowledge.entries import EntryType

ERRORS: Mapping[int, str] = {
    400: "Nội dung gửi lên chưa đúng. Quay lại trang trước và thử lại.",
    401: "Phiên làm việc đã hết. Nội dung vừa gửi chưa được lưu; quay lại trang trước để chép lại, rồi đăng nhập.",
    403: "Trang này đã mở quá lâu hoặc yêu cầu không đến từ trang cán bộ, nên không thực hiện. Quay lại, tải lại trang rồi thử lại.",
    404: "Không có trang hoặc mục này. Có thể người khác vừa xử lý xong.",
    429: "Đã thử quá nhiều lần. Vui lòng chờ 15 phút rồi thử lại.",
    503: "Cơ sở dữ liệu đang bận, chưa lưu được. Vui lòng thử lại sau ít phút.",
}
OUTCOMES: Mapping[str, str] = {
    Outcome.FOUND: "đã trả lời",
    Outcome.WHICH_PROVINCE: "hỏi lại: tỉnh nào",
    Outcome.WHICH_RECORD: "hỏi lại: việc nào",
    Outcome.WHICH_MATTER: "hỏi lại: thủ tục nào",
    Outcome.NEXT_BEST: "đưa lựa chọn khác",
    Outcome.MENU: "mở danh mục",
    Outcome.NO_SUCH_OPTION: "chọn số không có",
    Outcome.ASK_REASON: "hỏi chỗ chưa đúng",
    Outcome.NOT_KNOWN: "chưa trả lời được",
    Outcome.OTHER_PROVINCE: "tỉnh chưa có dữ liệu",
    Outcome.PERSONAL_DATA: "từ chối: đời tư người khác",
    Outcome.UNLAWFUL: "từ chối: trái quy định",
    Outcome.MANIPULATION: "từ chối: lái chương trình",
    Outcome.UNREADABLE: "không đọc được",
    Outcome.GREETING: "chào hỏi",
    Outcome.THANKS: "cảm ơn",
    Outcome.FAREWELL: "tạm biệt",
    Outcome.HELP: "xem hướng dẫn",
    Outcome.UPSET: "phàn nàn",
    Outcome.EMERGENCY: "khẩn cấp",
    Outcome.DISTRESS: "cần được giúp đỡ",
    Outcome.PERSONAL_NOTED: "gửi dữ liệu cá nhân",
    Outcome.SAY_MORE: "mời nói rõ hơn",
    Outcome.FEEDBACK_GOOD: "góp ý: đúng ý",
    Outcome.FEEDBACK_NOTED: "góp ý: chưa đúng",
    Outcome.HAND_OVER: "xin gặp cán bộ",
    Outcome.STAFF_MODE: "chế độ cán bộ",
    Outcome.CITIZEN_MODE: "chế độ công dân",
    Outcome.FORGOTTEN: "xóa cuộc trò chuyện",
    Outcome.PROVINCE_NOTED: "nói tỉnh",
    Outcome.STALE_CHOICE: "bấm nút cũ",
    Outcome.WITH_STAFF: "đang với cán bộ",
    Outcome.BACK_TO_BOT: "trở lại bot",
    Outcome.PAUSED: "bot tạm nghỉ",
    Outcome.TOO_FAST: "nhắn quá nhanh",
    Outcome.EMPTY: "tin trống",
    Outcome.TOO_LONG: "quá dài",
    Outcome.FAILED: "lỗi chương trình",
}
CHANNELS: Mapping[str, str] = {
    "web": "trang web",
    "api": "API",
    "telegram": "Telegram",
    "zalo_oa": "Zalo OA",
    "zalo_bot": "Zalo Bot",
}
TYPES: Mapping[EntryType, str] = {
    EntryType.TASK: "Nhiệm vụ trong kế hoạch",
    EntryType.DUTY: "Trách nhiệm trong kế hoạch",
    EntryType.CONTENT: "Nội dung kế hoạch",
    EntryType.PLAN: "Kế hoạch",
    EntryType.PROCEDURE: "Thủ tục khác",
    EntryType.GUIDE: "Hướng dẫn",
    EntryType.OFFICE: "Cơ quan",
    EntryType.TERM: "Thuật ngữ",
    EntryType.LEGAL_DOCUMENT: "Văn bản",
    EntryType.PASSAGE: "Đoạn văn bản",
    EntryType.PROVINCE: "Tỉnh, thành phố",
}
DEEDS: Mapping[str, str] = {
    "login": "đăng nhập",
    "login_failed": "đăng nhập sai",
    "logout": "đăng xuất",
    "answer_written": "viết câu trả lời",
    "answer_changed": "sửa câu trả lời",
    "answer_withdrawn": "ngừng dùng câu trả lời",
    "out_of_scope": "đánh dấu ngoài phạm vi",
    "question_of_record": "thêm câu hỏi cho bản ghi",
    "questions_dismissed": "bỏ qua câu hỏi",
    "suggestion_removed": "xóa đề nghị",
    "suggestions_exported": "tải tệp đề nghị",
    "opinion_handled": "xử lý góp ý",
    "case_replied": "trả lời người dân",
    "case_closed": "kết thúc trao đổi",
    "notice_posted": "đăng thông báo",
    "notice_ended": "gỡ thông báo",
    "paused": "tạm dừng bot",
    "resumed": "cho bot trả lời lại",
    "exported": "tải dữ liệu CSV",
    "person_exported": "tải dữ liệu của một người",
    "person_erased": "xóa dữ liệu của một người",
}
DETAILS: Mapping[str, str] = {
    "how": "cách",
    "from": "mã nơi đăng nhập",
    "channel": "kênh",
    "level": "mức",
    "text": "nội dung",
    "until": "hết hạn",
    "questions": "số câu hỏi",
    "opinions": "số góp ý",
    "rows": "số dòng",
}
"""Of a line of the audit log; what is not named here is shown as it was written."""
CITIZEN = "Người dân"
CASE_CLOSED = "Cán bộ đã kết thúc trao đổi. Anh/chị cần gì cứ nhắn lại, em tra giúp ạ."
DONE: Mapping[str, str] = {
    "answer": "Đã lưu câu trả lời. Từ giờ bot dùng câu này khi có người hỏi như vậy.",
    "withdrawn": "Đã ngừng dùng câu trả lời.",
    "scope": "Đã ghi: ngoài phạm vi. Bot chưa đổi cách trả lời; xem trang Đề nghị.",
    "question": "Đã ghi câu hỏi cho bản ghi. Bot chưa đổi cách trả lời; xem trang Đề nghị.",
    "dismissed": "Đã bỏ qua nhóm câu hỏi.",
    "removed": "Đã xóa đề nghị.",
    "opinion": "Đã đánh dấu góp ý là xong.",
    "sent": "Đã gửi câu trả lời.",
    "closed": "Đã kết thúc trao đổi. Bot trả lời người này trở lại.",
    "notice": "Đã đăng thông báo. Người dùng sẽ thấy trong câu trả lời kế tiếp.",
    "ended": "Đã gỡ thông báo.",
    "paused": "Bot đang tạm dừng trên mọi kênh.",
    "resumed": "Bot trả lời trở lại.",
    "erased": "Đã xóa dữ liệu của người này.",
}
"""What is said at the top of a page after a change, by the code in its address."""
