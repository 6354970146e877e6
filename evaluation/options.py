"""The command line's arguments."""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path

from evaluation.opening import TODAY
from evaluation.tasks.registry import TASKS

RESULTS = Path(__file__).parent / "results"
ABLATION, SEARCH = "ablation", "search"
ALL = (*TASKS, ABLATION, SEARCH)


def parser() -> argparse.ArgumentParser:
    made = argparse.ArgumentParser(prog="python -m evaluation", description="Đo chất lượng và tốc độ của bot.")
    _common(made)
    made.add_argument("--tasks", nargs="+", choices=ALL, metavar="LOẠI", help=f"chỉ đo các loại này: {', '.join(ALL)}")
    for task in TASKS.values():
        made.add_argument(f"--{task.name}", type=Path, metavar="TỆP", help=f"bộ câu hỏi {task.label} thay cho bộ của dự án")
    made.add_argument("--search", type=Path, metavar="THƯ_MỤC", help="bộ đo tìm kiếm: queries.jsonl, qrels.tsv và corpus.jsonl")
    made.add_argument("--corpus", type=Path, metavar="TỆP", help="kho văn bản của bộ đo tìm kiếm, khi nằm ở nơi khác")
    made.add_argument("--out", type=Path, default=RESULTS / "latest", metavar="THƯ_MỤC", help="nơi ghi kết quả")
    commands = made.add_subparsers(dest="command", metavar="LỆNH")
    gate = commands.add_parser("gate", help="báo lỗi khi một câu từng trả lời đúng nay sai")
    _common(gate)
    gate.add_argument("--update", action="store_true", help="ghi lại danh sách câu đã trả lời đúng")
    bench = commands.add_parser("bench", help="đo tốc độ và bộ nhớ")
    _common(bench)
    bench.add_argument("--out", type=Path, default=RESULTS, metavar="THƯ_MỤC", help="nơi ghi bench.json")
    return made


def _common(made: argparse.ArgumentParser) -> None:
    made.add_argument("--index", type=Path, metavar="THƯ_MỤC", help="thư mục chỉ mục (mặc định theo cấu hình)")
    made.add_argument("--today", type=dt.date.fromisoformat, default=TODAY, metavar="NGÀY", help=f"ngày trả lời, mặc định {TODAY}")


def chosen(args: argparse.Namespace) -> list[str]:
    """What to measure: what was named; else everything, the search task only with a collection."""
    if args.tasks:
        return [name for name in ALL if name in args.tasks]
    return [name for name in ALL if name != SEARCH or args.search]
