"""The rules by which an answer about one side of a procedure passes, on hand-made records and answers."""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from bot.answering import procedures
from bot.types import Answer, Intent, Outcome
from bot.wording import FACETS
from evaluation.facets import (
    SETS,
    Judged,
    Question,
    Verdict,
    codes_of,
    judge,
    load_questions,
    named_by,
    relatives_of,
    report,
    unsuitable,
)
from evaluation.sets import UnreadableSet
from knowledge.entries import Entry, EntryType

TODAY = dt.date(2026, 11, 21)


def guided(code: str, present: str | None = None, **guidance: Any) -> Entry:
    """A procedure with written guidance, listed under ``code``; ``present``: its code today, when it was renumbered."""
    record = {"guidance": {"code": present or code, "sources": [{"title": "Cổng"}], "checked_on": "2026-11-21", **guidance}}
    return Entry(f"procedure/{code}", EntryType.PROCEDURE, "Đăng ký kết hôn", code=code, record=record)


WANTED = guided(
    "1.000894",
    fee=("Công dân trong nước: miễn lệ phí", "Bản sao trích lục: thu riêng"),
    time=("01 ngày làm việc",),
    steps=("Điền tờ khai", "Cả hai cùng ký"),
    related=("Kết hôn có yếu tố nước ngoài (2.000806)",),
    former_codes=("2.000200",),
)
STRANGER = guided("1.001193", fee=("Miễn lệ phí",))
RELATED = guided("2.000806", fee=("Theo mức của tỉnh",))
ASKED = Question("đăng ký kết hôn hết nhiêu tiền", "1.000894", Intent.FEE)


def about(entry: Entry, facet: Intent) -> Answer:
    return procedures.answer(entry, facet, TODAY)


def verdict(answer: Answer, best: Entry | None = WANTED, question: Question = ASKED) -> Verdict:
    return judge(question, answer, best, WANTED, TODAY)


def test_the_asked_facet_first_and_whole_passes() -> None:
    assert verdict(about(WANTED, Intent.FEE)) is Verdict.GOOD


@pytest.mark.parametrize("facet", [Intent.FEE, Intent.TIME, Intent.STEPS])
def test_every_facet_is_judged_by_its_own_lines(facet: Intent) -> None:
    assert verdict(about(WANTED, facet), question=replace(ASKED, facet=facet)) is Verdict.GOOD


def test_an_overview_or_another_facet_first_fails() -> None:
    assert verdict(about(WANTED, Intent.ANY)) is Verdict.OTHER_FACET
    assert verdict(about(WANTED, Intent.TIME)) is Verdict.OTHER_FACET


def test_the_facet_further_down_fails() -> None:
    answer = about(WANTED, Intent.FEE)
    title, rest = answer.text.split("\n", 1)
    assert verdict(replace(answer, text=f"{title}\nThời gian:\n- 01 ngày làm việc.\n{rest}")) is Verdict.OTHER_FACET


def test_a_block_that_lacks_or_changes_a_line_fails() -> None:
    answer = about(WANTED, Intent.FEE)
    lacking = [line for line in answer.text.split("\n") if "trích lục" not in line]
    assert verdict(replace(answer, text="\n".join(lacking))) is Verdict.INCOMPLETE
    assert verdict(replace(answer, text=answer.text.replace("thu riêng", "không thu"))) is Verdict.INCOMPLETE


def test_a_text_of_the_title_alone_fails() -> None:
    assert verdict(Answer(Outcome.FOUND, "Đăng ký kết hôn.")) is Verdict.OTHER_FACET


def test_a_record_that_does_not_hold_the_facet_fails() -> None:
    question = replace(ASKED, facet=Intent.RESULT)
    assert verdict(about(WANTED, Intent.RESULT), question=question) is Verdict.NOT_HELD


def test_another_procedure_fails_even_with_the_right_facet() -> None:
    assert verdict(about(STRANGER, Intent.FEE), STRANGER) is Verdict.OTHER_RECORD


def test_a_procedure_that_the_asked_record_names_passes_apart() -> None:
    assert verdict(about(RELATED, Intent.FEE), RELATED) is Verdict.RELATED
    assert judge(ASKED, about(RELATED, Intent.FEE), RELATED, None, TODAY) is Verdict.OTHER_RECORD
    former = guided("2.000200", fee=("Miễn lệ phí",))
    assert verdict(about(former, Intent.FEE), former) is Verdict.RELATED


def test_being_named_does_not_work_the_other_way_round() -> None:
    naming = guided("1.004746", fee=("Miễn lệ phí",), related=("Đăng ký kết hôn (1.000894)",))
    assert verdict(about(naming, Intent.FEE), naming) is Verdict.OTHER_RECORD


def test_a_renumbered_procedure_is_known_by_both_codes() -> None:
    entry = guided("2.000200", "1.116410", fee=("Miễn",))
    assert codes_of(entry) == {"2.000200", "1.116410"}
    assert named_by("1.116410", [STRANGER, entry]) is entry
    for code in ("2.000200", "1.116410"):
        assert judge(replace(ASKED, code=code), about(entry, Intent.FEE), entry, entry, TODAY) is Verdict.GOOD


def test_an_answer_that_is_none_fails_whatever_its_items() -> None:
    assert verdict(Answer(Outcome.WHICH_RECORD, about(WANTED, Intent.FEE).text)) is Verdict.ASKED_BACK
    assert verdict(Answer(Outcome.NOT_KNOWN, ""), None) is Verdict.DECLINED
    assert verdict(about(WANTED, Intent.FEE), None) is Verdict.OTHER_RECORD


