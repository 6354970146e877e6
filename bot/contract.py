"""The answer object that the command line and the web API give: plain JSON values, the fields of the public contract."""

from __future__ import annotations

from dataclasses import asdict
from typing import Any

from bot.types import Reply, Status


def to_contract(reply: Reply, question_id: str | None = None) -> dict[str, Any]:
    """A reply → the answer object; ``question_id`` comes back as ``id``."""
    answer = reply.answer
    return {
        "id": question_id,
        "status": answer.status.value,
        "answer": answer.text,
        "confidence": round(answer.confidence, 4),
        "items": [asdict(item) for item in answer.items],
        "lead": list(answer.lead),
        "partners": list(answer.partners),
        "when": answer.when,
        "offices": list(answer.offices),
        "links": list(answer.links),
        "options": [option.label for option in answer.options],
        "notes": list(answer.notes),
        "latency_ms": round(reply.latency_ms, 2),
    }


def error_object(reason: str, question_id: str | None = None) -> dict[str, Any]:
    """The answer object for an input that is not a question at all, such as a malformed line."""
    return {
        "id": question_id, "status": Status.ERROR.value, "answer": reason, "confidence": 0.0, "items": [], "lead": [], "partners": [],
        "when": None, "offices": [], "links": [], "options": [], "notes": [], "latency_ms": 0.0,
    }  # fmt: skip
