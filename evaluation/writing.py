"""The one writer of results: rows as CSV, values as JSON, tables as Markdown, always beside the configuration that made them."""

from __future__ import annotations

import csv
import json
import os
import platform
import sys
from collections.abc import Mapping, Sequence
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evaluation.tables import Table

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

CONFIG = "config.json"


def machine() -> dict[str, Any]:
    """What the figures were measured on: processor, cores this process may use, memory, system, Python."""
    model = platform.processor() or platform.machine()
    try:
        lines = Path("/proc/cpuinfo").read_text(encoding="utf-8").splitlines()
        model = next((line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")), model)
    except OSError:
        pass  # not Linux; the platform's own name has to do
    try:
        memory: float | None = round(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**30, 1)
    except (ValueError, OSError, AttributeError):
        memory = None
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    return {"processor": model, "cores": cores, "memory_gib": memory, "system": platform.system(), "python": sys.version.split()[0]}


class Results:
    """A folder of results. Whatever is written there goes through this class, and the configuration goes in first."""

    def __init__(self, folder: Path, config: Mapping[str, Any]) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self.json(CONFIG, {**config, "machine": machine()})

    def rows(self, name: str, rows: Sequence[DataclassInstance]) -> Path | None:
        """Rows of one dataclass → ``name`` as CSV, a column for each field; nothing for no rows."""
        if not rows:
            return None
        path = self.folder / name
        with path.open("w", encoding="utf-8", newline="") as out:
            writer = csv.DictWriter(out, [f.name for f in fields(rows[0])], lineterminator="\n")
            writer.writeheader()
            writer.writerows(asdict(row) for row in rows)
        return path

    def json(self, name: str, values: Mapping[str, Any]) -> Path:
        path = self.folder / name
        path.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
        return path

    def tables(self, name: str, heading: str, tables: Sequence[Table]) -> Path:
        path = self.folder / name
        path.write_text(f"## {heading}\n\n" + "\n".join(t.markdown() for t in tables), encoding="utf-8")
        return path
