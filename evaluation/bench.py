"""Speed and memory: one question beside the bare bound, one and two processes, each step's share, cold start, memory, building.

Ratios against the bound of the same run carry over to other machines better than milliseconds do.
"""

from __future__ import annotations

import json
import os
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from evaluation.bench_asking import compare, throughput
from evaluation.bench_serving import cold_start, served
from evaluation.report import machine
from evaluation.sets import Case
from index_builder.build import build
from knowledge.encoding import StaticEncoder

MOST = {"question_processor_ms": 5.0, "median_to_bound": 2.0, "p99_to_bound": 5.0, "cold_start_s": 1.2, "serving_rss_mb": 350}
LEAST = {"two_to_one": 1.8}
"""The goals: at most, at least. Those of a million entries are measured by :mod:`evaluation.scale`."""


def _build_seconds() -> dict[str, float]:
    with tempfile.TemporaryDirectory() as folder:
        started, used = time.perf_counter(), time.process_time()
        build(Path(folder), StaticEncoder(), quiet=True)
        return {"clock": round(time.perf_counter() - started, 1), "processor": round(time.process_time() - used, 1)}


def ratios(asked: Mapping[str, Mapping[str, float]]) -> dict[str, float]:
    """The bot's median and 99 % as multiples of the bounds' medians, by the clock and of the processor's time."""
    made = {}
    for bound, suffix in (("bound", ""), ("bound_by_record", "_by_record")):
        for prefix in ("", "processor_"):
            least = asked[bound][f"{prefix}median_ms"]
            for name in ("median", "p99"):
                made[f"{prefix}{name}_to_bound{suffix}"] = round(asked["bot"][f"{prefix}{name}_ms"] / least, 2)
    return made


def bench(cases: Sequence[Case], index: Path) -> dict[str, Any]:
    """All figures of ``make bench`` as one dictionary."""
    questions = [c.turns[0] for c in cases]
    values: dict[str, Any] = {"machine": machine() | {"load": round(os.getloadavg()[0], 1)}, "questions": len(questions)}
    parts = {
        "asked": lambda: compare(index, questions),
        "throughput": lambda: throughput(index, questions),
        "cold_start_s": lambda: cold_start(index),
        "memory_mb": lambda: served(index, questions),
        "index_build_s": _build_seconds,
    }
    with tqdm(parts.items(), desc="Đo tốc độ", unit=" phần", disable=not sys.stderr.isatty()) as bar:
        for name, measure in bar:
            bar.set_postfix_str(name)
            values[name] = measure()
    values["ratios"] = ratios(values["asked"])
    values["goals"] = goals(values)
    return values


def goals(values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Each goal with its limit, what was measured, and whether it is reached. The question's time is the processor's (median), all others
    are by the clock."""
    found = {
        "question_processor_ms": values["asked"]["bot"]["processor_median_ms"],
        "median_to_bound": values["ratios"]["median_to_bound"],
        "p99_to_bound": values["ratios"]["p99_to_bound"],
        "cold_start_s": values["cold_start_s"]["median"],
        "serving_rss_mb": max(m["rss"] for m in values["memory_mb"].values()),
        "two_to_one": values["throughput"]["two_to_one"],
    }
    made: dict[str, dict[str, Any]] = {n: {"at_most": limit, "is": found[n], "reached": found[n] <= limit} for n, limit in MOST.items()}
    return made | {n: {"at_least": limit, "is": found[n], "reached": found[n] >= limit} for n, limit in LEAST.items()}


def _times(f: Mapping[str, float]) -> str:
    return f"{f['median_ms']} / {f['p99_ms']} ms (processor {f['processor_median_ms']} / {f['processor_p99_ms']} ms)"


def _limit(goal: Mapping[str, Any]) -> str:
    return f"(≤ {goal['at_most']})" if "at_most" in goal else f"(≥ {goal['at_least']})"


def table(values: dict[str, Any]) -> str:
    """The figures as a readable table."""
    asked, ratio, rate, cold = values["asked"], values["ratios"], values["throughput"], values["cold_start_s"]
    memory = {when: f"{m['rss']} MB resident ({m['pss']} its share, {m['own']} its own)" for when, m in values["memory_mb"].items()}
    rows = [
        ("one question, median / 99 % within", _times(asked["bot"])),
        ("bare bound over the same lines", _times(asked["bound"])),
        (
            "as multiples of its median",
            f"{ratio['median_to_bound']} / {ratio['p99_to_bound']}"
            f" (processor {ratio['processor_median_to_bound']} / {ratio['processor_p99_to_bound']})",
        ),
        ("bare bound over one row a record", _times(asked["bound_by_record"])),
        (
            "as multiples of its median",
            f"{ratio['median_to_bound_by_record']} / {ratio['p99_to_bound_by_record']}"
            f" (processor {ratio['processor_median_to_bound_by_record']} / {ratio['processor_p99_to_bound_by_record']})",
        ),
        ("share of the steps", ", ".join(f"{k} {v:.0%}" for k, v in asked["step_share"].items())),
        ("questions a second, one / two processes", f"{rate['one_per_s']} / {rate['two_per_s']} ({rate['two_to_one']}×)"),
        ("the same a second of processor time", f"{rate['one_per_processor_s']} ({rate['two_to_one_of_processor_time']}×)"),
        ("cold start of `bot ask`, median / worst", f"{cold['median']} / {cold['max']} s (processor {cold['processor']} s)"),
        *((f"`bot serve`, {when.replace('_', ' ')}", text) for when, text in memory.items()),
        ("of the 10 nearest vectors the graph finds", f"{asked['vector_recall_at_10']:.2%}"),
        (
            "building the whole index",
            f"{values['index_build_s']['clock']} s, processor {values['index_build_s']['processor']} s"
            f" ({asked['entries']} records, {asked['lines']} lines)",
        ),
        ("goals", ", ".join(f"{n} {goal['is']} {_limit(goal)}" for n, goal in values["goals"].items())),
        ("goals not reached", ", ".join(n for n, goal in values["goals"].items() if not goal["reached"]) or "none"),
        (
            "machine",
            f"{values['machine']['processor']}, {values['machine']['cores']} cores, Python {values['machine']['python']},"
            f" load {values['machine']['load']}",
        ),
    ]
    return "| what | figure |\n|---|---|\n" + "\n".join(f"| {a} | {b} |" for a, b in rows) + "\n"


def write(values: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "bench.md").write_text(table(values), encoding="utf-8")
