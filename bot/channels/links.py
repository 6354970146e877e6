"""Links that open a chat with one record: a record's id as a start parameter and back. Pure.

Telegram allows 64 characters of ``A-Za-z0-9_-``: ``procedure/1.004194`` → ``p-1_004194``. Ids that do not come back as they were
(none of the records of these types does) have no link.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

_LETTERS: Mapping[str, str] = {"procedure": "p", "guide": "g"}
_TYPES = {letter: name for name, letter in _LETTERS.items()}
_ALLOWED = re.compile(r"[A-Za-z0-9_-]{3,64}")


def parameter_of(entry: str) -> str | None:
    """The start parameter that stands for a record, none where it has none."""
    kind, _, rest = entry.partition("/")
    if kind not in _LETTERS or not rest:
        return None
    parameter = f"{_LETTERS[kind]}-{rest.replace('.', '_')}"
    return parameter if _ALLOWED.fullmatch(parameter) and entry_of(parameter) == entry else None


def entry_of(parameter: str) -> str | None:
    """The record that a start parameter names, none where it is not one of ours. Whether the record exists is not looked up."""
    letter, dash, rest = parameter.partition("-")
    if letter not in _TYPES or not dash or not rest or not _ALLOWED.fullmatch(parameter):
        return None
    return f"{_TYPES[letter]}/{rest.replace('_', '.')}"
