"""Questions asked inside a process: how long each takes beside the bare bounds, and how many a second one and two processes answer.

Everything runs in processes of its own with one thread each. Times are given by the clock and as the processor's own time, which other
work on the machine stretches less. The bot and the bounds take turns in blocks of questions, so that what else the machine does meets
all of them; within a block each has the caches to itself.
"""

from __future__ import annotations

import multiprocessing
import os
import statistics
import time
from collections.abc import Callable, Mapping, Sequence
from multiprocessing.synchronize import Barrier
from pathlib import Path
from typing import Any

from bot.pipeline import Assistant
from config.settings import load_settings
from evaluation.bench_bound import BareBound
from evaluation.measures import percentile
from knowledge.encoding import make_encoder
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index
from knowledge.vectors.choosing import vector_server
from knowledge.vectors.local import LocalVectors, recall

REPEATS = 3
BLOCK = 20
SECONDS = 6.0
ROUNDS = 3
"""Throughput: one and two processes take turns so often; the medians count."""
_ONE_THREAD = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS"), "1")


def open_assistant(index: Path) -> Assistant:
    settings = load_settings()
    return Assistant(open_index(index, make_encoder(settings), load_ranking(), vector_server(settings)))


def figures(clock: Sequence[float], processor: Sequence[float]) -> dict[str, float]:
    """Median and 99 % in milliseconds, by the clock and of the processor."""
    values = {"median_ms": statistics.median(clock), "p99_ms": percentile(clock, 0.99)}
    values |= {"processor_median_ms": statistics.median(processor), "processor_p99_ms": percentile(processor, 0.99)}
    return {name: round(value, 3) for name, value in values.items()}


def _timed(ask: Callable[[str], object], questions: Sequence[str], clock: list[float], processor: list[float]) -> None:
    for question in questions:
        used, started = time.thread_time(), time.perf_counter()
        ask(question)
        clock.append((time.perf_counter() - started) * 1e3)
        processor.append((time.thread_time() - used) * 1e3)


def _compare(index: Path, questions: Sequence[str], steps: dict[str, float]) -> dict[str, Any]:
    assistant = open_assistant(index)

    def ask(question: str) -> None:
        for name, value in assistant.reply(question).steps_ms.items():
            steps[name] = steps.get(name, 0.0) + value

    subjects: dict[str, Callable[[str], object]] = {
        "bot": ask,
        "bound": BareBound.of_lines(assistant.index).search,
        "bound_by_record": BareBound.of_records(assistant.index).search,
    }
    times: dict[str, tuple[list[float], list[float]]] = {name: ([], []) for name in subjects}
    for subject in subjects.values():
        _timed(subject, questions, [], [])
    steps.clear()
    for _ in range(REPEATS):
        for start in range(0, len(questions), BLOCK):
            for name, subject in subjects.items():
                _timed(subject, questions[start : start + BLOCK], *times[name])
    made: dict[str, Any] = {name: figures(*values) for name, values in times.items()}
    total = sum(steps.values())
    made["step_share"] = {name: round(value / total, 3) for name, value in sorted(steps.items(), key=lambda x: -x[1])}
    vectors = assistant.index.vectors
    near = recall(LocalVectors.over(vectors), LocalVectors(vectors, None), assistant.index.encoder.queries(questions))
    return made | {"vector_recall_at_10": round(near, 4), "entries": len(assistant.index.entries), "lines": len(vectors)}


def _send_compared(index: Path, questions: Sequence[str], out: Any) -> None:
    out.put(_compare(index, questions, {}))


def _answer_for(index: Path, questions: Sequence[str], ready: Barrier, out: Any) -> None:
    assistant = open_assistant(index)
    for question in questions:
        assistant.reply(question)
    ready.wait()
    used, started, count = time.process_time(), time.perf_counter(), 0
    while time.perf_counter() - started < SECONDS:
        assistant.reply(questions[count % len(questions)])
        count += 1
    out.put((count / (time.perf_counter() - started), count / (time.process_time() - used)))


def _in_processes(target: Callable[..., None], count: int, arguments: tuple[Any, ...]) -> list[Any]:
    """What ``count`` processes with one thread each put into their last argument, a queue."""
    kept = {name: os.environ.get(name) for name in _ONE_THREAD}
    context = multiprocessing.get_context("spawn")
    out = context.Queue()
    shared = (context.Barrier(count), out) if target is _answer_for else (out,)
    os.environ.update(_ONE_THREAD)
    try:
        workers = [context.Process(target=target, args=(*arguments, *shared), daemon=True) for _ in range(count)]
        for worker in workers:
            worker.start()
        found = [out.get(timeout=600) for _ in workers]
        for worker in workers:
            worker.join()
        return found
    finally:
        for name, value in kept.items():
            os.environ.pop(name) if value is None else os.environ.update({name: value})


def compare(index: Path, questions: Sequence[str]) -> dict[str, Any]:
    """Times of the bot and the two bounds over the same questions, each step's share, and the recall of the vectors' graph."""
    found: dict[str, Any] = _in_processes(_send_compared, 1, (index, questions))[0]
    return found


def throughput(index: Path, questions: Sequence[str]) -> Mapping[str, float]:
    """Questions a second of one and of two processes, by the clock; and of the processor's time: what two would answer if each had a core
    to itself."""
    found: dict[int, list[tuple[float, float]]] = {1: [], 2: []}
    for _ in range(ROUNDS):
        for count, rounds in found.items():
            parts = _in_processes(_answer_for, count, (index, questions))
            rounds.append((sum(p[0] for p in parts), sum(p[1] for p in parts)))
    one, two = (tuple(statistics.median(r[i] for r in found[count]) for i in (0, 1)) for count in (1, 2))
    return {
        "one_per_s": round(one[0], 1),
        "two_per_s": round(two[0], 1),
        "two_to_one": round(two[0] / one[0], 2),
        "one_per_processor_s": round(one[1], 1),
        "two_to_one_of_processor_time": round(two[1] / one[1], 2),
    }
