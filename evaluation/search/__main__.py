"""``python -m evaluation.search FOLDER [--corpus FILE]``: one collection (corpus, queries, qrels), every way of ranking it, one table."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from tqdm import tqdm

from evaluation import commands
from evaluation.commands import command
from evaluation.report import machine
from evaluation.search.collection import read_collection
from evaluation.search.task import SearchAggregate, run
from knowledge.encoding import StaticEncoder
from knowledge.lexicon import Lexicon
from knowledge.loading import load


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 measured; 2 the collection cannot be read."""
    parser = command("search", "Đo tìm kiếm trên một bộ tài liệu có nhãn.")
    parser.add_argument("folder", type=Path, metavar="THƯ_MỤC", help="thư mục có queries.jsonl và qrels.tsv")
    parser.add_argument("--corpus", type=Path, metavar="TỆP", help="tệp tài liệu, khi không nằm trong thư mục")
    parser.add_argument("--out", type=Path, metavar="TỆP", help="ghi kết quả ra tệp JSON")
    args = parser.parse_args(argv)
    try:
        collection = read_collection(args.folder, args.corpus)
    except (OSError, ValueError) as error:
        print(f"Không đọc được bộ tài liệu: {error}", file=sys.stderr)
        return 2
    rows = list(tqdm(run(collection, StaticEncoder(), Lexicon(load()[0].lexicon)), desc="Tìm", unit=" lượt", mininterval=5))
    made = SearchAggregate.of(rows)
    print(f"{len(collection.documents)} documents, {len(collection.questions)} questions\n")
    print("| ranking | MRR@10 | hit@1 | hit@5 | hit@10 | median ms |\n|---|---|---|---|---|---|")
    for a in made:
        print(f"| {a.ranking} | {a.mrr_10:.3f} | {a.hit_1:.3f} | {a.hit_5:.3f} | {a.hit_10:.3f} | {a.median_ms:.1f} |")
    if args.out:
        args.out.parent.mkdir(parents=True, exist_ok=True)
        values = {"documents": len(collection.documents), "machine": machine(), "rankings": [asdict(a) for a in made]}
        args.out.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    commands.run(main)
