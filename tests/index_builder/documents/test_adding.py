"""Originals in a data folder: adding, replacing, removing; the index that follows; the bot that quotes."""

from __future__ import annotations

import datetime as dt
import subprocess
from collections.abc import Callable
from pathlib import Path

import docx
import pytest

from bot.pipeline import Assistant
from bot.types import Status
from index_builder.build import build
from index_builder.documents.adding import CannotAdd, add_file, remove
from index_builder.documents.reading import DocumentError
from knowledge.loading import InvalidKnowledge
from knowledge.originals import load_originals
from knowledge.reviewing import check
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index
from tests.index_builder.documents.made import plan_docx, saved
from tests.small_knowledge import TinyEncoder, write_small

TODAY = dt.date(2026, 11, 21)
WORDS = "Kinh phí mua máy ảnh cho phòng truyền thông lấy từ nguồn xã hội hóa và được quyết toán trong quý bốn."


@pytest.fixture
def data(tmp_path: Path) -> Path:
    return write_small(tmp_path / "data")


def document(folder: Path, *lines: str, name: str = "Văn bản thử.docx") -> Path:
    made = docx.Document()
    for line in lines:
        made.add_paragraph(line)
    (folder / name).write_bytes(saved(made))
    return folder / name


def kept(data: Path) -> list[str]:
    return sorted(p.name for p in (data / "originals").iterdir()) if (data / "originals").is_dir() else []


def test_an_original_is_kept_with_its_passages(tmp_path: Path, data: Path) -> None:
    file = document(tmp_path, "III. KINH PHÍ", WORDS)
    done = add_file(file, data, TODAY)
    assert done.original.id == "van-ban-thu" and not done.replaced
    assert kept(data) == ["van-ban-thu.docx", "van-ban-thu.json"]
    assert (data / "originals" / "van-ban-thu.docx").read_bytes() == file.read_bytes()
    (original,), problems = load_originals(data)
    assert problems == [] and original == done.original
    assert [(p.section, p.text) for p in original.passages] == [("Mục III", WORDS)]
    assert add_file(file, data, TODAY + dt.timedelta(days=1)).unchanged


def test_adding_again_replaces_and_removing_takes_all(tmp_path: Path, data: Path) -> None:
    add_file(document(tmp_path, "I. CŨ", "Nội dung cũ của văn bản."), data, TODAY, name="mot")
    done = add_file(document(tmp_path, "I. MỚI", WORDS, name="khac.docx"), data, TODAY, name="mot")
    assert done.replaced and kept(data) == ["mot.docx", "mot.json"]
    (tmp_path / "a.txt").write_text(f"I. MỚI\n\n{WORDS}\n", encoding="utf-8")
    assert add_file(tmp_path / "a.txt", data, TODAY, name="mot").replaced
    assert kept(data) == ["mot.json", "mot.txt"]
    remove("mot", data)
    assert kept(data) == []
    with pytest.raises(CannotAdd, match="chưa có văn bản"):
        remove("mot", data)


def test_the_plan_is_found_by_number_or_named(tmp_path: Path, data: Path) -> None:
    file = document(tmp_path, "I. NỘI DUNG", WORDS)
    assert add_file(file, data, TODAY, plan="ha-my-2025").original.plan == "ha-my-2025"
    assert kept(data) == ["ha-my-2025.docx", "ha-my-2025.json"]
    with pytest.raises(CannotAdd, match="ha-my-2025"):
        add_file(file, data, TODAY, plan="khong-co")
    with pytest.raises(CannotAdd, match="Mã"):
        add_file(file, data, TODAY, name="../x")


def test_what_cannot_be_read_leaves_nothing(tmp_path: Path, data: Path) -> None:
    (tmp_path / "a.docx").write_bytes(plan_docx()[:500])
    with pytest.raises(DocumentError):
        add_file(tmp_path / "a.docx", data, TODAY)
    assert kept(data) == []


