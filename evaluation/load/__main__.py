"""``python -m evaluation.load``: messages at a rate through webhooks; ``--kills N`` kills the program meanwhile.

With ``--postgresql`` a server of the machine's own package is started for the run (without syncing to disk); SQLite syncs as always.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import sys
from collections.abc import Sequence
from pathlib import Path

from config.settings import load_settings
from evaluation.load.run import Plan, Result, run
from evaluation.load.telegram import Manners
from evaluation.postgresql import running_server


def main(argv: Sequence[str] | None = None, *, kills: int = 0, rate: float = 100.0, seconds: float = 60.0) -> int:
    """Exit status: 0 every message was answered and nothing but what was in hand at a kill twice; 1 otherwise."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.load", description=__doc__)
    parser.add_argument("--rate", type=float, default=rate, help="messages a second")
    parser.add_argument("--seconds", type=float, default=seconds)
    parser.add_argument("--replicas", type=int, default=1)
    parser.add_argument("--kills", type=int, default=kills)
    parser.add_argument("--failing", type=float, default=0.05, help="share of sendings that fail")
    parser.add_argument("--fastest", type=float, default=0.05, help="seconds that a sending takes at least")
    parser.add_argument("--slowest", type=float, default=0.3, help="… and at most")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--database", default="", help="address of an empty database (default: SQLite in a temporary folder)")
    parser.add_argument("--postgresql", action="store_true", help="start a PostgreSQL server for the run")
    parser.add_argument("--index", type=Path, help="a published index (default: that of the settings)")
    parser.add_argument("--out", type=Path, help="append the result to this file, one JSON object a line")
    args = parser.parse_args(argv)
    plan = Plan(args.rate, args.seconds, args.replicas, args.kills, Manners(args.fastest, args.slowest, args.failing), seed=args.seed)
    index = (args.index or load_settings().index_dir).absolute()
    if args.postgresql:
        with running_server() as server:
            result = asyncio.run(run(plan, f"{server.address}postgres", index))
    else:
        result = asyncio.run(run(plan, args.database, index))
    name = "postgresql" if args.postgresql else args.database.partition("+")[0] or "sqlite"
    line = {"database": name, **dataclasses.asdict(plan), **dataclasses.asdict(result)}
    if args.out:
        with args.out.open("a", encoding="utf-8") as out:
            out.write(json.dumps(line) + "\n")
    for key, value in line.items():
        print(f"{key:18} {round(value, 3) if isinstance(value, float) else value}")
    return 0 if _good(result) else 1


def _good(result: Result) -> bool:
    return not result.lost and result.doubled == result.in_hand and not any(result.exit_statuses)


if __name__ == "__main__":
    sys.exit(main())
