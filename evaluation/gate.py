"""Questions once answered right stay so: a list in ``solved.json`` that only grows, unless it is changed on purpose."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from pathlib import Path

from evaluation.running import Row

SOLVED = Path(__file__).parent / "solved.json"


def solved_ids(rows: Iterable[Row]) -> list[str]:
    """Ids of the cases that are right, with the way they were typed."""
    return sorted(f"{r.id}@{r.style}" for r in rows if r.right)


def read(path: Path = SOLVED) -> list[str]:
    return list(json.loads(path.read_text(encoding="utf-8"))) if path.exists() else []


def write(ids: Sequence[str], path: Path = SOLVED) -> None:
    path.write_text(json.dumps(list(ids), ensure_ascii=False, indent=0) + "\n", encoding="utf-8")


def lost(rows: Sequence[Row], before: Sequence[str]) -> list[Row]:
    """Rows of cases that were right before and are not now. Cases that no longer exist are not lost."""
    known = set(before)
    return [r for r in rows if not r.right and f"{r.id}@{r.style}" in known]
