"""``python -m evaluation.documents [--originals FOLDER]``: print the figures of the task *documents* and what was missed."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from pathlib import Path

from evaluation import commands
from evaluation.commands import command
from evaluation.documents.task import NoDocuments, run, table
from index_builder.documents.reading import DocumentError


def main(argv: Sequence[str] | None = None) -> int:
    parser = command("documents", "Đo việc đọc hiểu văn bản.")
    parser.add_argument("--originals", type=Path, default=None, metavar="THƯ_MỤC", help="bản gốc của các kế hoạch (không nằm trong dự án)")
    args = parser.parse_args(argv)
    try:
        groups, misses = run(args.originals)
    except (NoDocuments, DocumentError) as error:
        print(error, file=sys.stderr)
        return 2
    print(table(groups))
    for miss in misses:
        print(f"- {miss}")
    return 0


if __name__ == "__main__":
    commands.run(main)
