"""A broken file tells the person who wrote it where the error is and what was expected; the rest is loaded all the same."""

from __future__ import annotations

import datetime as dt
import json
from pathlib import Path

import pytest

from knowledge.loading import InvalidKnowledge, Knowledge, content_hash, load
from knowledge.parsing import Problem, parse_records
from knowledge.schema import LexiconEntry, Plan, RecordQuestions, Term

TERM = """\
id: par-index
name: PAR Index
definition: Chỉ số cải cách hành chính.
sources:
  - title: Quyết định 766/QĐ-TTg
    url: https://example.vn/766
checked_on: 2026-11-21
"""


def problems_of(text: str) -> list[Problem]:
    records, problems = parse_records(text, "terms/chi-so.yaml", Term)
    assert not (problems and records), "the broken record must not be loaded"
    return problems


def only(text: str) -> Problem:
    problems = problems_of(text)
    assert len(problems) == 1, [str(p) for p in problems]
    assert problems[0].file == "terms/chi-so.yaml"
    return problems[0]


def test_a_right_record_has_no_problem() -> None:
    records, problems = parse_records(TERM, "x", Term)
    assert problems == []
    assert records[0].id == "par-index"
    assert records[0].checked_on == dt.date(2026, 11, 21)


def test_syntax_error() -> None:
    found = only(TERM.replace("name: PAR Index", "name: [PAR"))
    assert found.line is not None
    assert found.message.startswith("YAML không đọc được")


def test_bad_indentation_names_its_line() -> None:
    found = only(TERM + "aliases:\n  - a\n - b\n")
    assert found.line in (8, 10)
    assert "YAML không đọc được" in found.message


@pytest.mark.parametrize("field", ["id", "name", "definition", "sources", "checked_on"])
def test_missing_field(field: str) -> None:
    lines = TERM.splitlines(keepends=True)
    kept = [x for x in lines if not x.startswith(field) and not (field == "sources" and x.startswith("  "))]
    found = only("".join(kept))
    assert (found.field, found.message) == (field, "thiếu trường bắt buộc")
    assert found.line == 1


def test_missing_field_in_the_second_record_of_a_list() -> None:
    rows = ["- " + TERM.replace("\n", "\n  ").rstrip() + "\n"] * 2
    broken = rows[0] + rows[1].replace("  definition: Chỉ số cải cách hành chính.\n", "")
    records, problems = parse_records(broken, "terms/x.yaml", Term)
    assert len(records) == 1
    assert [(p.field, p.line) for p in problems] == [("definition", 8)]


def test_unknown_field() -> None:
    found = only(TERM + "aliasses: [chỉ số cải cách]\n")
    assert (found.field, found.line) == ("aliasses", 8)
    assert "gõ sai tên trường" in found.message


def test_unknown_field_deep_inside() -> None:
    found = problems_of(TERM.replace("    url:", "    link:"))[0]
    assert (found.file, found.field, found.line) == ("terms/chi-so.yaml", "sources.0.link", 6)


def test_an_error_inside_a_list_is_told_once() -> None:
    only(TERM.replace("    url:", "    link:"))


@pytest.mark.parametrize(
    "written",
    [
        "hôm qua",
        "21/11/2026",
        "'2026-11-31'",
        "[2026, 11, 21]",
        "2026",
        "2026-11-21 08:30",
    ],
)
def test_wrong_date(written: str) -> None:
    found = only(TERM.replace("2026-11-21", written))
    assert (found.field, found.line) == ("checked_on", 7)
    assert "cần ngày dạng 2026-11-21" in found.message


@pytest.mark.parametrize("written", ["2026-02-30", "2026-13-01", "2026-11-31"])
def test_a_day_that_does_not_exist(written: str) -> None:
    found = only(TERM.replace("2026-11-21", written))
    assert found.line == 7


@pytest.mark.parametrize("text", ["", "\n\n", "# chỉ có chú thích\n", "---\n", "null\n"])
def test_empty_file(text: str) -> None:
    found = only(text)
    assert (found.message, found.line) == ("tệp trống", None)


@pytest.mark.parametrize("text", ["chỉ là một câu", "42", "- một\n- hai"])
def test_no_record_at_all(text: str) -> None:
    for found in problems_of(text):
        assert "cần một nhóm trường (khóa: giá trị)" in found.message
    assert problems_of(text)


