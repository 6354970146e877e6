"""Which format a file is in, by its content; its extension only decides between texts and is checked against what was found."""

from __future__ import annotations

import re

from index_builder.documents.reading.archive import members
from index_builder.documents.reading.limits import DocumentError

READABLE = ".docx, .pdf, .html, .md, .txt"
_OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_TAG = re.compile(rb"<(?:!doctype html|html|head|body|table|p|div|h[1-6]|meta)[\s>]", re.I)
_TAGS16 = re.compile(rb"<\x00(?:h\x00t\x00m\x00l|b\x00o\x00d\x00y|!\x00d\x00o\x00c)", re.I)
_PAGE = re.compile(rb"\s*(?:\xef\xbb\xbf)?\s*<(?:!doctype html|html)[\s>]", re.I)
_EXTENSIONS = {
    ".docx": "docx", ".docm": "docx", ".pdf": "pdf", ".html": "html", ".htm": "html", ".xhtml": "html", ".md": "md", ".markdown": "md",
    ".txt": "txt", ".text": "txt",
}  # fmt: skip
_PICTURES = (b"\x89PNG", b"\xff\xd8\xff", b"GIF8", b"II*\x00", b"MM\x00*", b"BM")


def _zip_format(data: bytes) -> str:
    names = members(data)
    if any(n.startswith("word/") for n in names) and "[Content_Types].xml" in names:
        return "docx"
    other = {"xl/": "bảng tính Excel", "ppt/": "trình chiếu PowerPoint", "content.xml": "tệp OpenDocument"}
    for start, kind in other.items():
        if any(n.startswith(start) for n in names):
            raise DocumentError(f"Đây là {kind}, chưa đọc được. Hãy mở và lưu thành .docx hoặc .pdf.")
    raise DocumentError(f"Đây là tệp nén, không phải văn bản. Hãy giải nén và chọn tệp {READABLE}.")


def sniff(data: bytes, extension: str) -> tuple[str, str | None]:
    """The format of a file's bytes and a note where the extension says otherwise.

    Args:
        data: the whole file.
        extension: of its name, with the dot, in lower case.

    Raises:
        DocumentError: empty, or of a kind that is not read; the message says what to do.
    """
    if not data.strip(b"\x00\r\n\t \xef\xbb\xbf"):
        raise DocumentError("Tệp trống, không có nội dung để đọc.")
    claimed = _EXTENSIONS.get(extension)
    found = _by_content(data, claimed)
    if found == claimed:
        return found, None
    if claimed is None and extension in ("", ".tmp", ".bin"):
        return found, f"Tên tệp không có đuôi quen thuộc; theo nội dung, đây là {found}."
    return found, f"Đuôi tệp là “{extension}” nhưng nội dung là {found}; đã đọc theo nội dung."


def _by_content(data: bytes, claimed: str | None) -> str:
    if data.startswith(_OLE):
        if "EncryptedPackage".encode("utf-16-le") in data:
            raise DocumentError("Tệp Word được đặt mật khẩu. Hãy mở bằng Word, bỏ mật khẩu rồi lưu lại.")
        raise DocumentError("Đây là tệp Word đời cũ (.doc). Hãy mở bằng Word hoặc LibreOffice và lưu thành .docx.")
    if data.startswith((b"PK\x03\x04", b"PK\x05\x06", b"PK\x07\x08")):
        return _zip_format(data)
    if b"%PDF-" in data[:1024]:
        return "pdf"
    if data.lstrip()[:5] == b"{\\rtf":
        raise DocumentError("Đây là tệp .rtf, chưa đọc được. Hãy mở bằng Word và lưu thành .docx.")
    if data.startswith(_PICTURES):
        raise DocumentError("Đây là tệp ảnh. Hãy quét thành tệp .pdf rồi đọc lại.")
    if claimed in ("docx", "pdf"):
        name = "Word (.docx)" if claimed == "docx" else "PDF"
        head = data[:4096]
        if sum(b < 9 or 13 < b < 32 for b in head) > 0.05 * len(head):
            raise DocumentError(f"Tệp {name} bị hỏng (phần đầu tệp sai). Hãy lấy lại tệp gốc.")
    head = data[:4096]
    if _PAGE.match(head) or (claimed not in ("md", "txt") and (_TAG.search(head[:2048]) or _TAGS16.search(head))):
        return "html"
    if claimed in ("md", "html"):
        return claimed
    return "txt"
