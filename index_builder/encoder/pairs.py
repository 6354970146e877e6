"""Training pairs: (what is asked, what answers it), from the question bank and from public texts.

Each source yields groups ``(group id, anchor, positive)``; a batch never holds two pairs of one group, so that in-batch negatives
are true negatives.
"""

from __future__ import annotations

import gzip
import json
import random
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.entries import Entry

_SENTENCE = re.compile(r"(?<=[.!?;])\s+|\n+")


@dataclass(frozen=True)
class Pair:
    group: str
    anchor: str
    positive: str


def bank_pairs(entries: Sequence[Entry], rng: random.Random) -> Iterator[Pair]:
    """Each everyday question with its record's title, with an alias, and with another question of the record."""
    for entry in entries:
        names = [entry.title, *entry.aliases]
        for alias in entry.aliases:
            yield Pair(entry.id, alias, entry.title)
        for question in entry.questions:
            yield Pair(entry.id, question, entry.title)
            others = [q for q in entry.questions if q != question]
            if others:
                yield Pair(entry.id, question, rng.choice(others))
            yield Pair(entry.id, question, rng.choice(names))


def title_pairs(entries: Sequence[Entry], rng: random.Random) -> Iterator[Pair]:
    """A record's title with a stretch of its body, for records nobody has written questions for."""
    for entry in entries:
        parts = [p for p in entry.body.split(" . ") if len(p) > 12]
        if parts:
            yield Pair(entry.id, " ".join(rng.sample(parts, min(3, len(parts)))), entry.title)


def read_rows(path: Path) -> Iterator[dict[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as lines:
        for line in lines:
            yield json.loads(line)


def _words(text: str, count: int) -> str:
    return " ".join(text.split()[:count])


def page_pairs(path: Path, rng: random.Random) -> Iterator[Pair]:
    """Names of portal procedures with stretches of their pages."""
    for row in read_rows(path):
        for key in ("trinh_tu", "ho_so", "yeu_cau", "ket_qua"):
            parts = [s for s in _SENTENCE.split(row.get(key) or "") if len(s) > 30]
            if parts:
                yield Pair(f"procedure/{row['ma']}", _words(rng.choice(parts), 40), row["ten"])


def law_pairs(path: Path, rng: random.Random) -> Iterator[Pair]:
    """Titles of law articles with a sentence of their text."""
    for row in read_rows(path):
        parts = [s for s in _SENTENCE.split(row.get("text") or "") if len(s) > 40]
        if parts and row.get("title"):
            yield Pair(f"law/{row['title']}", row["title"], _words(rng.choice(parts), 50))


def encyclopedia_pairs(path: Path, rng: random.Random) -> Iterator[Pair]:
    """Neighbouring sentences of encyclopedia articles: general language."""
    for number, row in enumerate(read_rows(path)):
        parts = [s for s in _SENTENCE.split(row.get("text") or "") if 40 < len(s) < 400]
        for _ in range(min(2, len(parts) - 1)):
            i = rng.randrange(len(parts) - 1)
            yield Pair(f"wiki/{number}", _words(parts[i], 30), _words(parts[i + 1], 40))