@pytest.mark.parametrize(
    ("old", "new", "field", "expected"),
    [
        ("name: PAR Index", "name: 12", "name", "cần chuỗi ký tự"),
        ("name: PAR Index", "name: có", "name", None),
        ("name: PAR Index", "name: yes", "name", "cần chuỗi ký tự"),
        ("name: PAR Index", "name: '  '", "name", "không được để trống"),
        ("id: par-index", "id: PAR Index", "id", "không đúng mẫu"),
        ("https://example.vn/766", "example.vn/766", "sources.0", "url phải bắt đầu bằng http"),
        ("checked_on", "confidence: sure\nchecked_on", "confidence", "chỉ nhận một trong"),
        ("checked_on", "aliases: PAR\nchecked_on", "aliases", "cần danh sách"),
        ("checked_on", "valid_from: 2026-02-01\nvalid_to: 2026-01-31\nchecked_on", "", "valid_to phải bằng hoặc sau valid_from"),
    ],
)
def test_wrong_values_say_what_is_expected(old: str, new: str, field: str, expected: str | None) -> None:
    problems = problems_of(TERM.replace(old, new, 1))
    if expected is None:
        assert problems == []
    else:
        assert problems[0].field == field
        assert expected in problems[0].message
        assert problems[0].line


def test_an_empty_list_of_sources_is_refused() -> None:
    found = only("id: a\nname: A\ndefinition: B\nsources: []\nchecked_on: 2026-11-21\n")
    assert (found.field, found.line, found.message) == ("sources", 4, "danh sách cần ít nhất một mục")


def test_the_value_found_is_shown_shortened() -> None:
    found = only(TERM.replace("id: par-index", "id: " + "A" * 300))
    assert "A" * 60 in found.message
    assert "A" * 61 not in found.message


def test_every_error_of_a_record_is_told_at_once() -> None:
    problems = problems_of("id: A B\nname: ''\nsource: x\nchecked_on: hôm qua\n")
    assert {p.field for p in problems} == {"id", "name", "source", "checked_on", "definition", "sources"}


def test_a_problem_reads_as_one_line_for_people() -> None:
    assert (
        str(Problem("terms/a.yaml", 7, "checked_on", "cần ngày dạng 2026-11-21"))
        == "terms/a.yaml, dòng 7: checked_on: cần ngày dạng 2026-11-21"
    )
    assert str(Problem("terms/a.yaml", None, "", "tệp trống")) == "terms/a.yaml: tệp trống"


@pytest.mark.parametrize("text", ["!!python/object/apply:os.getcwd []", "!!python/name:os.system"])
def test_yaml_cannot_run_code(text: str) -> None:
    assert "YAML không đọc được" in only(text).message


@pytest.mark.parametrize("text", [TERM + "note: a\x07b\n", TERM + "note: a\0b\n", TERM + "---\n" + TERM, "&a [*a]", "? [a]\n: b"])
def test_odd_yaml_is_a_problem_and_no_crash(text: str) -> None:
    assert problems_of(text)


def test_a_field_written_twice_is_told() -> None:
    assert problems_of(TERM + "name: Tên khác\n")


def test_a_field_written_twice_names_both_lines_wherever_it_stands() -> None:
    found = only(TERM.replace("    url:", "    title: Lại\n    url:"))
    assert (found.field, found.line, found.message) == ("title", 6, "trường được viết hai lần (lần đầu ở dòng 5)")


def test_deep_nesting_is_a_problem_and_no_crash() -> None:
    assert problems_of("a: " + "[" * 5000 + "]" * 5000)


def test_a_byte_order_mark_is_no_error() -> None:
    assert problems_of("\ufeff" + TERM) == []


def test_records_below_a_key() -> None:
    text = "entries:\n  - {written: sổ đỏ, means: [giấy chứng nhận], kind: everyday}\n  - {written: đk, means: [đăng ký], kind: short}\n"
    records, problems = parse_records(text, "lexicon/a.yaml", LexiconEntry, ("entries",))
    assert [r.written for r in records] == ["sổ đỏ"]
    assert [(p.field, p.line) for p in problems] == [("kind", 3)]
    records, problems = parse_records("entrys: []\n", "lexicon/a.yaml", LexiconEntry, ("entries",))
    assert [(p.field, p.message) for p in problems] == [("entries", "thiếu trường bắt buộc")]


def test_items_of_one_plan_may_not_share_an_id(loaded: tuple[Knowledge, list[Problem]]) -> None:
    plan = next(p for p in loaded[0].plans if p.id == "tien-giang-2021")
    values = plan.model_dump(mode="json")
    values["duties"][0]["id"] = values["tasks"][0]["id"]
    _, problems = parse_records(json.dumps(values), "plans/a.yaml", Plan)
    assert [p.message for p in problems] == ["mã mục 'task-1' bị lặp"]


# --- whole folders -------------------------------------------------------------------------------------------------------


@pytest.fixture
def data(tmp_path: Path) -> Path:
    for name in ("terms", "questions", "procedures"):
        (tmp_path / name).mkdir()
    (tmp_path / "terms" / "good.yaml").write_text(TERM, encoding="utf-8")
    return tmp_path


def test_a_broken_file_does_not_take_the_others_with_it(data: Path) -> None:
    (data / "terms" / "bad.yaml").write_text("id: [", encoding="utf-8")
    known, problems = load(data)
    assert [t.id for t in known.terms] == ["par-index"]
    assert [p.file for p in problems] == ["terms/bad.yaml"]


