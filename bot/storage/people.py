"""How people appear in what is kept: what they wrote without personal data, who they are as a pseudonym."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

from bot.privacy.masking import mask
from bot.vietnam import VIETNAM

Mask = Callable[[str], str]
"""Takes personal data (identity, telephone, account numbers, e-mail addresses) out of a text."""

LONGEST_TEXT = 4000
"""Characters of what a person wrote that are kept."""


def masked_text(text: str) -> str:
    """``text`` without personal data."""
    return mask(text).text


def masked(mask: Mask, text: str | None) -> str | None:
    """``text`` fit to be kept; none stays none."""
    return mask(text)[:LONGEST_TEXT] if text else None


def day_of(seconds: float) -> str:
    """The day in Vietnam at a time, as ``2026-11-21``."""
    return dt.datetime.fromtimestamp(seconds, VIETNAM).date().isoformat()
