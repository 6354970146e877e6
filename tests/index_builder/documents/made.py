"""Documents made for tests with the libraries that people's programs resemble: Word by python-docx, PDF by reportlab."""

from __future__ import annotations

import io
from pathlib import Path

import docx
from docx.document import Document as WordDocument
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn

W = nsdecls("w")
HEAD = ["STT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp", "Thời gian"]
ROWS = [
    ["1", "Viết tin, bài tuyên truyền về cải cách hành chính", "Sở Nội vụ", "Báo tỉnh", "Thường xuyên"],
    ["2", "Tập huấn công chức một cửa", "Sở Nội vụ", "Ủy ban nhân dân cấp xã", "Quý II/2027"],
    ["3", "Cập nhật thủ tục lên Cổng thông tin", "Văn phòng Ủy ban nhân dân tỉnh", "Các sở", "Trước 30/6/2027"],
]


def saved(document: WordDocument) -> bytes:
    out = io.BytesIO()
    document.save(out)
    return out.getvalue()


def add_table(document: WordDocument, rows: list[list[str]]) -> None:
    table = document.add_table(len(rows), len(rows[0]))
    for y, row in enumerate(rows):
        for x, text in enumerate(row):
            table.cell(y, x).text = text


def add_numbering(document: WordDocument, levels: list[tuple[str, str]], num_id: str = "70") -> None:
    """Define a list: (format, text) of each level."""
    numbering = document.part.numbering_part.element
    described = "".join(
        f'<w:lvl w:ilvl="{i}"><w:start w:val="1"/><w:numFmt w:val="{form}"/><w:lvlText w:val="{text}"/></w:lvl>'
        for i, (form, text) in enumerate(levels)
    )
    abstract = parse_xml(f'<w:abstractNum {W} w:abstractNumId="{num_id}">{described}</w:abstractNum>')
    numbering.insert(0, abstract)
    numbering.append(parse_xml(f'<w:num {W} w:numId="{num_id}"><w:abstractNumId w:val="{num_id}"/></w:num>'))


def add_item(document: WordDocument, text: str, level: int = 0, num_id: str = "70") -> None:
    properties = document.add_paragraph(text)._p.get_or_add_pPr()
    properties.append(parse_xml(f'<w:numPr {W}><w:ilvl w:val="{level}"/><w:numId w:val="{num_id}"/></w:numPr>'))


def raw(document: WordDocument, xml: str) -> None:
    """Put XML (with the ``w`` prefix) at the end of the body."""
    document.element.body.insert(-1, parse_xml(xml.replace("<w:p>", f"<w:p {W}>", 1).replace("<w:tbl>", f"<w:tbl {W}>", 1)))


def plan_docx(tables: int = 1) -> bytes:
    """A small plan: letterhead, headings, a list, and a table in ``tables`` parts that repeat the heading."""
    document = docx.Document()
    document.sections[0].header.paragraphs[0].text = "ĐẦU TRANG KHÔNG LẤY"
    document.add_paragraph("Số: 15/KH-UBND")
    document.add_heading("KẾ HOẠCH tuyên truyền cải cách hành chính năm 2027", 1)
    document.add_paragraph("I. MỤC ĐÍCH, YÊU CẦU")
    document.add_paragraph("Nâng cao nhận thức của cán bộ, công chức, viên chức và người dân về cải cách hành chính trên địa bàn tỉnh.")
    per = -(-len(ROWS) // tables)
    for i in range(0, len(ROWS), per):
        add_table(document, [HEAD, *ROWS[i : i + per]])
        document.add_paragraph("")
    return saved(document)


def font_path() -> Path:
    """A font with all Vietnamese letters: the one that matplotlib brings."""
    import matplotlib

    return Path(matplotlib.get_data_path()) / "fonts" / "ttf" / "DejaVuSans.ttf"


def font(run: object, name: str) -> None:
    """Set a run's font as Word does, for all scripts."""
    properties = run._r.get_or_add_rPr()  # type: ignore[attr-defined]
    fonts = OxmlElement("w:rFonts")
    for kind in ("ascii", "hAnsi", "cs"):
        fonts.set(qn(f"w:{kind}"), name)
    properties.append(fonts)
