"""Dialogues played on the core: no channel, no storage."""

from __future__ import annotations

from collections.abc import Sequence

from bot.service import Answers
from bot.types import Reply, State
from evaluation.dialogues.judging import Run, Seen, faults
from evaluation.dialogues.reading import Dialogue, ways


def play(assistant: Answers, dialogues: Sequence[Dialogue]) -> list[Run]:
    """All dialogues in all the ways in which they are typed."""
    runs = []
    for dialogue in dialogues:
        for way, messages in ways(dialogue):
            state = State()
            made = Run(dialogue.id, way)
            for number, (turn, message) in enumerate(zip(dialogue.turns, messages, strict=True), 1):
                reply = assistant.reply(message, state)
                state = reply.state
                wrong = faults(turn, _seen(reply))
                if wrong:
                    made.faults[number] = [f"{message!r}: {w}" for w in wrong]
            runs.append(made)
    return runs


def _seen(reply: Reply) -> Seen:
    answer = reply.answer
    first = answer.items[0].id if answer.items else None
    effects = tuple(type(effect).__name__ for effect in reply.effects)
    return Seen(answer.text, len(answer.options), answer.outcome.value, first, effects, reply.state.province)
