"""The project's own long dialogues, turn by turn, in all the ways they are typed."""

from __future__ import annotations

import pytest

from bot.pipeline import Assistant
from evaluation.dialogues.core import play
from evaluation.dialogues.reading import Dialogue, load_dialogues

DIALOGUES = load_dialogues()


def test_there_are_enough_of_them() -> None:
    assert len(DIALOGUES) >= 30
    assert all(3 <= len(d.turns) <= 8 for d in DIALOGUES)


@pytest.mark.parametrize("dialogue", DIALOGUES, ids=[d.id for d in DIALOGUES])
def test_a_dialogue(assistant: Assistant, dialogue: Dialogue) -> None:
    failed = [f"{r.way}, turn {n}: {w}" for r in play(assistant, [dialogue]) for n, w in r.faults.items()]
    assert not failed
