"""Entries on disk: read back they are what was written, and only what is asked for is read."""

from __future__ import annotations

import os
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict
from pathlib import Path

import pytest

from knowledge.entries import Entry, EntryType
from knowledge.entry_file import ENTRIES, HEADS, read_entries, write_entries

ROWS = [
    Entry(
        f"procedure/{i}", EntryType.PROCEDURE, f"Thủ tục {i}", (f"tên khác {i}",), (f"hỏi {i}",), f"thân {i}", code=f"1.{i:06}",
        need=i / 1000, internal=i % 2 == 0, record={"catalogue": {"name": f"Thủ tục \u2028 {i}"}},
    )
    for i in range(400)
]  # fmt: skip


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    folder = tmp_path / "index"
    folder.mkdir()
    write_entries(folder, [*ROWS, Entry("term/a", EntryType.TERM, "A")])
    return folder


def test_entries_come_back_whole(folder: Path) -> None:
    found = read_entries(folder)
    assert [asdict(e) for e in found[:-1]] == [asdict(e) for e in ROWS]
    last = found[-1]
    assert (last.id, last.type, last.questions, last.body, last.record) == ("term/a", EntryType.TERM, (), "", None)


def test_no_entry_at_all(tmp_path: Path) -> None:
    write_entries(tmp_path, [])
    assert read_entries(tmp_path) == ()


def test_short_fields_need_no_reading(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    found = read_entries(folder)
    reads: list[int] = []
    real = os.pread
    monkeypatch.setattr("os.pread", lambda fd, size, at: reads.append(at) or real(fd, size, at))
    assert [(e.id, e.title, e.aliases, e.need, e.internal, e.code) for e in found[:-1]] == [
        (e.id, e.title, e.aliases, e.need, e.internal, e.code) for e in ROWS
    ]
    assert reads == []
    assert found[7].record == ROWS[7].record
    assert found[7].questions == ROWS[7].questions
    assert len(reads) == 1, "what was read stays for a while"


def test_threads_read_side_by_side(folder: Path) -> None:
    found = read_entries(folder)
    with ThreadPoolExecutor(8) as pool:
        bodies = list(pool.map(lambda i: found[i % 400].body, range(4000)))
    assert bodies == [f"thân {i % 400}" for i in range(4000)]


def test_a_deleted_folder_stays_readable(folder: Path) -> None:
    found = read_entries(folder)
    shutil.rmtree(folder)
    assert found[399].record == ROWS[399].record


@pytest.mark.parametrize("damage", ["cut off", "one head less", "no file"])
def test_files_that_do_not_belong_together_are_refused(folder: Path, damage: str) -> None:
    if damage == "cut off":
        (folder / ENTRIES).write_bytes((folder / ENTRIES).read_bytes()[:-10])
    elif damage == "one head less":
        text = (folder / HEADS).read_text(encoding="utf-8")
        (folder / HEADS).write_text(text[: text.rindex(", [")] + "]}", encoding="utf-8")
    else:
        (folder / ENTRIES).unlink()
    with pytest.raises((ValueError, OSError)):
        read_entries(folder)
