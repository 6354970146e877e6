"""Reading a document of any format: :func:`read_document` gives paragraphs and tables in one shape, or one clear error.

Formats: Word (.docx), PDF (its text, or pictures of pages through Tesseract), HTML, Markdown, plain text in Unicode or a legacy
Vietnamese encoding. The format is decided by content.
"""

from __future__ import annotations

import hashlib
from pathlib import Path

from tqdm import tqdm

from index_builder.documents.model import Document
from index_builder.documents.reading.isolation import run_isolated
from index_builder.documents.reading.limits import USUAL, DocumentError, Limits
from index_builder.documents.reading.readers import read_bytes
from index_builder.documents.reading.sniffing import sniff

__all__ = ["DocumentError", "Limits", "read_document"]


def _file_bytes(path: Path, limits: Limits) -> bytes:
    try:
        if path.is_dir():
            raise DocumentError(f"{path} là thư mục. Hãy chọn một tệp.")
        if path.stat().st_size > limits.bytes:
            raise DocumentError(f"Tệp lớn hơn {limits.bytes >> 20} MB. Hãy tách thành nhiều tệp nhỏ hơn, hoặc giảm cỡ ảnh trong tệp.")
        if not path.is_file():
            raise DocumentError(f"Không thấy tệp {path}." if not path.exists() else f"{path} không phải là tệp thường.")
        with path.open("rb") as file:
            return file.read(limits.bytes + 1)
    except FileNotFoundError as error:
        raise DocumentError(f"Không thấy tệp {path}.") from error
    except OSError as error:
        raise DocumentError(f"Không mở được tệp {path} ({error.strerror or type(error).__name__}). Hãy kiểm tra quyền đọc.") from error


def read_document(path: Path, *, limits: Limits = USUAL, progress: bool = False) -> Document:
    """Read one file.

    Args:
        path: the file; nothing is written beside it.
        limits: what is refused as gigantic.
        progress: show a progress bar of its pages on stderr.

    Raises:
        DocumentError: the file is missing, empty, encrypted, damaged, gigantic or of another kind; the Vietnamese message says what to do.
    """
    data = _file_bytes(path, limits)
    kind, note = sniff(data, path.suffix.lower())
    with tqdm(total=None, desc=f"Đọc {path.name}", unit=" trang", disable=not progress, leave=False) as bar:

        def show(done: int, total: int) -> None:
            bar.total = total
            bar.update(done - bar.n)

        blocks, pages, notes = run_isolated(read_bytes, (data, kind, limits), limits, show)
    found = (note,) if note else ()
    return Document(path.name, kind, hashlib.sha256(data).hexdigest(), pages, blocks, (*found, *notes))
