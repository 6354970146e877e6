"""Personal data in a message → the message without it, and what was found. Pure.

Numbers are judged by their shape and by the words before them. Shapes: identity numbers have 12 digits and begin with 0 (Decree
137/2015/NĐ-CP, article 13: province, century and sex, year, running number), older ones 9; mobile numbers 10 digits after 03, 05, 07,
08, 09, landlines 10 or 11 after 02; tax codes of persons and social-insurance numbers 10 digits; payment cards 13 to 19 digits whose
last one checks them (ISO/IEC 7812-1, Luhn). What public texts hold stays: procedure codes (1.001193), numbers of documents and of
dossiers, dates, years, amounts of money, hotlines (113, 1022, 1900 …).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum

from knowledge.text import fold


class Kind(StrEnum):
    """What was found."""

    EMAIL = "email"
    IDENTITY = "identity"
    PHONE = "phone"
    ACCOUNT = "account"
    CARD = "card"
    TAX = "tax"
    INSURANCE = "insurance"
    PASSPORT = "passport"
    PLATE = "plate"


MASKS = {
    Kind.EMAIL: "[thư điện tử]",
    Kind.IDENTITY: "[số căn cước]",
    Kind.PHONE: "[số điện thoại]",
    Kind.ACCOUNT: "[số tài khoản]",
    Kind.CARD: "[số thẻ]",
    Kind.TAX: "[mã số thuế]",
    Kind.INSURANCE: "[số bảo hiểm]",
    Kind.PASSPORT: "[số hộ chiếu]",
    Kind.PLATE: "[biển số xe]",
}


@dataclass(frozen=True)
class Masked:
    """A text without personal data; ``kinds``: what was taken out, each once, in reading order."""

    text: str
    kinds: tuple[Kind, ...]

    @property
    def bare(self) -> str:
        """The text without the names in brackets either."""
        text = self.text
        for kind in self.kinds:
            text = text.replace(MASKS[kind], " ")
        return text


_DIGIT_WORD = r"(?:không|khong|một|mot|mốt|hai|ba|bốn|bon|tư|tu|năm|nam|lăm|lam|sáu|sau|bảy|bẩy|bay|tám|tam|chín|chin)"
_PLAIN: tuple[tuple[re.Pattern[str], Kind], ...] = (
    (re.compile(r"(?<![\w.+-])[\w.+-]{1,64}@[\w-]{1,63}(?:\.[\w-]{2,63}){1,4}"), Kind.EMAIL),
    (re.compile(r"(?<!\w)[a-z]{2} ?[1-5](?: ?\d){12}(?!\d)", re.I), Kind.INSURANCE),
    (re.compile(rf"(?<!\w){_DIGIT_WORD}(?:[ ,.-]{{1,2}}{_DIGIT_WORD}){{8,12}}(?!\w)", re.I), Kind.PHONE),
)
"""Shapes that nothing else has: e-mail, a health-insurance card, nine and more digits in words."""
_PUBLIC = re.compile(
    r"https?://(?!zalo\.me)\S+"
    r"|(?<!\w)(?:\d{3}\.\d{2}\.\d{2}\.)?[a-z]\d{2}(?:\.\d+){0,3}-\d{6}-\d{3,6}"  # a dossier's number
    r"|(?<![\d.])\d\.\d{6}(?![\d.])"  # a procedure's code
    r"|(?<!\d)\d{1,5}/(?:19|20)\d\d/[^\W\d_]+"  # a document's number
    r"|(?<!\d)(?:0?[1-9]|[12]\d|3[01])([ ./-])(?:0?[1-9]|1[0-2])\1(?:19|20)\d\d(?!\d)"
    r"|(?<!\d)(?:19|20)\d\d ?[-–] ?(?:19|20)\d\d(?!\d)"
    r"|(?<!\d)(?:02\d{1,2}[ .]?)?1022(?!\d)|(?<!\d)11[1-5](?: 11[1-5])+(?!\d)",
    re.I,
)
_DIGITS = re.compile(r"(?<!\d)\+?\d(?:(?:[ .()–-]{0,3}|,|\s(?:rồi|roi|chấm|cham|gạch|gach|xong)\s)\d)+", re.I)
_GROUP = re.compile(r"\d+")
_THOUSANDS = re.compile(r"[1-9]\d{0,2}(?:([., ])\d{3})(?:\1\d{3})*")
_UNIT = re.compile(
    r"[,.\d]{0,3} ?(?:đồng|dong|vnđ|vnd|đ|d|k|nghìn|nghin|ngàn|ngan|triệu|trieu|tr|tỷ|ty|tỉ|ti|usd|m2|m²|km|kg|ha|ngày|tháng|người)(?!\w)",
    re.I,
)
_ABOUT: tuple[tuple[Kind, int, int, re.Pattern[str]], ...] = (
    (Kind.INSURANCE, 9, 15, re.compile(r"bhxh|bhyt|bao hiem")),
    (Kind.TAX, 9, 14, re.compile(r"\bmst|ma so thue|ma thue")),
    (
        Kind.ACCOUNT, 6, 19,
        re.compile(r"\bstk|tai khoan|\btk\b|ngan hang|chuyen khoan|\bck\b|[a-z]bank\b|\bvcb|bidv|\bmb\b|momo"),
    ),
    (Kind.CARD, 12, 19, re.compile(r"so the|\bvisa|mastercard|tin dung|\batm\b")),
    (Kind.IDENTITY, 8, 13, re.compile(r"cccd|cmnd|\bcmt|can cuoc|chung minh|dinh danh|\bcc\b")),
    (Kind.PHONE, 8, 13, re.compile(r"\bsdt|\bdt\b|dien thoai|phone|\btel|zalo|lien he|\bgoi|\balo|di dong")),
)  # fmt: skip
"""Words that say what a number is, with the digits it may have."""
_DOSSIER = re.compile(
    r"(?:cong van|quyet dinh|nghi dinh|thong tu|ke hoach|ma thu tuc|ma tthc|ma ho so|so ho so|ma bien nhan)(?: so)? ?[:.]? ?$"
)
_NEAR = 36
"""Characters before a number in which words say what it is."""
_PHONE = re.compile(r"(?:(?:00)?84)?0?(?:[35789]\d{8}|2\d{8,9}|1[2689]\d{8})")
_HOTLINE = re.compile(r"1[89]00\d{4,6}")
_PASSPORT = re.compile(r"(?<![\w/.-])[A-Z]\d{7}(?!\d)")
_NAMED_PASSPORT = re.compile(r"(?<!\w)[A-Za-z] ?\d{7}(?!\d)")
_PLATE = re.compile(r"(?<![\w/.-])\d{2} ?-?[A-Za-z]{1,2}\d? ?[- ] ?\d{3}\.\d{2}(?!\d)")
_NAMED_PLATE = re.compile(r"(?<![\w/.-])\d{2} ?-?[A-Za-z]{1,2}\d?[- .]{0,3}(?:\d{3}\.?\d{2}|\d{4})(?!\d)")
_PASSPORT_WORDS, _PLATE_WORDS = re.compile(r"ho chieu|passport"), re.compile(r"bien so|bien kiem soat|\bbks|\bbsx|\bbien\b")
_Span = tuple[int, int]


def mask(text: str) -> Masked:
    """Take personal data out of a text.

    Args:
        text: anything, any length.

    Returns:
        The text with each piece replaced by its kind in brackets, and the kinds found (none: the text as it was).
    """
    found: list[tuple[int, int, Kind]] = []
    public = [m.span() for m in _PUBLIC.finditer(text)]

    def take(start: int, end: int, kind: Kind) -> None:
        if all(end <= a or start >= b for a, b in (*((f[0], f[1]) for f in found), *public)):
            found.append((start, end, kind))

    for pattern, kind in _PLAIN:
        for match in pattern.finditer(text):
            take(*match.span(), kind)
    for match in _DIGITS.finditer(text):
        for start, end, kind in _numbers(
            text, [(match.start() + a, match.start() + b) for a, b in map(re.Match.span, _GROUP.finditer(match[0]))], public
        ):
            take(start, end, kind)
    for pattern, named, words, kind in (
        (_PASSPORT, _NAMED_PASSPORT, _PASSPORT_WORDS, Kind.PASSPORT),
        (_PLATE, _NAMED_PLATE, _PLATE_WORDS, Kind.PLATE),
    ):
        for match in pattern.finditer(text):
            take(*match.span(), kind)
        for match in named.finditer(text):
            if words.search(_before(text, match.start())):
                take(*match.span(), kind)
    parts: list[str] = []
    at = 0
    for start, end, kind in sorted(found):
        parts += [text[at:start], MASKS[kind]]
        at = end
    return Masked("".join([*parts, text[at:]]), tuple(dict.fromkeys(kind for _, _, kind in sorted(found))))


def _before(text: str, start: int) -> str:
    return fold(text[max(0, start - _NEAR) : start]).lower()


def _numbers(text: str, groups: list[_Span], public: list[_Span]) -> list[tuple[int, int, Kind]]:
    """Personal numbers in a run of digit groups: at each place the longest stretch of groups that is one, or is an amount."""
    found: list[tuple[int, int, Kind]] = []
    i = 0
    while i < len(groups):
        step = 1
        for j in range(len(groups), i, -1):
            start, end = groups[i][0], groups[j - 1][1]
            if any(start < b and a < end for a, b in public):
                continue
            if _is_amount(text, start, end):
                step = j - i
                break
            kind = _kind_of(text, start, end, j - i)
            if kind is not None:
                plus = start - 1 if text[start - 1 : start] == "+" else start
                found.append((plus, end, kind))
                step = j - i
                break
        i += step
    return found


def _is_amount(text: str, start: int, end: int) -> bool:
    if text[start] == "0":
        return False
    return bool(_UNIT.match(text, end)) and (text[start:end].isdigit() or bool(_THOUSANDS.fullmatch(text[start:end])))


def _kind_of(text: str, start: int, end: int, groups: int) -> Kind | None:
    """What the digits from ``start`` to ``end`` are, written in so many groups; none for what is nobody's."""
    written = text[start:end]
    digits = "".join(c for c in written if c.isdigit())
    before = _before(text, start)
    if _DOSSIER.search(before):
        return None
    kinds = [(m.end(), kind) for kind, least, most, words in _ABOUT if least <= len(digits) <= most for m in words.finditer(before)]
    said = max(kinds)[1] if kinds else None
    round_sum = digits[0] != "0" and ((bool(_THOUSANDS.fullmatch(written)) and groups > 1) or digits.endswith("000"))
    if round_sum and said in (None, Kind.ACCOUNT, Kind.CARD):
        return None
    if _HOTLINE.fullmatch(digits) and said in (None, Kind.PHONE):
        return None
    if said is not None:
        return said
    if _PHONE.fullmatch(digits) and (digits[0] == "0" or len(digits) > 10):
        return Kind.PHONE
    if (len(digits) == 12 and digits[0] == "0") or (len(digits) == 9 and groups <= 4):
        return Kind.IDENTITY
    if len(digits) == 10 or (len(digits) == 13 and re.fullmatch(r"\d{10} ?- ?\d{3}", written)):
        return Kind.TAX
    return Kind.CARD if 13 <= len(digits) <= 19 and _luhn(digits) else None


def _luhn(digits: str) -> bool:
    doubled = [int(d) * (2 if i % 2 else 1) for i, d in enumerate(reversed(digits))]
    return sum(d - 9 if d > 9 else d for d in doubled) % 10 == 0
