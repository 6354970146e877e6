"""Forms of questions ("bao lâu", "ai", "hồ sơ gồm những gì") and titles that answer them ("Thời hạn …", "Thẩm quyền …", "Hồ sơ …").

Question types narrow the kind of text that answers (Prager, "Open-Domain Question-Answering", 2006). The table,
``forms.yaml``, was written from general knowledge of how titles of legal articles begin.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import yaml

from knowledge.text import accented_keys, folded_keys, padded

TABLE = Path(__file__).with_name("forms.yaml")


@dataclass(frozen=True)
class Form:
    """Padded phrases (see :func:`knowledge.text.padded`) of a question's form, and of titles that answer it."""

    asked: tuple[str, ...]
    titled: tuple[str, ...]


@dataclass(frozen=True)
class Forms:
    forms: tuple[Form, ...]

    @staticmethod
    def load(*, folded: bool = False) -> Forms:
        """The table, for comparing with tone marks or without."""
        keys: Callable[[str], list[str]] = folded_keys if folded else accented_keys
        rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
        return Forms(tuple(Form(*(tuple(padded(keys(p)) for p in row[side]) for side in ("asked", "titled"))) for row in rows))

    def of(self, question: Sequence[str]) -> list[Form]:
        """Forms of a question given by its syllables' keys."""
        line = padded(question)
        return [f for f in self.forms if any(p in line for p in f.asked)]


def answered(forms: Sequence[Form], title: Sequence[str]) -> float:
    """Share (0…1) of ``forms`` that a title answers; 0 for a question of no known form."""
    line = padded(title)
    return sum(any(p in line for p in f.titled) for f in forms) / max(len(forms), 1)
