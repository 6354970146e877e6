"""``python -m evaluation.load``: messages at a rate through webhooks; ``--kills 10 --rate 30`` kills the program meanwhile.

With ``--postgresql`` a server of the machine's own package is started for the run (without syncing to disk); SQLite syncs as always.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from bot.serve import loop_factory
from evaluation import commands
from evaluation.commands import asks_for_index, command, index_folder
from evaluation.load.run import CHANNELS, Fate, Plan, Result, run
from evaluation.load.service import Manners
from evaluation.postgresql import running_server


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 every message was answered and nothing but what was in hand at a kill twice; 1 otherwise."""
    parser = command("load", "Gửi tin đều đặn qua webhook vào cả chương trình, có thể tắt ngang nhiều lần.")
    parser.add_argument("--rate", type=float, default=100.0, metavar="SỐ", help="số tin mỗi giây (mặc định 100)")
    parser.add_argument("--seconds", type=float, default=60.0, metavar="SỐ", help="số giây (mặc định 60)")
    parser.add_argument("--channels", type=_channels, default=tuple(CHANNELS), metavar="KÊNH,…", help="kênh (mặc định: cả ba)")
    parser.add_argument("--replicas", type=int, default=1, metavar="SỐ", help="số bản chạy song song (mặc định 1)")
    parser.add_argument("--kills", type=int, default=0, metavar="SỐ", help="số lần tắt ngang (SIGKILL) vào lúc bất kỳ (mặc định 0)")
    parser.add_argument("--failing", type=float, default=0.05, metavar="PHẦN", help="phần số lần gửi bị lỗi (mặc định 0.05)")
    parser.add_argument("--fastest", type=float, default=0.05, metavar="SỐ", help="số giây ít nhất của một lần gửi (mặc định 0.05)")
    parser.add_argument("--slowest", type=float, default=0.3, metavar="SỐ", help="số giây nhiều nhất của một lần gửi (mặc định 0.3)")
    parser.add_argument("--seed", type=int, default=1, metavar="SỐ", help="cùng số thì bắt đầu như nhau (mặc định 1)")
    parser.add_argument("--database", default="", metavar="ĐỊA_CHỈ", help="cơ sở dữ liệu trống (mặc định: SQLite trong thư mục tạm)")
    parser.add_argument("--postgresql", action="store_true", help="dựng máy chủ PostgreSQL riêng cho lần đo")
    asks_for_index(parser)
    parser.add_argument("--out", type=Path, metavar="TỆP", help="ghi thêm kết quả vào tệp này, mỗi lần một dòng JSON")
    args = parser.parse_args(argv)
    manners = Manners(args.fastest, args.slowest, args.failing)
    plan = Plan(args.rate, args.seconds, args.channels, args.replicas, args.kills, manners, seed=args.seed)
    index = index_folder(args)
    if args.postgresql:
        with running_server() as server:
            result = _carried_out(plan, f"{server.address}postgres", index)
    else:
        result = _carried_out(plan, args.database, index)
    name = "postgresql" if args.postgresql else args.database.partition("+")[0] or "sqlite"
    line = {"database": name, **dataclasses.asdict(plan), **dataclasses.asdict(result)}
    if args.out:
        with args.out.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")
    _show(line, result)
    return 0 if _good(result) else 1


def _carried_out(plan: Plan, database: str, index: Path) -> Result:
    with asyncio.Runner(loop_factory=loop_factory()) as runner:
        return runner.run(run(plan, database, index))


def _channels(names: str) -> tuple[str, ...]:
    found = tuple(name.strip() for name in names.split(","))
    if not set(found) <= set(CHANNELS) or len(set(found)) < len(found):
        raise argparse.ArgumentTypeError(f"{names!r}: mỗi kênh một lần, trong số {', '.join(CHANNELS)}")
    return found


def _show(line: Mapping[str, object], result: Result) -> None:
    for key, value in line.items():
        if key not in ("together", "channels"):
            print(f"{key:18} {round(value, 3) if isinstance(value, float) else value}")
    print(f"{'':18} " + " ".join(f"{field.name:>9}" for field in dataclasses.fields(Fate)))
    for name, fate in {"together": result.together, **result.channels}.items():
        values = (f"{value:>9.3f}" if isinstance(value, float) else f"{value:>9}" for value in dataclasses.astuple(fate))
        print(f"{name:18} " + " ".join(values))


def _good(result: Result) -> bool:
    return not result.together.lost and result.together.doubled == result.together.in_hand and not any(result.exit_statuses)


if __name__ == "__main__":
    commands.run(main)
