"""BM25 against numbers worked out by hand and against the formula written down plainly."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.lexical import K1, B, LexicalIndex

TERM = st.sampled_from(["a", "b", "c", "a_b", "đ"])
DOCUMENTS = st.lists(st.lists(TERM, max_size=8), max_size=8)
QUERY = st.dictionaries(st.sampled_from(["a", "b", "c", "a_b", "đ", "never"]), st.floats(0, 3, width=32), max_size=6)


def plain_bm25(documents: Sequence[Sequence[str]], query: Mapping[str, float]) -> list[float]:
    """The formula, document by document, without arrays."""
    n = len(documents)
    mean = sum(len(d) for d in documents) / n if n else 0.0
    scores = []
    for document in documents:
        total = 0.0
        for term, weight in query.items():
            tf = document.count(term)
            if tf:
                df = sum(term in d for d in documents)
                idf = math.log(1 + (n - df + 0.5) / (df + 0.5))
                total += weight * idf * tf * (K1 + 1) / (tf + K1 * (1 - B + B * len(document) / mean))
        scores.append(total)
    return scores


def test_three_lines_by_hand() -> None:
    # n = 3, every line two terms long, so the length norm is K1 = 0.9.
    # "a" stands in two lines: idf = ln(1 + 1.5/2.5) = ln 1.6; once a line: × 1.9/1.9.
    # "d" stands in one: idf = ln(1 + 2.5/1.5) = ln(8/3); twice in it: × 2·1.9/2.9.
    index = LexicalIndex.build([["a", "b"], ["a", "c"], ["d", "d"]])
    assert index.scores({"a": 1.0}) == pytest.approx([math.log(1.6), math.log(1.6), 0.0])
    assert index.scores({"d": 1.0}) == pytest.approx([0.0, 0.0, math.log(8 / 3) * 3.8 / 2.9])
    assert index.scores({"a": 0.5, "d": 2.0}) == pytest.approx([math.log(1.6) / 2, math.log(1.6) / 2, 2 * math.log(8 / 3) * 3.8 / 2.9])


def test_a_longer_line_scores_less_for_the_same_word() -> None:
    index = LexicalIndex.build([["a", "b"], ["a", "b", "c", "d", "e", "f"], ["x"]])
    short, long, other = index.scores({"a": 1.0})
    assert short > long > other == 0.0


def test_a_rarer_word_weighs_more() -> None:
    index = LexicalIndex.build([["rare", "x"], ["common", "x"], ["common", "y"], ["z", "z"]])
    rare, common, _, _ = index.scores({"rare": 1.0, "common": 1.0})
    assert rare > common


@given(DOCUMENTS, QUERY)
def test_agrees_with_the_plain_formula(documents: list[list[str]], query: dict[str, float]) -> None:
    scores = LexicalIndex.build(documents).scores(query)
    assert scores.shape == (len(documents),)
    assert scores.tolist() == pytest.approx(plain_bm25(documents, query), rel=1e-4, abs=1e-5)


@pytest.mark.parametrize("documents", [[], [[]], [[], [], []]], ids=["no lines", "one empty line", "empty lines"])
def test_an_empty_index_finds_nothing(documents: list[list[str]]) -> None:
    index = LexicalIndex.build(documents)
    assert index.scores({"a": 1.0}).tolist() == [0.0] * len(documents)
    assert index.ceiling({"a": 1.0}) > 0


def test_ceiling_sums_idf_and_counts_unseen_words_as_rare() -> None:
    index = LexicalIndex.build([["a", "b"], ["a", "c"], ["d", "d"]])
    assert index.ceiling({"a": 2.0, "never": 0.5}, unseen=4.0) == pytest.approx(2 * math.log(1.6) + 0.5 * 4.0)
    assert index.ceiling({}) == 1.0, "a question without terms must not divide by zero"


@given(DOCUMENTS.filter(bool), QUERY)
def test_arrays_and_restore_are_inverse(documents: list[list[str]], query: dict[str, float]) -> None:
    index = LexicalIndex.build(documents)
    again = LexicalIndex.restore(index.arrays().__getitem__, len(documents))
    assert np.array_equal(again.terms.hashes, index.terms.hashes)
    assert np.array_equal(again.scores(query), index.scores(query))


def test_restore_reads_what_was_saved(tmp_path: Path) -> None:
    index = LexicalIndex.build([["đất", "đai"], ["đất", "ở"], []])
    for name, array in index.arrays().items():
        np.save(tmp_path / f"{name}.npy", array)
    again = LexicalIndex.restore(lambda name: np.load(tmp_path / f"{name}.npy"), 3)
    query = {"đất": 1.0, "ở": 0.6}
    assert again.scores(query).tolist() == index.scores(query).tolist()
    assert again.scores(query).dtype == np.float32


def test_shares_are_scores_by_the_ceiling() -> None:
    index = LexicalIndex.build([["a", "b"], ["b", "c"], ["d"]])
    query = {"b": 1.0, "c": 0.6, "unseen": 1.0}
    assert index.shares(query) == pytest.approx(index.scores(query) / index.ceiling(query))
