"""Buttons for choices, and what a pressed one means. Pure.

A token is short (Telegram allows 64 bytes) and tied to the conversation's state: ``o:2:1f3a9c`` is the second option of the state
whose digest is ``1f3a9c``. A press on an older message carries another digest and is recognised as stale.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence

from bot.channels.base import Button, Rows
from bot.types import Option, State

_DIGEST_LENGTH = 8
_LONGEST_LABEL = 56
_PROVINCE = "p"
OPTION, FOLLOWUP = _GROUPS = ("o", "f")
"""First parts of the tokens of a question's options and of what may be asked further."""


def digest(state: State) -> str:
    """A short fingerprint of the choices that a state offers."""
    offered = [[[o.label, o.entry, o.province, o.intent] for o in group] for group in (state.options, state.followups)]
    return hashlib.sha256(json.dumps(offered, ensure_ascii=False).encode()).hexdigest()[:_DIGEST_LENGTH]


def choice_rows(state: State) -> Rows:
    """Buttons for a state's choices: options one a row and numbered as in the text, follow-ups three a row."""
    mark = digest(state)
    options = [Button(_short(f"{i}. {o.label}"), f"o:{i}:{mark}") for i, o in enumerate(state.options, 1)]
    followups = [Button(_short(o.label), f"f:{i}:{mark}") for i, o in enumerate(state.followups, 1)]
    return (*in_rows(options, 1), *in_rows(followups, 3))


def province_rows(provinces: Sequence[str]) -> Rows:
    """Buttons for provinces. Their tokens name the province itself and never go stale."""
    return in_rows([Button(name, f"{_PROVINCE}:{name}") for name in provinces], 3)


def in_rows(buttons: Sequence[Button], width: int) -> Rows:
    return tuple(tuple(buttons[i : i + width]) for i in range(0, len(buttons), width))


def chosen_province(token: str, provinces: Sequence[str]) -> str | None:
    """The province that a token names, none where it names none of ``provinces``."""
    group, _, name = token.partition(":")
    return name if group == _PROVINCE and name in provinces else None


def chosen_option(token: str, state: State) -> Option | None:
    """The choice that a token names, none where the state no longer offers it or the token is not one of ours."""
    group, _, rest = token.partition(":")
    number, _, mark = rest.partition(":")
    if group not in _GROUPS or mark != digest(state) or not (number.isascii() and number.isdecimal()):
        return None
    offered = state.options if group == "o" else state.followups
    return offered[int(number) - 1] if 1 <= int(number) <= len(offered) else None


def _short(label: str) -> str:
    return label if len(label) <= _LONGEST_LABEL else label[: _LONGEST_LABEL - 1].rstrip() + "…"
