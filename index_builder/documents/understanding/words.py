"""Words by which bodies and actions are recognised. Lists of the language, not of any one plan."""

from __future__ import annotations

import re

UPPER = "A-ZĐÀÁẢÃẠĂẰẮẲẴẶÂẦẤẨẪẬÈÉẺẼẸÊỀẾỂỄỆÌÍỈĨỊÒÓỎÕỌÔỒỐỔỖỘƠỜỚỞỠỢÙÚỦŨỤƯỪỨỬỮỰỲÝỶỸỴ"
"""Capital letters, for character classes; with the private-use characters that stand for masked names."""
_UP = f"[{UPPER}\ue000-\ue7ff]"

HEAD = (
    rf"Sở(?=\s+{_UP}|,\s*[Bb]an)|Ban(?!\s+hành)(?=\s+\S)|Bộ(?=\s+{_UP})|Cục|Chi cục|Tổng cục|Vụ(?=\s+{_UP})|Văn phòng|VP|Văn Phòng|"
    rf"Đảng đoàn|Đảng ủy|Chi bộ|Ủy ban|Uỷ ban|UBND|UBMTTQ\w*|HĐND|Hội đồng|Thường trực|Công an|CA tỉnh|Bộ đội Biên phòng|"
    rf"Thanh tra(?=\s+(?:tỉnh|[Ss]ở|huyện|thành|"
    rf"Chính|nhà|Nhà))|"
    rf"Báo(?=\s+(?:{_UP}|điện tử|và))|Đài|Cổng|Trang Thông tin|Hội(?=\s+{_UP})|Đoàn(?=\s+(?:{_UP}|kiểm tra|thanh tra|giám sát|công tác))|"
    rf"Liên đoàn|Liên minh|Liên hiệp|Hiệp hội|"
    rf"Mặt trận|MTTQ|Tỉnh đoàn|Thành đoàn|"
    rf"Huyện đoàn|Đoàn Thanh niên|Tỉnh ủy|Thành ủy|Huyện ủy|Trung tâm|TT(?=\s)|Phòng(?!\s+(?:chống|ngừa|tránh|vệ))(?=\s+\S)|Bưu điện|"
    rf"Viễn thông|VNPT|Viettel|MobiFone|Điện lực|"
    rf"Kho bạc|Ngân hàng|Bảo hiểm xã hội|BHXH|Thuế|Cơ quan|Đơn vị|Trường(?!\s+hợp)|Bệnh viện|Viện|Tòa án|Toà án|Quỹ|"
    rf"Tổ(?!\s+chức\s)(?=\s+\S)|Bộ phận|Đội(?=\s+{_UP})|Câu lạc bộ|"
    rf"Công ty|Tổng công ty|Doanh nghiệp|Tập đoàn|Hợp tác xã|Vườn quốc gia|Hạt Kiểm lâm|Nhà (?:Văn|văn|Thiếu|thi|xuất)|Thư viện|Bảo tàng|"
    rf"Chính phủ|Thủ tướng|Quốc hội|BCH|BCĐ|BQL|Sân bay|Cảng|Chi nhánh|Cấp xã|Cấp huyện|"
    rf"Xã(?=\s+{_UP})|Phường(?=\s+{_UP})|Thành phố(?=\s+{_UP})|Huyện(?=\s+{_UP})|Bí thư|Trưởng ban|Lãnh đạo|Thành viên"
)
"""Capitalised words that open the name of a body."""

HEAD_LOWER = (
    rf"(?:sở|phòng|ban|báo|đài|hội|đoàn|công an|văn phòng|trung tâm|bộ)\s+(?={_UP})|cấp (?:xã|huyện|tỉnh)(?!\w)|"
    r"(?:ubnd|uỷ ban|ủy ban|công an|văn phòng|đài (?:phát thanh|truyền thanh)|mặt trận tổ quốc|cổng (?:thông tin|dịch vụ)|trung tâm|"
    r"bưu điện|kho bạc|bảo hiểm)(?!\w)"
)

COLLECTIVE = (
    r"huyện ủy|thành ủy|thị ủy|đảng ủy|đảng đoàn|ban cán sự|câu lạc bộ|sở|ban|ngành|đoàn thể|hội|cơ quan|đơn vị|tổ chức|địa phương|phòng|"
    r"cá nhân|doanh nghiệp|ủy ban|uỷ ban|ubnd|xã|phường|thị trấn|huyện|"
    r"thị xã|"
    r"thành phố|trung tâm|trường|cơ sở|bộ phận|cấp|báo|đài|chi cục|cấp ủy|hiệp hội|trạm|thôn|khu phố|ấp|tổ dân phố|quỹ|viện|bệnh viện|"
    r"công ty|"
    r"cụm|cổng|trang|đồng chí|thành viên|mặt trận|cơ sở giáo dục|cục|tổ|đội|chủ đầu tư|nhà thầu|hợp tác xã|ban quản lý"
)
"""Common nouns of which collectives are made: "các sở, ban, ngành", "các cơ quan, đơn vị liên quan"."""

