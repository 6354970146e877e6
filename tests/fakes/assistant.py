"""An assistant for tests of everything around it: no index, predictable answers."""

from __future__ import annotations

import time
from dataclasses import replace

from bot.service import Loaded
from bot.types import Answer, Forget, HandOver, Intent, Option, Outcome, Reply, State
from bot.wording import OUTCOMES

OPTIONS = (Option("Cấp lại sổ đỏ", entry="procedure/1"), Option("Cấp đổi sổ đỏ", entry="procedure/2"))
FOLLOWUPS = (Option("Lệ phí", entry="procedure/1", intent=Intent.FEE), Option("Thời gian", entry="procedure/1", intent=Intent.TIME))


class StubAssistant:
    """Says back what it was told, with the number of messages seen in the conversation before.

    ``/xoa`` forgets, ``/canbo`` hands over; ``chọn`` asks back with two options; ``nút`` offers follow-ups; ``lỗi`` raises; ``dài`` answers 9,000 characters; ``chậm`` takes
    a second; ``<b>&`` comes back as written. "1" with options on offer chooses the first, as the assistant does.
    """

    def reply(self, text: str, state: State | None = None, now: float | None = None) -> Reply:
        state = state or State()
        count = int(state.question or 0) + 1
        after = replace(state, question=str(count), options=(), followups=())
        if text == "1" and state.options:
            chosen = state.options[0]
            return Reply(Answer(Outcome.FOUND, f"chọn {chosen.entry} {chosen.intent or ''}".strip()), after, 1.0)
        match text.strip():
            case "chọn":
                answer = Answer(Outcome.WHICH_RECORD, "Ý anh/chị là việc nào?\n1. Cấp lại\n2. Cấp đổi", options=OPTIONS)
                return Reply(answer, replace(after, options=OPTIONS), 1.0)
            case "nút":
                return Reply(Answer(Outcome.FOUND, "Có nút.", followups=FOLLOWUPS), replace(after, followups=FOLLOWUPS), 1.0)
            case "/xoa":
                return Reply(Answer(Outcome.FORGOTTEN, OUTCOMES[Outcome.FORGOTTEN]), State(), 1.0, effects=(Forget(),))
            case "/canbo":
                return Reply(Answer(Outcome.HAND_OVER, "Cán bộ."), state, 1.0, effects=(HandOver(state.question, state.entry),))
            case "lỗi":
                raise RuntimeError("hỏng có chủ ý")
            case "dài":
                return Reply(Answer(Outcome.FOUND, "\n".join(f"Câu số {i} của một câu trả lời rất dài." for i in range(250))), after, 1.0)
            case "chậm":
                time.sleep(1.0)
        return Reply(Answer(Outcome.FOUND, f"{count}: {text.strip()}"), after, 1.0)


def stub(version: str = "v1") -> Loaded:
    """The stub with a few provinces and plans."""
    plans = (Option("Kế hoạch 2021", entry="tien-giang-2021"), Option("Kế hoạch 2024", entry="quang-nam-2024"))
    return Loaded(StubAssistant(), version, entries=5, provinces=("Tiền Giang", "Đồng Tháp"), plans=plans)
