"""Question sets: files of labelled questions → cases. The forms are those of ``evaluation/sets``."""

from __future__ import annotations

import hashlib
import json
import random
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from knowledge.noise import STYLES
from knowledge.text import fold

FOLDER = Path(__file__).parent / "sets"
TASKS = ("staff", "citizen", "reject", "dialog", "procedures")
TYPED = "typed"
SEED = 20261121


@dataclass(frozen=True)
class Case:
    """One labelled conversation (a single question is one turn). ``expected`` holds the labels of its task."""

    id: str
    task: str
    turns: tuple[str, ...]
    expected: Mapping[str, Any] = field(default_factory=dict)


class UnreadableSet(ValueError):
    """A question set that is not of the expected form; the message names file and entry."""


def read_lines(path: Path) -> Iterator[Any]:
    """The JSON values of a JSONL file; empty lines are skipped.

    Raises:
        UnreadableSet: the file cannot be read, or a line is not JSON.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise UnreadableSet(f"Không đọc được {path}: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise UnreadableSet(f"{path}, dòng {number}: không phải JSON hợp lệ ({error.msg})") from error


def read_rows(path: Path) -> list[dict[str, Any]]:
    """The entries of a set, YAML or JSON lines.

    Raises:
        UnreadableSet: the file cannot be read, or is not a list of entries.
    """
    try:
        rows = list(read_lines(path)) if path.suffix == ".jsonl" else yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise UnreadableSet(f"{path}: không đọc được ({error})") from error
    if not isinstance(rows, list):
        raise UnreadableSet(f"{path}: cần một danh sách câu hỏi")
    for number, row in enumerate(rows, 1):
        if not isinstance(row, dict):
            raise UnreadableSet(f"{path}, câu {number}: cần các khóa và giá trị")
    return rows


def load_set(task: str, path: Path) -> list[Case]:
    """Cases of one file.

    Raises:
        UnreadableSet: the file cannot be read, or an entry has neither ``q`` nor ``turns``.
    """
    cases = []
    for number, row in enumerate(read_rows(path), 1):
        turns = row.get("turns") or ([row["q"]] if "q" in row else None)
        if not turns or not all(isinstance(t, str) for t in turns):
            raise UnreadableSet(f"{path}, mục {number}: thiếu q hoặc turns")
        digest = hashlib.sha256("\n".join(turns).encode()).hexdigest()[:10]
        expected = {k: v for k, v in row.items() if k not in ("q", "turns", "id")}
        cases.append(Case(f"{task}/{row.get('id') or digest}", task, tuple(turns), expected))
    return cases


def retyped(cases: Sequence[Case], style: str) -> list[Case]:
    """The same cases typed in another way (``no_tones``, ``typos``, ``teencode``), reproducibly."""
    if style == TYPED:
        return list(cases)
    change = STYLES[style]
    made = []
    for case in cases:
        rng = random.Random(f"{SEED}/{case.id}")
        made.append(Case(case.id, case.task, tuple(change(t, rng) if style != "no_tones" else fold(t) for t in case.turns), case.expected))
    return made
