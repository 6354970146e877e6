"""An index is opened only when it is whole, ours, of this version and of this encoder; else the command that helps is named."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from index_builder.build import build
from knowledge.entries import Entry, EntryType
from knowledge.entry_file import dump_entry, load_entry
from knowledge.store import MANIFEST, POINTER, SCHEMA_VERSION, IndexUnusable, current_folder, open_index
from tests.small_knowledge import TinyEncoder, write_small

COMMAND = "python -m index_builder build"


@pytest.fixture(scope="module")
def built(tmp_path_factory: pytest.TempPathFactory) -> Path:
    base = tmp_path_factory.mktemp("store")
    build(base / "index", TinyEncoder(), write_small(base / "data"), quiet=True)
    return base / "index"


@pytest.fixture
def root(built: Path, tmp_path: Path) -> Path:
    return Path(shutil.copytree(built, tmp_path / "index"))


@pytest.fixture
def folder(root: Path) -> Path:
    return current_folder(root)


def refused(root: Path, identity: str = "tiny-1") -> str:
    with pytest.raises(IndexUnusable) as caught:
        open_index(root, TinyEncoder(identity), {})
    message = str(caught.value)
    assert COMMAND in message
    return message


def edit_manifest(folder: Path, **changes: object) -> None:
    path = folder / MANIFEST
    values = {**json.loads(path.read_text(encoding="utf-8")), **changes}
    path.write_text(json.dumps({k: v for k, v in values.items() if v is not None}), encoding="utf-8")


def test_a_whole_index_opens(root: Path) -> None:
    index = open_index(root, TinyEncoder(), {})
    assert index.vectors.shape == (index.layout.rows, 32)
    assert index.by_id["term/par-index"] == next(i for i, e in enumerate(index.entries) if e.type is EntryType.TERM)
    assert np.asarray(index.owner).shape == (len(index.vectors),)


def test_no_index_at_all(tmp_path: Path) -> None:
    assert str(tmp_path / "none") in refused(tmp_path / "none")


def test_an_empty_folder(tmp_path: Path) -> None:
    refused(tmp_path)


@pytest.mark.parametrize("pointer", ["", "\n", "gone-version", "..", ".", "/", "../index"])
def test_a_pointer_that_leads_nowhere(root: Path, pointer: str) -> None:
    (root / POINTER).write_text(pointer)
    refused(root)


def test_a_pointer_of_other_bytes(root: Path) -> None:
    (root / POINTER).write_bytes(b"\xff\xfe\x00")
    refused(root)


@pytest.mark.parametrize("damage", ["missing", "empty", "cut in half", "one byte short", "one byte long"])
def test_each_file_damaged(root: Path, folder: Path, damage: str) -> None:
    names = {p.name for p in folder.iterdir()}
    assert {MANIFEST, "entries.jsonl", "heads.json", "lexicon.json", "syllables.json", "vectors.npy"} < names
    for path in sorted(folder.iterdir()):
        whole = path.read_bytes()
        if damage == "missing":
            path.unlink()
        else:
            changed = {"empty": b"", "cut in half": whole[: len(whole) // 2], "one byte short": whole[:-1], "one byte long": whole + b"x"}[
                damage
            ]
            if changed == whole:
                continue
            path.write_bytes(changed)
        refused(root)
        path.write_bytes(whole)
    open_index(root, TinyEncoder(), {})


@pytest.mark.parametrize("name", ["entries.jsonl", "lexicon.json", "vectors.npy", "folded.lines.npy", "pairs.hashes.npy"])
def test_files_of_zeros_with_the_right_size(root: Path, folder: Path, name: str) -> None:
    path = folder / name
    path.write_bytes(b"\0" * path.stat().st_size)
    refused(root)


def test_a_list_of_terms_that_does_not_fit_its_arrays(root: Path, folder: Path) -> None:
    path = folder / "folded.hashes.npy"
    whole = path.read_bytes()
    np.save(path, np.load(path)[::-1])
    assert path.stat().st_size == len(whole)
    refused(root)
    path.write_bytes(whole)
    path = folder / "folded.idf.npy"
    np.save(path, np.load(path)[:-1])
    size = path.stat().st_size
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))["files"]
    edit_manifest(folder, files={**values, path.name: [size, values[path.name][1]]})
    refused(root)


@pytest.mark.parametrize("name", ["entries.jsonl", "heads.json", "syllables.json", "lexicon.json"])
def test_a_text_file_of_other_content_and_the_same_size(root: Path, folder: Path, name: str) -> None:
    content = (folder / name).read_bytes()
    (folder / name).write_bytes(content.replace(b"a", b"e"))
    refused(root)


@pytest.mark.parametrize("content", ["[]", "42", "null", "{}", '{"name": "another program"}', '{"schema": 1}', '{"files": {}}'])
def test_a_foreign_manifest(root: Path, folder: Path, content: str) -> None:
    (folder / MANIFEST).write_text(content)
    refused(root)


@pytest.mark.parametrize(
    "changes", [{"encoder": None}, {"files": []}, {"files": {"vectors.npy": 1}}], ids=["no encoder", "files a list", "files without hashes"]
)
def test_a_manifest_with_parts_missing(root: Path, folder: Path, changes: dict[str, object]) -> None:
    edit_manifest(folder, **changes)
    refused(root)


def test_another_schema_version(root: Path, folder: Path) -> None:
    edit_manifest(folder, schema=SCHEMA_VERSION - 1)
    message = refused(root)
    assert str(SCHEMA_VERSION) in message
    assert str(SCHEMA_VERSION - 1) in message


def test_another_encoder(root: Path) -> None:
    message = refused(root, "huge-model")
    assert "tiny-1" in message
    assert "huge-model" in message


def test_vectors_of_another_dimension(root: Path, folder: Path) -> None:
    np.save(folder / "vectors.npy", np.load(folder / "vectors.npy")[:, :16])
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    size = (folder / "vectors.npy").stat().st_size
    edit_manifest(folder, files={**values["files"], "vectors.npy": [size, values["files"]["vectors.npy"][1]]})
    refused(root)


def test_pickles_are_never_read(root: Path, folder: Path) -> None:
    path = folder / "vectors.npy"
    np.save(path, np.array([{"a": 1}], dtype=object), allow_pickle=True)
    values = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    edit_manifest(folder, files={**values["files"], "vectors.npy": [path.stat().st_size, ""]})
    refused(root)


ENTRIES = [
    Entry("term/a", EntryType.TERM, "A"),
    Entry(
        "procedure/1.001193",
        EntryType.PROCEDURE,
        "Khai sinh",
        ("bé",),
        ("làm giấy khai sinh", "đẻ con"),
        "giấy tờ",
        "Tân Hà",
        None,
        None,
        "1.001193",
        0.0,
        True,
        {"guidance": {"steps": ["một", "hai"]}, "đồng": 50_000},
    ),
    Entry("p/task-1", EntryType.TASK, 'Tiêu đề "ngoặc" \\ và\ttab', plan="p", section="Mục 1", need=0.6),
]


@pytest.mark.parametrize("entry", ENTRIES, ids=[e.id for e in ENTRIES])
def test_entries_survive_the_file(entry: Entry) -> None:
    line = dump_entry(entry)
    assert "\n" not in line
    assert load_entry(line) == entry


def test_fields_of_a_newer_program_are_ignored() -> None:
    values = {**json.loads(dump_entry(ENTRIES[0])), "colour": "blue"}
    assert load_entry(json.dumps(values)) == ENTRIES[0]
