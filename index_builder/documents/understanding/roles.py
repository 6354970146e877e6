"""What headings mean: columns of tables, labels such as "Cơ quan chủ trì:", and titles of sections."""

from __future__ import annotations

import re
from enum import Enum


class Role(Enum):
    """What a column or a label holds."""

    NUMBER = "stt"
    TIME = "time"
    LEAD_AND_PARTNER = "lead and partner"
    PARTNER = "partner"
    LEAD = "lead"
    PRODUCT = "product"
    FUNDING = "funding"
    TASK = "task"
    NOTE = "note"


_WHO = r"(?:cơ quan|đơn vị|bộ phận|phòng|người|nơi|sở|ban|ngành|cán bộ|tổ chức|lực lượng|chủ thể|đầu mối)"
_COLUMNS: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern, re.IGNORECASE))
    for role, pattern in (
        (Role.NUMBER, r"^(?:stt|tt|số tt|số thứ tự|s\.?t\.?t\.?|no\.?|mã số|#)$"),
        (Role.NOTE, r"^(?:ghi chú|căn cứ|cơ sở pháp lý|văn bản)"),
        (Role.TASK, r"^(?:nội dung|nhiệm vụ|công việc|việc)\b(?!.*(?:chủ trì|phối hợp|thời gian|tiến độ))"),
        (Role.FUNDING, r"kinh phí|tổng mức|dự toán|nguồn vốn|nguồn lực|^vốn|ngân sách"),
        (
            Role.TIME,
            r"thời gian|thời hạn|tiến độ|thời điểm|lộ trình|hoàn thành|\bhạn\b|kỳ hạn|mốc|bắt đầu|kết thúc|khi nào|^(?:năm|quý|tháng|đợt)$",
        ),
        (Role.LEAD_AND_PARTNER, r"chủ trì\W+(?:và\s+|và/hoặc\s+)?(?:(?:cơ quan|đơn vị)\s+)?phối hợp"),
        (Role.PARTNER, r"phối hợp|cùng thực hiện|hỗ trợ|tham gia|^thành phần"),
        (
            Role.LEAD,
            rf"chủ trì|chủ đầu tư|trưởng đoàn|đầu mối|chịu trách nhiệm|phụ trách|phân công|trách nhiệm|được giao|^ai làm|"
            rf"^(?:tổ chức )?thực hiện$|"
            rf"{_WHO}[^:]{{0,25}}(?:thực hiện|(?<!tài )(?<!hành )\bchính\b|tham mưu)",
        ),
        (Role.PRODUCT, r"sản phẩm|kết quả|đầu ra|chỉ tiêu|mục tiêu|chỉ số|tiêu chí"),
        (
            Role.TASK,
            r"nội dung|nhiệm vụ|công việc|hoạt động|giải pháp|đầu việc|hạng mục|việc (?:cần|phải) làm|"
            r"tên (?:đề án|dự án|công trình|việc|chương trình|"
            r"văn bản)|^việc$|chuyên đề",
        ),
        (Role.LEAD, rf"^(?:các )?{_WHO}(?:\W+{_WHO})*$"),
    )
)


def column_role(heading: str) -> Role | None:
    """A column's heading → what the column holds, by meaning; None where it is none of these."""
    heading = re.sub(r"\s+", " ", heading).strip(" .:*")
    if not heading or len(heading) > 80:
        return None
    return next((role for role, pattern in _COLUMNS if pattern.search(heading)), None)


_LABEL = re.compile(r"^\s*(?:[-–+*•]\s*)?(?P<name>[^:;.]{2,60}?)\s*:\s*(?P<value>.*)$", re.DOTALL)
_LABELS: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(rf"^(?:{pattern})$", re.IGNORECASE))
    for role, pattern in (
        (
            Role.TIME,
            r"(?:về )?(?:thời gian|thời hạn|tiến độ|thời điểm|lộ trình)(?: (?:thực hiện|hoàn thành|tổ chức|triển khai|dự kiến|báo cáo))*|"
            r"hoàn thành|hạn hoàn thành|hạn",
        ),
        (Role.LEAD_AND_PARTNER, r"(?:cơ quan |đơn vị )?chủ trì(?:,|/| và) phối hợp"),
        (Role.PARTNER, rf"(?:các )?(?:{_WHO}(?:, {_WHO})* )?(?:cùng )?phối hợp(?: thực hiện| chính)?|với sự (?:phối hợp|tham gia) của"),
        (
            Role.LEAD,
            rf"(?:các )?(?:{_WHO}(?:, {_WHO})* )?(?:được giao |giao )?(?:chủ trì|đầu mối|thực hiện|chịu trách nhiệm(?: chính)?|phụ trách|"
            rf"tham mưu)(?: thực hiện| tham mưu| triển khai|, thực hiện| chính)?"
            r"|phân công(?: thực hiện)?|trách nhiệm(?: thực hiện)?|đầu mối(?: thực hiện)?|tổ chức thực hiện",
        ),
        (Role.PRODUCT, r"sản phẩm(?: dự kiến| đầu ra| hoàn thành)?|kết quả(?: dự kiến| đầu ra| cần đạt)?|đầu ra|chỉ tiêu"),
        (Role.FUNDING, r"(?:dự kiến |nguồn )?kinh phí(?: thực hiện| dự kiến)?"),
        (
            Role.TASK,
            r"nội dung(?: thực hiện| công việc| nhiệm vụ| cụ thể)?|nhiệm vụ(?: cụ thể)?|công việc|hoạt động|mô tả|cách làm|"
            r"hình thức(?: thực hiện)?|địa điểm|đối tượng|yêu cầu",
        ),
    )
)


