"""From a ranking to a decision, on rankings made by hand."""

from __future__ import annotations

import pytest

from bot.deciding import MOST_OPTIONS, Decision, Thresholds, decide
from knowledge.entries import Entry, EntryType
from knowledge.search.ranking import Hit, Ranked

THRESHOLDS = Thresholds(answer=0.5, decline=0.2)


def procedure(number: int, title: str | None = None) -> Entry:
    return Entry(f"procedure/{number}", EntryType.PROCEDURE, title or f"Thủ tục {number}")


def task(province: str, number: int = 1) -> Entry:
    return Entry(f"{province}/task-{number}", EntryType.TASK, f"Nhiệm vụ {number} {province}", province=province, plan=province)


def decided(
    entries: list[Entry], shares: list[float], *, confidence: float = 0.9, scope: float = 0.9, province_known: bool = False
) -> Decision:
    hits = tuple(Hit(i, 1.0 - i, share) for i, share in enumerate(shares))
    return decide(Ranked(hits, confidence, scope, {}), entries, THRESHOLDS, province_known=province_known)


def chosen(decision: Decision) -> list[int]:
    return [h.entry for h in decision.hits]


def test_nothing_found_is_declined() -> None:
    assert decided([], []) == Decision("decline", ())


def test_out_of_scope_is_declined_however_sure() -> None:
    assert decided([procedure(1)], [1.0], confidence=0.99, scope=0.1).kind == "decline"


def test_a_sure_hit_is_answered() -> None:
    decision = decided([procedure(1), procedure(2)], [0.9, 0.1])
    assert decision.kind == "answer"
    assert chosen(decision)[0] == 0


def test_an_unsure_hit_is_asked_back() -> None:
    decision = decided([procedure(1), procedure(2), procedure(3)], [0.4, 0.35, 0.25], confidence=0.3)
    assert decision.kind == "ask_record"
    assert chosen(decision) == [0, 1, 2]


def test_options_differ_in_title_and_are_few() -> None:
    rows = [procedure(1, "Cấp phép"), procedure(2, "cấp phép"), *(procedure(n) for n in range(3, 12))]
    decision = decided(rows, [1 / len(rows)] * len(rows), confidence=0.3)
    assert decision.kind == "ask_record"
    assert len(decision.hits) == MOST_OPTIONS
    assert 1 not in chosen(decision)


def test_one_option_is_no_question() -> None:
    assert decided([procedure(1), procedure(2)], [0.99, 0.01], confidence=0.3).kind != "ask_record"


@pytest.mark.parametrize(("known", "kind"), [(False, "ask_province"), (True, "answer")])
def test_plans_of_several_provinces_are_asked_back_unless_the_province_is_known(known: bool, kind: str) -> None:
    decision = decided([task("A"), task("B"), task("A", 2)], [0.5, 0.4, 0.1], province_known=known)
    assert decision.kind == kind
    if not known:
        assert chosen(decision) == [0, 1], "the best of each province"


def test_a_far_second_province_is_not_asked_about() -> None:
    assert decided([task("A"), task("B")], [0.99, 0.01]).kind == "answer"


def test_a_procedure_first_is_not_asked_for_a_province() -> None:
    assert decided([procedure(1), task("A"), task("B")], [0.4, 0.3, 0.3]).kind != "ask_province"


def test_evidence_without_weight_is_left_out_beyond_the_first_five() -> None:
    decision = decided([procedure(n) for n in range(20)], [0.9, *[0.1 / 19] * 19])
    assert chosen(decision) == [0, 1, 2, 3, 4]
