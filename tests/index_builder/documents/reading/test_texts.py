"""Markdown, HTML and plain texts: what a reader sees is what comes out."""

from __future__ import annotations

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from index_builder.documents.model import Document, Paragraph, Table
from index_builder.documents.reading import DocumentError, Limits, read_document

Read = Callable[..., Document]
SENTENCE = "Sở Nội vụ chủ trì, phối hợp với Văn phòng Ủy ban nhân dân tỉnh hướng dẫn các sở, ban, ngành thực hiện."
TCVN3 = "Së Néi vô chñ tr×, phèi hîp víi V¨n phßng Uû ban nh©n d©n tØnh h\xadíng dÉn c¸c së, ban, ngµnh thùc hiÖn."
VNI = "Sôû Noäi vuï chuû trì, phoái hôïp vôùi Vaên phoøng Uûy ban nhaân daân tænh höôùng daãn caùc sôû, ban, ngaønh thöïc hieän."


@pytest.fixture
def read(tmp_path: Path) -> Read:
    def make(name: str, content: str | bytes, **limits: int) -> Document:
        path = tmp_path / name
        path.write_bytes(content if isinstance(content, bytes) else content.encode())
        return read_document(path, limits=Limits(**limits))

    return make


def texts(document: Document) -> list[str]:
    return [b.full_text for b in document.blocks if isinstance(b, Paragraph)]


def tables(document: Document) -> list[Table]:
    return [b for b in document.blocks if isinstance(b, Table)]


def test_markdown_headings_lists_and_numbers(read: Read) -> None:
    found = read(
        "a.md", "## **I. MỤC ĐÍCH**\n\n1. Yêu cầu\n\n- Kịp thời\n- Đầy đủ\n\n4. Nội dung\n\n    thụt vào mà không phải mã\n\n+ Ý nhỏ\n"
    )
    assert texts(found) == ["I. MỤC ĐÍCH", "1. Yêu cầu", "- Kịp thời", "- Đầy đủ", "4. Nội dung", "thụt vào mà không phải mã", "+ Ý nhỏ"]
    first = found.blocks[0]
    assert isinstance(first, Paragraph) and first.look.heading == 2 and first.look.bold
    assert [b.place.block for b in found.blocks] == list(range(7))


def test_tables_of_tabs_broken_by_a_page_are_one(read: Read) -> None:
    head = "STT\tNhiệm vụ\tCơ quan chủ trì\n"
    found = read("a.md", f"{head}1\tViết tin\tSở A\n2\tXây dựng bản tin về\tSở\n\n\n{head}\tcải cách\tB\n3\tTập huấn\tSở C\n")
    (table,) = tables(found)
    assert table.header == ("STT", "Nhiệm vụ", "Cơ quan chủ trì")
    assert [r.cells for r in table.body] == [
        ("1", "Viết tin", "Sở A"),
        ("2", "Xây dựng bản tin về cải cách", "Sở B"),
        ("3", "Tập huấn", "Sở C"),
    ]
    assert [r.place.row for r in table.rows] == [0, 1, 2, 3]
    assert any("nối 1 phần bảng" in n for n in found.notes)


def test_broken_sentences_are_rejoined_and_page_numbers_left_out(read: Read) -> None:
    long = "Các cơ quan, đơn vị đăng tải ý kiến phản hồi của người dân về các chuyên mục"
    found = read("a.txt", f"1\n{SENTENCE}\n\n{long}\n\n2\n\ncải cách hành chính đã phát sóng.\n\nKẾ HOẠCH\n\nvề tuyên truyền\n\n3\n")
    assert texts(found) == [SENTENCE, f"{long} cải cách hành chính đã phát sóng.", "KẾ HOẠCH", "về tuyên truyền"]
    assert any("số trang" in n for n in found.notes) and any("ngắt giữa câu" in n for n in found.notes)


def test_wrapped_lines_become_paragraphs(read: Read) -> None:
    lines, line = [], ""
    for word in (f"{SENTENCE} " * 5).split():
        if len(line) + len(word) > 70:
            lines.append(line)
            line = word
        else:
            line = f"{line} {word}".strip()
    found = read("a.txt", "\n".join(lines) + f"\n{line}\n- Ý thứ hai\n")
    assert texts(found) == [" ".join([SENTENCE] * 5), "- Ý thứ hai"]


def test_html_merged_cells_lists_and_what_is_not_seen(read: Read) -> None:
    page = """<!DOCTYPE html><html><head><title>không lấy</title><style>p{}</style></head><body><nav>không lấy</nav>
    <h2>II. NỘI <b>DUNG</b></h2><p style="display:none">ẩn</p><ol start="3"><li>Ba<ul><li>con</li></ul></li><li>Bốn</li></ol>
    <p>dòng một<br>dòng hai</p><script>x()</script>
    <table><tr><th>TT</th><th>Nhiệm vụ</th><th colspan=2>Cơ quan</th></tr><tr><th></th><th></th><th>Chủ trì</th><th>Phối hợp</th></tr>
    <tr><td>1</td><td>Viết bài</td><td rowspan=2>Sở A</td><td>Báo</td></tr><tr><td>2</td><td>In ấn</td><td>Đài</td></tr></table></body></html>"""
    found = read("a.html", page)
    assert texts(found) == ["II. NỘI DUNG", "3. Ba", "- con", "4. Bốn", "dòng một\ndòng hai"]
    (table,) = tables(found)
    assert table.header == ("TT", "Nhiệm vụ", "Cơ quan Chủ trì", "Cơ quan Phối hợp")
    assert [r.cells for r in table.body] == [("1", "Viết bài", "Sở A", "Báo"), ("2", "In ấn", "Sở A", "Đài")]


