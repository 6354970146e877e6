"""Messages typed in VNI keys without an input method: ``d9a8ng ky1 ke6t1 ho6n`` → ``dang ky ket hon``. Pure.

In VNI the digits 1 to 5 are tones, 6 to 8 vowel marks, 9 the bar of đ. Raw Telex has letters only and is mended syllable by syllable
(``knowledge.spelling``).
"""

from __future__ import annotations

import re

from knowledge.spelling import VIETNAMESE
from knowledge.text import folded_key

_TYPED = re.compile(r"(?<![\w.])[a-z]+(?:[1-9][a-z]{0,3}){1,3}(?![\w.])", re.I)
_SURE = re.compile(r"d9|[ae]6|o[67]|u7|a8", re.I)
"""Keys that nothing but VNI leaves behind."""
_DIGITS = re.compile(r"\d")


def without_vni(text: str) -> str:
    """The text with VNI keys taken off; unchanged unless it surely is typed so: a mark only VNI has, or two syllables with tone keys."""
    if not _DIGITS.search(text):
        return text
    words = [m for m in _TYPED.finditer(text) if len(m[0]) > 2 and folded_key(_DIGITS.sub("", m[0]).lower()) in VIETNAMESE]
    if not (any(_SURE.search(m[0]) for m in words) or len(words) >= 2):
        return text
    for match in reversed(words):
        text = text[: match.start()] + _DIGITS.sub("", match[0]) + text[match.end() :]
    return text
