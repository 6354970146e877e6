"""What the measurement at a million entries says about its goals."""

from __future__ import annotations

from typing import Any

from evaluation.scale import goals


def _row(rows: int, median: float, recall: float) -> dict[str, Any]:
    return {"rows": rows, "kind": "ivf-sq8", "both": {"median_ms": median}, "recall_at_10": recall}


def test_goals_are_those_of_a_million_entries() -> None:
    assert goals([_row(10_000, 99.0, 0.1)]) == ""
    assert "median 24.9 ms (≤ 25), recall@10 0.97 (≥ 0.97): reached." in goals([_row(10_000, 1.0, 1.0), _row(1_000_000, 24.9, 0.97)])


def test_both_goals_must_be_reached() -> None:
    assert "not reached" in goals([_row(1_000_000, 25.1, 1.0)])
    assert "not reached" in goals([_row(1_000_000, 1.0, 0.96)])
