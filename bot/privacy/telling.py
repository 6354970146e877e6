"""Telling people not to send personal data."""

from __future__ import annotations

from dataclasses import replace

from bot import wording
from bot.conversation import remember
from bot.privacy.masking import Masked
from bot.requests import said
from bot.types import Answer, Outcome, Reply, State
from bot.understanding.phrases import NUMBER_LABELS, POLITE
from knowledge.text import folded_keys


def only_personal(masked: Masked) -> bool:
    """Whether a message holds nothing but personal data and words that name it ("sđt của em …")."""
    return bool(masked.kinds) and all(k in POLITE or k in NUMBER_LABELS for k in folded_keys(masked.bare))


def noted(masked: Masked, state: State) -> Reply:
    """The reply to a message that holds nothing else."""
    return Reply(said(Outcome.PERSONAL_NOTED, kinds=_kinds(masked)), remember(state))


def keep_private(answer: Answer, masked: Masked) -> Answer:
    """The answer with a request not to send personal data."""
    note = wording.KEEP_PRIVATE.format(kinds=_kinds(masked))
    return replace(answer, text=f"{answer.text}\nLưu ý: {note}", notes=(*answer.notes, note))


def _kinds(masked: Masked) -> str:
    return ", ".join(wording.PERSONAL_KINDS[kind] for kind in masked.kinds)
