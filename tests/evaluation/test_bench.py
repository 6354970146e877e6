"""The bench's parts that need no real index: the bound, the ratios, the goals."""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence

import numpy as np
import pytest

from evaluation.bench import goals, ratios
from evaluation.bench_asking import figures
from evaluation.bench_bound import BareBound
from evaluation.bench_serving import memory
from knowledge.encoding import Vectors

TEXTS = ["cấp hộ chiếu phổ thông", "đăng ký khai sinh", "cấp lại căn cước"]


class OneHot:
    """A vector for each text."""

    identity = "one-hot"
    dimension = 3

    def queries(self, texts: Sequence[str]) -> Vectors:
        return np.eye(3, dtype=np.float32)[[TEXTS.index(t) if t in TEXTS else 2 for t in texts]]

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self.queries(texts)


@pytest.mark.parametrize("number", range(3))
def test_the_bound_finds_a_text_by_its_own_words_and_vector(number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluation.bench_bound.DEPTH", 3)
    bound = BareBound(TEXTS, np.eye(3, dtype=np.float32), OneHot())
    assert bound.search(TEXTS[number])[0] == number


def test_words_and_vector_are_joined(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluation.bench_bound.DEPTH", 3)
    bound = BareBound(TEXTS, np.eye(3, dtype=np.float32), OneHot())
    assert set(bound.search("khai sinh")) == {0, 1, 2}


def test_figures_keep_the_clock_and_the_processor_apart() -> None:
    assert figures([1.0, 2.0, 9.0], [0.5, 1.0, 4.0]) == {
        "median_ms": 2.0,
        "p99_ms": 9.0,
        "processor_median_ms": 1.0,
        "processor_p99_ms": 4.0,
    }


def _asked() -> dict[str, dict[str, float]]:
    return {"bot": figures([6.0], [3.0]), "bound": figures([3.0], [2.0]), "bound_by_record": figures([1.0], [1.0])}


def test_ratios_are_multiples_of_the_bounds_median() -> None:
    found = ratios(_asked())
    assert found["median_to_bound"] == 2.0
    assert found["processor_median_to_bound"] == 1.5
    assert found["p99_to_bound_by_record"] == 6.0


def test_goals_say_what_is_reached() -> None:
    values = {
        "asked": _asked(),
        "ratios": ratios(_asked()),
        "cold_start_s": {"median": 1.3},
        "memory_mb": {"started": {"rss": 200}, "after_1000_questions": {"rss": 351}},
        "throughput": {"two_to_one": 1.8},
    }
    found = goals(values)
    assert {name for name, goal in found.items() if goal["reached"]} == {
        "question_processor_ms",
        "median_to_bound",
        "p99_to_bound",
        "two_to_one",
    }
    assert found["serving_rss_mb"]["is"] == 351


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_memory_of_this_process() -> None:
    found = memory(os.getpid())
    assert 0 < found["own"] <= found["rss"]
    assert found["pss"] <= found["rss"]
