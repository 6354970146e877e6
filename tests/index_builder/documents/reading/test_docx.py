"""Word documents: real tables, merged cells, list numbers, tracked changes, text boxes, legacy fonts, damage."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import pytest
from docx.document import Document as WordDocument

from index_builder.documents.model import Document, Paragraph
from index_builder.documents.reading import DocumentError, Limits, read_document
from tests.index_builder.documents.made import HEAD, ROWS, add_item, add_numbering, add_table, font, plan_docx, raw, saved
from tests.index_builder.documents.reading.test_texts import SENTENCE, TCVN3, VNI, tables, texts


def read(folder: Path, content: bytes | WordDocument, limits: Limits | None = None) -> Document:
    path = folder / "a.docx"
    path.write_bytes(content if isinstance(content, bytes) else saved(content))
    return read_document(path, limits=limits or Limits())


def members(content: bytes, **changed: bytes) -> bytes:
    """A package with some members replaced (``word__document_xml`` for ``word/document.xml``)."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as new:
        for info in old.infolist():
            key = info.filename.replace("/", "__").replace(".", "_")
            new.writestr(info.filename, changed.get(key, old.read(info)))
    return out.getvalue()


@pytest.mark.parametrize("parts", [1, 2, 3])
def test_a_plan_with_its_table_in_parts(tmp_path: Path, parts: int) -> None:
    found = read(tmp_path, plan_docx(parts))
    assert texts(found)[:2] == ["Số: 15/KH-UBND", "KẾ HOẠCH tuyên truyền cải cách hành chính năm 2027"]
    assert isinstance(heading := found.blocks[1], Paragraph) and heading.look.heading == 1
    assert "ĐẦU TRANG" not in "".join(texts(found))
    (table,) = tables(found)
    assert table.header == tuple(HEAD)
    assert [list(r.cells) for r in table.body] == ROWS
    assert found.pages is None and table.place.page is None


def test_merged_cells_both_ways_and_two_heading_rows(tmp_path: Path) -> None:
    document = docx.Document()
    table = document.add_table(5, 4)
    for y, row in enumerate([["STT", "Nhiệm vụ", "Cơ quan thực hiện", ""], ["", "", "Chủ trì", "Phối hợp"], ["I", "Nhóm việc thứ nhất", "", ""],
                             ["1", "Viết bài", "Sở A", "Báo"], ["2", "In ấn", "", "Đài"]]):  # fmt: skip
        for x, text in enumerate(row):
            table.cell(y, x).text = text
    table.cell(0, 0).merge(table.cell(1, 0)).text = "STT"
    table.cell(0, 1).merge(table.cell(1, 1)).text = "Nhiệm vụ"
    table.cell(0, 2).merge(table.cell(0, 3)).text = "Cơ quan thực hiện"
    table.cell(2, 1).merge(table.cell(2, 3)).text = "Nhóm việc thứ nhất"
    table.cell(3, 2).merge(table.cell(4, 2)).text = "Sở A"
    (found,) = tables(read(tmp_path, document))
    assert found.header_rows == 2
    assert found.header == ("STT", "Nhiệm vụ", "Cơ quan thực hiện Chủ trì", "Cơ quan thực hiện Phối hợp")
    assert [r.cells for r in found.body] == [
        ("I", "Nhóm việc thứ nhất", "Nhóm việc thứ nhất", "Nhóm việc thứ nhất"), ("1", "Viết bài", "Sở A", "Báo"), ("2", "In ấn", "Sở A", "Đài"),
    ]  # fmt: skip


