"""What has to be known before one relies on an answer about a procedure: of the sides that it tells, not of all others."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection

from bot.answering.changes import notable, starts, told
from bot.answering.facets import PORTAL
from bot.answering.parts import Record, day, first_upper, sentence
from bot.types import Intent
from bot.wording import DISTRICT
from knowledge.entries import Entry

MOST_CHANGES = 3
"""Changes told after an answer. Warnings and doubts are told all."""


def notes_of(entry: Entry, shown: Collection[Intent], said: str, today: dt.date) -> list[str]:
    """What to add to an answer, the weightiest first: whose procedure it is and that it is gone, what is not certain, what changes.

    Args:
        entry: the procedure.
        shown: the facets that the answer tells. A doubt or a change of another facet waits until that one is asked for.
        said: the answer so far, which is not said again.
        today: the day of the answer.
    """
    guidance = (entry.record or {}).get("guidance", {})
    facets = {intent.value for intent in shown}
    doubts = [sentence(first_upper(d["text"])) for d in guidance.get("to_check", ()) if not d.get("facets") or facets & set(d["facets"])]
    changes = [c for c in guidance.get("changes", ()) if c.get("facet") in (None, *facets) or _new_basis(c, guidance)]
    said = said.lower()
    told_changes = [told(c, today) for c in notable(changes, today) if str(c["text"]).rstrip(". ").lower() not in said]
    return _standing(entry) + [d for d in doubts if d.rstrip(".").lower() not in said] + told_changes[:MOST_CHANGES]


def _standing(entry: Entry) -> list[str]:
    """Whose procedure it is, that it goes on elsewhere, or is gone."""
    record = entry.record or {}
    guidance, catalogue, successor = record.get("guidance", {}), record.get("catalogue", {}), record.get("successor", {})
    found = [f"Đây là thủ tục riêng của {entry.province}."] if entry.province else []
    if successor and guidance.get("code") != successor["code"]:
        found.append(f"Thủ tục này nay gộp vào “{successor['name']}” (mã {successor['code']}): {successor.get('link') or PORTAL}")
    if catalogue.get("gone_since"):
        found.append(f"Thủ tục này không còn trong danh mục của Cổng từ {day(catalogue['gone_since'])}.")
    if not guidance and any("huyện" in str(body).lower() for body in catalogue.get("bodies", ())):
        found.append(DISTRICT)
    return found


def _new_basis(change: Record, guidance: Record) -> bool:
    """A law that begins after the guidance was checked may have changed every side of the procedure."""
    start, checked = starts(change), guidance.get("checked_on")
    return change.get("facet") == Intent.BASIS.value and start is not None and (not checked or start > dt.date.fromisoformat(checked))
