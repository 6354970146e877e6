"""Dialogues as they stand in their file. A dialogue is a list of turns; a turn may be typed in several ways."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.sets import UnreadableSet, read_rows
from knowledge.text import fold

SET = Path(__file__).resolve().parents[1] / "sets" / "dialogues.yaml"
_KEYS = frozenset({"say", "typed", "outcome", "record", "text", "no_text", "options", "effect", "province"})


@dataclass(frozen=True)
class Turn:
    """One message, other ways of typing it, and what its answer must be: ``outcome``, ``record`` (the first item), ``text`` and ``no_text``
    (patterns), ``options`` (at least so many), ``effect`` (a class of ``bot.types``), ``province`` (remembered afterwards)."""

    say: str
    typed: tuple[str, ...] = ()
    outcome: str | None = None
    record: str | None = None
    text: tuple[str, ...] = ()
    no_text: tuple[str, ...] = ()
    options: int = 0
    effect: str | None = None
    province: str | None = None


@dataclass(frozen=True)
class Dialogue:
    """One conversation."""

    id: str
    turns: tuple[Turn, ...]


def load_dialogues(path: Path = SET) -> list[Dialogue]:
    """The dialogues of a file.

    Raises:
        UnreadableSet: it cannot be read or is not of the expected form.
    """
    return [_dialogue(row, path) for row in read_rows(path)]


def _dialogue(row: dict[str, Any], path: Path) -> Dialogue:
    name = str(row.get("id"))
    return Dialogue(name, tuple(_turn(f"{path}, {name}", turn) for turn in row.get("turns", ())))


def _turn(dialogue: str, values: dict[str, Any]) -> Turn:
    unknown = set(values) - _KEYS
    if unknown or not isinstance(values.get("say"), str):
        raise UnreadableSet(f"{dialogue}: lượt {values} thiếu say hoặc có trường lạ {sorted(unknown)}")
    lists = {k: tuple(str(v) for v in values.get(k, ())) for k in ("typed", "text", "no_text")}
    return Turn(**{**values, **lists})


def ways(dialogue: Dialogue) -> Iterator[tuple[str, list[str]]]:
    """The ways in which a dialogue is typed: (name, messages)."""
    said = [t.say for t in dialogue.turns]
    yield "typed", said
    yield "no_tones", [fold(s) for s in said]
    for i, turn in enumerate(dialogue.turns):
        for number, other in enumerate(turn.typed, 1):
            yield f"turn {i + 1}, way {number}", [*said[:i], other, *said[i + 1 :]]