TITLES = re.compile(
    r"(?:Thủ trưởng|Chủ tịch|Giám đốc|Chánh Văn phòng|Chánh Thanh tra|Trưởng (?:phòng|ban|các)|Người đứng đầu|Tổng biên tập|"
    r"Cục trưởng)(?!\w)",
    re.IGNORECASE,
)

ACTION = (
    r"vào|chủ trì|chủ động|phối hợp|có trách nhiệm|có nhiệm vụ|chịu trách nhiệm|tham mưu|xây dựng|tổ chức|thực hiện|triển khai|hướng dẫn|"
    r"đôn đốc|kiểm tra|theo dõi|"
    r"giám sát|đánh giá|tổng hợp|báo cáo|trình|ban hành|rà soát|cập nhật|đăng tải|đăng|niêm yết|công khai|tuyên truyền|phổ biến|quán triệt|"
    r"duy trì|phát sóng|"
    r"thiết kế|biên soạn|biên tập|in ấn|phát hành|cung cấp|bố trí|thẩm định|lập|cân đối|phân bổ|hỗ trợ|tham gia|vận động|chỉ đạo|đề xuất|"
    r"kiến nghị|"
    r"nghiên cứu|ứng dụng|nâng cấp|nâng cao|mở|lồng ghép|lòng ghép|đẩy mạnh|tăng cường|thường xuyên|kịp thời|định kỳ|căn cứ|bám sát|gửi|"
    r"khi|để|theo|nhằm|trên cơ sở|"
    r"trong việc|trong quá trình|trong công tác|tích cực|tiếp tục|hoàn thành|hoàn thiện|khảo sát|thống kê|vận hành|kết nối|tích hợp|số hóa|"
    r"tập huấn|đào tạo|bồi dưỡng|xử lý|"
    r"giải quyết|tiếp nhận|thẩm tra|định hướng|phát động|huy động|khuyến khích|ký kết|mời|viết|đưa|sắp xếp|bảo đảm|đảm bảo|cử|"
    r"giao(?!\s+(?:thông|dục|dịch|tiếp|lưu))|yêu cầu|"
    r"đề nghị|thông báo|công bố|xác định|lựa chọn|phê duyệt|điều chỉnh|sửa đổi|bổ sung|làm|là|được|phải|cần|về việc|về|tại|nắm|phân công|"
    r"phân tích|thu thập|"
    r"quản lý|quyết định|xem xét|tạo|gắn|lấy|chuẩn bị|đầu tư xây dựng|chuyển|sử dụng|bám|tập trung|nghiêm túc|sơ kết|tổng kết|khen thưởng|"
    r"biểu dương|tiến hành|"
    r"liên hệ|trao đổi|thống nhất|sản xuất|ra mắt|thí điểm|tìm hiểu|trực tiếp|trong (?:vòng|thời hạn|\d+|quý|tháng|năm|phạm vi)|trước|"
    r"chậm nhất|(?:hằng|"
    r"hàng)(?=\s+(?:năm|tháng|quý|tuần|ngày))|"
    r"đồng thời|"
    r"thông qua|qua|giúp|đồng gửi|có ý kiến|bàn giao|khắc phục|phát hiện|ngăn chặn|tuần tra|diễn tập|ứng trực|trồng|nạo vét|cải tạo|"
    r"sửa chữa|cấp phát|"
    r"phản ánh|đăng ký|rút ngắn|cắt giảm|đơn giản hóa|chấn chỉnh|cụ thể hóa|chi trả|chăm sóc|khám|tiêm|giới thiệu|kêu gọi|quảng bá|"
    r"xúc tiến|vào cuộc|dự toán|lên|"
    r"phát triển|đổi mới|thu gom|phân loại|kiện toàn|thành lập|tuyển chọn|tuyển dụng|đề ra|tăng|giảm|chốt|nhập|khai thác|treo|dán|đặt|"
    r"tư vấn|xóa|xoá|tháo gỡ|thu hút|nhân rộng|chia sẻ|chuyển giao|sơ tán|di dời|giải ngân|soạn thảo|tôn vinh|đối thoại|bảo trì|"
    r"kiểm kê|xác minh|nhắc nhở|cụ thể hoá|số hoá|đơn giản hoá|"
    r"kết quả|tình hình|nội dung|những|lắp|trang bị|mua sắm"
)
"""Words that end the name of a body in running text: what it does begins here."""

