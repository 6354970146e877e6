"""Words of everyday questions against words of messages that no record answers."""

from __future__ import annotations

import pytest

from knowledge.fields import FieldedIndex
from knowledge.lexical import LexicalIndex
from knowledge.search.scope import MOST, ScopeWords

INSIDE = [["khai", "sinh"]] * 30 + [["ket", "hon"]] * 30 + [["khai", "tu"]] * 3
OUTSIDE = [["meo", "khai", "sinh"]] * 3 + [["meo", "ngu"]] * 6 + [["game"]]


@pytest.fixture(scope="module")
def words() -> ScopeWords:
    fields = [LexicalIndex.build(INSIDE), LexicalIndex.build(OUTSIDE)]
    return ScopeWords.of(FieldedIndex.of(fields), 0, 1)


def test_lines_are_counted_back_from_the_weights(words: ScopeWords) -> None:
    numbers = words.index.terms.find(("khai", "meo", "hon", "game"))
    assert words.sizes == (len(INSIDE), len(OUTSIDE))
    for counts, rows in ((words.inside, INSIDE), (words.outside, OUTSIDE)):
        assert counts[numbers].tolist() == pytest.approx([sum(t in r for r in rows) for t in ("khai", "meo", "hon", "game")], abs=1e-2)


def test_a_telling_word_stands_out_among_ordinary_ones(words: ScopeWords) -> None:
    ordinary = words.evidence({"khai": 1.0, "sinh": 1.0})
    strange = words.evidence({"khai": 1.0, "sinh": 1.0, "meo": 1.0})
    assert strange["outside_telling"] > ordinary["outside_telling"]
    assert strange["outside_words"] > ordinary["outside_words"]
    assert ordinary["inside_telling"] < 0.0


def test_a_message_does_not_speak_against_itself(words: ScopeWords) -> None:
    assert words.evidence({"game": 1.0})["outside_telling"] > 0.0
    assert words.evidence({"game": 1.0}, own=True)["outside_telling"] == 0.0


def test_what_was_never_seen_says_nothing(words: ScopeWords) -> None:
    assert set(words.evidence({"waifu": 1.0}).values()) == {0.0}


def test_one_word_says_no_more_than_so_much() -> None:
    fields = [LexicalIndex.build([["a"]] * 3), LexicalIndex.build([["b"]] * 4000)]
    words = ScopeWords.of(FieldedIndex.of(fields), 0, 1)
    assert words.evidence({"b": 1.0})["outside_words"] <= MOST
