"""Choices for interfaces without buttons: a short line of numbers and words that can be sent back, and no talk of pressing. Pure.

Options of a question back mostly stand numbered in the text already, and are listed where they don't. Follow-ups get the numbers after
them, as the core counts them. Other buttons (a province, a verdict) are understood by their words.
"""

from __future__ import annotations

from collections.abc import Sequence

from bot.channels import wording
from bot.channels.base import Button, Rows
from bot.channels.buttons import FOLLOWUP, OPTION
from bot.channels.splitting import units
from bot.wording import CHOOSE

_BETWEEN = " · "
_WITHOUT_BUTTONS = {CHOOSE: wording.CHOOSE_BY_NUMBER, wording.CHOOSE_PROVINCE: wording.CHOOSE_PROVINCE_BY_NAME}
"""What asks to press a button, and how it is said where there is none to press."""


def with_choices(text: str, rows: Rows, limit: int, *, shown: int = 0) -> str:
    """The text with a line for the choices that stand neither in it nor as buttons under it.

    Args:
        text: a message.
        rows: its buttons.
        limit: most UTF-16 units of the result; choices that do not fit are left out (they still work when written).
        shown: how many of the first buttons the interface shows itself.
    """
    if not shown:
        for pressing, writing in _WITHOUT_BUTTONS.items():
            text = text.replace(pressing, writing)
    buttons = [button for row in rows for button in row]
    options = sum(_group(b) == OPTION for b in buttons)
    followups = [b for b in buttons if _group(b) == FOLLOWUP]
    numbers = {b: f"{number}. {b.label}" for number, b in enumerate(followups, options + 1)}
    left = buttons[shown:]
    unlisted = [b.label for b in left if _group(b) == OPTION and not _listed(b, text)]
    text = _add(text, "", unlisted, limit, "\n")
    text = _add(text, wording.MORE_TO_ASK, [numbers[b] for b in left if b in numbers], limit)
    return _add(text, wording.BY_WORDS, [b.label for b in left if b not in numbers and _group(b) != OPTION], limit)


def _listed(option: Button, text: str) -> bool:
    """Whether a line of the text begins with the number of an option."""
    number = option.label.partition(".")[0]
    return any(line.startswith(f"{number}. ") for line in text.splitlines())


def _group(button: Button) -> str:
    return button.token.partition(":")[0]


def _add(text: str, heading: str, labels: Sequence[str], limit: int, between: str = _BETWEEN) -> str:
    result, separator = text, "\n\n" + heading
    for label in labels:
        longer = result + separator + label
        if units(longer) > limit:
            break
        result, separator = longer, between
    return result
