"""A conversation in a test: messages in, the last answer out."""

from __future__ import annotations

from bot.pipeline import Assistant
from bot.types import Answer, State


def talk(assistant: Assistant, *messages: str, state: State | None = None) -> Answer:
    """The answer to the last message of a conversation."""
    for message in messages:
        reply = assistant.reply(message, state)
        state = reply.state
    return reply.answer


def best(answer: Answer) -> str | None:
    """The record that the answer rests on."""
    return answer.items[0].id if answer.items else None
