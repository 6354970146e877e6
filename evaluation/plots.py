"""Pictures of the results. Matplotlib is a development dependency; it is loaded only when a picture is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from evaluation.metrics import Bin
from evaluation.variants import LABELS

COLOURS = ("#1b5e9e", "#d9822b", "#3f8f5b", "#9a4f96")


def _axes(width: float, height: float, columns: int = 1) -> tuple[Any, Any]:
    import matplotlib

    matplotlib.use("Agg")
    from matplotlib import pyplot

    return pyplot.subplots(1, columns, figsize=(width, height), layout="constrained")


def draw_reliability(path: Path, bins: Sequence[Bin], error: float) -> None:
    """Accuracy against confidence, the number of answers written over each bar."""
    figure, axes = _axes(5.2, 4.6)
    axes.plot([0, 1], [0, 1], "--", color="#777777", linewidth=1, label="hiệu chỉnh hoàn hảo")
    axes.bar([b.confidence for b in bins], [b.accuracy for b in bins], width=0.06, color=COLOURS[0], label="tỉ lệ đúng")
    for b in bins:
        axes.annotate(str(b.count), (b.confidence, b.accuracy), ha="center", va="bottom", fontsize=8)
    axes.set(xlim=(0, 1.03), ylim=(0, 1.08), xlabel="độ tin cậy bot nêu", ylabel="tỉ lệ đúng", title=f"Độ tin cậy (ECE {error:.3f})")
    axes.legend(loc="upper left", frameon=False)
    figure.savefig(path, dpi=110)


def draw_groups(path: Path, panels: Mapping[str, Mapping[str, Mapping[str, float]]]) -> None:
    """Grouped bars: ``panels`` is title → group on the x axis → variant → share."""
    figure, axes = _axes(6.2 * len(panels), 4.2, len(panels))
    for axis, (title, groups) in zip([axes] if len(panels) == 1 else axes, panels.items(), strict=True):
        variants = list(dict.fromkeys(v for group in groups.values() for v in group))
        width = 0.8 / max(len(variants), 1)
        for number, variant in enumerate(variants):
            places = [i + (number - (len(variants) - 1) / 2) * width for i in range(len(groups))]
            shares = [group.get(variant, 0.0) for group in groups.values()]
            axis.bar(places, shares, width, color=COLOURS[number % len(COLOURS)], label=LABELS.get(variant, variant))
        axis.set(xticks=range(len(groups)), xticklabels=list(groups), ylim=(0, 1.02), title=title)
        axis.grid(axis="y", linewidth=0.4)
        axis.set_axisbelow(True)
    (axes if len(panels) == 1 else axes[0]).legend(loc="lower left", fontsize=8)
    figure.savefig(path, dpi=110)
