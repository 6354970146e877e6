"""What the commands of the evaluation have in common: ``python -m evaluation.NAME``, the index they use, and how they end.

Exit status: 0 measured and as it should be; 1 something is not as it should be; 2 unusable arguments, settings or files; 3 no usable
index. Messages for operators go to stderr, results to stdout.
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path
from typing import NoReturn

from bot.pipeline import Assistant
from config.settings import WrongSettings, load_settings
from evaluation.sets import UnreadableSet
from knowledge.encoding import EncoderError, make_encoder
from knowledge.search.ranking import RankingError, load_ranking
from knowledge.store import IndexUnusable, open_index
from knowledge.vectors.choosing import vector_server

TODAY = dt.date(2026, 11, 21)
"""The day for which the expected answers of the sets were written."""


def command(name: str, description: str) -> argparse.ArgumentParser:
    """The parser of ``python -m evaluation.NAME``."""
    return argparse.ArgumentParser(prog=f"python -m evaluation.{name}" if name else "python -m evaluation", description=description)


def asks_for_index(parser: argparse.ArgumentParser) -> None:
    """Add ``--index`` to a command that needs a published index."""
    parser.add_argument("--index", type=Path, metavar="THƯ_MỤC", help="thư mục chỉ mục (mặc định: theo cấu hình)")


def asks_for_day(parser: argparse.ArgumentParser) -> None:
    """Add ``--today`` to a command whose answers depend on the day."""
    parser.add_argument("--today", type=dt.date.fromisoformat, default=TODAY, metavar="NGÀY", help=f"trả lời như đang ở ngày này ({TODAY})")


def index_folder(args: argparse.Namespace) -> Path:
    """The folder of published indexes that ``--index`` or the settings name.

    Raises:
        WrongSettings: the settings cannot be used.
    """
    return Path(args.index or load_settings().index_dir).absolute()


def opened(args: argparse.Namespace, today: dt.date) -> Assistant:
    """An assistant over that index on the given day.

    Raises:
        WrongSettings, IndexUnusable, EncoderError, RankingError: it cannot be used; the message says what to do.
    """
    settings = load_settings()
    return Assistant(open_index(index_folder(args), make_encoder(settings), load_ranking(), vector_server(settings)), today)


def run(main: Callable[[], int]) -> NoReturn:
    """End the program with what ``main`` gives; where something cannot be used, say so and end with its status."""
    try:
        sys.exit(main())
    except (WrongSettings, UnreadableSet) as error:
        print(error, file=sys.stderr)
        sys.exit(2)
    except (IndexUnusable, EncoderError, RankingError) as error:
        print(error, file=sys.stderr)
        sys.exit(3)