def test_the_index_follows_and_encodes_only_what_is_new(tmp_path: Path, data: Path) -> None:
    root = tmp_path / "index"
    first = build(root, TinyEncoder(), data, quiet=True)
    assert first.encoded > 0
    add_file(document(tmp_path, "III. KINH PHÍ", WORDS), data, TODAY)
    second = build(root, TinyEncoder(), data, quiet=True)
    assert not second.unchanged and second.encoded == 1
    index = open_index(root, TinyEncoder(), {})
    assert index.passages is not None and [e.id for e in index.passages.entries] == ["van-ban-thu/p1"]
    fresh = build(tmp_path / "fresh", TinyEncoder(), data, quiet=True)
    for name in ("vectors.npy", "passages.npy", "entries.jsonl"):
        assert (second.folder / name).read_bytes() == (fresh.folder / name).read_bytes(), "taken over or encoded: the same"
    remove("van-ban-thu", data)
    third = build(root, TinyEncoder(), data, quiet=True)
    assert third.encoded == 0
    assert open_index(root, TinyEncoder(), {}).passages.entries == ()  # type: ignore[union-attr]


def test_a_broken_original_keeps_the_index(tmp_path: Path, data: Path) -> None:
    add_file(document(tmp_path, "III. KINH PHÍ", WORDS), data, TODAY)
    build(tmp_path / "index", TinyEncoder(), data, quiet=True)
    (data / "originals" / "van-ban-thu.json").write_text("{", encoding="utf-8")
    with pytest.raises(InvalidKnowledge, match="originals"):
        build(tmp_path / "index", TinyEncoder(), data, quiet=True)
    assert open_index(tmp_path / "index", TinyEncoder(), {}).passages is not None


def test_check_tells_what_happened_to_the_files(tmp_path: Path, data: Path) -> None:
    add_file(document(tmp_path, "III. KINH PHÍ", WORDS), data, TODAY, plan="ha-my-2025")
    path = data / "originals" / "ha-my-2025.docx"
    path.write_bytes(b"x")
    assert any("bị sửa" in r.message for r in check(data, TODAY)[1])
    path.unlink()
    assert any("không còn tệp gốc" in r.message for r in check(data, TODAY)[1])


def test_the_bot_quotes_what_no_record_answers(tmp_path: Path, data: Path) -> None:
    add_file(document(tmp_path, "III. KINH PHÍ", WORDS), data, TODAY)
    build(tmp_path / "index", TinyEncoder(), data, quiet=True)
    assistant = Assistant(open_index(tmp_path / "index", TinyEncoder(), load_ranking()), today=TODAY)
    answer = assistant.reply("kinh phí mua máy ảnh cho phòng truyền thông lấy từ nguồn nào").answer
    assert answer.status is Status.ANSWERED and f"“{WORDS}”" in answer.text and "Mục III" in answer.text
    assert [(i.id, i.type, i.section) for i in answer.items] == [("van-ban-thu/p1", "passage", "Mục III")]
    assert assistant.reply("khai sinh cần giấy tờ gì").answer.items[0].type == "procedure"
    elsewhere = assistant.reply("cách nấu bún bò ngon").answer
    assert all(i.type != "passage" for i in elsewhere.items)


def test_from_a_file_to_an_answer_by_commands(tmp_path: Path, data: Path, program: Callable[..., subprocess.CompletedProcess[str]]) -> None:
    file = document(tmp_path, "III. KINH PHÍ", WORDS)
    folder = {"BOT_KNOWLEDGE_DIR": str(data)}
    added = program("-m", "index_builder", "add", str(file), **folder)
    assert added.returncode == 0 and "1 đoạn" in added.stdout, added.stderr
    assert program("-m", "index_builder", "build", "--quiet", **folder).returncode == 0
    asked = program("-m", "bot", "ask", "kinh phí mua máy ảnh cho phòng truyền thông lấy từ đâu", "--json")
    assert '"type": "passage"' in asked.stdout and "Mục III" in asked.stdout
    wrong = program("-m", "index_builder", "add", str(tmp_path / "none.docx"), **folder)
    assert wrong.returncode == 1 and "Không thấy tệp" in wrong.stderr and "Traceback" not in wrong.stderr
    assert program("-m", "index_builder", "remove", "van-ban-thu", **folder).returncode == 0
    assert program("-m", "index_builder", "remove", "van-ban-thu", **folder).returncode == 2
