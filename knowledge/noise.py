"""Simulated typing: tone marks left out, Telex slips, neighbouring keys, dropped syllables, teencode.

Used to train the encoder on what people really type, and (with other seeds) to measure how much each kind of slip costs.
"""

from __future__ import annotations

import random
import re
import unicodedata
from collections.abc import Callable, Mapping

from knowledge.text import fold

_TELEX_VOWELS = {"â": "aa", "ă": "aw", "ê": "ee", "ô": "oo", "ơ": "ow", "ư": "uw", "đ": "dd"}
_TELEX_TONES = {"\u0300": "f", "\u0301": "s", "\u0309": "r", "\u0303": "x", "\u0323": "j"}
_MARKS = {"\u0302", "\u0306", "\u031b"}
_ROWS = ("qwertyuiop", "asdfghjkl", "zxcvbnm")
_NEIGHBOURS = {
    c: [r[j] for r in _ROWS for j in range(len(r)) if r[j] != c and abs(j - row.index(c)) <= 1 and abs(_ROWS.index(r) - i) <= 1]
    for i, row in enumerate(_ROWS)
    for c in row
}
_WORD = re.compile(r"[^\W\d_]+")

TEENCODE: Mapping[str, tuple[str, ...]] = {
    "không": ("k", "ko", "hok", "hong", "hông"), "được": ("dc", "đc"), "gì": ("j", "gi"), "vậy": ("z", "v", "zậy"),
    "rồi": ("r", "rùi"), "mình": ("mk", "m"), "với": ("vs", "vs"), "bao nhiêu": ("bn", "nhiu"), "giờ": ("h", "gio"),
    "người": ("ng", "ngta"), "nhiều": ("nhìu",), "luôn": ("lun",), "biết": ("bik", "bít"), "em": ("e",), "anh": ("a",),
    "chị": ("c",), "làm": ("lm",), "như thế nào": ("ntn",), "thế nào": ("tn", "ntn"), "mọi người": ("mn", "mng"),
    "đăng ký": ("đk", "dk"), "đăng kí": ("đk",), "giấy tờ": ("gt",), "hồ sơ": ("hs",), "vợ": ("vk",), "chồng": ("ck",),
    "bây giờ": ("bjo", "bh"), "cũng": ("cg",), "những": ("nhg",), "trong": ("trog",), "nhà": ("nhà",), "điện thoại": ("đt",),
    "căn cước công dân": ("cccd",), "căn cước": ("cc",), "bảo hiểm xã hội": ("bhxh",), "bảo hiểm y tế": ("bhyt",),
    "công an": ("ca",), "hộ khẩu": ("hk",), "xe máy": ("xm",), "tiền": ("xiền", "tìn"), "muốn": ("mún",), "quá": ("wá",),
}  # fmt: skip


def _split_tone(syllable: str) -> tuple[str, str | None]:
    decomposed = unicodedata.normalize("NFD", syllable)
    tone = next((c for c in decomposed if c in _TELEX_TONES), None)
    rest = "".join(c for c in decomposed if c not in _TELEX_TONES)
    return unicodedata.normalize("NFC", rest), tone


def telex_slip(word: str, rng: random.Random) -> str:
    """A word as it comes out when a Telex key is not taken: a mark lost, a wrong one, or the raw keys left in."""
    base, tone = _split_tone(word.lower())
    if base == word.lower() and tone is None and "đ" not in base:
        return neighbour_key(word, rng)
    kind = rng.random()
    if kind < 0.4:
        raw = "".join(_TELEX_VOWELS.get(c, c) for c in base)
        return raw + (_TELEX_TONES[tone] if tone else "")
    if kind < 0.6 and tone:
        return base + _TELEX_TONES[tone]
    if kind < 0.8:
        other = rng.choice([t for t in _TELEX_TONES if t != tone])
        vowel = next((i for i, c in enumerate(base) if c in "aăâeêioôơuưy"), None)
        return base if vowel is None else unicodedata.normalize("NFC", base[: vowel + 1] + other + base[vowel + 1 :])
    return base if tone else "".join(c for c in unicodedata.normalize("NFD", word) if c not in _MARKS).replace("đ", "d")


def neighbour_key(word: str, rng: random.Random) -> str:
    """A word with one letter replaced by a neighbour on the keyboard, doubled, left out, or swapped with the next."""
    places = [i for i, c in enumerate(word.lower()) if c in _NEIGHBOURS]
    if not places or len(word) < 2:
        return word
    i = rng.choice(places)
    kind = rng.random()
    if kind < 0.45:
        return word[:i] + rng.choice(_NEIGHBOURS[word[i].lower()]) + word[i + 1 :]
    if kind < 0.6:
        return word[:i] + word[i] + word[i:]
    if kind < 0.8 or i + 1 >= len(word):
        return word[:i] + word[i + 1 :]
    return word[:i] + word[i + 1] + word[i] + word[i + 2 :]


def typos(text: str, rng: random.Random, rate: float = 0.18) -> str:
    """Each word slips with probability ``rate`` (at least one does); once in three texts a word is left out as well."""
    words = text.split(" ")
    places = [i for i, w in enumerate(words) if _WORD.search(w) and not any(c.isdigit() for c in w)]
    chosen = [i for i in places if rng.random() < rate] or ([rng.choice(places)] if places else [])
    for i in chosen:
        words[i] = (telex_slip if rng.random() < 0.6 else neighbour_key)(words[i], rng)
    if len(words) > 6 and rng.random() < 1 / 3 and places:
        del words[rng.choice(places)]
    return " ".join(w for w in words if w)


def teencode(text: str, rng: random.Random) -> str:
    """Everyday words as young people shorten them."""
    lowered = text.lower()
    for phrase in sorted(TEENCODE, key=len, reverse=True):
        if phrase in lowered and rng.random() < 0.8:
            lowered = re.sub(rf"(?<!\w){phrase}(?!\w)", rng.choice(TEENCODE[phrase]), lowered)
    return lowered


STYLES: Mapping[str, Callable[[str, random.Random], str]] = {
    "no_tones": lambda text, rng: fold(text),
    "typos": typos,
    "teencode": teencode,
}
