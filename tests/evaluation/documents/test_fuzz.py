"""Damaged documents end in a document or one clear error, and nothing stays behind. Many more with ``FUZZ_EACH=200``."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from evaluation.documents.fuzz import damaged, fuzz, main
from tests.index_builder.documents.made import samples

EACH = int(os.environ.get("FUZZ_EACH", "10"))


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    made = tmp_path_factory.mktemp("samples")
    for name, content in samples().items():
        (made / name).write_bytes(content)
    return made


@pytest.mark.parametrize("name", ["plan.docx", "plan.pdf", "plan.html", "plan.md", "plan.txt"])
def test_damaged_files(folder: Path, name: str) -> None:
    outcome = fuzz(folder / name, EACH)
    assert outcome.wrong == [] and outcome.count == EACH


def test_damage_can_be_repeated(folder: Path) -> None:
    assert damaged(folder / "plan.docx", 7) == damaged(folder / "plan.docx", 7) != damaged(folder / "plan.docx", 8)
    whole = (folder / "plan.pdf").read_bytes()
    assert all(damaged(folder / "plan.pdf", n) != whole for n in range(EACH))


def test_the_command_reports(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main([str(folder / "plan.txt"), "--each", "3"]) == 0
    assert "plan.txt: 3 bản" in capsys.readouterr().out
