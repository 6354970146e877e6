"""Writing results: rows with misses, summary, table, plots, and the configuration that made them."""

from __future__ import annotations

import csv
import json
import os
import platform
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

from evaluation.measures import reliability
from evaluation.running import Row, Summary


def machine() -> dict[str, Any]:
    """What the figures were measured on."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    except OSError:
        pass
    return {"processor": model, "cores": os.cpu_count(), "python": platform.python_version(), "system": platform.system()}


def markdown(summaries: Sequence[Summary], ablation: Sequence[Mapping[str, Any]]) -> str:
    """The table that README and docs quote."""

    def cell(value: float | None, digits: int = 3) -> str:
        return "" if value is None else f"{value:.{digits}f}"

    lines = [
        "| task | typed as | n | right | hit@1 | hit@5 | MRR@10 | answered | asked back | declined | wrong asserted | ECE | median ms |",
        "|---|---|---|---|---|---|---|---|---|---|---|---|---|",
    ]
    for s in summaries:
        values = [s.right, s.hit1, s.hit5, s.mrr, s.answered, s.asked_back, s.declined, s.wrong_asserted, s.ece]
        lines.append(f"| {s.task} | {s.style} | {s.count} | " + " | ".join(cell(v) for v in values) + f" | {s.median_ms:.1f} |")
    if ablation:
        lines += ["", "| procedures, as typed | hit@1 | hit@5 | MRR@10 |", "|---|---|---|---|"]
        lines += [f"| {r['variant']} | {r['hit@1']:.3f} | {r['hit@5']:.3f} | {r['mrr@10']:.3f} |" for r in ablation]
    return "\n".join(lines) + "\n"


def write(
    folder: Path, rows: Sequence[Row], summaries: Sequence[Summary], ablation: Sequence[Mapping[str, Any]], config: Mapping[str, Any]
) -> None:
    """Write everything below ``folder`` (made when missing): rows.csv, summary.json, table.md, config.json and two plots."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "rows.csv").open("w", encoding="utf-8", newline="") as out:
        writer = csv.DictWriter(out, [f.name for f in fields(Row)])
        writer.writeheader()
        writer.writerows(asdict(r) for r in sorted(rows, key=lambda r: (r.right, r.task, r.style, r.id)))
    values = {"tasks": [asdict(s) for s in summaries], "ablation": list(ablation)}
    (folder / "summary.json").write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "config.json").write_text(json.dumps({**config, "machine": machine()}, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    (folder / "table.md").write_text(markdown(summaries, ablation), encoding="utf-8")
    plots(folder, rows, summaries)


def plots(folder: Path, rows: Sequence[Row], summaries: Sequence[Summary]) -> None:
    """``reliability.png``: confidence against share right; ``styles.png``: share right by task and way of typing."""
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot as plt

    asserted = [r for r in rows if r.status == "answered" and r.task != "reject"]
    if asserted:
        bins = reliability([r.confidence for r in asserted], [r.right for r in asserted])
        figure, axes = plt.subplots(figsize=(4.5, 4.5))
        axes.plot([0, 1], [0, 1], color="#999999", linewidth=1)
        axes.plot([b.confidence for b in bins], [b.right for b in bins], marker="o", color="#0b4f8a")
        for b in bins:
            axes.annotate(str(b.count), (b.confidence, b.right), textcoords="offset points", xytext=(6, -10), fontsize=8)
        axes.set(xlabel="confidence", ylabel="share right", xlim=(0, 1), ylim=(0, 1.02), title="answered questions")
        figure.tight_layout()
        figure.savefig(folder / "reliability.png", dpi=110)
        plt.close(figure)
    tasks = list(dict.fromkeys(s.task for s in summaries))
    styles = list(dict.fromkeys(s.style for s in summaries))
    figure, axes = plt.subplots(figsize=(7, 3.6))
    for i, style in enumerate(styles):
        values = [next((s.right for s in summaries if s.task == t and s.style == style), 0.0) for t in tasks]
        axes.bar([x + i * 0.2 for x in range(len(tasks))], values, width=0.18, label=style)
    axes.set_xticks([x + 0.2 * (len(styles) - 1) / 2 for x in range(len(tasks))], tasks)
    axes.set(ylim=(0, 1.05), ylabel="share right")
    axes.legend(loc="lower right", fontsize=8)
    figure.tight_layout()
    figure.savefig(folder / "styles.png", dpi=110)
    plt.close(figure)
