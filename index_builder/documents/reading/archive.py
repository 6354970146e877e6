"""Looking into a zip file's directory before anything is unpacked: damage, encryption, bombs."""

from __future__ import annotations

import io
import zipfile

from index_builder.documents.reading.limits import DocumentError, Limits

_DAMAGED = "Tệp .docx bị hỏng (không mở được gói nén). Hãy lấy lại tệp gốc, hoặc mở bằng Word rồi lưu lại."
_SMALL = 32 << 20
"""Bytes up to which a member may be packed however tightly: long tables of equal cells are."""
_MOST_MEMBERS = 20_000


def members(data: bytes) -> frozenset[str]:
    """Names of the members of a zip file.

    Raises:
        DocumentError: it is not one, or damaged.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return frozenset(archive.namelist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError, UnicodeDecodeError) as error:
        raise DocumentError(_DAMAGED) from error


def check_archive(data: bytes, limits: Limits) -> None:
    """Refuse what would unpack beyond the limits, by the directory's sizes and by unpacking without keeping anything.

    Raises:
        DocumentError: a bomb, an encrypted member, damage.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            infos = archive.infolist()
            names = [i.filename for i in infos]
            if len(infos) > _MOST_MEMBERS or len(set(names)) < len(names) or sum(i.file_size for i in infos) > limits.unpacked:
                raise DocumentError("Tệp nén bung ra quá lớn (có thể là tệp phá hoại), không đọc. Hãy kiểm tra nguồn của tệp.")
            for info in infos:
                if info.flag_bits & 1:
                    raise DocumentError("Tệp được đặt mật khẩu. Hãy bỏ mật khẩu rồi lưu lại.")
                if info.file_size > max(_SMALL, limits.ratio * info.compress_size):
                    raise DocumentError("Tệp nén bung ra quá lớn (có thể là tệp phá hoại), không đọc. Hãy kiểm tra nguồn của tệp.")
            unpacked = 0
            for info in infos:
                if info.filename.endswith((".xml", ".rels")):
                    with archive.open(info) as member:  # the directory may lie: count what really comes out
                        while chunk := member.read(1 << 20):
                            unpacked += len(chunk)
                            if unpacked > limits.unpacked:
                                raise DocumentError("Tệp nén bung ra quá lớn, không đọc. Hãy kiểm tra nguồn của tệp.")
                            if b"<!ENTITY" in chunk or b"<!DOCTYPE" in chunk:
                                raise DocumentError("Tệp .docx chứa khai báo XML không an toàn, không đọc. Hãy kiểm tra nguồn của tệp.")
    except DocumentError:
        raise
    except Exception as error:  # zipfile raises many kinds on damaged members
        raise DocumentError(_DAMAGED) from error
