from __future__ import annotations

import datetime as dt
import shutil
from pathlib import Path

import pytest

from index_builder.__main__ import main
from index_builder.documents.drafting import CannotDraft, draft_file
from knowledge.loading import DATA
from knowledge.reviewing import check

FIXTURES = Path("evaluation/sets/documents")
TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    (folder / "offices").mkdir(parents=True)
    shutil.copy(DATA / "provinces.yaml", folder)
    shutil.copy(DATA / "offices" / "so.yaml", folder / "offices")
    return folder


def test_a_draft_is_a_record_once_its_review_marks_are_dealt_with(data: Path) -> None:
    done = draft_file(FIXTURES / "vi-du-2024.docx", data, TODAY)
    assert done.path == data / "plans" / "vi-du-2024.yaml"
    text = done.path.read_text(encoding="utf-8")
    assert done.marks > 0
    refused, _ = check(data, TODAY)
    assert {p.field for p in refused} == {"review"}
    assert len(refused) == done.marks
    assert "xóa dòng này" in str(refused[0])
    done.path.write_text("\n".join(line for line in text.split("\n") if "# review:" not in line), encoding="utf-8")
    problems, remarks = check(data, TODAY)
    assert not problems
    assert any(r.record == "vi-du-2024" for r in remarks)


def test_an_existing_record_is_never_touched(data: Path) -> None:
    taken = data / "plans" / "vi-du-2024.yaml"
    taken.parent.mkdir()
    taken.write_text("của người khác", encoding="utf-8")
    with pytest.raises(CannotDraft, match="Đã có tệp"):
        draft_file(FIXTURES / "vi-du-2024.docx", data, TODAY)
    assert taken.read_text(encoding="utf-8") == "của người khác"


def test_command_prints_what_it_found(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "ban-thao"
    assert main(["--data", str(data), "draft", str(FIXTURES / "vi-du-2022.html"), "--id", "thu", "-o", str(out)]) == 0
    printed = capsys.readouterr()
    assert "31/CTr-UBND" in printed.out
    assert "Tìm thấy 6 nhiệm vụ, 2 việc tổ chức thực hiện, 2 chế độ báo cáo" in printed.out
    assert str(out / "thu.yaml") in printed.err


def test_command_refuses_clearly(data: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--data", str(data), "draft", str(tmp_path / "khong-co.docx")]) == 1
    assert main(["--data", str(data), "draft", str(FIXTURES / "vi-du-2022.html"), "--id", "Mã Sai"]) == 2
    errors = capsys.readouterr().err
    assert "Không thấy tệp" in errors
    assert "chữ thường không dấu" in errors
    assert not (data / "plans").exists()
