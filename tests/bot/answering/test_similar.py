"""Procedures of nearly the same name, told beside the one that is answered about."""

from __future__ import annotations

from typing import Any

from bot.answering.similar import MOST, similar, with_similar
from bot.types import Answer, Outcome
from knowledge.entries import Entry, EntryType
from knowledge.text import folded_keys


def procedure(title: str, code: str, level: str | None = None, **fields: Any) -> Entry:
    catalogue = {"level": [level]} if level else {}
    record = {"catalogue": catalogue, **fields.pop("record", {})}
    return Entry(f"procedure/{code}", EntryType.PROCEDURE, title, code=code, record=record, **fields)


MONTHLY = procedure("HƯỞNG TRỢ CẤP TUẤT HẰNG THÁNG", "1.000001")
ONCE = procedure("HƯỞNG TRỢ CẤP TUẤT MỘT LẦN.", "1.000002")


def told(best: Entry, others: list[Entry], question: str, topic: str) -> str | None:
    near = similar(best, others, folded_keys(topic), folded_keys(question))
    said = with_similar(Answer(Outcome.FOUND, "Đáp"), near)
    assert [o.entry for o in said.followups] == [o.entry for o in near]
    return said.text.removeprefix("Đáp\n") if near else None


def test_a_question_that_leaves_two_names_open_is_told_of_the_other() -> None:
    assert told(MONTHLY, [MONTHLY, ONCE], "trợ cấp tuất", "trợ cấp tuất") == "Thủ tục gần giống: Hưởng trợ cấp tuất một lần (mã 1.000002)."


def test_another_name_is_told_once_whatever_its_levels() -> None:
    higher = procedure("Hưởng trợ cấp tuất một lần (cấp tỉnh)", "1.000020")
    assert (told(MONTHLY, [ONCE, higher], "trợ cấp tuất", "trợ cấp tuất") or "").count("mã") == 1


def test_a_question_that_says_which_is_not() -> None:
    assert told(MONTHLY, [ONCE], "trợ cấp tuất hằng tháng", "tuất hằng tháng") is None
    reissue, exchange = procedure("Cấp lại thẻ căn cước", "1.000003"), procedure("Cấp đổi thẻ căn cước", "1.000004")
    assert told(reissue, [exchange], "cấp lại căn cước", "căn cước") is None, "a word that many questions hold decides too"
    assert told(reissue, [exchange], "mất thẻ lúc đi chợ", "thẻ chợ") is None, "the question says more than both names"


def test_a_name_that_says_more_is_another_matter() -> None:
    plain, foreign = procedure("Đăng ký kết hôn", "1.000005"), procedure("Đăng ký kết hôn có yếu tố nước ngoài", "1.000006")
    assert told(plain, [foreign], "kết hôn", "kết hôn") is None


def test_one_name_at_several_levels_is_told_with_the_level() -> None:
    commune = procedure("Thành lập hội", "1.000007", "xã")
    others = [procedure("THỦ TỤC THÀNH LẬP HỘI (CẤP TỈNH).", "1.000008", "tỉnh"), procedure("Thủ tục thành lập hội", "1.000009", "bộ")]
    assert told(commune, others, "lập hội cựu học sinh", "lập hội") == (
        "Thủ tục gần giống: Thủ tục thành lập hội (cấp tỉnh) (mã 1.000008); Thủ tục thành lập hội (mã 1.000009, cấp trung ương)."
    )
    guided = procedure("Thành lập hội", "1.000007", "xã", record={"guidance": {"code": "1.000007"}})
    assert told(guided, others, "lập hội", "lập hội") is None, "guidance speaks for all levels"


def test_what_is_not_asked_for_is_not_offered() -> None:
    own = procedure("Thành lập hội", "1.000010")
    others = [
        procedure("Thành lập hội", "1.000011", internal=True),
        procedure("Thành lập hội", "1.000012", province="Hà Nội"),
        procedure("Thành lập hội", "1.000013", record={"successor": {"code": "1.000010", "name": "Thành lập hội"}}),
        Entry("guide/hoi", EntryType.GUIDE, "Thành lập hội"),
    ]
    assert told(own, others, "thành lập hội", "thành lập hội") is None
    many = [procedure("Thành lập hội", f"1.00002{n}") for n in range(6)]
    assert (told(own, many, "thành lập hội", "thành lập hội") or "").count("mã") == MOST
