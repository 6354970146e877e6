"""How much a document may hold, and the one error that reading gives."""

from __future__ import annotations

from dataclasses import dataclass


class DocumentError(ValueError):
    """A file that cannot be read as a document. The message is Vietnamese and says what to do; nothing was written anywhere."""


@dataclass(frozen=True)
class Limits:
    """What is refused as gigantic. ``bytes``: size of the file; ``pages``: of a PDF; ``scanned_pages``: pages to be recognised from
    pictures; ``characters`` and ``cells``: of the result; ``unpacked``: bytes of a zip's members together; ``ratio``: unpacked bytes of a
    member for each packed one (of large members); ``seconds``: time for the whole file; ``memory``: bytes a reader may take."""

    bytes: int = 64 << 20
    pages: int = 1_500
    scanned_pages: int = 200
    characters: int = 8_000_000
    cells: int = 300_000
    unpacked: int = 512 << 20
    ratio: int = 200
    seconds: float = 600.0
    memory: int = 3 << 30

    def check_characters(self, count: int) -> None:
        if count > self.characters:
            raise DocumentError(f"Văn bản quá dài (hơn {self.characters:,} ký tự). Hãy tách thành nhiều tệp nhỏ hơn.")

    def check_cells(self, count: int) -> None:
        if count > self.cells:
            raise DocumentError(f"Bảng biểu quá lớn (hơn {self.cells:,} ô). Hãy tách thành nhiều tệp nhỏ hơn.")


USUAL = Limits()
"""The limits where nothing else is said."""
