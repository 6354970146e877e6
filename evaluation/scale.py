"""``python -m evaluation.scale``: how the two costly parts of a search grow when there are many more entries than today.

Entries are made up from the real ones: each gets the vector of a real name with noise added (cosine about 0.9 to it), and a title of
the first half of one real title and the second half of another. The questions are those of ``evaluation/sets/procedures.jsonl``.
Measured in a process of its own, over memory-mapped files as in the running bot: the store of vectors (build, size, memory, time,
recall against comparing every row) and the two lexical legs over names. Times are given by the clock and as the processor's own time,
which other work on the machine stretches less. Not measured at this size: the legs over questions and
bodies, which made-up entries don't have, and the ranking, whose time depends on the number of candidates only.
"""

from __future__ import annotations

import json
import multiprocessing
import resource
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from evaluation import commands
from evaluation.commands import command
from evaluation.measures import percentile
from evaluation.report import machine
from evaluation.search.postings import Postings, Vocabulary
from evaluation.sets import FOLDER, load_set
from knowledge.encoding import StaticEncoder
from knowledge.entries import entries_of
from knowledge.lexical import LexicalIndex
from knowledge.loading import load
from knowledge.search.features import NEAREST, PER_LEG
from knowledge.search.index import name_lines
from knowledge.search.query import plain_query
from knowledge.text import accented_keys, folded_keys
from knowledge.vectors.base import Floats
from knowledge.vectors.local import Kind, LocalVectors

RESULTS = Path("evaluation/results")
SIZES = (10_000, 100_000, 1_000_000)
NOISE = 0.03
"""Standard deviation of what is added to each of the 256 components of a unit vector."""
RECALL_AT = 10
CHUNK = 50_000
MILLION = 1_000_000
MOST_MS, LEAST_RECALL = 25.0, 0.97
"""The goals at a million entries: median of the whole search by the clock, and recall@10."""
LEGS: Mapping[str, Callable[[str], list[str]]] = {"names_folded": folded_keys, "names_accented": accented_keys}


def make_vectors(real: Floats, rows: int, path: Path, rng: np.random.Generator) -> None:
    """Write ``rows`` noisy copies of the real unit rows to a ``.npy`` file."""
    out = np.lib.format.open_memmap(path, mode="w+", dtype=np.float32, shape=(rows, real.shape[1]))
    for start in range(0, rows, CHUNK):
        count = min(CHUNK, rows - start)
        made = real[rng.integers(len(real), size=count)] + rng.standard_normal((count, real.shape[1]), dtype=np.float32) * NOISE
        out[start : start + count] = made / np.linalg.norm(made, axis=1, keepdims=True)
    out.flush()


