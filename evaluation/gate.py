"""The gate: no question of the project's own sets that was once answered right is lost unnoticed.

``solved.json`` lists the solved questions, as typed, by task and id. Lost are those that are wrong now and those that no longer stand in
their set; either way the list is changed only on purpose, with ``--update``.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from evaluation.cases import WrongSet
from evaluation.rows import Row
from evaluation.variants import AS_TYPED

SOLVED = Path(__file__).parent / "solved.json"
Solved = Mapping[str, frozenset[str]]


@dataclass(frozen=True)
class Lost:
    """A solved question that is not solved any more; ``why`` is what failed, or that it stands in no set."""

    task: str
    id: str
    question: str
    why: str


@dataclass(frozen=True)
class GateResult:
    lost: tuple[Lost, ...]
    new: int
    kept: int

    @property
    def passed(self) -> bool:
        return not self.lost


def solved_in(rows: Sequence[Row]) -> dict[str, frozenset[str]]:
    """Task → ids answered right as typed."""
    found: dict[str, set[str]] = {}
    for row in rows:
        if row.variant == AS_TYPED:
            found.setdefault(row.task, set()).update([row.id] if row.right else [])
    return {task: frozenset(ids) for task, ids in found.items()}


def read_solved(path: Path = SOLVED) -> dict[str, frozenset[str]]:
    """The committed list.

    Raises:
        WrongSet: it is missing or broken.
    """
    try:
        values = json.loads(path.read_text(encoding="utf-8"))
        return {str(task): frozenset(map(str, ids)) for task, ids in values.items()}
    except (OSError, ValueError, AttributeError, TypeError) as error:
        raise WrongSet(f"Không đọc được {path.name}: {error}. Lập lại bằng: python -m evaluation gate --update") from error


def write_solved(solved: Solved, path: Path = SOLVED) -> None:
    values = {task: sorted(ids) for task, ids in sorted(solved.items())}
    path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


def compare(rows: Sequence[Row], before: Solved) -> GateResult:
    """What is lost and what is new, against the list ``before``."""
    now = solved_in(rows)
    asked = {(r.task, r.id): r for r in rows if r.variant == AS_TYPED}
    lost = []
    for task, ids in sorted(before.items()):
        for identity in sorted(ids - now.get(task, frozenset())):
            row = asked.get((task, identity))
            lost.append(Lost(task, identity, row.question if row else "", row.failed if row else "không còn trong bộ câu hỏi"))
    new = sum(len(ids - before.get(task, frozenset())) for task, ids in now.items())
    kept = sum(len(ids & before.get(task, frozenset())) for task, ids in now.items())
    return GateResult(tuple(lost), new, kept)
