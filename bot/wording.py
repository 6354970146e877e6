"""Every wording the bot speaks that does not come from a record, in one place to be reviewed.

Warm, short, "anh/chị", no jargon. Placeholders in braces are filled by the program.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.privacy.masking import Kind
from bot.types import Intent, Outcome

QUOTED = "{document}{place}:\n“{text}”"
QUOTED_NOTE = "Đây là nguyên văn trong văn bản gốc; chưa có bản ghi được duyệt riêng cho nội dung này."

ASK_ELSEWHERE = "Anh/chị có thể hỏi Trung tâm Phục vụ hành chính công xã, phường nơi ở, hoặc tra trên Cổng Dịch vụ công quốc gia https://dichvucong.gov.vn."

OUTCOMES: Mapping[Outcome, str] = {
    Outcome.NOT_KNOWN: "Dạ, em chưa có thông tin chắc chắn cho câu hỏi này nên không dám trả lời. " + ASK_ELSEWHERE,
    Outcome.OTHER_PROVINCE: (
        "Dạ, em chưa có kế hoạch của {asked}. Em chỉ tra được kế hoạch của: {known}. "
        "Anh/chị vui lòng hỏi Văn phòng Ủy ban nhân dân hoặc Sở Nội vụ của tỉnh, thành phố đó."
    ),
    Outcome.PERSONAL_DATA: (
        "Dạ, em không cung cấp thông tin riêng của cá nhân. Anh/chị có thể gọi số điện thoại công khai của cơ quan, "
        "ghi trên trang thông tin điện tử của cơ quan đó."
    ),
    Outcome.UNLAWFUL: (
        "Dạ, việc này trái quy định nên em không hướng dẫn được. Nếu cần giấy tờ hợp lệ, anh/chị cho em biết giấy gì, em chỉ cách làm đúng."
    ),
    Outcome.MANIPULATION: "Dạ, em chỉ trả lời về thủ tục hành chính và kế hoạch của tỉnh. Anh/chị cần hỏi thủ tục nào ạ?",
    Outcome.UNREADABLE: "Dạ, em chưa đọc được câu hỏi. Anh/chị viết lại giúp em bằng một câu ngắn, ví dụ: “làm giấy khai sinh cần gì”.",
    Outcome.GREETING: "Dạ, em chào anh/chị. {help}",
    Outcome.THANKS: "Dạ, không có gì ạ. Anh/chị cần hỏi thêm cứ nhắn em.",
    Outcome.FAREWELL: "Dạ, em chào anh/chị. Cần gì anh/chị cứ nhắn lại.",
    Outcome.HELP: "{help}",
    Outcome.UPSET: (
        "Dạ, em xin lỗi vì làm anh/chị chưa hài lòng. "
        "Anh/chị cho em biết việc cần làm, em tra lại ngay; hoặc hỏi trực tiếp cán bộ ở bộ phận một cửa."
    ),
    Outcome.EMERGENCY: (
        "Nếu có người đang gặp nguy hiểm, anh/chị gọi ngay: 113 (công an), 114 (cứu hỏa, cứu nạn), 115 (cấp cứu y tế), "
        "111 (bảo vệ trẻ em). Em chỉ là chương trình tra cứu thủ tục nên không gọi giúp được."
    ),
    Outcome.DISTRESS: (
        "Em rất lo cho anh/chị. Anh/chị đừng ở một mình lúc này: gọi ngay cho người thân ở gần, hoặc 115 (cấp cứu), 113 (công an). "
        "Trẻ em gọi 111, miễn phí, có người nghe cả ngày lẫn đêm. Luôn có người sẵn lòng giúp anh/chị."
    ),
    Outcome.PERSONAL_NOTED: (
        "Dạ, anh/chị đừng gửi {kinds} ở đây, em không cần và không lưu lại. "
        "Anh/chị chỉ cần nói việc muốn làm, ví dụ: “làm lại căn cước bị mất”."
    ),
    Outcome.SAY_MORE: (
        "Dạ, vậy anh/chị nói rõ hơn việc cần làm giúp em, bằng một câu ngắn. Ví dụ: “đổi bằng lái xe hết hạn”. "
        "Anh/chị cũng có thể nhắn “danh mục” để xem các thủ tục."
    ),
    Outcome.FEEDBACK_GOOD: "Dạ, em cảm ơn anh/chị. Cần hỏi thêm việc gì anh/chị cứ nhắn em.",
    Outcome.FEEDBACK_NOTED: "Dạ, em cảm ơn anh/chị, em đã ghi lại để cán bộ xem và sửa. Anh/chị hỏi lại theo cách khác giúp em nhé.",
    Outcome.HAND_OVER: "Dạ, em đã ghi nhận anh/chị muốn trao đổi với cán bộ.",
    Outcome.STAFF_MODE: "Dạ, em sẽ ưu tiên kế hoạch và nhiệm vụ của cơ quan. Muốn đổi lại, anh/chị nhắn /congdan.",
    Outcome.CITIZEN_MODE: "Dạ, em sẽ ưu tiên thủ tục cho người dân. Anh/chị cần hỏi việc gì ạ?",
    Outcome.NEXT_BEST: "Dạ, vậy có phải một trong các việc này không ạ?",
    Outcome.MENU: "Anh/chị đang cần việc gì ạ?",
    Outcome.NO_SUCH_OPTION: "Dạ, ở đây chỉ có các số từ 1 đến {count}. Anh/chị chọn lại giúp em ạ.",
    Outcome.ASK_REASON: "Dạ, em xin lỗi anh/chị. Chỗ nào chưa đúng ạ?",
    Outcome.FORGOTTEN: "Dạ, em đã xóa cuộc trò chuyện này.",
    Outcome.PROVINCE_NOTED: "Dạ, em ghi nhận anh/chị ở {province}. Anh/chị cần hỏi việc gì ạ?",
    Outcome.STALE_CHOICE: "Dạ, lựa chọn này thuộc câu trả lời trước nên không còn dùng được. Anh/chị nhắn lại câu hỏi giúp em ạ.",
    Outcome.WITH_STAFF: (
        "Dạ, em đã chuyển tin nhắn này cho cán bộ, anh/chị chờ trả lời tại đây ạ. Muốn hỏi lại em thì anh/chị nhắn “gặp bot”."
    ),
    Outcome.BACK_TO_BOT: "Dạ, em đây ạ. Anh/chị cần hỏi việc gì?",
    Outcome.PAUSED: "Dạ, em đang tạm nghỉ để bảo trì nên chưa trả lời được. " + ASK_ELSEWHERE,
    Outcome.TOO_FAST: "Dạ, anh/chị nhắn nhanh quá nên em chưa trả lời kịp. Anh/chị chờ khoảng một phút rồi nhắn lại giúp em ạ.",
    Outcome.WHICH_PROVINCE: "Việc này mỗi tỉnh giao một khác. Anh/chị hỏi tỉnh nào ạ?",
    Outcome.WHICH_RECORD: "Ý anh/chị là việc nào dưới đây ạ?",
    Outcome.WHICH_MATTER: "Dạ, anh/chị hỏi về thủ tục nào ạ? Anh/chị nhắn tên việc, ví dụ “đăng ký khai sinh”, hoặc chọn ở dưới.",
    Outcome.EMPTY: "Dạ, tin nhắn chưa có nội dung. Anh/chị gõ câu hỏi giúp em ạ.",
    Outcome.TOO_LONG: "Dạ, câu hỏi dài quá ({length} ký tự). Anh/chị viết gọn lại dưới {limit} ký tự giúp em ạ.",
    Outcome.FAILED: "Dạ, hệ thống đang gặp lỗi, em chưa trả lời được. Anh/chị thử lại sau ít phút; nếu gấp xin hỏi bộ phận một cửa.",
}

HELP = (
    "Em tra giúp thủ tục hành chính: giấy tờ, nơi nộp, lệ phí, thời gian. "
    "Em cũng tra được kế hoạch của tỉnh: ai chủ trì, ai phối hợp, khi nào. "
    "Ví dụ: “làm giấy khai sinh cho con cần gì”, “mất sổ đỏ làm lại thế nào”, “nộp hồ sơ qua mạng”, "
    "“ai chủ trì bản tin cải cách hành chính ở Tiền Giang”."
)

FACETS: Mapping[Intent, str] = {
    Intent.PAPERS: "Giấy tờ",
    Intent.FEE: "Lệ phí",
    Intent.TIME: "Thời gian",
    Intent.WHERE: "Nơi nộp",
    Intent.ONLINE: "Nộp trực tuyến",
    Intent.WHO: "Ai được làm",
    Intent.STEPS: "Các bước",
    Intent.RESULT: "Kết quả",
    Intent.VALIDITY: "Thời hạn sử dụng",
    Intent.BASIS: "Căn cứ",
}
STAFF_FACETS: Mapping[Intent, str] = {
    Intent.LEAD: "Ai chủ trì?",
    Intent.PARTNER: "Ai phối hợp?",
    Intent.WHEN: "Khi nào?",
    Intent.DOCUMENT: "Văn bản này",
}
FACET_UNKNOWN = "{facet}: em chưa có thông tin chắc chắn, anh/chị xem tại trang của thủ tục."
"""Said instead of a guess when a record does not hold what was asked."""
PAPERS_LEFT_OUT = "… và {count} mục mà Cổng ghi dài, anh/chị xem đủ tại trang của thủ tục."
"""Said where a dossier holds more than names of papers."""
DISTRICT = "Cổng còn ghi cơ quan cấp huyện; cấp huyện không còn từ 1/7/2025, anh/chị hỏi nơi nhận hồ sơ xem nay nộp ở đâu."
"""Said of procedures for which the portal still names a body of the level that Luật 72/2025/QH15 ended."""
SIMILAR = "Thủ tục gần giống: {names}."
LEVELS: Mapping[str, str] = {"xã": "cấp xã", "tỉnh": "cấp tỉnh", "bộ": "cấp trung ương"}
DEPENDS = "tùy trường hợp"
"""Said of values of one way of filing that the portal states side by side without saying which holds when."""
IF_MISSING = "Nếu thiếu giấy tờ:"
MISTAKES = "Chỗ hay nhầm:"

NOT_ASSIGNED = "Em không thấy {plan} giao việc riêng cho {body}."
"""Said when a plan names a body nowhere."""
FOR_ALL_DEPARTMENTS = "Việc giao chung cho các sở, ban, ngành:"

OTHER_MATTER = "Không đúng việc tôi hỏi"
REASONS = ("Sai thông tin", OTHER_MATTER, "Khó hiểu", "Thiếu")
"""Why an answer was not right, as people choose it."""
FEEDBACK_GOOD = "Đúng ý"
"""Label of the button that channels may show under an answer."""
TO_STAFF = "Gặp cán bộ"
PLAN_SECTIONS = {
    "purpose": "Mục đích",
    "requirement": "Yêu cầu",
    "topic": "Nội dung",
    "form": "Hình thức, biện pháp",
    "audience": "Đối tượng",
    "funding": "Kinh phí",
}
LOST = "mất"
"""How a question about one lost paper begins."""
CALL_FIRST = "Nếu còn người đang gặp nguy hiểm, anh/chị gọi ngay 113 (công an), 115 (cấp cứu), 111 (bảo vệ trẻ em)."
OFFER_STAFF = "Nếu muốn có người trả lời, anh/chị nhắn “gặp cán bộ”."
NONE_OF_THESE = "Không có việc nào ở trên"
PLANS_OF_PROVINCES = "Kế hoạch của tỉnh"
MENU_EVENT = "{event}: anh/chị cần việc nào ạ?"
MENU_PLANS = "Anh/chị xem kế hoạch của tỉnh nào ạ?"
MENU_PLANS_OF = "{province} có các kế hoạch sau, anh/chị xem kế hoạch nào ạ?"
SEVERAL = "Dạ, anh/chị hỏi {count} việc, em trả lời lần lượt."
NTH = "Việc thứ {number}:"
KEEP_PRIVATE = "Anh/chị đừng gửi {kinds} ở đây, em không cần để trả lời."
PERSONAL_KINDS: Mapping[Kind, str] = {
    Kind.EMAIL: "địa chỉ thư điện tử",
    Kind.IDENTITY: "số căn cước",
    Kind.PHONE: "số điện thoại",
    Kind.ACCOUNT: "số tài khoản",
    Kind.CARD: "số thẻ",
    Kind.TAX: "mã số thuế",
    Kind.INSURANCE: "số bảo hiểm",
    Kind.PASSPORT: "số hộ chiếu",
    Kind.PLATE: "biển số xe",
}

MORE = "- … còn {count} dòng; anh/chị hỏi “{facet}” để xem đủ."
CHOOSE = "Anh/chị bấm chọn, hoặc nhắn số thứ tự."

HAND_OVER_OPEN = (
    "Anh/chị đang ở vị trí thứ {place} trong hàng chờ. Cán bộ sẽ trả lời ngay tại đây. Muốn hỏi lại em, anh/chị nhắn “gặp bot”."
)
HAND_OVER_CLOSED = (
    "Hiện ngoài giờ làm việc. Cán bộ sẽ trả lời tại đây sau {opening}. Trong lúc chờ, muốn hỏi lại em, anh/chị nhắn “gặp bot”."
)
HAND_OVER_UNKNOWN = (
    "Anh/chị đang ở vị trí thứ {place} trong hàng chờ; cán bộ sẽ trả lời tại đây khi có thể. "
    "Việc gấp xin hỏi bộ phận một cửa. Muốn hỏi lại em, anh/chị nhắn “gặp bot”."
)
NOTICE = "📢 Thông báo: {text}"
CURATED_BY = "Câu trả lời do cán bộ viết ({author}), áp dụng từ ngày {day}."
CURATED_UNTIL = "Hết áp dụng sau ngày {day}."
CURATED_SOURCE = "Nguồn: {sources}."
LATE = "Dạ, em xin lỗi vì trả lời chậm, hiện có nhiều người hỏi."
