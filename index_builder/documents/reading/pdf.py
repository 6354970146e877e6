"""PDF → blocks: its text layer with tables and pages; pages that are pictures are recognised where that is installed."""

from __future__ import annotations

import io
import logging
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from pdfminer.pdfdocument import PDFDocument, PDFPasswordIncorrect
from pdfminer.pdfexceptions import PDFException
from pdfminer.pdfpage import PDFPage
from pdfminer.pdfparser import PDFParser

from index_builder.documents.model import Block, Table
from index_builder.documents.reading.limits import DocumentError, Limits
from index_builder.documents.reading.ocr import MissingRecognition, Recogniser
from index_builder.documents.reading.pdf_furniture import without_furniture
from index_builder.documents.reading.pdf_lines import Line, lines_of
from index_builder.documents.reading.pdf_page import Page, PageReader
from index_builder.documents.reading.pdf_paragraphs import Placed, margins, paragraphs, usual_gap
from index_builder.documents.reading.pdf_tables import MOST_EDGES, inside, ruled_tables, table_of

_DAMAGED = "Tệp PDF bị hỏng nên không đọc được. Hãy lấy lại tệp gốc, hoặc mở rồi in lại thành PDF."


@dataclass(frozen=True)
class _Sheet:
    """What one page gave: lines outside tables, and tables with their top."""

    number: int
    width: float
    height: float
    lines: list[Line]
    tables: list[tuple[float, Table]]
    letters: int


def _sheet(page: Page) -> _Sheet:
    tables: list[tuple[float, Table]] = []
    rest = list(page.glyphs)
    for ruled in ruled_tables(page):
        own = [g for g in rest if inside(g, ruled.box)]
        table = table_of(ruled, own, page.number) if own else None
        if table is not None:
            taken = set(map(id, own))
            rest = [g for g in rest if id(g) not in taken]
            tables.append((ruled.box[1], table))
    return _Sheet(page.number, page.width, page.height, lines_of(rest), tables, len(page.glyphs))


def _open(data: bytes) -> PDFDocument:
    try:
        return PDFDocument(PDFParser(io.BytesIO(data)))
    except PDFPasswordIncorrect as error:
        raise DocumentError("Tệp PDF được đặt mật khẩu. Hãy bỏ mật khẩu (mở rồi in lại thành PDF) và đọc lại.") from error
    except PDFException as error:
        raise DocumentError(_DAMAGED) from error


def _blocks(sheets: list[_Sheet]) -> Iterator[Block]:
    """Paragraphs (which may go on over pages) and tables in reading order."""
    gap = usual_gap([s.lines for s in sheets])
    waiting: list[Placed] = []
    for sheet in sheets:
        left, right = margins(sheet.lines, sheet.width)
        tables = list(sheet.tables)
        for line in sheet.lines:
            while tables and tables[0][0] < line.top:
                yield from paragraphs(waiting, gap)
                waiting.clear()
                yield tables.pop(0)[1]
            waiting.append(Placed(line, sheet.number, *(line.column or (left, right))))
        for _, table in tables:
            yield from paragraphs(waiting, gap)
            waiting.clear()
            yield table
    yield from paragraphs(waiting, gap)


def _recognised(data: bytes, sheets: list[_Sheet], scans: list[Page], limits: Limits, progress: Callable[[int, int], None]) -> list[str]:
    """Replace the sheets of pictures by what can be recognised on them; notes say what was done."""
    pages = ", ".join(str(p.number) for p in scans[:10]) + (", …" if len(scans) > 10 else "")
    try:
        recogniser = Recogniser(data)
    except MissingRecognition as missing:
        if len(scans) == len(sheets):
            raise DocumentError(f"Tệp PDF là ảnh quét, không có chữ để đọc. {missing}") from missing
        return [f"Trang {pages} là ảnh quét, chưa đọc. {missing}"]
    if len(scans) > limits.scanned_pages:
        raise DocumentError(f"Tệp PDF có {len(scans)} trang ảnh quét, nhiều hơn {limits.scanned_pages}. Hãy tách thành nhiều tệp nhỏ hơn.")
    with recogniser:
        for done, page in enumerate(scans, 1):
            sheets[page.number - 1] = _sheet(recogniser.page(page))
            progress(len(sheets) - len(scans) + done, len(sheets))
    return [f"Trang {pages} là ảnh quét, đọc bằng nhận dạng chữ (Tesseract): cần đối chiếu với bản gốc."]


def read_pdf(data: bytes, limits: Limits, progress: Callable[[int, int], None]) -> tuple[list[Block], int, tuple[str, ...]]:
    """Blocks of a PDF, the number of its pages, and notes.

    Raises:
        DocumentError: with a password, without pages, too many pages, a scan that cannot be recognised; other errors mean damage.
    """
    logging.getLogger("pdfminer").setLevel(logging.CRITICAL)
    reader = PageReader()
    document = _open(data)
    pages = []
    for found in PDFPage.create_pages(document):
        pages.append(found)
        if len(pages) > limits.pages:
            raise DocumentError(f"Tệp PDF có hơn {limits.pages} trang. Hãy tách thành nhiều tệp nhỏ hơn.")
    if not pages:
        raise DocumentError(_DAMAGED)
    sheets: list[_Sheet] = []
    scans: list[Page] = []
    notes: list[str] = []
    letters = cells = 0
    for number, entry in enumerate(pages, 1):
        page = reader.read(entry, number)
        if page.is_scan:
            scans.append(page)
        if len(page.edges) > MOST_EDGES:
            notes.append(f"Trang {number} có quá nhiều nét kẻ (hình vẽ?), không tìm bảng ở trang này.")
        sheet = _sheet(page)
        letters += sheet.letters
        cells += sum(len(t.rows) * len(t.rows[0].cells) for _, t in sheet.tables)
        limits.check_characters(letters)
        limits.check_cells(cells)
        sheets.append(sheet)
        progress(number - len(scans), len(pages))
    if scans:
        notes += _recognised(data, sheets, scans, limits, progress)
    kept, numbers, running = without_furniture([(s.lines, s.height) for s in sheets])
    if numbers or running:
        notes.append(f"Đã bỏ {numbers} số trang và {running} dòng đầu trang, chân trang.")
    sheets = [_Sheet(s.number, s.width, s.height, lines, s.tables, s.letters) for s, lines in zip(sheets, kept, strict=True)]
    return list(_blocks(sheets)), len(sheets), tuple(notes)