BRANCHES = (
    "Văn hóa, Thể thao và Du lịch",
    "Văn hoá, Thể thao và Du lịch",
    "Văn hóa, Thể thao",
    "Văn hóa và Thể thao",
    "Văn hóa và Thông tin",
    "Lao động - Thương binh và Xã hội",
    "Lao động, Thương binh và Xã hội",
    "Lao động Thương binh và Xã hội",
    "Nông nghiệp và Phát triển nông thôn",
    "Nông nghiệp và Môi trường",
    "Tài nguyên và Môi trường",
    "Kế hoạch và Đầu tư",
    "Khoa học và Công nghệ",
    "Thông tin và Truyền thông",
    "Giáo dục và Đào tạo",
    "Dân tộc và Tôn giáo",
    "Giao thông vận tải",
    "Phát thanh và Truyền hình",
    "Phát thanh - Truyền hình",
    "Truyền thanh - Truyền hình",
    "Văn hóa - Thể thao và Truyền thanh",
    "Văn hóa, Thông tin và Truyền thanh",
    "Văn hóa - Xã hội",
    "Tài chính - Kế hoạch",
    "Kinh tế và Hạ tầng",
    "Đoàn Thanh niên Cộng sản Hồ Chí Minh",
    "phòng cháy, chữa cháy",
    "Phòng cháy, chữa cháy và Cứu nạn, cứu hộ",
    "Phòng, chống thiên tai và Tìm kiếm cứu nạn",
    "Phòng chống thiên tai và tìm kiếm cứu nạn",
    "Kiểm soát và Phục vụ hành chính công",
    "Tiếp nhận và Trả kết quả",
    "tiếp nhận và trả kết quả",
    "Văn phòng HĐND và UBND",
    "Văn phòng Hội đồng nhân dân và Ủy ban nhân dân",
    "Văn phòng Đoàn ĐBQH và HĐND",
    "Văn phòng Đoàn đại biểu Quốc hội và Hội đồng nhân dân",
    "Cảnh sát quản lý hành chính về trật tự xã hội",
    "Quản lý các khu công nghiệp",
    "Quản lý Khu kinh tế",
)
"""Names of branches of administration that hold "và" or a comma."""

SHORT_FORMS = {
    "ubnd": "Ủy ban nhân dân",
    "hđnd": "Hội đồng nhân dân",
    "ubmttq": "Ủy ban Mặt trận Tổ quốc",
    "mttq": "Mặt trận Tổ quốc",
    "ttđt": "thông tin điện tử",
    "vp": "Văn phòng",
    "tttt": "Thông tin và Truyền thông",
    "tt&tt": "Thông tin và Truyền thông",
    "khđt": "Kế hoạch và Đầu tư",
    "kh&đt": "Kế hoạch và Đầu tư",
    "nnptnt": "Nông nghiệp và Phát triển nông thôn",
    "nn&ptnt": "Nông nghiệp và Phát triển nông thôn",
    "gdđt": "Giáo dục và Đào tạo",
    "gd&đt": "Giáo dục và Đào tạo",
    "tnmt": "Tài nguyên và Môi trường",
    "tn&mt": "Tài nguyên và Môi trường",
    "gtvt": "Giao thông vận tải",
    "lđtbxh": "Lao động - Thương binh và Xã hội",
    "lđ-tbxh": "Lao động - Thương binh và Xã hội",
    "lđtb&xh": "Lao động - Thương binh và Xã hội",
    "vhttdl": "Văn hóa, Thể thao và Du lịch",
    "vhtt&dl": "Văn hóa, Thể thao và Du lịch",
    "vh,tt&dl": "Văn hóa, Thể thao và Du lịch",
    "khcn": "Khoa học và Công nghệ",
    "kh&cn": "Khoa học và Công nghệ",
    "ptth": "Phát thanh và Truyền hình",
    "pt-th": "Phát thanh và Truyền hình",
    "pt&th": "Phát thanh và Truyền hình",
    "tncs": "Thanh niên Cộng sản",
    "lhpn": "Liên hiệp Phụ nữ",
    "bhxh": "Bảo hiểm xã hội",
    "nn&mt": "Nông nghiệp và Môi trường",
    "nnmt": "Nông nghiệp và Môi trường",
    "bch": "Ban Chấp hành",
    "bcđ": "Ban Chỉ đạo",
    "bql": "Ban Quản lý",
    "vh&tt": "Văn hóa và Thông tin",
    "vhtt": "Văn hóa và Thông tin",
    "hcc": "hành chính công",
    "pvhcc": "Phục vụ hành chính công",
    "cntt": "Công nghệ thông tin",
    "tmđt": "thương mại điện tử",
    "kttt": "kinh tế tập thể",
    "ccb": "Cựu chiến binh",
    "btttt": "Bộ Thông tin và Truyền thông",
}
"""Short forms inside names of bodies (lower case) → in full, for linking to the directory."""
