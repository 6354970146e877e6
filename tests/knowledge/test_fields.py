"""Several fields in one array find what each finds alone."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.fields import FieldedIndex
from knowledge.lexical import LexicalIndex

TERM = st.sampled_from(["a", "b", "c", "a_b", "đ"])
FIELDS = st.lists(st.lists(st.lists(TERM, max_size=6), max_size=6), min_size=1, max_size=4)
QUERY = st.dictionaries(st.sampled_from(["a", "b", "c", "a_b", "đ", "never"]), st.floats(0, 3, width=32), max_size=6)


@given(FIELDS, QUERY)
def test_each_field_scores_as_alone(documents: list[list[list[str]]], query: dict[str, float]) -> None:
    alone = [LexicalIndex.build(d) for d in documents]
    together = FieldedIndex.of(alone).shares(query)
    assert [len(s) for s in together] == [len(d) for d in documents]
    for shares, index in zip(together, alone, strict=True):
        assert shares == pytest.approx(index.shares(query), rel=1e-4, abs=1e-5)


def test_a_word_of_one_field_counts_as_unseen_in_the_other() -> None:
    names, bodies = FieldedIndex.of([LexicalIndex.build([["a"], ["b"], ["c"]]), LexicalIndex.build([["b", "c"], ["c"]])]).shares(
        {"a": 1.0, "b": 1.0}
    )
    assert names[0] == names[1] > names[2] == 0
    assert bodies[0] > bodies[1] == 0


@given(FIELDS, QUERY)
def test_arrays_and_restore_are_inverse(documents: list[list[list[str]]], query: dict[str, float]) -> None:
    index = FieldedIndex.of([LexicalIndex.build(d) for d in documents])
    again = FieldedIndex.restore(index.arrays().__getitem__, [len(d) for d in documents])
    for one, other in zip(index.shares(query), again.shares(query), strict=True):
        assert np.array_equal(one, other)


def test_arrays_that_do_not_belong_together_are_refused() -> None:
    arrays = FieldedIndex.of([LexicalIndex.build([["a", "b"], ["c"]])]).arrays()
    for part in ("hashes", "starts", "lines", "weights", "idf"):
        with pytest.raises(ValueError, match="belong together"):
            FieldedIndex.restore({**arrays, part: arrays[part][:-1]}.__getitem__, [2])
    with pytest.raises(ValueError, match="belong together"):
        FieldedIndex.restore(arrays.__getitem__, [1, 1])
