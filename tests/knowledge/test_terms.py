"""The table of terms answers as a dictionary would."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.terms import TermTable

TERMS = st.dictionaries(st.text(max_size=8), st.integers(0, 2**31 - 1), max_size=30)


@given(TERMS, st.lists(st.text(max_size=8), max_size=10))
def test_agrees_with_a_dictionary(numbers: dict[str, int], asked: list[str]) -> None:
    table = TermTable.of(numbers)
    assert len(table) == len(numbers)
    wanted = (*numbers, *asked)
    assert table.find(wanted).tolist() == [numbers.get(t, -1) for t in wanted]
    assert [table.get(t, None) for t in asked] == [numbers.get(t) for t in asked]


def test_half_a_surrogate_is_a_term_like_others() -> None:
    assert TermTable.of({"\ud800": 3}).get("\ud800", None) == 3


@pytest.mark.parametrize(
    ("hashes", "numbers"),
    [
        (np.array([2, 1], dtype=np.uint64), np.array([0, 1], dtype=np.int32)),
        (np.array([1, 1], dtype=np.uint64), np.array([0, 1], dtype=np.int32)),
        (np.array([1, 2], dtype=np.uint64), np.array([0], dtype=np.int32)),
        (np.array([1, 2], dtype=np.int64), np.array([0, 1], dtype=np.int32)),
    ],
    ids=["not ascending", "twice the same", "of two lengths", "of another type"],
)
def test_arrays_of_something_else_are_refused(hashes: np.ndarray, numbers: np.ndarray) -> None:
    with pytest.raises(ValueError, match="hashes"):
        TermTable(hashes, numbers)


def test_a_hash_of_two_terms_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.terms._hashes", lambda terms: np.ones(len(terms), dtype=np.uint64))
    with pytest.raises(ValueError, match="ascend"):
        TermTable.of({"a": 0, "b": 1})
