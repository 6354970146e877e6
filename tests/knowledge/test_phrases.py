"""Whole phrases in a text: tables of them, and the longest at a place."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.phrases import LONGEST, LongestFirst, PhraseTable, runs
from knowledge.text import contains_phrase

SYLLABLES = st.lists(st.sampled_from(["a", "b", "ab", "c"]), max_size=14)


def test_runs_are_consecutive_whole_syllables_up_to_the_longest() -> None:
    keys = [str(i) for i in range(LONGEST + 2)]
    found = runs(keys)
    assert ("0", "1") in found
    assert ("0", "2") not in found
    assert tuple(keys[:LONGEST]) in found
    assert tuple(keys[: LONGEST + 1]) not in found


def test_a_table_keeps_order_and_repetitions() -> None:
    table = PhraseTable([("b",), ("a", "b"), ("b",)])
    assert list(table) == [("b",), ("a", "b"), ("b",)]


@given(SYLLABLES, st.lists(SYLLABLES.filter(bool).map(tuple), max_size=5))
def test_a_table_finds_what_searching_phrase_by_phrase_finds(keys: list[str], phrases: list[tuple[str, ...]]) -> None:
    table = PhraseTable(phrases)
    expected = {p for p in phrases if contains_phrase(keys, p)}
    assert table.found(keys) == expected
    assert table.stands_in(keys) == bool(expected)


@pytest.mark.parametrize(("at", "value"), [(0, "long"), (1, None), (2, "short"), (3, None)])
def test_the_longest_phrase_at_a_place_wins(at: int, value: str | None) -> None:
    found: LongestFirst[str] = LongestFirst()
    found.add(("a",), "short")
    found.add(("a", "b"), "long")
    found.add(("a", "b"), "later")
    found.add((), "nothing")
    assert found.at(["a", "b", "a", "c"], at) == value
