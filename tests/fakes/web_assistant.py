"""Answers with everything the web page has to show, for tests of the page in a browser."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.service import Loaded
from bot.types import Answer, HandOver, Intent, Item, Option, Outcome, Reply, State
from knowledge.schema import LifeEvent, LifeEventChoice

OPTIONS = (Option("Cấp lại sổ đỏ bị mất", entry="procedure/1"), Option("Cấp đổi sổ đỏ cũ sang mẫu mới", entry="procedure/2"))
FOLLOWUPS = (Option("Lệ phí", entry="procedure/1", intent=Intent.FEE), Option("Các bước", entry="procedure/1", intent=Intent.STEPS))
BIRTH = Item("procedure/1.001193", "procedure", "Đăng ký khai sinh", None, None, None, "1.001193", 0.9)
EVENTS = (LifeEvent(id="sinh-con", name="Sinh con", said=(), choices=(LifeEventChoice(label="Khai sinh", record="procedure/1"),)),)
CLARIFY = (
    "Ý anh/chị là việc nào dưới đây ạ?\n1. Cấp lại sổ đỏ bị mất\n2. Cấp đổi sổ đỏ cũ sang mẫu mới\nAnh/chị bấm chọn, hoặc nhắn số thứ tự."
)
LONG = """Đăng ký khai sinh (mã 1.001193).
Nơi nộp: UBND cấp xã nơi thường trú.
Giấy tờ:
- Giấy chứng sinh.
- Tờ khai (tải tại https://dichvucong.example.vn/to-khai_(moi)).
Các bước:
1. Vào trang, đăng nhập.
2. Điền tờ khai.
<b>không phải thẻ</b> <img src=x onerror="document.title='hong'"> &amp; javascript:alert(1)
Lưu ý: cần kiểm tra: mức lệ phí.
Lưu ý: không còn cấp huyện.
Trang chính thức: https://dichvucong.example.vn/thu-tuc-hanh-chinh/019d2bfd-3fe0-70ac-b9d6-5e9e20d6eef7
Nguồn: Cổng Dịch vụ công: thủ tục 1.001193 (https://dichvucong.example.vn/1); Luật Hộ tịch 03/2026/QH16. Kiểm tra ngày 21/11/2026."""

SEVERAL = """Dạ, anh/chị hỏi 2 việc, em trả lời lần lượt.

Việc thứ 1: Cấp hộ chiếu (mã 1.001456).
Lệ phí: 200.000 đồng.
Lưu ý: một.
Lưu ý: hai.
Lưu ý: ba.
Lưu ý: bốn.
Lưu ý: năm.
Nguồn: Cổng Dịch vụ công: thủ tục 1.001456. Kiểm tra ngày 21/11/2026.

Việc thứ 2: Đăng ký kết hôn (mã 1.000894).
Nơi nộp: UBND cấp xã.
Lưu ý: sáu.
Nguồn: Cổng Dịch vụ công: thủ tục 1.000894. Kiểm tra ngày 21/11/2026."""


class WebAssistant:
    """``sổ đỏ`` asks back with options, ``khai sinh`` gives a long answer with follow-ups, ``hai việc`` two answers in one, ``có thông báo`` one between notices, ``cháy``
    is an emergency, ``chậm`` takes a second, ``ở Đồng Tháp``
    is remembered, ``không biết`` is not known, ``Gặp cán bộ`` hands over; a choice with an action is taken by its label; anything else comes back with the number of messages before it."""

    def reply(self, text: str, state: State | None = None, now: float | None = None) -> Reply:
        state = state or State()
        count = int(state.question or 0) + 1
        after = replace(state, question=str(count), options=(), followups=())
        if text == "1" and state.options and state.options[0].action:
            text = state.options[0].label
        elif text == "1" and state.options:
            chosen = state.options[0]
            said = f"Đã chọn {chosen.entry} {chosen.intent or ''}".strip() + ".\nNguồn: thử."
            return Reply(Answer(Outcome.FOUND, said, followups=FOLLOWUPS), replace(after, followups=FOLLOWUPS), 1.0)
        match text:
            case "sổ đỏ":
                return Reply(Answer(Outcome.WHICH_RECORD, CLARIFY, options=OPTIONS), replace(after, options=OPTIONS), 1.0)
            case "khai sinh":
                answer = Answer(Outcome.FOUND, LONG, items=(BIRTH,), followups=FOLLOWUPS, feedback=True)
                return Reply(answer, replace(after, followups=FOLLOWUPS), 1.0)
            case "hai việc":
                return Reply(Answer(Outcome.FOUND, SEVERAL), after, 1.0)
            case "có thông báo":
                text = "📢 Thông báo: Lũ lớn.\nTrung tâm nghỉ.\n\n" + CLARIFY + "\n\n📢 Thông báo: Chiều nay họp."
                return Reply(Answer(Outcome.WHICH_RECORD, text, options=OPTIONS), replace(after, options=OPTIONS), 1.0)
            case "cháy":
                return Reply(Answer(Outcome.EMERGENCY, "Gọi ngay: 113 (công an), 114 (cứu hỏa). Trẻ em gọi 111."), after, 1.0)
            case "Sinh con" | "Không đúng việc tôi hỏi":
                return Reply(Answer(Outcome.MENU, CLARIFY, options=OPTIONS), replace(after, options=OPTIONS), 1.0)
            case "không biết":
                return Reply(Answer(Outcome.NOT_KNOWN, "Dạ, em chưa có thông tin."), after, 1.0)
            case "Gặp cán bộ":
                return Reply(Answer(Outcome.HAND_OVER, "Dạ, em đã ghi nhận."), after, 1.0, effects=(HandOver(),))
            case "ở Đồng Tháp":
                return Reply(Answer(Outcome.PROVINCE_NOTED, "Dạ, em ghi nhận."), replace(after, province="Đồng Tháp"), 1.0)
            case "chậm":
                time.sleep(1.0)
        return Reply(Answer(Outcome.FOUND, f"Lần {count}: {text} / {state.province}"), after, 1.0)


def web_stub() -> Loaded:
    provinces = ("Tiền Giang", "Điện Biên", "Đồng Tháp", "An Giang")
    return Loaded(WebAssistant(), "v1", entries=2, provinces=provinces, life_events=EVENTS)
