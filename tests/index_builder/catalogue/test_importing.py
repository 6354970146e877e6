"""Merging the exports into the catalogue: contradictions are told, nothing is guessed, nothing is lost."""

from __future__ import annotations

import datetime as dt
import json
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index_builder.catalogue.importing import ImportReport, import_catalogue, load_catalogue, overlap, province_of
from index_builder.catalogue.reading import UnreadableExport
from knowledge.schema import CatalogueEntry

DAY, LATER = dt.date(2026, 7, 1), dt.date(2026, 11, 21)
BIRTH, MARRIAGE = "1.001193", "1.000894"


def listed(code: str = BIRTH, name: str = "Thủ tục đăng ký khai sinh", **changes: Any) -> dict[str, Any]:
    return {
        "id": f"id-{code}", "code": code, "name": name, "categories": ["Hộ tịch"], "departments": ["Ủy ban nhân dân cấp xã"],
        "departmentPromulgate": "Bộ Tư pháp", "formalityTargetType": ["Công dân Việt Nam"], "type": "STANDARD", **changes,
    }  # fmt: skip


def detail(code: str = BIRTH, **changes: Any) -> dict[str, Any]:
    methods = [
        {
            "submissionMethod": "ONLINE",
            "processingTime": 1,
            "processingTimeUnit": "DAY",
            "fees": [{"value": 8000, "description": "bản sao"}],
        }
    ]
    return {"id": f"id-{code}", "code": code, "name": "Thủ tục đăng ký khai sinh", "isWard": True, "executionMethods": methods, **changes}


def page(code: str = BIRTH, name: str = "Thủ tục đăng ký khai sinh", **changes: Any) -> dict[str, Any]:
    return {
        "ma": code, "ten": name, "linh_vuc": "Hộ tịch", "cap": "Cấp xã", "doi_tuong": "Công dân Việt Nam, Người nước ngoài",
        "co_quan_thuc_hien": "Ủy ban nhân dân cấp xã", "co_quan_tham_quyen": "Bộ Tư pháp", "ket_qua": "Giấy khai sinh",
        "cach_thuc": "Trực tiếp: 3 Ngày làm việcLệ phí : 8000 Đồng", "url": "https://dichvucong.gov.vn/p/1", **changes,
    }  # fmt: skip


