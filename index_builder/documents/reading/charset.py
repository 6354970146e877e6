"""Bytes of a text file → text: Unicode by its marks, else the code page under which it reads as Vietnamese."""

from __future__ import annotations

from charset_normalizer import from_bytes

from index_builder.documents.reading.legacy import convincing, has_unicode_letters, vietnamese_share
from index_builder.documents.reading.limits import DocumentError

_MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe\x00\x00", "utf-32"), (b"\x00\x00\xfe\xff", "utf-32"), (b"\xff\xfe", "utf-16"),
          (b"\xfe\xff", "utf-16"))  # fmt: skip
_SAMPLE = 200_000
MOST_BROKEN = 0.02
"""Share of unreadable characters up to which a damaged UTF-8 file is still read."""


def _utf16_without_mark(data: bytes) -> str | None:
    """UTF-16 is told by the zero bytes of its spaces and ASCII letters, in every other place."""
    sample = data[: _SAMPLE & ~1]
    if len(sample) < 4 or not sample.count(0):
        return None
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if max(even, odd) > 0.2 * len(sample) / 2 and min(even, odd) < 0.05 * max(even, odd):
        return "utf-16-le" if odd > even else "utf-16-be"
    return None


def is_binary(text: str) -> bool:
    """More than a few control characters: not a text."""
    sample = text[:_SAMPLE]
    odd = sum(c < " " and c not in "\t\n\r\f\v\x1a" for c in sample) + sample.count("\ufffd")
    return odd > MOST_BROKEN * len(sample)


def decode_bytes(data: bytes, declared: str | None = None) -> tuple[str, tuple[str, ...]]:
    """Text of a file and notes on how it was read. Legacy TCVN3 and VNI text comes out as Western letters (decoded later).

    Raises:
        DocumentError: not a text under any encoding.
    """
    for mark, name in _MARKS:
        if data.startswith(mark):
            return _checked(data.decode(name, "replace"), data, name.removesuffix("-sig").upper())
    name16 = _utf16_without_mark(data)
    if name16 is not None:
        return _checked(data.decode(name16, "replace"), data, "UTF-16")
    try:
        return _checked(data.decode("utf-8"), data, None)
    except UnicodeDecodeError:
        pass
    if declared:
        try:
            text = data.decode(declared)
            if vietnamese_share(text[:_SAMPLE]) > 0.8:
                return _checked(text, data, declared)
        except (LookupError, UnicodeDecodeError):
            pass
    damaged = data.decode("utf-8", "replace")
    if has_unicode_letters(damaged) and damaged.count("\ufffd") <= MOST_BROKEN * len(damaged):
        note = f"Có {damaged.count(chr(0xFFFD))} chỗ không đọc được (ký tự hỏng), đã bỏ qua."
        return _checked(damaged.replace("\ufffd", ""), data, None, note)
    western = data.decode("latin-1")
    if convincing(western[:_SAMPLE]) is not None:
        return _checked(western, data, None)
    vietnamese = data.decode("cp1258", "replace")
    if vietnamese_share(vietnamese[:_SAMPLE]) > 0.7:
        return _checked(vietnamese, data, "windows-1258")
    guess = from_bytes(data[:_SAMPLE]).best()
    if guess is None:
        raise DocumentError("Không nhận ra bảng mã của tệp chữ. Hãy mở bằng trình soạn thảo và lưu lại ở bảng mã UTF-8.")
    return _checked(data.decode(guess.encoding, "replace"), data, guess.encoding)


def _checked(text: str, data: bytes, name: str | None, *notes: str) -> tuple[str, tuple[str, ...]]:
    if is_binary(text):
        raise DocumentError("Tệp không phải văn bản đọc được (có thể đã hỏng hoặc sai định dạng). Hãy kiểm tra lại tệp gốc.")
    found = (f"Tệp ở bảng mã {name}, đã chuyển sang Unicode.",) if name and name != "UTF-8" else ()
    return text.replace("\r\n", "\n").replace("\r", "\n").replace("\x00", ""), (*found, *notes)
