"""The check: errors forbid building, remarks are for the staff who keep the knowledge."""

from __future__ import annotations

import datetime as dt
from pathlib import Path

import pytest

from index_builder.__main__ import main
from knowledge.reviewing import Remark, check
from tests.small_knowledge import write_small

TODAY = dt.date(2026, 11, 21)


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_small(tmp_path)


def edit(data: Path, name: str, old: str, new: str) -> None:
    path = data / name
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new, 1), encoding="utf-8")


def remarks(data: Path, kind: str, today: dt.date = TODAY) -> list[Remark]:
    problems, found = check(data, today)
    assert problems == []
    return [r for r in found if r.kind == kind]


def test_errors_of_a_file_are_listed(data: Path) -> None:
    edit(data, "terms/chi-so.yaml", "definition", "definitoin")
    problems, _ = check(data, TODAY)
    assert sorted(p.field for p in problems) == ["definition", "definitoin"]


def test_two_records_under_one_id_are_an_error(data: Path) -> None:
    (data / "terms" / "again.yaml").write_text((data / "terms" / "chi-so.yaml").read_text(encoding="utf-8"), encoding="utf-8")
    problems, _ = check(data, TODAY)
    assert [p.field for p in problems] == ["term/par-index"]


def test_questions_without_a_record_are_told(data: Path) -> None:
    edit(data, "questions/a.yaml", "procedure/1.001193", "procedure/9.999999")
    assert [r.record for r in remarks(data, "dangling") if "không có bản ghi" in r.message] == ["procedure/9.999999"]


def named(data: Path, *rows: tuple[str, str]) -> None:
    blocks = "".join(f"  - record: {record}\n    names: [{name}]\n" for record, name in rows)
    (data / "names").mkdir()
    (data / "names" / "a.yaml").write_text(f"written_on: 2026-01-01\nrecords:\n{blocks}", encoding="utf-8")


def test_short_names_without_a_record_are_told(data: Path) -> None:
    named(data, ("procedure/9.999999", "khai sinh"))
    assert [r.record for r in remarks(data, "dangling") if "không có bản ghi" in r.message] == ["procedure/9.999999"]


def test_a_short_name_of_two_records_is_told(data: Path) -> None:
    named(data, ("procedure/1.001193", "làm giấy"), ("term/par-index", "Làm giấy"))
    assert [r.record for r in remarks(data, "unsure") if "làm giấy" in r.message.lower()] == ["term/par-index"]


def test_bodies_nobody_describes_are_told_and_groups_are_not(data: Path) -> None:
    edit(data, "plans/ha-my-2025.yaml", "leads: [Sở Bưu chính]", "leads: [Sở Mây Gió, 'Các sở, ban, ngành']")
    assert [r.message for r in remarks(data, "dangling")] == ["cơ quan 'Sở Mây Gió' chưa có trong offices/"]


def test_provinces_that_lead_nowhere_are_told(data: Path) -> None:
    edit(data, "provinces.yaml", "merged_into: Tân Hà", "merged_into: Tân Sơn")
    edit(data, "plans/ha-my-2025.yaml", "province: Hà Mỹ", "province: Hà Mới")
    assert {r.record for r in remarks(data, "dangling")} >= {"province/ha-my", "ha-my-2025"}


def test_codes_outside_the_catalogue_are_told(data: Path) -> None:
    edit(data, "procedures/ho-tich/khai-sinh.yaml", "1.001193", "1.999999")
    assert "guidance/dang-ky-khai-sinh" in {r.record for r in remarks(data, "dangling")}


def test_a_renumbered_procedure_is_found_under_its_former_code(data: Path) -> None:
    edit(data, "procedures/ho-tich/khai-sinh.yaml", "code: '1.001193'", "code: '1.999999'\nformer_codes: ['1.001193']")
    assert "guidance/dang-ky-khai-sinh" not in {r.record for r in remarks(data, "dangling")}


@pytest.mark.parametrize(
    ("day", "kind"), [("2026-11-20", "stale"), ("2026-11-21", "review"), ("2027-02-19", "review"), ("2027-02-20", None)]
)
def test_days_of_review(data: Path, day: str, kind: str | None) -> None:
    edit(data, "guides/nop.yaml", "answer:", f"review_by: {day}\nanswer:")
    found = [r.kind for r in check(data, TODAY)[1] if r.record == "guide/nop-truc-tuyen"]
    assert found == ([kind] if kind else [])


def test_what_was_checked_over_a_year_ago_is_stale(data: Path) -> None:
    assert remarks(data, "stale", dt.date(2027, 11, 21)) == []
    assert "term/par-index" in {r.record for r in remarks(data, "stale", dt.date(2027, 11, 22))}


def test_a_fee_cut_about_to_end_is_told(data: Path) -> None:
    found = [r.message for r in remarks(data, "review") if r.record == "guidance/dang-ky-khai-sinh"]
    assert found == ["kết thúc ngày 31/12/2026: Giảm nửa lệ phí cấp bản sao"]
    assert remarks(data, "review", dt.date(2026, 9, 1)) == []


def test_weak_records_are_told(data: Path) -> None:
    edit(data, "guides/nop.yaml", "answer:", "confidence: low\nanswer:")
    assert [r.record for r in remarks(data, "unsure")] == ["guide/nop-truc-tuyen"]


def test_the_command_exits_1_on_errors_and_0_on_remarks(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(data, "questions/a.yaml", "procedure/1.001193", "procedure/9.999999")
    assert main(["--data", str(data), "check", "--today", "2026-11-21"]) == 0
    shown = capsys.readouterr()
    assert "TRỎ VÀO CHỖ TRỐNG  procedure/9.999999" in shown.out
    assert "0 lỗi" in shown.err
    edit(data, "terms/chi-so.yaml", "name:", "nane:")
    assert main(["--data", str(data), "check", "--today", "2026-11-21"]) == 1
    assert "LỖI  terms/chi-so.yaml, dòng" in capsys.readouterr().out


@pytest.mark.parametrize("there", [True, False])
def test_a_folder_without_records_is_an_error(tmp_path: Path, there: bool, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "data"
    if there:
        folder.mkdir()
    assert main(["--data", str(folder), "check"]) == 1
    assert "BOT_KNOWLEDGE_DIR" in capsys.readouterr().out


def test_a_folder_that_cannot_be_written(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "data").write_text("")
    assert main(["--data", str(tmp_path / "data"), "new", "guide", "mot"]) == 1
    told = capsys.readouterr().err
    assert "Không đọc hoặc ghi được" in told and str(tmp_path / "data") in told
