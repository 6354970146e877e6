"""``python -m evaluation.fuzz --minutes 10``: the whole program under hostile webhooks and requests, the assistant under hostile messages
and states. The same ``--seed`` begins the same way."""

from __future__ import annotations

import asyncio
import datetime as dt
import tempfile
from collections.abc import Sequence
from pathlib import Path

from evaluation import commands
from evaluation.commands import asks_for_index, command, index_folder, opened
from evaluation.fuzz.run import run


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 nothing was found; 1 something was."""
    parser = command("fuzz", "Gửi đủ loại dữ liệu hỏng và thù địch vào cả chương trình.")
    parser.add_argument("--minutes", type=float, default=3.0, metavar="SỐ", help="số phút (mặc định 3)")
    parser.add_argument("--rounds", type=int, metavar="SỐ", help="số vòng, thay cho số phút")
    parser.add_argument("--seed", type=int, default=1, metavar="SỐ", help="cùng số thì bắt đầu như nhau (mặc định 1)")
    asks_for_index(parser)
    args = parser.parse_args(argv)
    assistant = opened(args, dt.date.today())
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        tally = asyncio.run(run(index_folder(args), assistant, Path(folder), 60 * args.minutes, args.seed, args.rounds))
    print("\n".join(tally.lines()))
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    commands.run(main)
