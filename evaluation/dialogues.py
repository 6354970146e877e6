"""Long dialogues, judged turn by turn.

    python -m evaluation.dialogues [--index DIR] [--set FILE]

A dialogue is a list of turns; a turn may be typed in several ways. Each dialogue runs once as written, once without tone marks, and
once for every other way in which a turn is typed.
"""

from __future__ import annotations

import argparse
import datetime as dt
import re
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import yaml

from bot.types import Reply, State
from knowledge.text import fold

if TYPE_CHECKING:
    from bot.pipeline import Assistant

SET = Path(__file__).parent / "sets" / "dialogues.yaml"
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


@dataclass(frozen=True)
class Run:
    """A dialogue as it went: ``faults`` by turn number (from 1)."""

    id: str
    way: str
    faults: dict[int, list[str]] = field(default_factory=dict)


def load_dialogues(path: Path = SET) -> list[Dialogue]:
    """The dialogues of a file.

    Raises:
        OSError, ValueError: it cannot be read or is not of the expected form.
    """
    rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    return [Dialogue(str(row["id"]), tuple(_turn(row["id"], t) for t in row["turns"])) for row in rows]


def _turn(dialogue: str, values: dict[str, Any]) -> Turn:
    unknown = set(values) - _KEYS
    if unknown or not isinstance(values.get("say"), str):
        raise ValueError(f"{dialogue}: lượt {values} thiếu say hoặc có trường lạ {sorted(unknown)}")
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


def faults(turn: Turn, reply: Reply) -> list[str]:
    """What is wrong with the answer to a turn."""
    answer, found = reply.answer, []
    first = answer.items[0].id if answer.items else None
    if turn.outcome and answer.outcome.value != turn.outcome:
        found.append(f"outcome {answer.outcome.value}")
    if turn.record and first != turn.record:
        found.append(f"record {first}")
    found += [f"text {p}" for p in turn.text if not re.search(p, answer.text)]
    found += [f"no_text {p}" for p in turn.no_text if re.search(p, answer.text)]
    if len(answer.options) < turn.options:
        found.append(f"options {len(answer.options)}")
    if turn.effect and turn.effect not in [type(e).__name__ for e in reply.effects]:
        found.append(f"effects {reply.effects}")
    if turn.province and reply.state.province != turn.province:
        found.append(f"province {reply.state.province}")
    return found


def run(assistant: Assistant, dialogues: Sequence[Dialogue]) -> list[Run]:
    """All dialogues in all their ways."""
    runs = []
    for dialogue in dialogues:
        for way, messages in ways(dialogue):
            state = State()
            made = Run(dialogue.id, way)
            for number, (turn, message) in enumerate(zip(dialogue.turns, messages, strict=True), 1):
                reply = assistant.reply(message, state)
                state = reply.state
                wrong = faults(turn, reply)
                if wrong:
                    made.faults[number] = [f"{message!r}: {w}" for w in wrong]
            runs.append(made)
    return runs


def main(argv: Sequence[str] | None = None) -> int:
    from bot.pipeline import Assistant
    from config.settings import load_settings
    from knowledge.encoding import make_encoder
    from knowledge.search.ranking import load_ranking
    from knowledge.store import open_index

    parser = argparse.ArgumentParser(prog="python -m evaluation.dialogues", description="Chấm hội thoại dài theo từng lượt.")
    parser.add_argument("--index", type=Path, help="thư mục chỉ mục (mặc định theo cấu hình)")
    parser.add_argument("--set", type=Path, default=SET, metavar="TỆP")
    parser.add_argument("--today", type=dt.date.fromisoformat, default=dt.date(2026, 11, 21))
    args = parser.parse_args(argv)
    settings = load_settings()
    index = open_index((args.index or settings.index_dir).absolute(), make_encoder(settings), load_ranking())
    runs = run(Assistant(index, args.today), load_dialogues(args.set))
    for failed in (r for r in runs if r.faults):
        for number, wrong in failed.faults.items():
            print(f"{failed.id} ({failed.way}), lượt {number}: {'; '.join(wrong)}")
    passed = sum(not r.faults for r in runs)
    print(f"{passed} of {len(runs)} runs passed, {len({r.id for r in runs})} dialogues")
    return 0 if passed == len(runs) else 1


if __name__ == "__main__":
    sys.exit(main())
