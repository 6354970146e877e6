"""Vietnamese text: cleaning, syllables, and the two keys (accented and folded) under which words are compared.

A Vietnamese word is written as one to four syllables with spaces between them, so the syllable is the token and adjacent
pairs stand for words. Two spellings of one syllable get one key: the tone mark is taken off its vowel and put at the end, so
that ``hoà`` and ``hòa`` agree, and a final ``y`` after a single consonant equals ``i`` (``kỹ``/``kĩ``, ``lý``/``lí``).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from itertools import pairwise

_TONES = {"\u0300": "2", "\u0301": "1", "\u0309": "3", "\u0303": "4", "\u0323": "5"}
_INVISIBLE = re.compile(
    "["
    r"\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f\u202a-\u202e\u2060-\u206f\u3164"
    r"\ufe00-\ufe0f\ufeff\uffa0\ufff0-\ufff8\U0001bca0-\U0001bca3\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    "]"
)
_CONTROL = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f]")
_SPACE = re.compile(r"\s+")
_TOKEN = re.compile(r"[^\W_]+")
_Y_FINAL = re.compile(r"^([bcdghklmnrstvxđ]?|th|tr|qu)y$")
_UO_SLIP = re.compile(r"uơ(?=[a-z])")
"""``uơ`` before another letter is a slip for ``ươ`` (đuợc, nguời)."""
_LOOKALIKE = str.maketrans("аеорсухіАЕОРСУХІ", "aeopcyxiAEOPCYXI")
"""Cyrillic letters that look like Latin ones; people paste them from elsewhere, and filters are dodged with them."""
_TEXTS = 64
"""Texts whose keys are kept: every step of one question asks for those of the same few."""


def clean(text: str) -> str:
    """Text as typed → NFC, without invisible, control and bidirectional characters, with single spaces."""
    text = _INVISIBLE.sub("", _CONTROL.sub(" ", text))
    if any("\uff00" <= c <= "\uffef" for c in text):
        text = unicodedata.normalize("NFKC", text)
    # Composed last: a look-alike with a tone mark only becomes a letter of ours once it is Latin.
    text = unicodedata.normalize("NFC", unicodedata.normalize("NFC", text).translate(_LOOKALIKE))
    return _SPACE.sub(" ", text).strip()


def fold(text: str) -> str:
    """Text without tone marks and vowel marks, ``đ`` as ``d``; case is kept."""
    decomposed = unicodedata.normalize("NFD", text)
    return "".join(c for c in decomposed if not unicodedata.combining(c)).replace("đ", "d").replace("Đ", "D")


def syllables(text: str) -> list[str]:
    """Lower-case runs of letters and digits in reading order, NFC."""
    return _TOKEN.findall(unicodedata.normalize("NFC", text).lower())


@lru_cache(maxsize=65536)
def accented_key(syllable: str) -> str:
    """One lower-case syllable → letters with vowel marks, then its tone as a digit (none for the level tone)."""
    tone, letters = "", []
    for c in unicodedata.normalize("NFD", syllable):
        if c in _TONES:
            tone = _TONES[c]
        else:
            letters.append(c)
    plain = _UO_SLIP.sub("ươ", unicodedata.normalize("NFC", "".join(letters)))
    return _Y_FINAL.sub(r"\1i", plain) + tone


@lru_cache(maxsize=65536)
def folded_key(syllable: str) -> str:
    """One lower-case syllable → its letters without any mark."""
    return _Y_FINAL.sub(r"\1i", fold(syllable))


@lru_cache(maxsize=_TEXTS)
def _accented_keys(text: str) -> tuple[str, ...]:
    return tuple(accented_key(s) for s in syllables(text))


@lru_cache(maxsize=_TEXTS)
def _folded_keys(text: str) -> tuple[str, ...]:
    return tuple(folded_key(s) for s in syllables(text))


def accented_keys(text: str) -> list[str]:
    return list(_accented_keys(text))


def folded_keys(text: str) -> list[str]:
    return list(_folded_keys(text))


def with_pairs(keys: Sequence[str]) -> list[str]:
    """Keys followed by their adjacent pairs, joined by ``_``: the terms of the lexical legs."""
    return [*keys, *(f"{a}_{b}" for a, b in pairwise(keys))]


def has_marks(text: str) -> bool:
    """Whether the text carries any Vietnamese mark; without one, only folded comparison says anything."""
    return any(unicodedata.combining(c) for c in unicodedata.normalize("NFD", text)) or "đ" in text.lower()


def padded(keys: Iterable[str]) -> str:
    """Syllables as one string with a space at each end, in which whole phrases are found by plain substring search."""
    return f" {' '.join(keys)} "


def contains_phrase(keys: Sequence[str], phrase: Sequence[str]) -> bool:
    """Whether ``phrase`` stands in ``keys`` as consecutive whole syllables."""
    return bool(phrase) and padded(phrase) in padded(keys)
