"""Texts that people, keyboards, copies from documents and attackers send. Seeded: the same generator gives the same texts."""

from __future__ import annotations

import random

FRAGMENTS = (
    "1.001193", "103/KH-UBND", "61/2018/NĐ-CP", "Tiền Giang", "quang nam", "Sở Nội vụ", "sở tttt", "ai chủ trì", "ai phối hợp với",
    "khi nào", "lệ phí", "ở đâu", "giấy tờ gì", "là gì", "còn hiệu lực", "cái thứ hai", "cuối", "không phải", "năm 2021", "PAPI",
    "khai sinh", "kết hôn", "sổ đỏ", "thế còn", "xin chào", "cảm ơn", "gặp cán bộ", "gặp bot", "xóa hết", "ko dc", "???", "1", "2.",
    "so do bi mat lam lai the nao", "cccd", "012345678901", "0912 345 678", "a@b.vn", "/xoa", "/tinh", "/canbo x", "#o:1:00000000",
    "và", "hay", ";", "vừa", "kế hoạch", "báo cáo", "trước ngày 15/12", "tỉnh", "Hà Nội", "cấp xã", "tiếp", "quay lại", "em ở",
)  # fmt: skip
ODD = (
    "\u202e", "\u2066", "\u200b", "\ufeff", "\x00", "\x1b[31m", "\r\n", "\u0301" * 5, "e\u0302\u0323", "Ｃ", "ﬁ", "②", "١٢", "－", "𝓐",
    "🇻🇳", "👨‍👩‍👧‍👦", "🙂" * 9, "Z̸̢̛͎", "а", "中文", "\ud800", "{0.__class__}", "%s%n", "{{7*7}}", "<script>", "' OR 1=1 --",
    "../../etc/passwd", "\\", "đ" * 40, "\u00a0", "\u2028", "\U000e0041", "\u1160", "⁄", "½",
)  # fmt: skip
_LONGEST = 6000


def text(chance: random.Random) -> str:
    """A text of up to a few thousand characters."""
    kind = chance.randrange(8)
    if kind == 0:
        return "".join(chr(_point(chance)) for _ in range(chance.randrange(60)))
    if kind == 1:
        piece = chance.choice(FRAGMENTS + ODD)
        return (piece * (chance.randrange(_LONGEST) // len(piece) + 1))[:_LONGEST]
    if kind == 2:
        return "".join(chance.choice("0123456789.,/- ") for _ in range(chance.randrange(200)))
    words = [chance.choice(FRAGMENTS if chance.random() < 0.75 else ODD) for _ in range(chance.randrange(1, 12))]
    return chance.choice((" ", " ", "", "\n")).join(words)


def typed(chance: random.Random) -> str:
    """As :func:`text`, but writable as UTF-8, as everything is that comes in from outside the program's own process."""
    return text(chance).encode("utf-8", "replace").decode()


def _point(chance: random.Random) -> int:
    """A code point, more often of a low plane; half surrogates among them."""
    return chance.randrange(chance.choice((0x80, 0x1F00, 0x10000, 0x110000)))
