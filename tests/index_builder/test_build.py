"""Building and publishing: rebuilt when the knowledge changed, switched in one step, and never worse than before."""

from __future__ import annotations

import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from index_builder.build import build
from knowledge.loading import InvalidKnowledge
from knowledge.store import MANIFEST, POINTER, current_folder, open_index, read_manifest, verify_files
from tests.small_knowledge import TinyEncoder, write_small


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_small(tmp_path / "data")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    return tmp_path / "index"


def versions(root: Path) -> list[str]:
    return sorted(p.name for p in root.iterdir() if p.is_dir())


def change(data: Path, text: str = "# đổi\n") -> None:
    path = data / "terms" / "chi-so.yaml"
    path.write_text(path.read_text(encoding="utf-8") + text, encoding="utf-8")


def test_a_first_build_publishes_all_records(data: Path, root: Path) -> None:
    done = build(root, TinyEncoder(), data, quiet=True)
    assert not done.unchanged
    index = open_index(root, TinyEncoder(), {})
    assert {e.id for e in index.entries} == {
        "ha-my-2025", "ha-my-2025/task-1", "procedure/1.001193", "procedure/1.000894", "guide/nop-truc-tuyen", "term/par-index",
        "legal/nd-1", "office/so-buu-chinh", "province/ha-my", "province/tan-ha",
    }  # fmt: skip
    assert done.entries == len(index.entries) == 10
    assert done.lines == len(index.vectors)
    birth = index.entries[index.by_id["procedure/1.001193"]]
    assert birth.aliases == ("Đăng ký khai sinh", "làm giấy khai sinh")
    assert birth.questions == ("làm giấy khai sinh cho con ở đâu", "khai sinh cần giấy tờ gì")
    assert birth.record is not None
    assert birth.record["guidance"]["changes"][0]["valid_to"] == "2026-12-31"
    assert index.lexicon.query("gks").plain == "giấy khai sinh"
    assert len(index.aspects) > 5
    assert list(root.glob(".draft-*")) == []


def test_the_manifest_describes_the_folder(data: Path, root: Path) -> None:
    done = build(root, TinyEncoder("tiny-7"), data, quiet=True)
    manifest = read_manifest(done.folder)
    assert manifest["encoder"] == "tiny-7"
    assert manifest["counts"]["entries"] == 10
    assert manifest["counts"]["province"] == 2
    assert set(manifest["files"]) == {p.name for p in done.folder.iterdir()} - {MANIFEST}


def test_unchanged_knowledge_is_not_built_again(data: Path, root: Path) -> None:
    first = build(root, TinyEncoder(), data, quiet=True)
    before = {p: p.stat().st_mtime_ns for p in root.rglob("*")}
    again = build(root, TinyEncoder(), data, quiet=True)
    assert again.unchanged
    assert (again.folder, again.entries, again.lines) == (first.folder, first.entries, first.lines)
    assert {p: p.stat().st_mtime_ns for p in root.rglob("*")} == before


def test_force_builds_again(data: Path, root: Path) -> None:
    first = build(root, TinyEncoder(), data, quiet=True)
    again = build(root, TinyEncoder(), data, force=True, quiet=True)
    assert not again.unchanged
    assert again.folder != first.folder
    assert current_folder(root) == again.folder


def test_changed_knowledge_is_built_and_switched_to_and_the_last_one_kept(data: Path, root: Path) -> None:
    first = build(root, TinyEncoder(), data, quiet=True)
    path = data / "terms" / "chi-so.yaml"
    path.write_text(path.read_text(encoding="utf-8").replace("Chỉ số cải cách hành chính.", "Định nghĩa mới."), encoding="utf-8")
    second = build(root, TinyEncoder(), data, quiet=True)
    assert not second.unchanged
    assert current_folder(root) == second.folder
    assert first.folder.is_dir()
    index = open_index(root, TinyEncoder(), {})
    record = index.entries[index.by_id["term/par-index"]].record
    assert record is not None
    assert record["definition"] == "Định nghĩa mới."


