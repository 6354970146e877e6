"""List numbers as word processors write them: letters, Roman numerals."""

from __future__ import annotations

_ROMAN = ((1000, "m"), (900, "cm"), (500, "d"), (400, "cd"), (100, "c"), (90, "xc"), (50, "l"), (40, "xl"), (10, "x"), (9, "ix"),
          (5, "v"), (4, "iv"), (1, "i"))  # fmt: skip


def in_letters(number: int, *, upper: bool = False) -> str:
    """1 → a, 26 → z, 27 → aa, 28 → bb: as Word and HTML's first round do."""
    if number < 1:
        return str(number)
    letter = chr(ord("a") + (number - 1) % 26) * ((number - 1) // 26 + 1)
    return letter.upper() if upper else letter


def in_roman(number: int, *, upper: bool = False) -> str:
    if not 0 < number < 4000:
        return str(number)
    out = ""
    for value, digits in _ROMAN:
        out += digits * (number // value)
        number %= value
    return out.upper() if upper else out
