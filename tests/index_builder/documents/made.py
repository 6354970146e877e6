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


def plan_pdf(pages: int = 3, *, password: str | None = None) -> bytes:
    """A plan as printed: letterhead in two columns, justified paragraphs with indents, page numbers at the top from page 2, a running
    footer, a ruled table with merged cells that goes on over pages with its heading repeated, and a signature beside the recipients.
    ``pages``: about how many."""
    from reportlab.lib.enums import TA_CENTER, TA_JUSTIFY
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.pdfencrypt import StandardEncryption
    from reportlab.lib.styles import ParagraphStyle
    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.platypus import Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

    bold = font_path().with_name("DejaVuSans-Bold.ttf")
    pdfmetrics.registerFont(TTFont("Chu", str(font_path())))
    pdfmetrics.registerFont(TTFont("ChuDam", str(bold)))
    body = ParagraphStyle("body", fontName="Chu", fontSize=11, leading=15, alignment=TA_JUSTIFY, firstLineIndent=28, spaceAfter=6)
    small = ParagraphStyle("small", fontName="Chu", fontSize=9, leading=12)
    middle = ParagraphStyle("middle", fontName="ChuDam", fontSize=11, leading=15, alignment=TA_CENTER)

    def furniture(canvas, document) -> None:  # type: ignore[no-untyped-def]
        canvas.setFont("Chu", 10)
        if document.page > 1:
            canvas.drawCentredString(A4[0] / 2, A4[1] - 40, str(document.page))
        canvas.drawString(60, 30, "Kế hoạch tuyên truyền, bản phát hành nội bộ")

    flow: list[object] = [
        Table(
            [[Paragraph("ỦY BAN NHÂN DÂN<br/>TỈNH HÀ MỸ", middle), Paragraph("CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM<br/>Độc lập - Tự do - Hạnh phúc", middle)],
             [Paragraph("Số: 15/KH-UBND", middle), Paragraph("Hà Mỹ, ngày 12 tháng 01 năm 2027", middle)]],
            colWidths=[190, 290],
        ),
        Spacer(1, 20), Paragraph("KẾ HOẠCH", middle), Paragraph(TITLE, middle), Spacer(1, 12),
        Paragraph("I. MỤC ĐÍCH, YÊU CẦU", body), Paragraph("1. Mục đích", body),
    ]  # fmt: skip
    for i in range(6 * (pages - 1)):
        flow += [Paragraph(f"- Ý thứ {i + 1}: {LONG}", body), Paragraph(LONG, body)]
    cell = [[Paragraph(c, small) for c in row] for row in [HEAD, *[[str(i + 1), *ROWS[i % 3][1:]] for i in range(30)]]]
    cell[2][2] = ""
    style = [("GRID", (0, 0), (-1, -1), 0.5, "black"), ("VALIGN", (0, 0), (-1, -1), "TOP"), ("SPAN", (2, 1), (2, 2))]
    flow += [
        Paragraph("II. PHÂN CÔNG", body),
        Table(cell, colWidths=[30, 170, 100, 100, 80], repeatRows=1, style=TableStyle(style)),
        Spacer(1, 20),
    ]
    receivers = Paragraph("Nơi nhận:<br/>- Như trên;<br/>- Lưu: VT, NC.", small)
    flow += [Table([[receivers, Paragraph("TM. ỦY BAN NHÂN DÂN<br/>CHỦ TỊCH<br/><br/><br/>Nguyễn Văn Thử", middle)]], colWidths=[230, 250])]
    out = io.BytesIO()
    lock = StandardEncryption(password, canPrint=0) if password else None
    template = SimpleDocTemplate(out, pagesize=A4, leftMargin=60, rightMargin=55, topMargin=60, bottomMargin=55, encrypt=lock)
    template.build(flow, onFirstPage=furniture, onLaterPages=furniture)
    return out.getvalue()


TITLE = "Tuyên truyền công tác cải cách hành chính năm 2027 và hướng dẫn người dân nộp hồ sơ trực tuyến trên địa bàn tỉnh Hà Mỹ"
LONG = (
    "Nâng cao nhận thức, trách nhiệm của cán bộ, công chức, viên chức và người đứng đầu cơ quan hành chính các cấp trong việc triển khai "
    "nhiệm vụ cải cách hành chính; phát huy vai trò của cơ quan báo chí trong phát hiện, phản ánh kịp thời những đơn vị thực hiện tốt."
)


def scanned(pdf: bytes, first: int = 0, count: int = 1, dpi: int = 200) -> bytes:
    """Pages of a PDF as pictures in a PDF without text."""
    import pypdfium2
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.utils import ImageReader
    from reportlab.pdfgen.canvas import Canvas

    out = io.BytesIO()
    canvas = Canvas(out, pagesize=A4)
    document = pypdfium2.PdfDocument(pdf)
    for number in range(first, min(first + count, len(document))):
        picture = document[number].render(scale=dpi / 72, grayscale=True).to_pil()
        canvas.drawImage(ImageReader(picture), 0, 0, *A4)
        canvas.showPage()
    document.close()
    canvas.save()
    return out.getvalue()


def samples() -> dict[str, bytes]:
    """One small plan in each format, by file name."""
    rows = [HEAD, *ROWS]
    cells = "".join("<tr>" + "".join(f"<td rowspan=1>{c}</td>" for c in row) + "</tr>" for row in rows)
    bars = "\n".join([f"| {' | '.join(HEAD)} |", "|---" * len(HEAD) + "|", *(f"| {' | '.join(row)} |" for row in ROWS)])
    tabs = "\n".join("\t".join(row) for row in rows)
    texts = {
        "plan.html": f"<html><head><meta charset=utf-8></head><body><h1>KẾ HOẠCH</h1><ol><li>một<ul><li>hai</li></ul></li></ol>"
        f"<table>{cells}</table><p>{LONG}</p></body></html>",
        "plan.md": f"# KẾ HOẠCH\n\n1. Mục đích\n\n- ý **đậm**\n+ ý nhỏ\n\n{bars}\n\n{LONG}\n",
        "plan.txt": f"KẾ HOẠCH\n\n{tabs}\n\n{LONG}\n",
    }
    return {"plan.docx": plan_docx(2), "plan.pdf": plan_pdf(2), **{name: text.encode() for name, text in texts.items()}}