class Portal:
    """Exports written into a folder and imported into a catalogue there."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.target = folder / "catalogue.jsonl"

    def take(self, *rows: dict[str, Any], day: dt.date = DAY) -> ImportReport:
        path = self.folder / "export.jsonl"
        path.write_text("\n".join(json.dumps(r, ensure_ascii=False) for r in rows), encoding="utf-8")
        return import_catalogue([path], self.target, {"Hộ tịch": 6}, day)

    @property
    def entries(self) -> dict[str, CatalogueEntry]:
        return load_catalogue(self.target)


@pytest.fixture
def portal(tmp_path: Path) -> Portal:
    return Portal(tmp_path)


def test_a_first_import(portal: Portal) -> None:
    report = portal.take(listed(), listed(MARRIAGE, "Thủ tục đăng ký kết hôn"))
    assert report.added == [MARRIAGE, BIRTH]
    assert (report.changed, report.gone, report.conflicts, report.rows) == ([], [], [], {"list": 2})
    entry = portal.entries[BIRTH]
    assert (entry.name, entry.fields, entry.level, entry.bodies) == (
        "Thủ tục đăng ký khai sinh", ("Hộ tịch",), ("xã",), ("Ủy ban nhân dân cấp xã",),
    )  # fmt: skip
    assert entry.link == f"https://dichvucong.gov.vn/thu-tuc-hanh-chinh/id-{BIRTH}"
    assert entry.checked_on == DAY
    assert entry.channels == ()


def test_structured_values_win_over_page_text(portal: Portal) -> None:
    portal.take(page(), detail(), listed())
    entry = portal.entries[BIRTH]
    assert [(c.method, c.time, c.fees) for c in entry.channels] == [("Trực tuyến", "1 ngày", ("8.000 đồng (bản sao)",))]


def test_page_text_fills_what_is_missing_without_a_fee(portal: Portal) -> None:
    portal.take(page(), listed())
    entry = portal.entries[BIRTH]
    assert [(c.method, c.time, c.fees) for c in entry.channels] == [("Trực tiếp", "3 ngày làm việc", ())]
    assert entry.results == ("Giấy khai sinh",)


def test_a_page_alone_is_enough(portal: Portal) -> None:
    portal.take(page())
    entry = portal.entries[BIRTH]
    assert (entry.link, entry.level, entry.issued_by) == ("https://dichvucong.gov.vn/p/1", ("xã",), "Bộ Tư pháp")
    assert entry.audience == ("Công dân Việt Nam", "Người nước ngoài")


def test_a_contradicting_name_is_told_and_its_page_dropped(portal: Portal) -> None:
    report = portal.take(listed(), page(name="Cấp giấy phép khai thác thủy sản"))
    (conflict,) = report.conflicts
    assert BIRTH in conflict
    assert "Thủ tục đăng ký khai sinh" in conflict
    assert "Cấp giấy phép khai thác thủy sản" in conflict
    entry = portal.entries[BIRTH]
    assert entry.name == "Thủ tục đăng ký khai sinh"
    assert (entry.channels, entry.results) == ((), ())


def test_a_slightly_other_name_is_told_and_its_page_kept(portal: Portal) -> None:
    report = portal.take(listed(), page(name="Thủ tục đăng ký khai sinh cho trẻ"))
    assert len(report.conflicts) == 1
    assert portal.entries[BIRTH].name == "Thủ tục đăng ký khai sinh"
    assert portal.entries[BIRTH].results == ("Giấy khai sinh",)


def test_two_rows_of_one_kind_with_other_names_are_told(portal: Portal) -> None:
    report = portal.take(listed(), listed(name="Tên khác hẳn"))
    assert any("hai dòng khác tên" in c for c in report.conflicts)
    assert portal.entries[BIRTH].name == "Thủ tục đăng ký khai sinh"


def test_rows_of_no_known_kind_are_told(portal: Portal) -> None:
    report = portal.take({"something": 1}, listed(), {**listed(), "code": ""})
    assert report.rows == {"unknown": 1, "list": 2}
    assert len(report.conflicts) == 2
    assert list(portal.entries) == [BIRTH]


def test_a_row_that_makes_no_valid_record_is_told(portal: Portal) -> None:
    report = portal.take(listed("1.014955-Xoa"), listed())
    assert [c.split(":")[0] for c in report.conflicts] == ["1.014955-Xoa"]
    assert list(portal.entries) == [BIRTH]


def test_odd_spaces_and_decomposed_letters_are_mended(portal: Portal) -> None:
    portal.take(listed(f" {BIRTH}", "Thu\u0309 tu\u0323c\xa0 đăng\u2028ký khai sinh"))
    assert portal.entries[BIRTH].name == "Thủ tục đăng ký khai sinh"


@pytest.mark.parametrize(
    ("issued_by", "province"),
    [
        ("UBND tỉnh Tuyên Quang", "Tuyên Quang"),
        ("UBND Thành phố Huế", "Huế"),
        ("Ủy ban nhân dân tỉnh Gia Lai", "Gia Lai"),
        ("Trung tâm phục vụ hành chính công thành phố Hà Nội", "Hà Nội"),
        ("Bộ Tư pháp", None),
        ("", None),
        ("UBND các tỉnh, thành phố", None),
    ],
)
def test_provinces_own_procedures(issued_by: str, province: str | None) -> None:
    assert province_of(issued_by) == province


def test_overlap_of_names() -> None:
    assert overlap("Đăng ký khai sinh", "dang ky khai sinh") == 1.0
    assert overlap("a b", "b c") == pytest.approx(1 / 3)
    assert overlap("", "") == 0.0


# --- again ---------------------------------------------------------------------------------------------------------------


def test_the_same_again_changes_nothing(portal: Portal) -> None:
    portal.take(listed(), detail())
    before = portal.entries[BIRTH]
    report = portal.take(listed(), detail(), day=LATER)
    assert (report.added, report.changed, report.gone) == ([], [], [])
    assert portal.entries[BIRTH] == before.model_copy(update={"checked_on": LATER})


def test_what_changed_is_told(portal: Portal) -> None:
    portal.take(listed(), listed(MARRIAGE, "Thủ tục đăng ký kết hôn"))
    report = portal.take(listed(departments=["Sở Tư pháp"]), listed(MARRIAGE, "Thủ tục đăng ký kết hôn"), day=LATER)
    assert report.changed == [BIRTH]
    assert portal.entries[BIRTH].bodies == ("Sở Tư pháp",)


def test_what_is_gone_is_told_once_marked_and_kept(portal: Portal) -> None:
    portal.take(listed(), listed(MARRIAGE, "Thủ tục đăng ký kết hôn"))
    assert portal.take(listed(), day=LATER).gone == [MARRIAGE]
    assert portal.entries[MARRIAGE].gone_since == LATER
    assert portal.entries[MARRIAGE].checked_on == DAY
    again = portal.take(listed(), day=LATER + dt.timedelta(days=30))
    assert again.gone == []
    assert portal.entries[MARRIAGE].gone_since == LATER, "the first day it was missing"


def test_what_comes_back_is_no_longer_gone(portal: Portal) -> None:
    portal.take(listed(), listed(MARRIAGE, "Thủ tục đăng ký kết hôn"))
    portal.take(listed(), day=LATER)
    portal.take(listed(), listed(MARRIAGE, "Thủ tục đăng ký kết hôn"), day=LATER)
    assert portal.entries[MARRIAGE].gone_since is None


def test_details_without_a_list_say_nothing_about_what_is_gone(portal: Portal) -> None:
    portal.take(listed(), listed(MARRIAGE, "Thủ tục đăng ký kết hôn"))
    assert portal.take(detail(), day=LATER).gone == []
    assert portal.entries[MARRIAGE].gone_since is None


def test_a_listed_row_that_is_not_valid_is_not_gone(portal: Portal) -> None:
    portal.take(listed())
    report = portal.take(listed(name=""), day=LATER)
    assert len(report.conflicts) == 1
    assert report.gone == []
    assert portal.entries[BIRTH].gone_since is None


def test_a_code_off_the_list_is_gone_even_with_its_old_page(portal: Portal) -> None:
    portal.take(listed(), listed(MARRIAGE, "Thủ tục đăng ký kết hôn"), page(MARRIAGE, "Thủ tục đăng ký kết hôn"))
    report = portal.take(listed(), page(MARRIAGE, "Thủ tục đăng ký kết hôn"), day=LATER)
    assert report.gone == [MARRIAGE]


def test_a_list_alone_keeps_what_the_details_gave(portal: Portal) -> None:
    portal.take(listed(), detail())
    report = portal.take(listed(), day=LATER)
    assert portal.entries[BIRTH].channels or report.conflicts


def test_what_an_export_does_not_tell_is_kept_with_the_day_it_was_checked(portal: Portal) -> None:
    portal.take(listed(), detail())
    before = portal.entries[BIRTH]
    report = portal.take(listed(departments=["Công an cấp xã"]), day=LATER)
    assert report.changed == [BIRTH]
    entry = portal.entries[BIRTH]
    assert (entry.bodies, entry.channels, entry.checked_on) == (("Công an cấp xã",), before.channels, DAY)
    assert portal.take(detail(), day=LATER).changed == []
    entry = portal.entries[BIRTH]
    assert (entry.fields, entry.bodies, entry.audience, entry.need) == (("Hộ tịch",), ("Công an cấp xã",), before.audience, before.need)


def test_a_page_of_a_code_that_the_list_never_had_is_gone_from_the_start(portal: Portal) -> None:
    report = portal.take(listed(), page(MARRIAGE, "Thủ tục đăng ký kết hôn"))
    assert report.added == [MARRIAGE, BIRTH]
    assert report.gone == [MARRIAGE]
    assert portal.entries[MARRIAGE].gone_since == DAY


def test_a_file_that_cannot_be_read_leaves_the_old_catalogue(portal: Portal) -> None:
    portal.take(listed())
    before = portal.target.read_bytes()
    (portal.folder / "broken.jsonl").write_text(json.dumps(listed(MARRIAGE)) + "\n{", encoding="utf-8")
    with pytest.raises(UnreadableExport):
        import_catalogue([portal.folder / "export.jsonl", portal.folder / "broken.jsonl"], portal.target, {}, LATER)
    assert portal.target.read_bytes() == before
    assert [p.name for p in portal.folder.glob("*.tmp")] == []


def test_a_row_of_another_shape_is_told(portal: Portal) -> None:
    report = portal.take(listed(MARRIAGE), detail(departmentsExecuting=[{"id": 1}]))
    assert list(portal.entries) == [MARRIAGE]
    assert report.conflicts


# --- the command ---------------------------------------------------------------------------------------------------------


def test_the_command_reports_and_fails_cleanly(program: Callable[..., subprocess.CompletedProcess[str]], tmp_path: Path) -> None:
    folder = tmp_path / "data" / "procedures"
    folder.mkdir(parents=True)
    (folder / "need.yaml").write_text("6: [Hộ tịch]\n", encoding="utf-8")
    good, bad = tmp_path / "good.jsonl", tmp_path / "bad.jsonl"
    good.write_text(json.dumps(listed()) + "\n" + json.dumps(page(name="Tên khác hẳn")), encoding="utf-8")
    bad.write_text("{", encoding="utf-8")
    command = ("-m", "index_builder", "--data", str(tmp_path / "data"), "import-catalogue")
    done = program(*command, str(good), "--today", "2026-07-01")
    assert done.returncode == 0, done.stderr
    assert f"1 mới: {BIRTH}" in done.stdout
    assert "MÂU THUẪN" in done.stdout
    before = (folder / "catalogue.jsonl").read_bytes()
    failed = program(*command, str(good), str(bad))
    assert failed.returncode == 1
    assert "danh mục cũ giữ nguyên" in failed.stderr
    assert "Traceback" not in failed.stderr
    assert (folder / "catalogue.jsonl").read_bytes() == before
