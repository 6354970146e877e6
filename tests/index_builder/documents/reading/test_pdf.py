"""PDF: printed plans, tables over pages, what stands at the edges of pages, scans, passwords, damage."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from index_builder.documents.model import Document, Paragraph
from index_builder.documents.reading import DocumentError, Limits, read_document
from tests.index_builder.documents.made import HEAD, LONG, ROWS, TITLE, font_path, plan_pdf, scanned
from tests.index_builder.documents.reading.test_texts import tables, texts


def read(folder: Path, content: bytes, **limits: float) -> Document:
    path = folder / "a.pdf"
    path.write_bytes(content)
    return read_document(path, limits=Limits(**limits))  # type: ignore[arg-type]


@pytest.fixture(scope="module")
def plan() -> bytes:
    return plan_pdf(3)


@pytest.fixture(scope="module")
def found(plan: bytes, tmp_path_factory: pytest.TempPathFactory) -> Document:
    return read(tmp_path_factory.mktemp("pdf"), plan)


def recognition() -> str | None:
    """Why pages that are pictures cannot be recognised here, if so."""
    if shutil.which("tesseract") is None:
        return "Tesseract is not installed"
    pytesseract = pytest.importorskip("pytesseract")
    return None if "vie" in pytesseract.get_languages() else "Tesseract has no Vietnamese data"


def test_paragraphs_come_out_whole(found: Document) -> None:
    lines = texts(found)
    assert lines[:8] == [
        "ỦY BAN NHÂN DÂN TỈNH HÀ MỸ", "Số: 15/KH-UBND", "CỘNG HÒA XÃ HỘI CHỦ NGHĨA VIỆT NAM", "Độc lập - Tự do - Hạnh phúc",
        "Hà Mỹ, ngày 12 tháng 01 năm 2027", "KẾ HOẠCH", TITLE, "I. MỤC ĐÍCH, YÊU CẦU",
    ]  # fmt: skip
    assert lines.count(LONG) == 12, "paragraphs that go on over a page are whole too"
    assert [x for x in lines if x.startswith("- Ý thứ")] == [f"- Ý thứ {i + 1}: {LONG}" for i in range(12)]
    title = found.blocks[5]
    assert isinstance(title, Paragraph) and title.look.bold and title.look.centred


def test_page_numbers_and_running_lines_are_left_out(found: Document) -> None:
    lines = texts(found)
    assert not any(x.isdigit() for x in lines) and not any("phát hành nội bộ" in x for x in lines)
    assert any("số trang" in n for n in found.notes)


def test_a_table_over_pages_is_one_with_its_merged_cell_filled(found: Document) -> None:
    (table,) = tables(found)
    assert table.header == tuple(HEAD)
    assert [r.cells[0] for r in table.body] == [str(i + 1) for i in range(30)]
    assert [list(r.cells[1:]) for r in table.body[:3]] == [r[1:] for r in ROWS]
    assert {r.place.page for r in table.rows} == {3, 4}
    assert found.pages == 5


def test_recipients_stay_together_beside_the_signature(found: Document) -> None:
    end = texts(found)[-6:]
    assert end.index("Nơi nhận:") + 1 == end.index("- Như trên;") and "Nguyễn Văn Thử" in end


def test_a_password_and_a_password_for_printing_only(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="mật khẩu"):
        read(tmp_path, plan_pdf(1, password="bí mật"))


@pytest.mark.parametrize("cut", [0.02, 0.5, 0.95])
def test_a_cut_file_gives_a_result_or_a_clear_error(tmp_path: Path, plan: bytes, cut: float) -> None:
    try:
        found = read(tmp_path, plan[: int(len(plan) * cut)])
    except DocumentError as error:
        said = str(error)
    else:
        said = "Hãy" if found.blocks else ""
    assert "Hãy" in said


def test_gigantic_and_slow_files_are_refused(tmp_path: Path, plan: bytes) -> None:
    with pytest.raises(DocumentError, match="hơn 2 trang"):
        read(tmp_path, plan, pages=2)
    with pytest.raises(DocumentError, match="giây"):
        read(tmp_path, plan, seconds=0.05)
    with pytest.raises(DocumentError, match="Bảng"):
        read(tmp_path, plan, cells=20)


def test_legacy_fonts_in_a_pdf(tmp_path: Path) -> None:
    import io

    from reportlab.pdfbase import pdfmetrics
    from reportlab.pdfbase.ttfonts import TTFont
    from reportlab.pdfgen.canvas import Canvas

    face = TTFont(".VnTime", str(font_path()))
    face.face.name = b".VnTime"
    pdfmetrics.registerFont(face)
    out = io.BytesIO()
    canvas = Canvas(out)
    canvas.setFont(".VnTime", 12)
    canvas.drawString(72, 700, "Së Néi vô chñ tr×, phèi hîp víi V¨n phßng Uû ban nh©n d©n")
    canvas.save()
    assert texts(read(tmp_path, out.getvalue())) == ["Sở Nội vụ chủ trì, phối hợp với Văn phòng Uỷ ban nhân dân"]


def test_a_scanned_page_is_recognised_with_its_table(tmp_path: Path, plan: bytes) -> None:
    if reason := recognition():
        pytest.skip(reason)
    found = read(tmp_path, scanned(plan, 3))
    (table,) = tables(found)
    assert table.header == tuple(HEAD)
    assert [r.cells[2:] for r in table.body[:2]] == [tuple(ROWS[1][2:]), tuple(ROWS[2][2:])]
    assert any("ảnh quét" in n for n in found.notes)


def test_a_scan_without_recognition_says_what_to_install(plan: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    from index_builder.documents.reading.pdf import read_pdf

    monkeypatch.setenv("PATH", "")
    with pytest.raises(DocumentError, match="tesseract-ocr-vie"):
        read_pdf(scanned(plan, 0), Limits(), lambda done, total: None)


def test_nothing_is_left_behind(tmp_path: Path, plan: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    read(tmp_path, plan)  # what Python keeps for its processes is made once, elsewhere
    scratch = tmp_path / "scratch"
    scratch.mkdir()
    monkeypatch.setattr("tempfile.tempdir", str(scratch))
    read(tmp_path, plan)
    with pytest.raises(DocumentError):
        read(tmp_path, plan, seconds=0.05)
    assert list(scratch.iterdir()) == []
