"""``python -m evaluation [run|gate|bench]``: quality, the gate that keeps what was solved, and speed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from tqdm import tqdm

from bot.pipeline import Assistant
from evaluation import commands, gate
from evaluation.commands import asks_for_day, asks_for_index, command, index_folder, opened
from evaluation.report import markdown, write
from evaluation.running import Row, Summary, run, summarise
from evaluation.sets import FOLDER, TASKS, TYPED, Case, load_set, retyped
from knowledge.noise import STYLES

RESULTS = Path("evaluation/results")
GATED = (TYPED, "no_tones")


def _parser() -> argparse.ArgumentParser:
    parser = command("", "Đo chất lượng và tốc độ.")
    parser.add_argument("command", nargs="?", choices=["run", "gate", "bench"], default="run")
    parser.add_argument("--tasks", nargs="+", choices=TASKS, default=list(TASKS))
    for task in TASKS:
        parser.add_argument(f"--{task}", type=Path, metavar="TỆP", help=f"bộ câu hỏi {task} khác (mặc định: của dự án)")
    parser.add_argument("--styles", nargs="+", choices=[TYPED, *STYLES], default=[TYPED, *STYLES])
    asks_for_index(parser)
    asks_for_day(parser)
    parser.add_argument("--out", type=Path, default=RESULTS / "latest")
    parser.add_argument(
        "--originals", type=Path, default=None, metavar="THƯ_MỤC", help="bản gốc của các kế hoạch, để đo việc đọc hiểu văn bản"
    )
    parser.add_argument("--no-ablation", action="store_true")
    parser.add_argument("--update", action="store_true", help="gate: ghi lại danh sách câu đã giải")
    return parser


def _sets(args: argparse.Namespace) -> dict[str, list[Case]]:
    chosen = {}
    for task in args.tasks:
        path = getattr(args, task) or FOLDER / f"{task}.{'jsonl' if task == 'procedures' else 'yaml'}"
        chosen[task] = load_set(task, path)
    return chosen


def _answer(assistant: Assistant, sets: Mapping[str, Sequence[Case]], styles: Sequence[str]) -> Iterator[list[Row]]:
    total = sum(len(c) for c in sets.values()) * len(styles)
    with tqdm(total=total, desc="Hỏi bot", unit=" câu") as bar:
        for task, cases in sets.items():
            for style in styles:
                rows = run(assistant, retyped(cases, style), style)
                bar.set_postfix_str(f"{task}, {style}")
                bar.update(len(rows))
                yield rows


def _run(args: argparse.Namespace, assistant: Assistant) -> int:
    from evaluation.legs import ablation

    sets = _sets(args)
    rows: list[Row] = []
    summaries: list[Summary] = []
    for part in _answer(assistant, sets, args.styles):
        rows += part
        summaries.append(summarise(part))
    legs = ablation(assistant.searcher, sets["procedures"]) if "procedures" in sets and not args.no_ablation else []
    config = {
        "today": args.today.isoformat(),
        "encoder": assistant.index.encoder.identity,
        "entries": len(assistant.index.entries),
        "sets": {t: {"file": str(getattr(args, t) or f"evaluation/sets/{t}"), "cases": len(c)} for t, c in sets.items()},
    }
    write(args.out, rows, summaries, legs, config)
    print(markdown(summaries, legs))
    if set(args.tasks) == set(TASKS):
        print(_documents(args))
    missed = sum(not r.right for r in rows)
    print(f"{missed} of {len(rows)} answers were not right; all rows in {args.out / 'rows.csv'}.", file=sys.stderr)
    return 0


def _documents(args: argparse.Namespace) -> str:
    """The task *documents*: its table, which is also kept beside the other results with what was missed."""
    from evaluation.documents.task import run as run_documents
    from evaluation.documents.task import table

    groups, misses = run_documents(args.originals)
    shown = table(groups)
    (args.out / "documents.md").write_text("\n".join([shown, "", *(f"- {m}" for m in misses)]).rstrip() + "\n", encoding="utf-8")
    return shown


def _gate(args: argparse.Namespace, assistant: Assistant) -> int:
    rows = [r for part in _answer(assistant, _sets(args), GATED) for r in part]
    if args.update:
        gate.write(gate.solved_ids(rows))
        print(f"Đã ghi {len(gate.read())} câu đã giải vào {gate.SOLVED.name}.", file=sys.stderr)
        return 0
    gone = gate.lost(rows, gate.read())
    for row in gone:
        print(f"MẤT  {row.id}@{row.style}: {row.question} — {row.faults}")
    print(f"{len(rows) - len(gone)} passed, {len(gone)} failed", file=sys.stderr)
    return 1 if gone else 0


def _bench(args: argparse.Namespace, index: Path) -> int:
    from evaluation import bench

    values = bench.bench(_sets(args)["procedures"], index)
    bench.write(values, RESULTS)
    print(bench.table(values))
    return 0


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 measured; 1 gate: something solved was lost."""
    args = _parser().parse_args(argv)
    if args.command == "bench":
        return _bench(args, index_folder(args))
    assistant = opened(args, args.today)
    return _gate(args, assistant) if args.command == "gate" else _run(args, assistant)


if __name__ == "__main__":
    commands.run(main)
