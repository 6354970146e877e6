"""Entries on disk: what the search needs of each in memory, the rest read when an answer wants it.

    entries.jsonl   one entry a line, whole
    heads.json      of each entry the short fields, in the same order
    entries.starts.npy   where each line begins, and where the last one ends

Most of an entry is its record, its questions and its body; a question looks at the records of a few entries out of thousands.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, fields
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from knowledge.entries import Entry, EntryType

ENTRIES, HEADS, STARTS = "entries.jsonl", "heads.json", "entries.starts.npy"
_LONG = ("questions", "body", "record")
_HEAD = tuple(f.name for f in fields(Entry) if f.name not in _LONG)
_FIELDS = {f.name for f in fields(Entry)}
_CACHED = 256


def dump_entry(entry: Entry) -> str:
    """An entry as one line of JSON, without what is empty."""
    values = {k: v for k, v in asdict(entry).items() if v not in (None, (), "")}
    return json.dumps(values, ensure_ascii=False)


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    return {k: EntryType(v) if k == "type" else tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in _FIELDS}


def load_entry(line: str | bytes) -> Entry:
    """Inverse of :func:`dump_entry`; fields of a newer program are ignored."""
    return Entry(**_typed(json.loads(line)))


def write_entries(folder: Path, entries: Sequence[Entry]) -> None:
    """Write the three files."""
    starts = [0]
    with (folder / ENTRIES).open("wb") as out:
        for entry in entries:
            starts.append(starts[-1] + out.write(dump_entry(entry).encode() + b"\n"))
    np.save(folder / STARTS, np.array(starts, dtype=np.int64), allow_pickle=False)
    heads = [[getattr(e, name) for name in _HEAD] for e in entries]
    (folder / HEADS).write_text(json.dumps({"fields": _HEAD, "rows": heads}, ensure_ascii=False), encoding="utf-8")


class _Lines:
    """Lines of the file by number; those read last are kept."""

    def __init__(self, path: Path, starts: Sequence[int]) -> None:
        self._file = path.open("rb", buffering=0)
        self._starts = starts
        self.entry = lru_cache(maxsize=_CACHED)(self._read)

    def _read(self, number: int) -> Entry:
        # Read by position, so that threads don't disturb each other; an index folder deleted meanwhile stays readable.
        start, end = self._starts[number], self._starts[number + 1]
        return load_entry(os.pread(self._file.fileno(), end - start, start))


class _StoredEntry(Entry):
    """An entry whose long fields are read from the file."""

    def __init__(self, head: Mapping[str, Any], lines: _Lines, number: int) -> None:
        vars(self).update(head, _lines=lines, _number=number)

    def _whole(self) -> Entry:
        lines: _Lines = vars(self)["_lines"]
        return lines.entry(vars(self)["_number"])

    @property
    def questions(self) -> tuple[str, ...]:
        return self._whole().questions

    @property
    def body(self) -> str:
        return self._whole().body

    @property
    def record(self) -> Mapping[str, Any] | None:
        return self._whole().record


def read_entries(folder: Path) -> tuple[Entry, ...]:
    """The entries of :func:`write_entries`.

    Raises:
        OSError, ValueError, KeyError, TypeError: a file is missing or not what it should be.
    """
    return tuple(_read(folder))


def _read(folder: Path) -> Iterator[Entry]:
    heads = json.loads((folder / HEADS).read_bytes())
    starts = np.load(folder / STARTS, allow_pickle=False).tolist()
    names, rows = heads["fields"], heads["rows"]
    if len(starts) != len(rows) + 1 or starts[-1] != (folder / ENTRIES).stat().st_size:
        raise ValueError(f"{HEADS} and {ENTRIES} do not belong together")
    lines = _Lines(folder / ENTRIES, starts)
    for number, row in enumerate(rows):
        yield _StoredEntry(_typed(dict(zip(names, row, strict=True))), lines, number)
