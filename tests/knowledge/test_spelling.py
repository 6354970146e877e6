"""Mending slips of the keyboard without touching what was meant."""

from __future__ import annotations

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.query import plain_query
from knowledge.spelling import VIETNAMESE, Speller, count_terms, deletions, telex_readings
from knowledge.text import syllables

SENTENCES = ["dang ky khai sinh cho con", "cap lai giay to khai sinh", "ket hon o dau", "cap giay phep xay dung", "nop ho so truc tuyen"]


@pytest.fixture(scope="module")
def speller() -> Speller:
    counts: dict[str, int] = {}
    pairs: dict[str, int] = {}
    for sentence in SENTENCES:
        words = sentence.split()
        for word in words:
            counts[word] = counts.get(word, 0) + 10
        for a, b in itertools.pairwise(words):
            pairs[f"{a}_{b}"] = pairs.get(f"{a}_{b}", 0) + 10
    return Speller.of(counts, pairs)


def mended(speller: Speller, text: str) -> str:
    return speller.query(plain_query(text)).plain


@pytest.mark.parametrize(
    ("raw", "meant"),
    [
        ("giaays", "giay"),
        ("dduowcj", "duoc"),
        ("khair", "khai"),
        ("hoox", "ho"),
        ("tuwowng", "tuong"),
        ("nhaanj", "nhan"),
        ("cuwowcs", "cuoc"),
    ],
)
def test_telex_keys_left_in_are_read(raw: str, meant: str) -> None:
    assert meant in telex_readings(raw)


def test_a_tone_key_at_the_start_is_a_letter() -> None:
    assert "inh" not in telex_readings("sinh")


def test_a_syllable_is_not_a_reading_of_itself() -> None:
    assert "giay" not in telex_readings("giay")


def test_raw_telex_in_a_question_is_mended(speller: Speller) -> None:
    assert mended(speller, "caaps laij giaays phesp") == "cap lai giay phep"


@pytest.mark.parametrize("slip", ["sinhh", "sihn", "sibh", "snh"], ids=["doubled", "swapped", "neighbour", "lost"])
def test_a_slip_is_mended_by_its_neighbours(speller: Speller, slip: str) -> None:
    if slip == "snh":
        assert mended(speller, f"khai {slip}") == "khai snh", "three letters are too few to be sure"
    else:
        assert mended(speller, f"dang ky khai {slip} cho con") == "dang ky khai sinh cho con"


def test_the_neighbours_decide_between_candidates() -> None:
    speller = Speller.of({"thue": 50, "thuy": 50, "nop": 9, "duong": 9}, {"nop_thue": 20, "duong_thuy": 20})
    assert mended(speller, "nop thuq") == "nop thue"
    assert mended(speller, "duong thuq") == "duong thuy"


def test_without_support_from_neighbours_an_unknown_word_stays(speller: Speller) -> None:
    assert mended(speller, "xin chao sibh") == "xin chao sibh"


@pytest.mark.parametrize("text", ["kêt hôn ở đâu", "Đăng ký khai sinh", "nop ho so", "giấy tờ"])
def test_known_syllables_are_untouched(speller: Speller, text: str) -> None:
    assert mended(speller, text) == text


@pytest.mark.parametrize("text", ["ong Nguyen Van Thoan o Quang Phuc", "ba Le Thi Nguyet", "anh Huynh Truong Khuong"])
def test_names_in_vietnamese_spelling_are_untouched(speller: Speller, text: str) -> None:
    assert mended(speller, text) == text


@pytest.mark.parametrize("text", ["microsoft edge", "McDonald", "vneid 2fa", "abc123 x1y2z3", "iphone15", "qwrtpsdfghjk"])
def test_foreign_words_and_codes_are_untouched(speller: Speller, text: str) -> None:
    assert mended(speller, text) == text


@pytest.mark.parametrize("syllable", ["nghieng", "khuyu", "quyet", "gi", "thuong", "uoc", "yeu", "duong", "ngoeo"])
def test_vietnamese_spelling_knows(syllable: str) -> None:
    assert syllable in VIETNAMESE


@pytest.mark.parametrize("syllable", ["sihn", "giaays", "zalo", "facebook", "bcd", "nghnh", "duwng", "phesp"])
def test_vietnamese_spelling_does_not_know(syllable: str) -> None:
    assert syllable not in VIETNAMESE


def test_deletions_leave_out_one_letter_each() -> None:
    assert deletions("thue") == {"hue", "tue", "the", "thu"}


def test_counts_come_apart_into_syllables_and_pairs() -> None:
    single, double = count_terms([["khai", "sinh", "khai", "khai_sinh"], ["khai"]])
    assert single == {"khai": 2, "sinh": 1}
    assert double == {"khai_sinh": 1}


@given(st.text(max_size=60))
def test_any_text_keeps_its_number_of_syllables(text: str) -> None:
    speller = Speller.of({"khai": 5, "sinh": 5, "giay": 5}, {"khai_sinh": 5})
    before = plain_query(text)
    after = speller.query(before)
    assert after.text == before.text
    assert len(syllables(after.plain)) == len(syllables(before.plain))