@pytest.mark.parametrize(
    ("data", "note"),
    [
        (SENTENCE.encode("utf-8-sig"), None),
        (SENTENCE.encode("utf-16"), "UTF-16"),
        (SENTENCE.encode("utf-16-le"), "UTF-16"),
        (TCVN3.encode("latin-1"), "TCVN3"),
        (VNI.encode("latin-1"), "VNI"),
    ],
    ids=["utf-8 with mark", "utf-16", "utf-16 without mark", "TCVN3", "VNI"],
)
@pytest.mark.parametrize("name", ["a.txt", "a.md"])
def test_encodings_of_text_files(read: Read, name: str, data: bytes, note: str | None) -> None:
    found = read(name, data)
    assert texts(found) == [SENTENCE.replace("Ủy", "Uỷ") if note == "TCVN3" else SENTENCE]
    assert note is None or any(note in n for n in found.notes)


def test_windows_1258_writes_tones_apart(read: Read) -> None:
    written = []
    for letter in SENTENCE:
        parts = unicodedata.normalize("NFD", letter)
        tone = next((p for p in parts[1:] if p in "\u0300\u0301\u0303\u0309\u0323"), "")
        written.append(unicodedata.normalize("NFC", parts.replace(tone, "")) + tone)
    data = "".join(written).encode("cp1258")
    found = read("a.txt", data)
    assert texts(found) == [SENTENCE]
    assert any("1258" in n for n in found.notes)


@pytest.mark.parametrize("legacy", [TCVN3, VNI])
def test_legacy_letters_inside_unicode_html(read: Read, legacy: str) -> None:
    found = read("a.html", f"<html><body><p>{legacy}</p><table><tr><td>STT</td><td>{legacy}</td></tr></table></body></html>")
    assert texts(found)[0].startswith("Sở Nội vụ chủ trì, phối hợp với Văn phòng")
    assert tables(found)[0].rows[0].cells[1].endswith("thực hiện.")


def test_recognition_slips_are_mended_only_where_certain(read: Read) -> None:
    found = read(
        "a.txt", "Số: 1O3/KH-ƯBND, ngảy 12 thảng 4 năm 2021 của Ưỷ ban, theo Nghị định 30/2020/NĐ-GP.\nNgảy ấy thảng lại, Oanh và l0.\n"
    )
    assert texts(found) == [
        "Số: 103/KH-UBND, ngày 12 tháng 4 năm 2021 của Ủy ban, theo Nghị định 30/2020/NĐ-CP.",
        "Ngảy ấy thảng lại, Oanh và l0.",
    ]
    assert any("lỗi nhận dạng" in n for n in found.notes)


@pytest.mark.parametrize(
    ("name", "data", "says"),
    [
        ("a.txt", b"", "trống"),
        ("a.md", b" \n\t\n", "trống"),
        ("a.doc", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600), ".docx"),
        ("a.docx", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "EncryptedPackage".encode("utf-16-le"), "mật khẩu"),
        ("a.docx", b"PK\x03\x04" + bytes(range(256)), "hỏng"),
        ("a.rtf", b"{\\rtf1 abc}", "rtf"),
        ("a.png", b"\x89PNG\r\n\x1a\n", "ảnh"),
        ("a.txt", bytes(range(256)) * 40, "bảng mã"),
        ("a.html", b"<html><body>" + b"<div>" * 5000, "lồng quá nhiều cấp"),
        ("a.html", b"<html><body><script>1</script></body></html>", "không có chữ"),
    ],
)
def test_what_cannot_be_read_is_said(read: Read, name: str, data: bytes, says: str) -> None:
    with pytest.raises(DocumentError, match=says):
        read(name, data)


def test_gigantic_files_are_refused(read: Read) -> None:
    with pytest.raises(DocumentError, match="lớn hơn"):
        read("a.txt", b"a b " * 1000, bytes=1000)
    with pytest.raises(DocumentError, match="quá dài"):
        read("a.txt", b"a b " * 1000, characters=1000)
    with pytest.raises(DocumentError, match="Bảng"):
        read("a.html", "<table>" + "<tr><td rowspan=65000 colspan=200>x</td></tr>" * 50 + "</table>", cells=1000)


def test_a_wrong_extension_is_read_by_content_and_said(read: Read) -> None:
    found = read("a.docx", f"<!DOCTYPE html><html><body><p>{SENTENCE}</p></body></html>")
    assert found.format == "html" and any("Đuôi tệp" in n for n in found.notes)


def test_a_missing_file_and_a_folder(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="Không thấy"):
        read_document(tmp_path / "none.txt")
    with pytest.raises(DocumentError, match="thư mục"):
        read_document(tmp_path)
