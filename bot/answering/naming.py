"""What records are called in answers and choices. The evidence (``Item.title``) keeps the official name."""

from __future__ import annotations

from collections.abc import Sequence

from knowledge.casing import sentence_case
from knowledge.entries import Entry

LONGEST_CHOICE = 160
"""Characters of a name among choices; a longer one is cut where its sense pauses."""
SHORTEST_CHOICE = 60


def shown_title(entry: Entry) -> str:
    """A record's title as one reads it: the short name that guidance gives a long one, never shouted, without a final point."""
    record = entry.record or {}
    guidance, successor = record.get("guidance", {}), record.get("successor", {})
    renamed = bool(successor) and guidance.get("code") == successor["code"]
    shouted = entry.title != sentence_case(entry.title)
    own = guidance.get("short_name") or (guidance.get("name") if renamed or shouted else None)
    return str(own or sentence_case(entry.title)).rstrip(". ")


def choice_names(names: Sequence[str]) -> list[str]:
    """Names to choose among, the very long ones cut; whole where what tells them apart would be lost."""
    cut = [short_form(name) for name in names]
    return [short if cut.count(short) == 1 else name for short, name in zip(cut, names, strict=True)]


def short_form(name: str) -> str:
    """A name with its end left out ("…") where it is very long."""
    if len(name) <= LONGEST_CHOICE:
        return name
    pause = max(name.rfind(mark, SHORTEST_CHOICE, LONGEST_CHOICE) for mark in ("; ", ", ", " (", " đối với ", " trong trường hợp "))
    return name[: pause if pause > 0 else name.rfind(" ", 0, LONGEST_CHOICE)].rstrip(" ,;") + "…"