def test_only_the_current_and_the_previous_version_stay(data: Path, root: Path) -> None:
    made = []
    for _ in range(4):
        change(data)
        made.append(build(root, TinyEncoder(), data, quiet=True).folder.name)
    assert versions(root) == sorted(made[-2:])
    assert current_folder(root).name == made[-1]


def test_another_encoder_makes_another_index(data: Path, root: Path) -> None:
    build(root, TinyEncoder("one"), data, quiet=True)
    assert not build(root, TinyEncoder("two"), data, quiet=True).unchanged
    open_index(root, TinyEncoder("two"), {})


def test_a_damaged_index_is_built_again(data: Path, root: Path) -> None:
    first = build(root, TinyEncoder(), data, quiet=True)
    path = first.folder / "vectors.npy"
    content = bytearray(path.read_bytes())
    content[-1] ^= 0xFF
    path.write_bytes(content)
    again = build(root, TinyEncoder(), data, quiet=True)
    assert not again.unchanged, "one wrong byte must be found"
    open_index(root, TinyEncoder(), {})


@pytest.mark.parametrize("damage", ["CURRENT gone", "CURRENT wrong", "manifest gone"])
def test_a_lost_pointer_or_manifest_is_mended_by_building(data: Path, root: Path, damage: str) -> None:
    first = build(root, TinyEncoder(), data, quiet=True)
    if damage == "CURRENT gone":
        (root / POINTER).unlink()
    elif damage == "CURRENT wrong":
        (root / POINTER).write_text("../data\n")
    else:
        (first.folder / MANIFEST).unlink()
    assert not build(root, TinyEncoder(), data, quiet=True).unchanged
    assert len(open_index(root, TinyEncoder(), {}).entries) == 10


def test_broken_data_keeps_the_old_index(data: Path, root: Path) -> None:
    first = build(root, TinyEncoder(), data, quiet=True)
    (data / "terms" / "bad.yaml").write_text("id: x\n", encoding="utf-8")
    before = versions(root)
    with pytest.raises(InvalidKnowledge) as caught:
        build(root, TinyEncoder(), data, quiet=True)
    assert {p.file for p in caught.value.problems} == {"terms/bad.yaml"}
    assert versions(root) == before
    assert current_folder(root) == first.folder


@pytest.mark.parametrize("name", ["nowhere", "empty"])
def test_a_data_folder_without_records_keeps_the_old_index(data: Path, root: Path, tmp_path: Path, name: str) -> None:
    first = build(root, TinyEncoder(), data, quiet=True)
    (tmp_path / "empty").mkdir()
    with pytest.raises(InvalidKnowledge):
        build(root, TinyEncoder(), tmp_path / name, quiet=True)
    assert current_folder(root) == first.folder


