"""Legacy Vietnamese encodings: TCVN3 (ABC fonts, ``.VnTime``) and VNI-Windows (``VNI-Times``) to Unicode.

Both put Vietnamese letters on Western code positions, so a program that does not know the font sees Western letters: ``Céng hßa``
(TCVN3) or ``Coäng hoøa`` (VNI) for "Cộng hòa". TCVN3 has one code a letter (TCVN 5712:1993, set VN3; capitals with tones are the small
letters in a capitals font, ``.VnTimeH``). VNI-Windows puts a mark's code after its vowel (code table of VNI Software).
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import Literal

from knowledge.spelling import VIETNAMESE
from knowledge.text import folded_key

Legacy = Literal["tcvn3", "vni"]
NAMES: dict[Legacy, str] = {"tcvn3": "TCVN3 (ABC)", "vni": "VNI-Windows"}

_TCVN3_LETTERS = {
    "¡¢£¤¥¦§": "ĂÂÊÔƠƯĐ",
    "¨©ª«¬\u00ad®": "ăâêôơưđ",
    "µ¶·¸¹": "àảãáạ",
    "»¼½¾Æ": "ằẳẵắặ",
    "ÇÈÉÊË": "ầẩẫấậ",
    "ÌÎÏÐÑ": "èẻẽéẹ",
    "ÒÓÔÕÖ": "ềểễếệ",
    "×ØÜÝÞ": "ìỉĩíị",
    "ßáâãä": "òỏõóọ",
    "åæçèé": "ồổỗốộ",
    "êëìíî": "ờởỡớợ",
    "ïñòóô": "ùủũúụ",
    "õö÷øù": "ừửữứự",
    "úûüýþ": "ỳỷỹýỵ",
}
TCVN3 = str.maketrans({c: u for codes, letters in _TCVN3_LETTERS.items() for c, u in zip(codes, letters, strict=True)} | {"μ": "à"})
"""The Greek letter is what some programs make of the micro sign."""

_TONES = {"ø": "\u0300", "ù": "\u0301", "û": "\u0309", "õ": "\u0303", "ï": "\u0323"}
_BREVE = {"ê": "", "è": "\u0300", "é": "\u0301", "ú": "\u0309", "ü": "\u0303", "ë": "\u0323"}
_HAT = {"â": "", "à": "\u0300", "á": "\u0301", "å": "\u0309", "ã": "\u0303", "ä": "\u0323"}
_VNI_SINGLE = {"ñ": "đ", "ô": "ơ", "ö": "ư", "ì": "ì", "í": "í", "æ": "ỉ", "ó": "ĩ", "ò": "ị", "î": "ỵ"}


def _vni_table() -> dict[str, str]:
    table = dict(_VNI_SINGLE)
    for vowel in "aeouyôö":
        table |= {vowel + mark: _VNI_SINGLE.get(vowel, vowel) + tone for mark, tone in _TONES.items()}
    table |= {"a" + mark: "ă" + tone for mark, tone in _BREVE.items()}
    table |= {vowel + mark: unicodedata.normalize("NFC", vowel + "\u0302") + tone for vowel in "aeo" for mark, tone in _HAT.items()}
    table |= {code.upper(): letter.upper() for code, letter in table.items()}
    # A capital vowel is sometimes followed by the small mark and the other way round.
    table |= {code[0].upper() + code[1]: letter.upper() for code, letter in list(table.items()) if len(code) == 2}
    return {code: unicodedata.normalize("NFC", letter) for code, letter in table.items()}


VNI = _vni_table()
_VNI_CODE = re.compile("|".join(sorted(map(re.escape, VNI), key=len, reverse=True)))
_WORD = re.compile(r"[^\W\d_]+")
_HYPHENATED = re.compile(r"(?<![\w-])([a-z]*)-([a-zµ-þ]+)(?![\w-])")
_UNICODE_LETTER = re.compile("[ăđĩũơưĂĐĨŨƠƯ\u1ea0-\u1ef9\u0300\u0301\u0303\u0309\u0323]")
_ABC_FONT = re.compile(r"(?:^|\+)\s*(?:\.vn|Vn)[A-Z]")
_VNI_FONT = re.compile(r"(?:^|\+)\s*VNI[- _]?\w", re.I)


@lru_cache(maxsize=1024)
def font_encoding(name: str | None) -> Legacy | None:
    """Which legacy encoding a font's name speaks for: ``.VnTime``, ``.VnArialH`` → TCVN3; ``VNI-Times`` → VNI."""
    if name and _ABC_FONT.search(name.replace(".VN", ".vn").replace(".Vn", ".vn")):
        return "tcvn3"
    return "vni" if name and _VNI_FONT.search(name) else None


