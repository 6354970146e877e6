"""Vietnamese text: one key for every spelling of a syllable, and nothing invisible left after cleaning."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from knowledge.text import (
    accented_key,
    accented_keys,
    clean,
    contains_phrase,
    fold,
    folded_key,
    folded_keys,
    has_marks,
    syllables,
    with_pairs,
)

ANY_TEXT = st.text(max_size=200)
VIETNAMESE = st.text(alphabet="aăâbcdđeêghiklmnoôơpqrstuưvxyáàảãạắằẳẵặấầẩẫậéèẻẽẹếềểễệíìỉĩịóòỏõọốồổỗộớờởỡợúùủũụứừửữựýỳỷỹỵ ", max_size=60)


@pytest.mark.parametrize(
    ("old", "new"),
    [("hoà", "hòa"), ("thuỷ", "thủy"), ("khoẻ", "khỏe"), ("toà", "tòa"), ("uỷ", "ủy"), ("loã", "lõa"), ("huỵch", "hụych")],
)
def test_old_and_new_tone_placement_have_one_key(old: str, new: str) -> None:
    assert old != new
    assert accented_key(old) == accented_key(new)


@pytest.mark.parametrize(
    ("y", "i"), [("kỹ", "kĩ"), ("lý", "lí"), ("mỹ", "mĩ"), ("tỷ", "tỉ"), ("hy", "hi"), ("quý", "quí"), ("ý", "í"), ("trỵ", "trị")]
)
def test_final_y_equals_i_after_one_consonant(y: str, i: str) -> None:
    assert accented_key(y) == accented_key(i)
    assert folded_key(fold(y)) == folded_key(fold(i))


@pytest.mark.parametrize(("a", "b"), [("tay", "tai"), ("thuy", "thui"), ("may", "mai"), ("khuy", "khui"), ("cây", "câi")])
def test_y_that_makes_another_word_stays(a: str, b: str) -> None:
    assert accented_key(a) != accented_key(b)
    assert folded_key(fold(a)) != folded_key(fold(b))


@pytest.mark.parametrize(
    "words", [("ma", "má", "mà", "mả", "mã", "mạ"), ("sô", "sơ", "so", "sọ", "số", "sộ"), ("đo", "do"), ("tư", "tu"), ("ăn", "ân", "an")]
)
def test_marks_tell_syllables_apart_until_folded(words: tuple[str, ...]) -> None:
    assert len({accented_key(w) for w in words}) == len(words)
    assert len({folded_key(w) for w in words}) == 1


def test_composed_and_decomposed_spellings_agree() -> None:
    text = "Đăng ký kết hôn ở Ủy ban nhân dân xã Nghĩa Thuận"
    decomposed = unicodedata.normalize("NFD", text)
    assert decomposed != text
    assert clean(decomposed) == text
    assert accented_keys(decomposed) == accented_keys(text)
    assert folded_keys(decomposed) == folded_keys(text)


def test_mark_order_does_not_matter() -> None:
    below_first, above_first = "o\u0323\u0302", "o\u0302\u0323"
    assert accented_key(below_first) == accented_key(above_first) == accented_key("ộ")


def test_fold_takes_every_mark_and_keeps_case() -> None:
    assert fold("ĐƯỜNG Nguyễn Huệ, Đắk Lắk – 50.000 đồng") == "DUONG Nguyen Hue, Dak Lak – 50.000 dong"


def test_syllables_are_lower_case_runs_of_letters_and_digits() -> None:
    assert syllables("Số 103/KH-UBND, ngày 12/4/2021 (bản_sao)") == ["số", "103", "kh", "ubnd", "ngày", "12", "4", "2021", "bản", "sao"]


def test_pairs_follow_the_syllables_in_order() -> None:
    assert with_pairs(["so", "do", "moi"]) == ["so", "do", "moi", "so_do", "do_moi"]
    assert with_pairs([]) == []


@pytest.mark.parametrize(
    ("text", "marked"),
    [("giay khai sinh", False), ("giấy khai sinh", True), ("dang ki", False), ("đang ki", True), ("Đ", True), ("123 !?", False)],
)
def test_has_marks(text: str, marked: bool) -> None:
    assert has_marks(text) is marked


def test_phrases_are_found_as_whole_syllables_only() -> None:
    assert contains_phrase(["mat", "so", "do"], ("so", "do"))
    assert not contains_phrase(["mat", "so", "dong"], ("so", "do"))
    assert not contains_phrase(["mat", "so", "do"], ())


# --- cleaning ------------------------------------------------------------------------------------------------------------

INVISIBLE = [
    "\u200b",
    "\u200c",
    "\u200d",
    "\u200e",
    "\u202a",
    "\u202e",
    "\u2060",
    "\u2066",
    "\u2069",
    "\ufeff",
    "\u00ad",
    "\u180e",
    "\ufe0f",
    "\U000e0041",
]


@pytest.mark.parametrize("hidden", INVISIBLE, ids=[f"U+{ord(c):04X}" for c in INVISIBLE])
def test_invisible_characters_do_not_split_words(hidden: str) -> None:
    assert clean(f"kh{hidden}ai si{hidden}nh") == "khai sinh"


RARE = ["\U000e0100", "\U000e01ef", "\U0001bca0", "\U0001d173", "\ufff0", "\u3164"]


@pytest.mark.parametrize("hidden", RARE, ids=[f"U+{ord(c):04X}" for c in RARE])
def test_rare_invisible_characters_do_not_split_words(hidden: str) -> None:
    assert folded_keys(clean(f"kh{hidden}ai")) == ["khai"]


@pytest.mark.parametrize("control", ["\x00", "\x07", "\x1b", "\x7f", "\x85", "\x9f", "\t", "\r\n", "\u2028", "\u00a0", "\u3000"])
def test_control_characters_and_odd_spaces_become_one_space(control: str) -> None:
    assert clean(f" khai{control}{control} sinh {control}") == "khai sinh"


def test_lookalike_letters_are_read_as_latin() -> None:
    disguised = "cаn сướс bі mất"  # Cyrillic а, с and і
    assert disguised != "can cước bi mất"
    assert clean(disguised) == "can cước bi mất"


def test_full_width_letters_are_read_as_latin() -> None:
    assert clean("ＣＣＣＤ　bị　mất") == "CCCD bị mất"


def test_lookalike_letters_with_a_tone_mark_are_composed() -> None:
    assert clean("к\u0430\u0301") == unicodedata.normalize("NFC", clean("к\u0430\u0301"))


def test_half_width_fillers_are_removed() -> None:
    assert clean("khai\uffa0") == "khai"


@given(ANY_TEXT)
@example("ａ\u0301\u200b\u0323 \x00б")
def test_clean_is_idempotent(text: str) -> None:
    once = clean(text)
    assert clean(once) == once
    assert unicodedata.is_normalized("NFC", once)


@given(ANY_TEXT)
def test_clean_leaves_no_control_character_and_single_spaces(text: str) -> None:
    cleaned = clean(text)
    assert not any(unicodedata.category(c) == "Cc" for c in cleaned)
    assert cleaned == cleaned.strip()
    assert "  " not in cleaned


@given(ANY_TEXT)
@example("Ａ\u0300\u0327 đ \ud800 𝐛 İ ẞ ﬁ ① ㈱")
def test_keys_are_single_words_on_any_text(text: str) -> None:
    for keys in (accented_keys(text), folded_keys(text), accented_keys(clean(text)), folded_keys(clean(text))):
        assert all(key and not any(c.isspace() or c == "_" for c in key) for key in keys)


@given(ANY_TEXT)
def test_folded_text_has_no_marks(text: str) -> None:
    folded = fold(clean(text))
    assert not any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", folded))
    assert "đ" not in folded
    assert fold(folded) == folded


@given(VIETNAMESE)
def test_marks_do_not_change_folded_keys(text: str) -> None:
    assert folded_keys(text) == folded_keys(fold(text))
    assert len(accented_keys(text)) == len(folded_keys(text))
    assert folded_keys(text) == folded_keys(text.upper())
