"""Plots as numbers: where bars stand. The templates draw them as SVG, on the server, without any code in the browser."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

WIDTH, HEIGHT = 620, 180
"""Size of the plot of days, in SVG units."""


@dataclass(frozen=True)
class Bar:
    """One bar: its rectangle, and what it stands for."""

    label: str
    count: int
    share: float
    x: float = 0.0
    y: float = 0.0
    width: float = 0.0
    height: float = 0.0


@dataclass(frozen=True)
class Days:
    """Bars of successive days; ``top``: the number at the upper line."""

    bars: tuple[Bar, ...]
    top: int
    total: int


def per_day(counts: Mapping[str, int], until: str, days: int) -> Days:
    """Bars of the ``days`` days up to ``until`` (ISO, included)."""
    last = dt.date.fromisoformat(until)
    all_days = [(last - dt.timedelta(days=back)).isoformat() for back in range(days - 1, -1, -1)]
    top = _round_up(max((counts.get(d, 0) for d in all_days), default=0))
    step = WIDTH / days
    bars = []
    for i, name in enumerate(all_days):
        count = counts.get(name, 0)
        height = round(HEIGHT * count / top, 1)
        bars.append(Bar(name, count, count / top, round((i + 0.1) * step, 1), round(HEIGHT - height, 1), round(0.8 * step, 1), height))
    return Days(tuple(bars), top, sum(b.count for b in bars))


def ranked(counts: Sequence[tuple[str, int]], most: int = 8, rest: str = "khác") -> tuple[Bar, ...]:
    """The most frequent first; beyond ``most`` they are added up as ``rest``. ``share`` is of the most frequent; the rest, which is no
    single thing to compare with, has none."""
    ordered = sorted((c for c in counts if c[1]), key=lambda c: (-c[1], c[0]))
    bars = [Bar(name, count, count / ordered[0][1]) for name, count in ordered[:most]]
    left = sum(count for _, count in ordered[most:])
    return (*bars, Bar(rest, left, 0.0)) if left else tuple(bars)


def _round_up(value: int) -> int:
    """The next even number with one digit before its zeros that is at least ``value``: 4, 6, 8, 10, 20, 40, 60, 80, 100, 200 …"""
    step = 2 * int("1" + "0" * (len(str(max(value - 1, 1))) - 1))
    return -(-max(value, 4) // step) * step