@lru_cache(maxsize=1024)
def capitals_font(name: str | None) -> bool:
    """Whether an ABC font shows small letters as capitals (``.VnTimeH``, ``.VnArial NarrowH``)."""
    return font_encoding(name) == "tcvn3" and bool(re.search(r"[a-z]H\b", (name or "").replace(",", " ")))


def is_vietnamese(word: str) -> bool:
    """Whether a word with marks can be a Vietnamese syllable: its spelling, at most one tone, and no capitals inside."""
    if not (word.islower() or word.isupper() or word.istitle()):
        return False
    decomposed = unicodedata.normalize("NFD", word)
    tones = sum(c in "\u0300\u0301\u0303\u0309\u0323" for c in decomposed)
    known = all(c.isascii() or c in "đĐ\u0300\u0301\u0302\u0303\u0306\u0309\u031b\u0323" for c in decomposed)
    return known and tones <= 1 and folded_key(word.lower()) in VIETNAMESE


def marked_words(text: str) -> list[str]:
    """Words with at least one letter beyond ASCII."""
    return [w for w in _WORD.findall(text) if not w.isascii()]


def vietnamese_share(text: str) -> float:
    """Share of the words with marks that can be Vietnamese; 1 for a text without any."""
    words = marked_words(text)
    return sum(map(is_vietnamese, words)) / len(words) if words else 1.0


def _capitals(text: str) -> str:
    """Capitals written with small marked letters (``CéNG`` → "CộNG") → capitals throughout, a line or a word at a time."""
    lines = []
    for line in text.split("\n"):
        plain = [c for c in line if c.isascii() and c.isalpha()]
        if len(plain) > 1 and all(c.isupper() for c in plain):
            lines.append(line.upper())
        else:
            lines.append(_WORD.sub(lambda m: _capital_word(m[0]), line))
    return "\n".join(lines)


def _capital_word(word: str) -> str:
    plain = [c for c in word if c.isascii()]
    return word.upper() if len(plain) > 1 and all(c.isupper() for c in plain) else word


def _hyphen_as_letter(match: re.Match[str]) -> str:
    """``ư`` has the soft hyphen's code, which some programs store as a hyphen: it is one where a syllable comes of it."""
    joined = (match[1] + "\u00ad" + match[2]).translate(TCVN3)
    return joined if is_vietnamese(joined) else match[0]


def decode(text: str, encoding: Legacy, *, capitals: bool = False) -> str:
    """Legacy text, seen as Western letters, → Unicode NFC. ``capitals``: it stood in a capitals font."""
    if encoding == "vni":
        return unicodedata.normalize("NFC", _VNI_CODE.sub(lambda m: VNI[m[0]], unicodedata.normalize("NFC", text)))
    text = _HYPHENATED.sub(_hyphen_as_letter, text)
    text = unicodedata.normalize("NFC", text.translate(TCVN3))
    return text.upper() if capitals else _capitals(text)


def has_unicode_letters(text: str) -> bool:
    """Whether the text holds Vietnamese letters that no Western code page has: then it is Unicode already."""
    return bool(_UNICODE_LETTER.search(text))


def convincing(text: str) -> Legacy | None:
    """The encoding under which a text that makes no sense as it stands becomes Vietnamese; none for most texts."""
    if has_unicode_letters(text) or text.isascii() or vietnamese_share(text) > 0.8:
        return None
    best: tuple[float, Legacy] | None = None
    for encoding in ("tcvn3", "vni"):
        decoded = decode(text, encoding)
        share = vietnamese_share(decoded)
        if len(marked_words(decoded)) >= 2 and share >= 0.8 and (best is None or share > best[0]):
            best = (share, encoding)
    return best[1] if best else None


def usual(texts: Iterable[str]) -> Legacy | None:
    """The legacy encoding that most of the convincing texts of a document are in."""
    votes: dict[Legacy, int] = {"tcvn3": 0, "vni": 0}
    for text in texts:
        if (found := convincing(text)) is not None:
            votes[found] += len(text)
    best = max(votes, key=lambda e: votes[e])
    return best if votes[best] else None


def converted(texts: Sequence[str]) -> tuple[list[str], Legacy | None, int]:
    """Texts of a document without font names → Unicode, the encoding met, and how many texts were changed.

    A short text is converted when the document's usual encoding makes it at least as Vietnamese as it is.
    """
    encoding = usual(texts)
    if encoding is None:
        return list(texts), None, 0
    out, changed = [], 0
    for text in texts:
        if not text.isascii() and not has_unicode_letters(text):
            decoded = decode(text, encoding)
            better = vietnamese_share(decoded) >= vietnamese_share(text) or convincing(text) == encoding
            if better and marked_words(decoded):
                out.append(decoded)
                changed += 1
                continue
        out.append(text)
    return out, encoding, changed