def test_list_numbers_as_word_shows_them(tmp_path: Path) -> None:
    document = docx.Document()
    add_numbering(document, [("upperRoman", "%1."), ("decimal", "%2."), ("lowerLetter", "%3)"), ("bullet", "\uf02d"), ("bullet", "+")])
    add_numbering(document, [("decimal", "Điều %1."), ("decimal", "%1.%2")], "71")
    for text, level in (
        ("Mục đích", 0),
        ("Yêu cầu", 1),
        ("ý a", 2),
        ("ý b", 2),
        ("gạch", 3),
        ("cộng", 4),
        ("Nội dung", 1),
        ("ý a lại", 2),
        ("Tổ chức", 0),
    ):
        add_item(document, text, level)
    for text, level in (("Phạm vi", 0), ("khoản", 1), ("khoản", 1), ("Hiệu lực", 0), ("khoản", 1)):
        add_item(document, text, level, "71")
    found = read(tmp_path, document)
    assert texts(found) == [
        "I. Mục đích", "1. Yêu cầu", "a) ý a", "b) ý b", "- gạch", "+ cộng", "2. Nội dung", "a) ý a lại", "II. Tổ chức",
        "Điều 1. Phạm vi", "1.1 khoản", "1.2 khoản", "Điều 2. Hiệu lực", "2.1 khoản",
    ]  # fmt: skip
    assert isinstance(item := found.blocks[2], Paragraph) and item.numbering == "a)" and item.look.indent == 2


def test_numbered_first_column_of_a_table(tmp_path: Path) -> None:
    document = docx.Document()
    add_numbering(document, [("decimal", "%1")])
    add_table(document, [HEAD, *[["", *row[1:]] for row in ROWS]])
    item = docx.Document()
    add_item(item, "")
    for row in document.tables[0].rows[1:]:
        add_item(document, "")
        cell = row.cells[0]._tc
        cell.replace(cell.p_lst[0], document.paragraphs[-1]._p)
    (table,) = tables(read(tmp_path, document))
    assert [r.cells[0] for r in table.body] == ["1", "2", "3"]


def test_tracked_changes_are_accepted(tmp_path: Path) -> None:
    document = docx.Document()
    raw(document, '<w:p><w:r><w:t xml:space="preserve">Hạn là </w:t></w:r><w:del w:id="1" w:author="a"><w:r><w:delText>tháng 3</w:delText></w:r></w:del>'
        '<w:ins w:id="2" w:author="a"><w:r><w:t>tháng 6</w:t></w:r></w:ins></w:p>')  # fmt: skip
    raw(
        document,
        '<w:p><w:pPr><w:rPr><w:del w:id="3" w:author="a"/></w:rPr></w:pPr><w:r><w:t xml:space="preserve">Câu bị </w:t></w:r></w:p>',
    )
    raw(document, "<w:p><w:r><w:t>nối lại.</w:t></w:r></w:p>")
    assert texts(read(tmp_path, document)) == ["Hạn là tháng 6", "Câu bị nối lại."]


