"""From rows to what is read: the summary, its tables and its pictures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from evaluation.ablation import AblationAggregate
from evaluation.metrics import expected_calibration_error, reliability
from evaluation.plots import draw_groups, draw_reliability
from evaluation.rows import Aggregate, Row, grouped
from evaluation.search.task import SearchAggregate
from evaluation.tables import Cell, Table
from evaluation.tasks.registry import TASKS
from evaluation.variants import AS_TYPED, LABELS
from evaluation.writing import Results

_HEADS = (
    "n",
    "đúng",
    "hit@1",
    "hit@3",
    "hit@5",
    "hit@10",
    "MRR",
    "trả lời",
    "hỏi lại",
    "từ chối",
    "khẳng định sai",
    "ECE",
    "trung vị ms",
    "p95 ms",
)


def _cells(a: Aggregate) -> tuple[Cell, ...]:
    return (
        a.questions, a.right, a.hit_1, a.hit_3, a.hit_5, a.hit_10, a.mrr, a.answered, a.asked_back, a.declined, a.wrong_asserted, a.ece,
        a.median_ms, a.p95_ms,
    )  # fmt: skip


def summary(rows: Sequence[Row]) -> dict[str, Any]:
    """Aggregates by task and, within one, by variant, and as typed by style and facet; calibration over everything as typed."""
    tasks: dict[str, Any] = {}
    for name in dict.fromkeys(r.task for r in rows):
        own = [r for r in rows if r.task == name]
        typed = [r for r in own if r.variant == AS_TYPED]
        parts: dict[str, Mapping[str, Aggregate]] = {
            "by_variant": grouped(own, lambda r: r.variant),
            "by_style": grouped(typed, lambda r: r.style),
            "by_facet": grouped(typed, lambda r: r.facet),
        }
        tasks[name] = {part: {k: a.to_json() for k, a in groups.items()} for part, groups in parts.items() if groups}
    spoken = [r for r in rows if r.variant == AS_TYPED and r.first_right is not None]
    confidences, right = [r.confidence for r in spoken], [bool(r.first_right) for r in spoken]
    calibration = {
        "answers": len(spoken),
        "ece": round(expected_calibration_error(confidences, right), 4),
        "bins": [vars(b) for b in reliability(confidences, right)],
    }
    return {"tasks": tasks, "calibration": calibration}


def tables(rows: Sequence[Row]) -> list[Table]:
    """One table of tasks and variants, and one each of styles and facets where there are any."""
    lines = []
    for (task, variant), group in _groups(rows, lambda r: (r.task, r.variant)).items():
        lines.append((f"{TASKS[task].label}, {LABELS[variant]}", *_cells(Aggregate.of(group))))
    made = [Table("Chất lượng theo loại câu hỏi và cách gõ", ("câu hỏi", *_HEADS), tuple(lines))]
    typed = [r for r in rows if r.variant == AS_TYPED]
    for title, key in (("Theo kiểu viết (nguyên văn)", lambda r: r.style), ("Theo khía cạnh (nguyên văn)", lambda r: r.facet)):
        lines = [
            (f"{TASKS[task].label}, {value}", *_cells(aggregate))
            for task in dict.fromkeys(r.task for r in typed)
            for value, aggregate in grouped([r for r in typed if r.task == task], key).items()
        ]
        if lines:
            made.append(Table(title, ("câu hỏi", *_HEADS), tuple(lines)))
    return made


def _groups(rows: Sequence[Row], key: Callable[[Row], tuple[str, str]]) -> dict[tuple[str, str], list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups


def ablation_table(aggregates: Sequence[AblationAggregate]) -> Table:
    """Rankings in the rows, the variants side by side."""
    variants = list(dict.fromkeys(a.variant for a in aggregates))
    heads = [f"{m} {LABELS[v]}" for v in variants for m in ("hit@1", "hit@5", "MRR")]
    by_name: dict[str, list[Cell]] = {}
    for a in aggregates:
        by_name.setdefault(a.ranking, []).extend((a.hit_1, a.hit_5, a.mrr))
    note = "Bỏ kho câu hỏi khỏi chỉ mục không bỏ nó khỏi bộ mã hóa, vốn đã học từ đó."
    return Table("Từng phần của tìm kiếm góp gì (thủ tục)", ("xếp hạng", *heads), tuple((n, *c) for n, c in by_name.items()), note)


def search_table(name: str, aggregates: Sequence[SearchAggregate], documents: int) -> Table:
    rows = tuple((a.ranking, a.questions, a.mrr_10, a.hit_1, a.hit_3, a.hit_5, a.hit_10, a.median_ms) for a in aggregates)
    heads = ("xếp hạng", "n", "MRR@10", "hit@1", "hit@3", "hit@5", "hit@10", "trung vị ms")
    return Table(f"Tìm kiếm trên {name}", heads, rows, f"{documents} văn bản; thời gian của mỗi nhánh là của cả lần tìm.")


def draw(results: Results, rows: Sequence[Row]) -> None:
    """The reliability diagram and hit@1 by style, as pictures in the results folder."""
    spoken = [r for r in rows if r.variant == AS_TYPED and r.first_right is not None]
    confidences, right = [r.confidence for r in spoken], [bool(r.first_right) for r in spoken]
    bins = reliability(confidences, right)
    draw_reliability(results.folder / "reliability.png", bins, expected_calibration_error(confidences, right))
    panels: dict[str, dict[str, dict[str, float]]] = {"Đúng theo loại câu hỏi": {}, "Thủ tục: hit@1 theo kiểu viết": {}}
    by_task, by_style = panels.values()
    for (task, variant), group in _groups(rows, lambda r: (r.task, r.variant)).items():
        by_task.setdefault(TASKS[task].label, {})[variant] = Aggregate.of(group).right
    procedures = [r for r in rows if r.ranked and r.style]
    for (style, variant), group in _groups(procedures, lambda r: (r.style, r.variant)).items():
        by_style.setdefault(style, {})[variant] = Aggregate.of(group).hit_1 or 0.0
    draw_groups(results.folder / "styles.png", {title: groups for title, groups in panels.items() if groups})
