"""``python -m evaluation``: measure quality; ``gate``: nothing solved may be lost; ``bench``: measure speed."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from tqdm import tqdm

from bot.pipeline import Assistant
from config.settings import WrongSettings
from evaluation import ablation, gate, report
from evaluation.bench import run as bench
from evaluation.cases import Case, WrongSet
from evaluation.opening import assistant_for, identity, open_for
from evaluation.options import ABLATION, SEARCH, chosen, parser
from evaluation.rows import Row
from evaluation.search import task as search
from evaluation.tables import Table
from evaluation.tasks.base import run
from evaluation.tasks.registry import TASKS
from evaluation.variants import AS_TYPED, SEED, VARIANTS
from evaluation.writing import Results
from knowledge.encoding import EncoderError
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import RankingError
from knowledge.store import IndexUnusable, file_hash
from knowledge.text import folded_keys

OK, LOST, USAGE, NO_INDEX = 0, 1, 2, 3


def _put_all(cases: dict[str, list[Case]], assistant: Assistant, variants: Sequence[str]) -> list[Row]:
    rows: list[Row] = []
    total = sum(map(len, cases.values())) * len(variants)
    with tqdm(total=total, desc="Hỏi", unit=" câu", file=sys.stderr) as bar:
        for name, own in cases.items():
            bar.set_postfix_str(name)
            for row in run(TASKS[name], own, assistant, variants):
                rows.append(row)
                bar.update(1)
    return rows


def _described(path: Path | None, default: Path) -> dict[str, str]:
    """A set by its name and content, not by where it lies on this machine."""
    chosen_path = path or default
    return {"set": chosen_path.name, "own": str(path is None).lower(), "sha256": file_hash(chosen_path)[:16]}


def seen_in_index(cases: Sequence[Case], index: SearchIndex) -> int:
    """How many single questions stand word for word among the index's own everyday questions: they would measure memory."""
    known = {" ".join(folded_keys(q)) for q in index.layout.questions}
    return sum(len(c.turns) == 1 and " ".join(folded_keys(c.turns[0])) in known for c in cases)


def _measure(args: argparse.Namespace) -> int:
    wanted = chosen(args)
    if SEARCH in wanted and not args.search:
        raise WrongSet("Đo tìm kiếm cần --search THƯ_MỤC (queries.jsonl, qrels.tsv; kho văn bản ở đó hoặc theo --corpus)")
    cases = {name: TASKS[name].read(getattr(args, name)) for name in wanted if name in TASKS}
    index, root = open_for(args.index)
    config: dict[str, Any] = {
        "command": "evaluation",
        "tasks": wanted,
        "sets": {name: _described(getattr(args, name), TASKS[name].default_set) for name in cases},
        "variants": list(VARIANTS),
        "seed": SEED,
        "today": args.today.isoformat(),
        "index": identity(index, root),
        "questions_also_in_index": {name: seen_in_index(own, index) for name, own in cases.items()},
    }
    results = Results(args.out, config)
    summary: dict[str, Any] = {}
    made: list[Table] = []
    if cases:
        rows = _put_all(cases, assistant_for(index, args.today), VARIANTS)
        results.rows("rows.csv", rows)
        summary |= report.summary(rows)
        made += report.tables(rows)
        report.draw(results, rows)
    if ABLATION in wanted:
        questions = TASKS["procedures"].read(args.procedures)
        total = len(questions) * len(ablation.VARIANTS) * ablation.RANKINGS
        ablated = list(tqdm(ablation.run(questions, index), total=total, desc="Bóc từng phần", file=sys.stderr))
        aggregates = ablation.aggregate(ablated)
        results.rows("ablation.csv", aggregates)
        summary["ablation"] = [vars(a) for a in aggregates]
        made.append(report.ablation_table(aggregates))
    if SEARCH in wanted:
        made.append(_search(args, index, results, summary))
    results.json("summary.json", summary)
    results.tables("table.md", f"Kết quả đo cho ngày {args.today}", made)
    for table in made:
        print(table.plain() + "\n", file=sys.stderr)
    return OK


def _search(args: argparse.Namespace, index: SearchIndex, results: Results, summary: dict[str, Any]) -> Table:
    collection = search.read(args.search, args.corpus)
    total = len(collection.questions) * search.RANKINGS
    rows = list(tqdm(search.run(collection, index.encoder, index.lexicon), total=total, desc="Tìm kiếm", file=sys.stderr))
    results.rows("search.csv", rows)
    aggregates = search.SearchAggregate.of(rows)
    summary["search"] = {
        "collection": args.search.name,
        "documents": len(collection.documents),
        "rankings": [vars(a) for a in aggregates],
    }
    return report.search_table(args.search.name, aggregates, len(collection.documents))


def _gate(args: argparse.Namespace) -> int:
    index, _ = open_for(args.index)
    cases = {name: task.read() for name, task in TASKS.items()}
    rows = _put_all(cases, assistant_for(index, args.today), (AS_TYPED,))
    if args.update:
        gate.write_solved(gate.solved_in(rows))
        print(f"Đã ghi {gate.SOLVED.name}: {sum(map(len, gate.solved_in(rows).values()))} câu trả lời đúng.", file=sys.stderr)
        return OK
    result = gate.compare(rows, gate.read_solved())
    for lost in result.lost:
        print(f"MẤT {lost.task}/{lost.id}: {lost.question or '?'} ({lost.why})", file=sys.stderr)
    print(f"Giữ {result.kept}, mới {result.new}, mất {len(result.lost)}.", file=sys.stderr)
    if not result.passed:
        print("Nếu chủ ý chấp nhận, ghi lại danh sách bằng: python -m evaluation gate --update", file=sys.stderr)
    return OK if result.passed else LOST


def _bench(args: argparse.Namespace) -> int:
    for table in bench.run(args.index, args.today, args.out):
        print(table.plain() + "\n", file=sys.stderr)
    return OK


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 measured; 1 a solved question is lost, or a measured process failed; 2 unusable arguments, settings or sets; 3 no
    usable index."""
    args = parser().parse_args(argv)
    try:
        return {"gate": _gate, "bench": _bench}.get(args.command or "", _measure)(args)
    except (WrongSet, WrongSettings) as error:
        print(error, file=sys.stderr)
        return USAGE
    except (IndexUnusable, EncoderError, RankingError) as error:
        print(error, file=sys.stderr)
        return NO_INDEX
    except bench.BenchFailed as error:
        print(error, file=sys.stderr)
        return LOST


if __name__ == "__main__":
    sys.exit(main())