def label_role(line: str) -> tuple[Role, str] | None:
    """ "Cơ quan chủ trì: Sở Nội vụ" → ``(Role.LEAD, "Sở Nội vụ")``; None where the line opens with no such label."""
    match = _LABEL.match(line)
    if not match:
        return None
    name = re.sub(r"\s+", " ", match["name"]).strip()
    role = next((role for role, pattern in _LABELS if pattern.match(name)), None)
    return (role, match["value"].strip()) if role else None


_GROUP_LABEL = re.compile(
    r"^(?:đơn vị|cơ quan|phân công|tổ chức|trách nhiệm|nội dung|thời gian|tiến độ)(?: (?:thực hiện|cụ thể|triển khai|"
    r"tuyên truyền))*\s*:?\s*$",
    re.IGNORECASE,
)


def is_bare_label(line: str) -> bool:
    """ "Đơn vị thực hiện" alone on its line: what follows below says who."""
    return bool(_GROUP_LABEL.match(line.strip(" .")))


class Part(Enum):
    """What a section of a plan is about."""

    PURPOSE = "purpose"
    REQUIREMENT = "requirement"
    AUDIENCE = "audience"
    TOPIC = "topic"
    FORM = "form"
    FUNDING = "funding"
    WORK = "work"
    ORGANISING = "organising"
    REPORTING = "reporting"
    SCHEDULE = "schedule"
    MIXED = "mixed"


_PARTS: tuple[tuple[Part, re.Pattern[str]], ...] = tuple(
    (part, re.compile(pattern, re.IGNORECASE))
    for part, pattern in (
        (
            Part.MIXED,
            r"mục (?:đích|tiêu)\W+(?:và\s+)?(?:ý nghĩa\W+)?(?:yêu cầu|quan điểm|nguyên tắc|nhiệm vụ)|đối tượng, nội dung|"
            r"mục đích\s*-\s*yêu cầu",
        ),
        (
            Part.REPORTING,
            r"(?:chế độ|công tác|định kỳ|thông tin|thời gian)[^.]{0,20}báo cáo|^báo cáo|kiểm tra, báo cáo|báo cáo, (?:sơ kết|đánh giá)",
        ),
        (
            Part.ORGANISING,
            r"tổ chức (?:thực hiện|triển khai)|phân công (?:trách nhiệm|nhiệm vụ|thực hiện|tổ chức)|trách nhiệm (?:thi hành|thực hiện|của|"
            r"tổ chức)|triển khai thực hiện|^phân công",
        ),
        (Part.FUNDING, r"kinh phí|nguồn (?:lực|vốn)|tài chính bảo đảm"),
        (Part.PURPOSE, r"mục đích|mục tiêu|quan điểm|ý nghĩa|sự cần thiết"),
        (Part.REQUIREMENT, r"^(?:các )?yêu cầu|nguyên tắc|phương châm"),
        (Part.WORK, r"nhiệm vụ|công việc|hoạt động|kế hoạch cụ thể|chương trình cụ thể|nội dung (?:thực hiện|cụ thể|công việc)|danh mục"),
        (Part.FORM, r"hình thức|biện pháp|giải pháp|phương thức|phương pháp|cách thức"),
        (Part.AUDIENCE, r"đối tượng|phạm vi|thành phần"),
        (Part.SCHEDULE, r"thời gian|tiến độ|lộ trình|địa điểm"),
        (Part.TOPIC, r"nội dung|chỉ tiêu|chuyên đề"),
    )
)


def part_of(title: str) -> Part | None:
    """The title of a section → what it is about; None where the title does not say."""
    title = re.sub(r"\s+", " ", title)
    return next((part for part, pattern in _PARTS if pattern.search(title)), None) if len(title) <= 120 else None
