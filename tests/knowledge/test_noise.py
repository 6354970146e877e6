"""Simulated typing: the same seed gives the same slips, and some things must survive them."""

from __future__ import annotations

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge import noise
from knowledge.text import fold, folded_keys, has_marks

QUESTIONS = [
    "Đăng ký khai sinh cho con cần giấy tờ gì và nộp ở đâu",
    "không biết thế nào để được cấp lại căn cước công dân bị mất",
    "hồ sơ chuyển nhượng đất 500m2 mất bao nhiêu ngày",
]


@pytest.mark.parametrize("style", sorted(noise.STYLES))
@pytest.mark.parametrize("question", QUESTIONS)
def test_the_same_seed_gives_the_same_slips(style: str, question: str) -> None:
    made = noise.STYLES[style]
    assert [made(question, random.Random(seed)) for seed in range(20)] == [made(question, random.Random(seed)) for seed in range(20)]


@pytest.mark.parametrize("style", ["typos", "teencode"])
def test_other_seeds_give_other_slips(style: str) -> None:
    made = noise.STYLES[style]
    assert len({made(QUESTIONS[1], random.Random(seed)) for seed in range(30)}) > 3


def test_without_tones_only_the_marks_go() -> None:
    for question in QUESTIONS:
        bare = noise.STYLES["no_tones"](question, random.Random(1))
        assert not has_marks(bare)
        assert folded_keys(bare) == folded_keys(question)


def test_typing_slips_come_in_most_texts_and_leave_most_words() -> None:
    for question in QUESTIONS:
        results = [noise.typos(question, random.Random(seed)) for seed in range(60)]
        assert sum(r != question for r in results) >= 55
        kept = [len(set(r.split()) & set(question.split())) / len(set(question.split())) for r in results]
        assert 0.5 < sum(kept) / len(kept) < 0.95


def test_words_with_digits_survive_typing_slips() -> None:
    text = "tra cứu hồ sơ 000.00.12.H58 ngày 12/4/2021 theo nghị định 61/2018/NĐ-CP"
    numbers = [w for w in text.split() if any(c.isdigit() for c in w)]
    for seed in range(50):
        assert [w for w in noise.typos(text, random.Random(seed)).split() if any(c.isdigit() for c in w)] == numbers


def test_telex_slips_include_the_raw_keys() -> None:
    made = {noise.telex_slip("giấy", random.Random(seed)) for seed in range(60)}
    assert "giaays" in made
    assert any(fold(m) == "giay" for m in made)


def test_teencode_replaces_whole_words_only() -> None:
    made = [noise.teencode("không khí không trong lành", random.Random(seed)) for seed in range(40)]
    assert any(m != "không khí không trong lành" for m in made)
    assert all(" khí " in m and m.endswith("lành") for m in made)
    assert all("nghe" in noise.teencode("em nghe anh", random.Random(seed)) for seed in range(20)), "'e' inside a word stays"


@pytest.mark.parametrize("text", ["", "123", "?!", "12/4/2021 – 50.000"])
@pytest.mark.parametrize("style", sorted(noise.STYLES))
def test_texts_without_letters_come_through(style: str, text: str) -> None:
    assert {noise.STYLES[style](text, random.Random(seed)) for seed in range(10)} == {text}


def test_a_long_text_of_numbers_comes_through() -> None:
    for seed in range(20):
        assert noise.typos("1 2 3 4 5 6 7 8", random.Random(seed)) == "1 2 3 4 5 6 7 8"


@given(st.text(alphabet="aăâđêôơưáàảãạ nghk", max_size=40), st.integers(0, 1000))
def test_no_text_breaks_the_noise(text: str, seed: int) -> None:
    for made in noise.STYLES.values():
        assert isinstance(made(text, random.Random(seed)), str)
