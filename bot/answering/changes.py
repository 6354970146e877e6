"""Dated changes of a procedure as sentences: what holds since when and until when, and what is coming."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Sequence

from bot.answering.parts import Record, day, in_force, sentence

_BETWEEN = re.compile(r"[;,] ")


def starts(change: Record) -> dt.date | None:
    """The first day of a change, none where the record gives none."""
    return dt.date.fromisoformat(change["valid_from"]) if change.get("valid_from") else None


def told(change: Record, today: dt.date) -> str:
    """One change as a sentence with its days and what it rests on, but for what its text says itself. A coming one begins with its day."""
    text, start, end = sentence(str(change["text"]))[:-1], starts(change), change.get("valid_to")
    until = f"đến hết {day(end)}" if end and not _names(text, dt.date.fromisoformat(end)) else ""
    basis = f", theo {change['basis']}" if change.get("basis") and not _held(str(change["basis"]), text) else ""
    if start and start > today and not _names(text, start):
        return sentence(f"Từ {day(start)}{f' {until}' if until else ''}: {text}{basis}")
    since = f"từ {day(start)}" if start and not _names(text, start) else ""
    days = f" ({f'{since} {until}'.strip()})" if since or until else ""
    return sentence(f"{text}{days}{basis}")


def notable(changes: Sequence[Record], today: dt.date) -> list[Record]:
    """Changes to tell on ``today``: the coming ones by their day, then those in force, the latest first. What is over is left out."""
    coming = [c for c in changes if (starts(c) or today) > today]
    current = [c for c in changes if c not in coming and in_force(c, today)]
    return sorted(coming, key=lambda c: starts(c) or today) + sorted(current, key=lambda c: starts(c) or dt.date.min, reverse=True)


def _names(text: str, date: dt.date) -> bool:
    return re.search(rf"(?<!\d)0?{date.day}/0?{date.month}/{date.year}(?!\d)", text) is not None


def _held(basis: str, text: str) -> bool:
    return all(part in text for part in _BETWEEN.split(basis))