def make_titles(real: Sequence[str], rows: int, rng: np.random.Generator) -> list[str]:
    """Halves of real titles put together anew."""
    halves = [(" ".join(w[: len(w) // 2]), " ".join(w[len(w) // 2 :])) for w in (t.split() for t in real)]
    pairs = rng.integers(len(halves), size=(rows, 2))
    return [f"{halves[a][0]} {halves[b][1]}" for a, b in pairs.tolist()]


def build_leg(titles: Sequence[str], keys: Callable[[str], list[str]], folder: Path, name: str) -> float:
    """Write a lexical leg; the seconds it took."""
    started = time.perf_counter()
    vocabulary = Vocabulary(keys)
    segments = [vocabulary.read(t) for t in titles]
    leg = Postings.of(segments, range(len(titles)), len(titles), vocabulary).weighted()
    for part, array in leg.arrays().items():
        np.save(folder / f"{name}.{part}.npy", array)
    return time.perf_counter() - started


def _mapped(path: Path) -> NDArray[Any]:
    return np.asarray(np.load(path, mmap_mode="r"))


def _resident() -> dict[str, int]:
    """MiB of this process: all, and what no other process could share or the system drop."""
    found = {line.split(":")[0]: int(line.split()[1]) for line in Path("/proc/self/smaps_rollup").read_text().splitlines()[1:]}
    return {"resident_mib": found["Rss"] // 1024, "own_mib": found["Anonymous"] // 1024}


def _timed(work: Callable[[Any], object], inputs: Sequence[Any]) -> dict[str, float]:
    for one in inputs[:20]:
        work(one)
    times, working = [], []
    for one in inputs:
        started, worked = time.perf_counter(), time.thread_time()
        work(one)
        times.append((time.perf_counter() - started) * 1e3)
        working.append((time.thread_time() - worked) * 1e3)
    return {
        "median_ms": round(statistics.median(times), 2),
        "p99_ms": round(percentile(times, 0.99), 2),
        "median_cpu_ms": round(statistics.median(working), 2),
        "p99_cpu_ms": round(percentile(working, 0.99), 2),
    }


def true_scores(vectors: Floats, asked: Floats, k: int) -> Floats:
    """The ``k`` best similarities of each question by comparing every row, shape ``(questions, k)``, best first."""
    best = np.full((len(asked), k), -np.inf, dtype=np.float32)
    for start in range(0, len(vectors), CHUNK):
        both = np.concatenate([best, asked @ vectors[start : start + CHUNK].T], axis=1)
        best = -np.sort(np.partition(-both, k - 1, axis=1)[:, :k], axis=1)
    return best


def measure(folder: Path, rows: int, questions: Sequence[str]) -> dict[str, Any]:
    """Open what was built and search it; run this in a fresh process, so that its memory is that of serving."""
    encoder = StaticEncoder()
    asked = encoder.queries(questions)
    store = LocalVectors.read(_mapped(folder / "vectors.npy"), folder / "vectors.faiss")
    queries = [plain_query(q) for q in questions]
    terms = {"names_folded": [q.folded() for q in queries], "names_accented": [q.accented() for q in queries]}
    legs = {n: LexicalIndex.restore(lambda part, n=n: _mapped(folder / f"{n}.{part}.npy"), rows) for n in LEGS}  # type: ignore[misc]

    def dense(number: int) -> object:
        return store.search(asked[number : number + 1], NEAREST)

    def lexical(number: int) -> None:
        for name, leg in legs.items():
            scores = leg.scores(terms[name][number])
            np.argpartition(-scores, PER_LEG)

    def both(number: int) -> None:
        dense(number)
        lexical(number)

    numbers = range(len(questions))
    found: dict[str, Any] = {"vectors": _timed(dense, numbers), "lexical": _timed(lexical, numbers)}
    found["both"] = _timed(both, numbers)
    found |= _resident()
    scores, _ = store.search(asked, RECALL_AT)
    true = true_scores(store.vectors, asked, RECALL_AT)
    found["recall_at_10"] = round(float((scores >= true[:, -1:] - 1e-6).mean()), 4)
    return found


def _in_fresh_process(folder: Path, rows: int, questions: Sequence[str]) -> dict[str, Any]:
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(measure, (folder, rows, questions))


def scale(rows: int, kinds: Sequence[Kind], folder: Path, seed: int = 20261121) -> list[dict[str, Any]]:
    """Figures of one size, one dictionary for each kind of store. ``folder`` takes about 1.5 KB a row."""
    rng = np.random.default_rng(seed)
    known, _ = load()
    names = name_lines(entries_of(known))
    questions = [c.turns[0] for c in load_set("procedures", FOLDER / "procedures.jsonl")]
    make_vectors(StaticEncoder().passages(names), rows, folder / "vectors.npy", rng)
    titles = make_titles(names, rows, rng)
    leg_seconds = sum(build_leg(titles, keys, folder, name) for name, keys in LEGS.items())
    del titles
    results = []
    for kind in kinds:
        started = time.perf_counter()
        store = LocalVectors.over(_mapped(folder / "vectors.npy"), kind)
        (folder / "vectors.faiss").unlink(missing_ok=True)
        store.write(folder / "vectors.faiss")
        seconds = time.perf_counter() - started
        size = (folder / "vectors.faiss").stat().st_size if store.index is not None else 0
        del store
        results.append(
            {
                "rows": rows,
                "kind": kind.value,
                "vector_build_s": round(seconds, 1),
                "lexical_build_s": round(leg_seconds, 1),
                "index_mib": round(size / 2**20),
                "build_peak_mib": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024,
                **_in_fresh_process(folder, rows, questions),
            }
        )
    return results


def table(rows: Sequence[Mapping[str, Any]]) -> str:
    """The figures as a Markdown table."""
    head = (
        "| entries | store | build: vectors / names | index file | vectors: median / p99 (processor) | names: the same | both: the same "
        "| recall@10 | memory: all / own |\n|---|---|---|---|---|---|---|---|---|\n"
    )

    def times(values: Mapping[str, float]) -> str:
        return f"{values['median_ms']} / {values['p99_ms']} ({values['median_cpu_ms']} / {values['p99_cpu_ms']}) ms"

    return head + "".join(
        f"| {r['rows']:,} | {r['kind']} | {r['vector_build_s']} / {r['lexical_build_s']} s | {r['index_mib']} MiB | {times(r['vectors'])} "
        f"| {times(r['lexical'])} | {times(r['both'])} | {r['recall_at_10']} | {r['resident_mib']} / {r['own_mib']} MiB |\n"
        for r in rows
    )


def goals(rows: Sequence[Mapping[str, Any]]) -> str:
    """What was measured at a million entries beside the goals, as Markdown; empty where that size was not measured."""
    measured = [r for r in rows if r["rows"] >= MILLION]
    return "".join(
        f"\nGoals at {r['rows']:,} entries ({r['kind']}): median {r['both']['median_ms']} ms (≤ {MOST_MS:g}), recall@10 {r['recall_at_10']}"
        f" (≥ {LEAST_RECALL}): {'reached' if r['both']['median_ms'] <= MOST_MS and r['recall_at_10'] >= LEAST_RECALL else 'not reached'}.\n"
        for r in measured
    )


def main(argv: Sequence[str] | None = None) -> int:
    parser = command("scale", "Đo tìm kiếm khi số bản ghi lớn hơn nhiều.")
    parser.add_argument("--rows", nargs="+", type=int, default=list(SIZES))
    parser.add_argument("--kinds", nargs="+", choices=[k.value for k in Kind], help="mặc định: loại hợp với số dòng")
    parser.add_argument("--folder", type=Path, help="nơi để tệp tạm (mặc định: thư mục tạm của máy)")
    parser.add_argument("--out", type=Path, default=RESULTS)
    args = parser.parse_args(argv)
    results: list[dict[str, Any]] = []
    for rows in tqdm(args.rows, desc="Cỡ dữ liệu"):
        kinds = [Kind(k) for k in args.kinds] if args.kinds else [Kind.for_rows(rows)]
        with tempfile.TemporaryDirectory(dir=args.folder) as folder:
            results += scale(rows, kinds, Path(folder))
    args.out.mkdir(parents=True, exist_ok=True)
    (args.out / "scale.json").write_text(json.dumps({"machine": machine(), "results": results}, indent=1) + "\n", encoding="utf-8")
    (args.out / "scale.md").write_text(table(results) + goals(results), encoding="utf-8")
    print(table(results) + goals(results))
    return 0


if __name__ == "__main__":
    commands.run(main)
