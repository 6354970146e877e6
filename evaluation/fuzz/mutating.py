"""Changing JSON values and bodies a little, or a lot."""

from __future__ import annotations

import copy
import json
import random
from collections.abc import Iterator
from typing import Any

from evaluation.documents.fuzz import PLAIN
from evaluation.fuzz.words import text

ODD_VALUES: tuple[Any, ...] = (
    None, True, False, 0, -1, 2**31, 2**63, -(2**63), 10**40, 1.5, -0.0, 1e308, "", " ", "0", "-1", [], {}, [[]], {"": None}, [None] * 50,
)  # fmt: skip
_DEEP = 60


def mutated(value: Any, chance: random.Random) -> Any:
    """A copy of a JSON value with one to four places changed: replaced, taken out, put in twice, wrapped, or filled with odd text."""
    changed = json.loads(json.dumps(value))
    for _ in range(chance.randrange(1, 5)):
        places = list(_places(changed))
        if not places:
            return _odd(chance)
        holder, key = chance.choice(places)
        match chance.randrange(6):
            case 0 | 1:
                holder[key] = _odd(chance)
            case 2 | 3:
                holder[key] = text(chance)
            case 4:
                holder[key] = _wrapped(holder[key], chance)
            case _ if isinstance(holder, dict):
                holder.pop(key)
                if chance.random() < 0.3:
                    holder[text(chance)[:40]] = _odd(chance)
            case _:
                holder.append(holder[key])
    return changed


def damaged(value: Any, chance: random.Random) -> bytes:
    """The body of a value: mostly mutated JSON, sometimes with the bytes themselves damaged."""
    body = json.dumps(mutated(value, chance), ensure_ascii=chance.random() < 0.5).encode("utf-8", "surrogatepass")
    return chance.choice(PLAIN)(body, chance) if chance.random() < 0.2 and len(body) > 1 else body


def _odd(chance: random.Random) -> Any:
    return copy.deepcopy(chance.choice(ODD_VALUES)) if chance.random() < 0.7 else text(chance)


def _wrapped(value: Any, chance: random.Random) -> Any:
    for _ in range(chance.choice((1, 1, 2, _DEEP))):
        value = [value] if chance.random() < 0.5 else {"x": value}
    return value


def _places(value: Any) -> Iterator[tuple[Any, Any]]:
    """Every (container, key) in a value."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