def test_a_term_with_the_same_words_is_not_the_procedure() -> None:
    term = replace(WANTED, type=EntryType.TERM)
    assert verdict(about(WANTED, Intent.FEE), term) is Verdict.OTHER_RECORD


def test_a_dated_line_counts_only_while_it_holds() -> None:
    change = {"text": "Giảm nửa lệ phí", "facet": "fee", "valid_from": "2026-01-01", "valid_to": "2026-12-31"}
    entry = guided("1.000894", fee=("50.000 đồng",), changes=(change,))
    answer = about(entry, Intent.FEE)
    assert judge(ASKED, answer, entry, entry, TODAY) is Verdict.GOOD
    assert judge(ASKED, answer, entry, entry, dt.date(2027, 1, 1)) is Verdict.GOOD, "more than is held is not too little"
    later = procedures.answer(entry, Intent.FEE, dt.date(2027, 1, 1))
    assert judge(ASKED, later, entry, entry, TODAY) is Verdict.INCOMPLETE


def test_codes_are_read_out_of_the_notes_on_related_procedures() -> None:
    assert relatives_of(WANTED) == {"2.000806", "2.000200"}
    assert relatives_of(STRANGER) == set()


def test_guidance_comes_before_the_bare_record_of_the_same_code() -> None:
    bare = Entry("procedure/x", EntryType.PROCEDURE, "x", code="1.000894", record={"catalogue": {}})
    assert named_by("1.000894", [bare, WANTED]) is WANTED
    assert named_by("1.000894", [bare]) is bare
    assert named_by("9.999999", [bare, WANTED]) is None


def test_questions_that_nothing_could_answer_are_named() -> None:
    asked = [ASKED, replace(ASKED, facet=Intent.RESULT), replace(ASKED, code="9.999999")]
    problems = unsuitable(asked, {"1.000894": WANTED, "9.999999": None}, TODAY)
    assert len(problems) == 2
    assert FACETS[Intent.RESULT] in problems[0]
    assert "9.999999" in problems[1]


def test_the_table_counts_and_lists_the_misses() -> None:
    text = report([Judged(ASKED, Verdict.GOOD, "…"), Judged(replace(ASKED, q="câu kia"), Verdict.OTHER_FACET, "Thời gian:")])
    assert "1/2 (50.0%)" in text
    assert "sai mặt: câu kia [1.000894 fee] → Thời gian:" in text
    assert ASKED.q not in text


def test_an_empty_table_is_no_error() -> None:
    assert "0/0" in report([])


@pytest.mark.parametrize(
    "row",
    [
        '{q: "a", code: "1.000894"}',
        '{q: "a", code: "1.000894", facet: lead}',
        '{q: "a", code: "khai sinh", facet: fee}',
        '"a"',
        '{q: "a", record: "guide/x"}',
        '{q: "a", says: "x"}',
        '{q: "a", record: "guide/x", says: "("}',
    ],
)
def test_a_row_that_cannot_be_used_is_named(tmp_path: Path, row: str) -> None:
    path = tmp_path / "set.yaml"
    path.write_text(f'- {{q: "b", code: "1.000894", facet: fee}}\n- {row}\n', encoding="utf-8")
    with pytest.raises(UnreadableSet, match="câu 2"):
        load_questions(path)


@pytest.mark.parametrize("path", SETS, ids=lambda p: p.name)
def test_a_set_covers_every_facet_and_many_procedures(path: Path) -> None:
    questions = load_questions(path)
    assert len(questions) == len({q.q for q in questions}) == 60
    assert {q.facet for q in questions} >= set(FACETS) - {Intent.VALIDITY}
    assert len({q.code for q in questions}) >= 30
    assert sum(q.q.isascii() for q in questions) > 60 / 5, "many are written without tone marks"


def test_no_question_is_asked_in_both_sets() -> None:
    asked = [q.q for path in SETS for q in load_questions(path)]
    assert len(asked) == len(set(asked))


def test_what_has_to_be_said_decides_where_the_record_holds_nothing_or_no_facet_is_asked() -> None:
    unknown = replace(ASKED, facet=Intent.RESULT, says="Kết quả: em chưa có thông tin")
    assert verdict(about(WANTED, Intent.RESULT), question=unknown) is Verdict.GOOD
    assert verdict(about(WANTED, Intent.FEE), question=unknown) is Verdict.SILENT
    assert verdict(about(WANTED, Intent.FEE), question=replace(ASKED, says="thu riêng")) is Verdict.GOOD
    assert verdict(about(WANTED, Intent.TIME), question=replace(ASKED, says="01 ngày")) is Verdict.OTHER_FACET
    guide = Entry("guide/nop-ho", EntryType.GUIDE, "Nhờ nộp hộ")
    asked = replace(ASKED, code="guide/nop-ho", facet=Intent.ANY, says="ủy quyền")
    assert named_by("guide/nop-ho", [WANTED, guide]) is guide
    for text, expected in (("Cần giấy ủy quyền.", Verdict.GOOD), ("Tùy việc.", Verdict.SILENT)):
        assert judge(asked, Answer(Outcome.FOUND, text), guide, guide, TODAY) is expected
    assert judge(asked, Answer(Outcome.FOUND, "ủy quyền"), WANTED, guide, TODAY) is Verdict.OTHER_RECORD
    assert unsuitable([unknown, asked], {"1.000894": WANTED, "guide/nop-ho": guide}, TODAY) == []
