"""``python -m evaluation.peers``: time and memory of each library over the lines of the index, each in a process of its own."""

from __future__ import annotations

import json
import multiprocessing
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from config.settings import load_settings
from evaluation import commands
from evaluation.commands import command
from evaluation.peers.adapters import PEERS
from evaluation.peers.measuring import BOUND, measure
from evaluation.sets import FOLDER, load_set


def main(argv: Sequence[str] | None = None) -> int:
    parser = command("peers", "So tốc độ với các thư viện tìm kiếm khác.")
    parser.add_argument("--questions", type=int, default=40, help="số câu hỏi (mặc định 40)")
    parser.add_argument("--out", type=Path, default=Path("evaluation/results/peers.json"))
    args = parser.parse_args(argv)
    root = load_settings().index_dir.absolute()
    questions = [c.turns[0] for c in load_set("procedures", FOLDER / "procedures.jsonl")][: args.questions]
    context = multiprocessing.get_context("spawn")
    found: dict[str, Any] = {}
    for name in tqdm([BOUND, *PEERS], desc="So với", unit=" thư viện", disable=not sys.stderr.isatty()):
        out = context.Queue()
        worker = context.Process(target=measure, args=(name, root, questions, out), daemon=True)
        worker.start()
        found[name] = out.get(timeout=600)
        worker.join()
        print(f"{name}: {found[name]}", file=sys.stderr)
    args.out.write_text(json.dumps(found, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    commands.run(main)