def test_text_boxes_breaks_hidden_text_and_fields(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph("dòng một")
    paragraph.add_run().add_break()
    paragraph.add_run("dòng\thai")
    paragraph.add_run("ẩn").font.hidden = True
    box = "<w:txbxContent><w:p><w:r><w:t>Chữ trong khung</w:t></w:r></w:p></w:txbxContent>"
    shape = (
        '<mc:AlternateContent xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"><mc:Choice Requires="wps">'
        f'<w:drawing><wps:txbx xmlns:wps="http://schemas.microsoft.com/office/word/2010/wordprocessingShape">{box}</wps:txbx></w:drawing></mc:Choice>'
        f'<mc:Fallback><w:pict><v:textbox xmlns:v="urn:schemas-microsoft-com:vml">{box}</v:textbox></w:pict></mc:Fallback></mc:AlternateContent>'
    )
    raw(document, f"<w:p><w:r><w:t>Trước khung</w:t></w:r><w:r>{shape}</w:r></w:p>")
    raw(
        document,
        '<w:p><w:r><w:fldChar w:fldCharType="begin"/></w:r><w:r><w:instrText>PAGE</w:instrText></w:r><w:r><w:t>Trang năm</w:t></w:r></w:p>',
    )
    assert texts(read(tmp_path, document)) == ["dòng một\ndòng hai", "Trước khung", "Chữ trong khung", "Trang năm"]


def test_tables_inside_tables(tmp_path: Path) -> None:
    document = docx.Document()
    outer = document.add_table(1, 2)
    outer.cell(0, 0).text = "ngoài"
    inner = outer.cell(0, 1).add_table(2, 2)
    for y in range(2):
        for x in range(2):
            inner.cell(y, x).text = f"ô {y}{x}"
    (table,) = tables(read(tmp_path, document))
    assert table.rows[0].cells == ("ngoài", "ô 00 | ô 01\nô 10 | ô 11")


def test_legacy_fonts_decide_run_by_run(tmp_path: Path) -> None:
    document = docx.Document()
    paragraph = document.add_paragraph()
    font(paragraph.add_run("Së Néi "), ".VnTime")
    font(paragraph.add_run("vô"), ".VnTime")
    paragraph.add_run(" và Café, ")
    font(paragraph.add_run("Sôû Coân"), "VNI-Times")
    font(paragraph.add_run("g Thöông"), "VNI-Times")
    font(document.add_paragraph().add_run("uû ban nh©n d©n"), ".VnTimeH")
    font(document.add_paragraph().add_run("Chữ Unicode trong phông cũ"), ".VnTime")
    assert texts(read(tmp_path, document)) == ["Sở Nội vụ và Café, Sở Công Thương", "UỶ BAN NHÂN DÂN", "Chữ Unicode trong phông cũ"]


@pytest.mark.parametrize("legacy", [TCVN3, VNI])
def test_legacy_text_without_font_names(tmp_path: Path, legacy: str) -> None:
    document = docx.Document()
    document.add_paragraph(legacy)
    found = read(tmp_path, document)
    assert texts(found)[0].replace("Uỷ", "Ủy") == SENTENCE and any("Unicode" in n for n in found.notes)


def test_pages_as_word_last_saw_them(tmp_path: Path) -> None:
    document = docx.Document()
    document.add_paragraph("Trang đầu")
    raw(document, "<w:p><w:r><w:lastRenderedPageBreak/><w:t>Trang hai</w:t></w:r></w:p>")
    found = read(tmp_path, document)
    assert [b.place.page for b in found.blocks] == [1, 2] and found.pages == 2


def test_bombs_and_unsafe_xml_are_refused(tmp_path: Path) -> None:
    good = plan_docx()
    with pytest.raises(DocumentError, match="quá lớn"):
        read(tmp_path, members(good, word__document_xml=b" " * (40 << 20)))
    entities = b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "aaaa"><!ENTITY b "&a;&a;">]><x>&b;</x>'
    with pytest.raises(DocumentError, match="không an toàn"):
        read(tmp_path, members(good, word__document_xml=entities))
    with pytest.raises(DocumentError, match="quá lớn"):
        read(tmp_path, good, Limits(unpacked=1000))
    with pytest.raises(DocumentError, match="Bảng"):
        read(tmp_path, good, Limits(cells=5))


@pytest.mark.parametrize("content", [b"", b"<x/>", b"\xff\xfe", b"<w:document"])
def test_damaged_xml_is_one_clear_error(tmp_path: Path, content: bytes) -> None:
    with pytest.raises(DocumentError, match=r"hỏng|không có"):
        read(tmp_path, members(plan_docx(), word__document_xml=content))


def test_a_document_of_pictures_only_says_what_to_do(tmp_path: Path) -> None:
    from PIL import Image

    picture = io.BytesIO()
    Image.new("RGB", (40, 40), "white").save(picture, "PNG")
    document = docx.Document()
    document.add_picture(io.BytesIO(picture.getvalue()))
    with pytest.raises(DocumentError, match=r"\.pdf"):
        read(tmp_path, document)


def test_a_workbook_is_no_document(tmp_path: Path) -> None:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("[Content_Types].xml", "<x/>")
        archive.writestr("xl/workbook.xml", "<x/>")
    with pytest.raises(DocumentError, match="Excel"):
        read(tmp_path, out.getvalue())
