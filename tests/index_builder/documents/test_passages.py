"""Documents cut into passages: whole sentences and rows, one section each, with their place."""

from __future__ import annotations

from pathlib import Path

import docx

from index_builder.documents.passages import LEAST, MOST, passages_of
from index_builder.documents.reading import read_document
from knowledge.originals import Passage
from tests.index_builder.documents.made import HEAD, LONG, ROWS, add_table, plan_pdf, saved


def cut(folder: Path, name: str, content: bytes) -> list[Passage]:
    (folder / name).write_bytes(content)
    return passages_of(read_document(folder / name))


def test_sections_are_not_mixed_and_rows_stay_whole(tmp_path: Path) -> None:
    document = docx.Document()
    for line in ("I. MỤC ĐÍCH, YÊU CẦU", "1. Mục đích", LONG, "2. Yêu cầu", "Bảo đảm thiết thực, tiết kiệm.", "II. NHIỆM VỤ"):
        document.add_paragraph(line)
    add_table(document, [HEAD, *ROWS])
    found = cut(tmp_path, "a.docx", saved(document))
    assert [(p.section, p.headings[-1]) for p in found] == [
        ("Mục I.1", "1. Mục đích"), ("Mục I.2", "2. Yêu cầu"), ("Mục II", "II. NHIỆM VỤ"),
    ]  # fmt: skip
    assert found[0].text == LONG and found[0].headings == ("I. MỤC ĐÍCH, YÊU CẦU", "1. Mục đích")
    rows = found[2].text.split("\n")
    assert (
        rows[1]
        == "STT: 2; Nhiệm vụ: Tập huấn công chức một cửa; Cơ quan chủ trì: Sở Nội vụ; Cơ quan phối hợp: Ủy ban nhân dân cấp xã; Thời gian: Quý II/2027"
    )
    assert len(rows) == 3


def test_long_sections_are_cut_between_sentences(tmp_path: Path) -> None:
    sentences = [f"Câu thứ {i} nói về việc tuyên truyền cải cách hành chính trên địa bàn toàn tỉnh trong năm." for i in range(60)]
    found = cut(tmp_path, "a.txt", ("I. NỘI DUNG\n" + " ".join(sentences) + "\n").encode())
    assert " ".join(p.text for p in found[-8:]).endswith(sentences[-1])
    lengths = [len(p.text.split()) for p in found]
    assert max(lengths) <= MOST and sum(n >= LEAST for n in lengths) >= len(lengths) - 1
    assert all(p.text.endswith(".") for p in found if p.section)


def test_nothing_of_a_pdf_is_lost_and_pages_are_right(tmp_path: Path) -> None:
    found = cut(tmp_path, "a.pdf", plan_pdf(3))
    text = "\n".join(p.text for p in found)
    assert all(f"Ý thứ {i + 1}:" in text for i in range(12)) and text.count("Thường xuyên") == 10
    pages = [p.page or 0 for p in found]
    assert pages == sorted(pages) and set(pages) >= {1, 2, 3}
