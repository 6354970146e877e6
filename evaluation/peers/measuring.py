"""One library measured in this process."""

from __future__ import annotations

import resource
import statistics
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from config.settings import load_settings
from evaluation.bench_bound import BareBound, line_texts
from evaluation.measures import percentile
from evaluation.peers.adapters import PEERS, Search
from knowledge.encoding import make_encoder
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index

BOUND = "bare bound"


def measure(name: str, root: Path, questions: Sequence[str], out: Any) -> None:
    """Put the figures of one library, or why there are none, into a queue. In a module of its own, where a spawned process finds it."""
    index = open_index(root, make_encoder(load_settings()), load_ranking())
    before = time.perf_counter()
    try:
        texts = line_texts(index)
        search: Search = BareBound.of_lines(index).search if name == BOUND else PEERS[name](texts, index.vectors, index.encoder)
        built = time.perf_counter() - before
        search(questions[0])
    except ImportError as error:
        out.put({"skipped": f"{error.name} is not installed"})
        return
    except Exception as error:  # another library's interface has changed: the others are measured all the same
        out.put({"failed": f"{type(error).__name__}: {error}"})
        return
    clock, processor = [], []
    for question in questions:
        used, started = time.process_time(), time.perf_counter()
        search(question)
        clock.append((time.perf_counter() - started) * 1e3)
        processor.append((time.process_time() - used) * 1e3)
    out.put(
        {
            "median_ms": round(statistics.median(clock), 1),
            "p99_ms": round(percentile(clock, 0.99), 1),
            "processor_median_ms": round(statistics.median(processor), 1),
            "built_s": round(built, 1),
            "peak_rss_mb": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        }
    )
