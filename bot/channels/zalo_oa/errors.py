"""What Zalo's error numbers mean for the bot. Pure.

Success is ``error == 0`` in the answer; the HTTP status proves nothing. The numbers are those of the OpenAPI's table of errors.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum


class ZaloError(RuntimeError):
    """Zalo answered that it did not do what was asked."""

    def __init__(self, code: int, message: str) -> None:
        self.code = code
        super().__init__(f"{code} {message}")


class Remedy(StrEnum):
    """What to do about an error: get another token; wait; try once more; send less at once; send without buttons; leave this person
    alone; tell the operator."""

    TOKEN = "token"
    WAIT = "wait"
    REPEAT = "repeat"
    SHORTEN = "shorten"
    PLAIN = "plain"
    GIVE_UP = "give_up"
    OPERATOR = "operator"


_REMEDIES: Mapping[Remedy, tuple[int, ...]] = {
    Remedy.TOKEN: (-216, -220),
    Remedy.WAIT: (-32,),
    Remedy.REPEAT: (-200,),
    Remedy.SHORTEN: (-210,),
    Remedy.PLAIN: (-201, -233),
    Remedy.GIVE_UP: (-213, -217, -218, -227, -230, -232, -234, -244),
}
_REMEDY = {code: remedy for remedy, codes in _REMEDIES.items() for code in codes}

_TOLD: Mapping[int, str] = {
    -204: "OA đã bị xóa. Kiểm tra OA trong oa.zalo.me.",
    -205: "không có OA này. Kiểm tra BOT_ZALO_OA_ID.",
    -209: "ứng dụng chưa được kích hoạt. Bật ứng dụng ở developers.zalo.me.",
    -211: "OA hết hạn mức gửi tin. Mua thêm hoặc nâng gói dịch vụ OA.",
    -212: "ứng dụng chưa đăng ký API này. Đăng ký quyền gửi tin tư vấn ở developers.zalo.me.",
    -219: "ứng dụng đã bị tắt. Bật lại ở developers.zalo.me.",
    -221: "OA chưa xác thực. Xác thực OA ở oa.zalo.me.",
    -223: "OA chưa cấp quyền này cho ứng dụng. Cấp quyền lại bằng lệnh: python -m bot zalo-authorise",
    -224: "OA cần gói dịch vụ cao hơn để gửi tin qua API. Nâng gói ở oa.zalo.me.",
    -242: "ứng dụng đang bật appsecret_proof. Tắt mục này ở developers.zalo.me.",
    -248: "nội dung bị coi là vi phạm quy định của Zalo. Xem lại câu trả lời vừa gửi.",
    -320: "ứng dụng cần liên kết tài khoản Zalo Cloud. Liên kết ở oa.zalo.me.",
    -321: "tài khoản Zalo Cloud hết tiền. Nạp thêm tiền.",
}


def remedy(code: int) -> Remedy:
    """What to do about an error; numbers not in the table are the operator's to look up."""
    return _REMEDY.get(code, Remedy.OPERATOR)


def blames_content(code: int) -> bool:
    """Whether some part of the message may be what Zalo did not like."""
    return code not in _TOLD and remedy(code) in (Remedy.REPEAT, Remedy.SHORTEN, Remedy.PLAIN, Remedy.OPERATOR)


def advice(error: ZaloError) -> str:
    """What the operator should do, in Vietnamese."""
    told = _TOLD.get(error.code, f"lỗi chưa rõ ({error}). Tra mã lỗi ở developers.zalo.me.")
    return f"Zalo OA báo lỗi {error.code}: {told}"
