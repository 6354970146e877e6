"""Speed and memory: one question inside a running process and from a cold start, each step's share, and a plain baseline.

The baseline is BM25 over titles alone on the same machine in the same run; ratios against it carry over to other machines better
than milliseconds do.
"""

from __future__ import annotations

import json
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from bot.pipeline import Assistant
from evaluation.measures import percentile
from evaluation.report import machine
from evaluation.sets import Case
from index_builder.build import build
from knowledge.encoding import StaticEncoder
from knowledge.lexical import LexicalIndex
from knowledge.text import accented_keys, with_pairs
from knowledge.vectors.local import LocalVectors, recall

COLD_RUNS = 5
REPEATS = 3


def _baseline(assistant: Assistant, questions: Sequence[str]) -> list[float]:
    titles = LexicalIndex.build([with_pairs(accented_keys(e.title)) for e in assistant.index.entries])
    times = []
    for question in questions:
        started = time.perf_counter()
        scores = titles.scores(dict.fromkeys(with_pairs(accented_keys(question)), 1.0))
        np.argpartition(-scores, 10)
        times.append((time.perf_counter() - started) * 1e3)
    return times


def cold_start(index: Path) -> list[float]:
    """Seconds of whole ``python -m bot ask`` runs, after one that warms the file cache."""
    command = [sys.executable, "-m", "bot", "ask", "làm giấy khai sinh cho con cần gì"]
    environment = {"BOT_INDEX_DIR": str(index), "PATH": "/usr/bin:/bin"}
    times = []
    for run in range(COLD_RUNS + 1):
        started = time.perf_counter()
        subprocess.run(command, env=environment, check=True, capture_output=True)
        if run:
            times.append(time.perf_counter() - started)
    return times


def bench(assistant: Assistant, cases: Sequence[Case], index: Path) -> dict[str, Any]:
    """All figures of ``make bench`` as one dictionary."""
    questions = [c.turns[0] for c in cases]
    for question in questions[:20]:
        assistant.reply(question)
    latencies: list[float] = []
    steps: dict[str, list[float]] = {}
    for _ in range(REPEATS):
        for question in questions:
            reply = assistant.reply(question)
            latencies.append(reply.latency_ms)
            for name, value in reply.steps_ms.items():
                steps.setdefault(name, []).append(value)
    baseline = _baseline(assistant, questions)
    total = sum(sum(v) for v in steps.values())
    memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    vectors = assistant.index.vectors
    near = recall(LocalVectors.over(vectors), LocalVectors(vectors, None), assistant.index.encoder.queries(questions))
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        build(Path(folder), StaticEncoder(), quiet=True)
        build_seconds = time.perf_counter() - started
    cold = cold_start(index)
    return {
        "machine": machine(),
        "entries": len(assistant.index.entries),
        "lines": len(assistant.index.vectors),
        "questions": len(latencies),
        "median_ms": round(statistics.median(latencies), 2),
        "p95_ms": round(percentile(latencies, 0.95), 2),
        "baseline_median_ms": round(statistics.median(baseline), 3),
        "times_baseline": round(statistics.median(latencies) / statistics.median(baseline), 1),
        "step_share": {name: round(sum(v) / total, 3) for name, v in sorted(steps.items(), key=lambda x: -sum(x[1]))},
        "memory_mib": round(memory),
        "vector_recall_at_10": round(near, 4),
        "index_build_s": round(build_seconds, 1),
        "cold_start_s": {"median": round(statistics.median(cold), 2), "max": round(max(cold), 2)},
    }


def table(values: dict[str, Any]) -> str:
    """The figures as a readable table."""
    rows = [
        ("one question, median", f"{values['median_ms']} ms"),
        ("one question, 95 % within", f"{values['p95_ms']} ms"),
        ("BM25 over titles alone, median (baseline)", f"{values['baseline_median_ms']} ms ({values['times_baseline']}× less)"),
        ("of the 10 nearest vectors the graph finds", f"{values['vector_recall_at_10']:.2%}"),
        ("memory of the process", f"{values['memory_mib']} MiB"),
        ("cold start of `bot ask`, median / worst", f"{values['cold_start_s']['median']} / {values['cold_start_s']['max']} s"),
        ("building the whole index", f"{values['index_build_s']} s ({values['entries']} records, {values['lines']} lines)"),
        ("share of the steps", ", ".join(f"{k} {v:.0%}" for k, v in values["step_share"].items())),
        ("machine", f"{values['machine']['processor']}, {values['machine']['cores']} cores, Python {values['machine']['python']}"),
    ]
    return "| what | figure |\n|---|---|\n" + "\n".join(f"| {a} | {b} |" for a, b in rows) + "\n"


def write(values: dict[str, Any], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "bench.json").write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "bench.md").write_text(table(values), encoding="utf-8")
