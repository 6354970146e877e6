"""What records are called in answers and choices. The evidence (``Item.title``) keeps the official name."""

from __future__ import annotations

from knowledge.casing import sentence_case
from knowledge.entries import Entry


def shown_title(entry: Entry) -> str:
    """A record's title as one reads it: the short name that guidance gives a long one, never shouted, without a final point."""
    record = entry.record or {}
    guidance, successor = record.get("guidance", {}), record.get("successor", {})
    renamed = bool(successor) and guidance.get("code") == successor["code"]
    shouted = entry.title != sentence_case(entry.title)
    own = guidance.get("short_name") or (guidance.get("name") if renamed or shouted else None)
    return str(own or sentence_case(entry.title)).rstrip(". ")
