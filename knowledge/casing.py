"""Names that a source writes in capitals throughout, as one reads them: small letters but for the first, names and short forms."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

from knowledge.spelling import VIETNAMESE
from knowledge.text import folded_key

PROPER = ("Việt Nam", "Nhà nước", "Luật Tín ngưỡng, tôn giáo")
"""Names inside other names that are written large."""
FEWEST = 2
"""Words in capitals from which a text is taken for shouted; fewer are short forms."""
_WORD = re.compile(r"[^\W\d_]+")
_ARTICLE = re.compile(r"(?<!\w)điều(?= \d)")


def sentence_case(text: str, proper: Iterable[str] = PROPER) -> str:
    """``text`` in small letters with a large first one where most of it stands in capitals; else as it is.

    Short forms stay ("BHXH", "UBND": no Vietnamese syllables), and so do the names in ``proper``.
    """
    return _calmed(text, tuple(proper))


@lru_cache(maxsize=1024)
def _calmed(text: str, proper: tuple[str, ...]) -> str:
    words = _WORD.findall(text)
    shouted = sum(len(word) > 1 and _is_shouted(word) for word in words)
    if shouted < FEWEST or 2 * shouted < len(words):
        return text
    calm = _WORD.sub(lambda match: match[0].lower() if _is_shouted(match[0]) else match[0], text)
    calm = _ARTICLE.sub("Điều", calm)
    for name in proper:
        calm = re.sub(rf"(?<!\w){re.escape(name)}(?!\w)", name, calm, flags=re.IGNORECASE)
    return calm[:1].upper() + calm[1:]


def _is_shouted(word: str) -> bool:
    """A lone "A" or "B" is the name of something; a lone "Ở" is a word."""
    return word.isupper() and folded_key(word.lower()) in VIETNAMESE and (len(word) > 1 or not word.isascii() or word == "Y")