@pytest.mark.parametrize("encoding", ["utf-16", "cp1258"])
def test_a_file_in_another_encoding(data: Path, encoding: str) -> None:
    (data / "terms" / "windows.yaml").write_bytes(
        "name: chỉ số ở đâu\n".replace("ỉ", "i").replace("ố", "ô").replace("ở", "ơ").encode(encoding)
    )
    _, problems = load(data)
    assert [(p.file, p.line) for p in problems] == [("terms/windows.yaml", None)]
    assert "không đọc được" in problems[0].message


CATALOGUE_LINE = {"code": "1.001193", "name": "Thủ tục đăng ký khai sinh", "fields": ["Hộ tịch"], "checked_on": "2026-11-21"}


@pytest.mark.parametrize(
    ("line", "field"),
    [("{", ""), ("[]", ""), (json.dumps({**CATALOGUE_LINE, "code": "1.1"}), "code"), (json.dumps({**CATALOGUE_LINE, "fee": 1}), "fee")],
    ids=["cut off", "a list", "wrong code", "unknown field"],
)
def test_a_broken_catalogue_line_is_named(data: Path, line: str, field: str) -> None:
    good = json.dumps(CATALOGUE_LINE)
    (data / "procedures" / "catalogue.jsonl").write_text(f"{good}\n{line}\n", encoding="utf-8")
    known, problems = load(data)
    assert list(known.catalogue) == ["1.001193"]
    assert [(p.file, p.line, p.field) for p in problems] == [("procedures/catalogue.jsonl", 2, field)]


def test_a_catalogue_in_another_encoding(data: Path) -> None:
    (data / "procedures" / "catalogue.jsonl").write_bytes(json.dumps(CATALOGUE_LINE, ensure_ascii=False).encode("utf-16"))
    assert [p.file for p in load(data)[1]] == ["procedures/catalogue.jsonl"]


def test_a_code_twice_in_the_catalogue_is_told(data: Path) -> None:
    lines = [json.dumps({**CATALOGUE_LINE, "name": name}) for name in ("Tên một", "Tên hai")]
    (data / "procedures" / "catalogue.jsonl").write_text("\n".join(lines), encoding="utf-8")
    assert load(data)[1]


def test_empty_lines_of_the_catalogue_are_skipped(data: Path) -> None:
    (data / "procedures" / "catalogue.jsonl").write_text(f"\n{json.dumps(CATALOGUE_LINE)}\n\n", encoding="utf-8")
    known, problems = load(data)
    assert (list(known.catalogue), problems) == (["1.001193"], [])


def test_guidance_twice_for_one_procedure_is_told(data: Path) -> None:
    text = (
        "id: {}\ncode: '1.001193'\nname: Khai sinh\nfield: Hộ tịch\nsummary: Đăng ký.\noffice: Ủy ban nhân dân cấp xã\n"
        "sources: [{{title: Luật Hộ tịch}}]\nchecked_on: 2026-11-21\n"
    )
    for name in ("khai-sinh", "khai-sinh-lai"):
        (data / "procedures" / f"{name}.yaml").write_text(text.format(name), encoding="utf-8")
    (found,) = load(data)[1]
    assert {found.field, found.message.split()[-1]} == {"khai-sinh", "khai-sinh-lai"}
    assert "1.001193" in found.message


def test_questions_of_one_record_keep_their_rounds(data: Path) -> None:
    block = "records:\n  - record: term/par-index\n    questions: [{}]\n"
    (data / "questions" / "a.yaml").write_text(block.format("par index là gì"), encoding="utf-8")
    (data / "questions" / "b.yaml").write_text(block.format("chỉ số par"), encoding="utf-8")
    known, problems = load(data)
    assert problems == []
    assert known.questions == {"term/par-index": [("par index là gì",), ("chỉ số par",)]}
    assert parse_records("records:\n  - {record: a, questions: []}\n", "q", RecordQuestions, ("records",))[1]


def test_many_problems_are_summed_up() -> None:
    error = InvalidKnowledge([Problem(f"{i}.yaml", 1, "id", "sai") for i in range(25)])
    assert "25 lỗi" in str(error)
    assert "19.yaml" in str(error)
    assert "20.yaml" not in str(error)
    assert "và 5 lỗi nữa" in str(error)


# --- the hash of the content ---------------------------------------------------------------------------------------------


def test_the_hash_follows_names_and_bytes_only(data: Path, tmp_path: Path) -> None:
    first = content_hash(data)
    path = data / "terms" / "good.yaml"
    path.write_bytes(path.read_bytes())
    (data / "notes.txt").write_text("không phải dữ liệu")
    assert content_hash(data) == first
    path.write_text(TERM + "# thêm\n", encoding="utf-8")
    changed = content_hash(data)
    path.write_text(TERM, encoding="utf-8")
    path.rename(data / "terms" / "renamed.yaml")
    assert len({first, changed, content_hash(data)}) == 3