def test_two_records_under_one_id_are_refused(data: Path, root: Path) -> None:
    text = (data / "terms" / "chi-so.yaml").read_text(encoding="utf-8")
    (data / "terms" / "again.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(InvalidKnowledge, match="term/par-index: hai bản ghi cùng một mã"):
        build(root, TinyEncoder(), data, quiet=True)


def test_an_aspect_that_the_ranking_needs_cannot_be_taken_away(data: Path, root: Path) -> None:
    """The bot would refuse such an index; who took the aspect away must hear it from the build."""
    first = build(root, TinyEncoder(), data, quiet=True)
    path = data / "aspects.yaml"
    text = path.read_text(encoding="utf-8")
    path.write_text(text[: text.index("  - name:", text.index("  - name:") + 1)], encoding="utf-8")
    with pytest.raises(InvalidKnowledge) as caught:
        build(root, TinyEncoder(), data, quiet=True)
    assert {p.file for p in caught.value.problems} == {"aspects.yaml"}
    assert "python -m index_builder train" in str(caught.value)
    assert current_folder(root) == first.folder


@pytest.mark.parametrize("where", ["write_index", "verify_files", "rename"])
def test_a_failure_on_the_way_leaves_nothing_behind(data: Path, root: Path, monkeypatch: pytest.MonkeyPatch, where: str) -> None:
    first = build(root, TinyEncoder(), data, quiet=True)
    change(data)

    def fail(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patched:
        if where == "write_index":
            patched.setattr("numpy.save", fail)
        elif where == "verify_files":
            calls = iter([True])
            real = verify_files
            patched.setattr("index_builder.build.verify_files", lambda *a, **k: real(*a, **k) if next(calls, False) else fail())
        else:
            patched.setattr(Path, "rename", fail)
        with pytest.raises(OSError, match="No space left"):
            build(root, TinyEncoder(), data, quiet=True)
    assert versions(root) == [first.folder.name], "the draft folder must be gone"
    assert current_folder(root) == first.folder
    assert not build(root, TinyEncoder(), data, quiet=True).unchanged


def test_an_interrupted_build_leaves_nothing_behind(data: Path, root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupt(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("numpy.save", interrupt)
    with pytest.raises(KeyboardInterrupt):
        build(root, TinyEncoder(), data, quiet=True)
    assert versions(root) == []


@pytest.mark.parametrize(
    "odd",
    ["\\L", "\\P", "\\N", "\\e", "\\t", "\\n"],
    ids=["U+2028", "U+2029", "U+0085", "ESC", "tab", "newline"],
)
def test_odd_characters_in_a_record_survive_the_way_to_the_index(data: Path, root: Path, odd: str) -> None:
    path = data / "terms" / "chi-so.yaml"
    path.write_text(
        path.read_text(encoding="utf-8").replace("definition: Chỉ số cải cách hành chính.", f'definition: "Một{odd}hai"'), encoding="utf-8"
    )
    build(root, TinyEncoder(), data, quiet=True)
    index = open_index(root, TinyEncoder(), {})
    record = index.entries[index.by_id["term/par-index"]].record
    assert record is not None
    assert record["definition"].startswith("Một")
    assert record["definition"].endswith("hai")


# --- the command ---------------------------------------------------------------------------------------------------------

Program = Callable[..., "subprocess.CompletedProcess[str]"]


def test_the_command_builds_once_and_says_so(program: Program, data: Path, root: Path) -> None:
    first = program("-m", "index_builder", "--data", str(data), "build", "--quiet", BOT_INDEX_DIR=str(root))
    assert (first.returncode, first.stdout) == (0, ""), first.stderr
    assert "đã dựng xong" in first.stderr
    again = program("-m", "index_builder", "--data", str(data), "build", "--index", str(root))
    assert again.returncode == 0
    assert "không dựng lại" in again.stderr


def test_the_command_lists_what_is_wrong(program: Program, data: Path, root: Path) -> None:
    (data / "terms" / "bad.yaml").write_text("id: x\nname: Y\n", encoding="utf-8")
    done = program("-m", "index_builder", "--data", str(data), "build", "--index", str(root))
    assert done.returncode == 1
    assert "terms/bad.yaml, dòng 1: definition: thiếu trường bắt buộc" in done.stderr
    assert "Traceback" not in done.stderr
    assert not root.exists() or versions(root) == []


def test_an_index_folder_that_cannot_be_written(program: Program, data: Path, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    done = program("-m", "index_builder", "--data", str(data), "build", "--index", str(tmp_path / "file"))
    assert done.returncode in (1, 2)
    assert "Traceback" not in done.stderr


@pytest.mark.parametrize(
    "arguments", [[], ["bauen"], ["build", "--today", "x"], ["check", "--today", "21/11/2026"], ["train", "/nowhere.jsonl"]]
)
def test_wrong_arguments_exit_2(arguments: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    from index_builder.__main__ import main

    try:
        status = main(arguments)
    except SystemExit as stopped:
        status = int(stopped.code or 0)
    assert status == 2
    assert capsys.readouterr().err
