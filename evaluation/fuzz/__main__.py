"""``python -m evaluation.fuzz --minutes 10``: the whole program under hostile webhooks and requests, the assistant under hostile messages
and states. The same ``--seed`` begins the same way."""

from __future__ import annotations

import argparse
import asyncio
import datetime as dt
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from bot.pipeline import Assistant
from config.settings import load_settings
from evaluation.fuzz.run import run
from knowledge.encoding import make_encoder
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 nothing was found; 1 something was."""
    parser = argparse.ArgumentParser(prog="python -m evaluation.fuzz", description=__doc__)
    parser.add_argument("--minutes", type=float, default=3.0)
    parser.add_argument("--rounds", type=int, help="a number of rounds instead of minutes")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--index", type=Path, help="a published index (default: that of the settings)")
    args = parser.parse_args(argv)
    settings = load_settings()
    index = (args.index or settings.index_dir).absolute()
    assistant = Assistant(open_index(index, make_encoder(settings), load_ranking()), dt.date.today())
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        tally = asyncio.run(run(index, assistant, Path(folder), 60 * args.minutes, args.seed, args.rounds))
    print("\n".join(tally.lines()))
    return 1 if tally.wrong else 0


if __name__ == "__main__":
    sys.exit(main())
