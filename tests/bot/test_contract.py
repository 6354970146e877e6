from __future__ import annotations

import json

from bot.contract import error_object, to_contract
from bot.types import Answer, Item, Option, Outcome, Reply, State

ITEM = Item("tien-giang-2021/task-5", "task", "Bản tin", "Tiền Giang", "tien-giang-2021", "Phụ lục, STT 5", None, 0.93)
ANSWER = Answer(
    Outcome.WHICH_RECORD, "Việc nào?", 0.123456, (ITEM,), ("Sở Nội vụ",), ("Các sở",), "hằng tháng", ("Sở Nội vụ",), ("https://a.vn",),
    (Option("một", entry="x"),), (Option("không hiện"),), ("ghi chú",),
)  # fmt: skip


def test_every_field_of_the_contract() -> None:
    found = to_contract(Reply(ANSWER, State(), 1.23456), "q1")
    assert json.loads(json.dumps(found)) == {
        "id": "q1",
        "status": "clarify",
        "answer": "Việc nào?",
        "confidence": 0.1235,
        "items": [
            {
                "id": "tien-giang-2021/task-5", "type": "task", "title": "Bản tin", "province": "Tiền Giang",
                "plan": "tien-giang-2021", "section": "Phụ lục, STT 5", "code": None, "score": 0.93,
            }
        ],
        "lead": ["Sở Nội vụ"],
        "partners": ["Các sở"],
        "when": "hằng tháng",
        "offices": ["Sở Nội vụ"],
        "links": ["https://a.vn"],
        "options": ["một"],
        "notes": ["ghi chú"],
        "latency_ms": 1.23,
    }  # fmt: skip


def test_an_error_has_the_same_fields() -> None:
    assert error_object("hỏng", "q2").keys() == to_contract(Reply(ANSWER, State()), "q2").keys()
    assert error_object("hỏng")["status"] == "error"
