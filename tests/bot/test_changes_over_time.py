"""True today: the same question on two days, and what has changed since a plan was written."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Callable

from bot import vietnam
from bot.answering import procedures
from bot.pipeline import Assistant
from bot.types import Intent, State
from knowledge.entries import Entry, EntryType
from knowledge.loading import Knowledge
from knowledge.search.index import SearchIndex
from tests.bot.helpers import best, talk

On = Callable[[str], Assistant]


def test_a_fee_cut_shows_until_its_last_day(assistant_on: On) -> None:
    question = "thủ tục 1.014064 lệ phí bao nhiêu"
    for day, shown in (("2025-06-30", False), ("2025-07-01", True), ("2026-11-21", True), ("2026-12-31", True), ("2027-01-01", False)):
        answer = talk(assistant_on(day), question)
        assert best(answer) == "procedure/1.014064"
        facet = answer.text.split("Nơi giải quyết:")[0]
        assert ("35.000 đồng" in facet) is shown, day
        assert "70.000 đồng" in facet
        if shown:
            assert "đến hết 31/12/2026" in facet


def test_every_dated_fee_shows_exactly_in_its_time(assistant_on: On, known: Knowledge) -> None:
    seen = 0
    for guidance in known.guidance:
        for change in guidance.changes:
            if change.facet == "fee" and change.valid_to and guidance.code in known.catalogue:
                seen += 1
                after = (change.valid_to + dt.timedelta(days=1)).isoformat()
                question = f"thủ tục {guidance.code} lệ phí bao nhiêu"
                assert change.text.rstrip(". ") in talk(assistant_on(change.valid_to.isoformat()), question).text, guidance.id
                assert change.text.rstrip(". ") not in talk(assistant_on(after), question).text, guidance.id
    assert seen >= 5


def test_a_coming_law_is_announced_and_then_in_force(assistant_on: On, known: Knowledge) -> None:
    coming = [d for d in known.legal_documents if d.valid_from and d.valid_from > dt.date(2026, 11, 21)]
    assert coming
    for document in coming:
        assert document.valid_from is not None
        question = f"{document.number} có hiệu lực chưa"
        assert "chưa có hiệu lực" in talk(assistant_on("2026-11-21"), question).text
        assert "chưa có hiệu lực" not in talk(assistant_on(document.valid_from.isoformat()), question).text


def test_a_plan_of_a_merged_province_says_what_became_of_it(assistant: Assistant) -> None:
    answer = talk(assistant, "Tiền Giang 2021: ai xây dựng bản tin điện tử về cải cách hành chính")
    assert answer.lead == ("Sở Nội vụ",), "the plan's own name stays"
    assert any("Tiền Giang đã nhập vào Đồng Tháp từ 1/7/2025" in n for n in answer.notes)
    assert any("Sở Nội vụ tỉnh Đồng Tháp" in o for o in answer.offices)
    assert all(f"Lưu ý: {n}" in answer.text for n in answer.notes)


def test_a_plan_of_a_merged_body_says_who_took_over(assistant: Assistant) -> None:
    answer = talk(assistant, "ở Quảng Nam ai phụ trách tuyên truyền cải cách hành chính trên mạng xã hội")
    assert answer.lead == ("Sở Thông tin và Truyền thông",)
    note = next(n for n in answer.notes if n.startswith("Sở Thông tin và Truyền thông nay là"))
    assert "Khoa học và Công nghệ" in note
    assert "1/3/2025" in note
    assert "Đồng Tháp" not in note


def test_before_the_changes_nothing_had_changed(assistant_on: On) -> None:
    answer = talk(assistant_on("2021-05-01"), "Tiền Giang 2021: ai xây dựng bản tin điện tử về cải cách hành chính")
    assert answer.lead == ("Sở Nội vụ",)
    assert answer.notes == ()
    assert answer.offices == ("Sở Nội vụ",)


def test_a_province_answers_for_the_day(assistant_on: On) -> None:
    assert "đã nhập vào" in talk(assistant_on("2025-07-01"), "tỉnh Tiền Giang nhập vào đâu").text
    assert "đã nhập vào" not in talk(assistant_on("2025-06-30"), "tỉnh Tiền Giang nhập vào đâu").text


def test_a_province_that_will_grow_has_not_grown_yet(assistant_on: On) -> None:
    assert "ngày nay gồm" not in talk(assistant_on("2025-06-30"), "Đồng Tháp sáp nhập với tỉnh nào").text


def test_todays_province_finds_the_plans_of_its_parts_or_says_none(assistant: Assistant) -> None:
    """Who lives in Đồng Tháp today and asks about a plan must not get another province's."""
    answer = talk(assistant, "kế hoạch tuyên truyền cải cách hành chính của Đồng Tháp: sở nào ra bản tin điện tử")
    assert all(i.province in (None, "Tiền Giang", "Đồng Tháp") for i in answer.items)


def test_local_procedures_only_for_their_province(assistant: Assistant, known: Knowledge) -> None:
    provinces = {p.name for p in known.provinces}
    titles = Counter(c.name for c in known.catalogue.values())
    local = [c for c in known.catalogue.values() if c.province and not c.internal and titles[c.name] == 1 and 40 < len(c.name) < 150]
    local = [c for c in local if not any(name in c.name for name in provinces)][:8]
    assert local
    for own in local:
        other = "Lai Châu" if own.province != "Lai Châu" else "Cao Bằng"
        there = talk(assistant, f"{own.name} ở {own.province}")
        assert best(there) == f"procedure/{own.code}"
        assert f"riêng của {own.province}" in there.text
        for elsewhere in (f"{own.name} ở {other}", own.name):
            assert f"procedure/{own.code}" not in {i.id for i in talk(assistant, elsewhere).items}


def test_a_procedure_that_left_the_portal_says_so() -> None:
    record = {"catalogue": {"code": "1.000001", "name": "Việc cũ", "gone_since": "2026-10-01", "checked_on": "2026-09-01"}}
    gone = Entry("procedure/1.000001", EntryType.PROCEDURE, "Việc cũ", code="1.000001", record=record)
    answer = procedures.answer(gone, Intent.ANY, dt.date(2026, 11, 21))
    assert "không còn trong danh mục của Cổng từ 1/10/2026" in answer.text


def test_the_day_comes_from_the_clock_unless_set(real_index: SearchIndex, assistant: Assistant) -> None:
    assert assistant.today == dt.date(2026, 11, 21)
    before = vietnam.today()
    assert before <= Assistant(real_index).today <= vietnam.today()


def test_a_state_of_another_day_is_still_good(assistant_on: On) -> None:
    state = State(question="lệ phí", entry="procedure/1.014064")
    assert "35.000" in talk(assistant_on("2026-12-31"), "mất bao nhiêu tiền", state=state).text
    assert "35.000" not in talk(assistant_on("2027-01-01"), "mất bao nhiêu tiền", state=state).text
