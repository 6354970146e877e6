"""Several questions in one message: where one ends and the next begins, and their answers as one. Pure."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from itertools import chain, zip_longest

from bot import wording
from bot.types import Answer, Reply
from bot.understanding import phrases as p
from bot.understanding.reading import Reading
from knowledge.text import fold, folded_keys

MOST = 3
"""Questions of one message that are answered."""
SHORTEST = 8
"""Syllables from which a message may hold two questions."""
_SPACE = r"[\s,.;?!]+"
_STOP = re.compile(r"[?;\n]+|[.!,]+(?=\s)")
_BETWEEN = re.compile(
    "|".join(rf"(?<!\w){' '.join(words)}(?!\w)" for words in sorted(p.NEXT_QUESTION, key=len, reverse=True)).replace(" ", _SPACE)
)


def boundaries(text: str) -> Iterator[tuple[int, int]]:
    """Places (start, end) between which a message may be cut: after marks, and around words such as "với lại", "ngoài ra", "và"."""
    folded = fold(text).lower()
    if len(folded) != len(text):
        return
    found = {m.span() for m in chain(_STOP.finditer(folded), _BETWEEN.finditer(folded))}
    yield from sorted(found)


def split(text: str, read: Callable[[str], Reading]) -> list[Reading]:
    """The questions of a message, in order; none where it cannot be cut so that every part asks something about a matter of its
    own. Several papers lost at once are a question each.

    Args:
        text: the message, cleaned.
        read: what reads a part.
    """
    lost = p.papers_lost(folded_keys(text))
    if len(lost) > 1:
        return [read(f"{wording.LOST} {paper}") for paper in lost[:MOST]]
    parts: list[Reading] = []
    start = 0
    for a, b in boundaries(text):
        if len(parts) == MOST - 1:
            break
        if a <= start or b >= len(text):
            continue
        before, after = read(text[start:a]), read(text[b:])
        if _complete(before) and _complete(after) and not _same_matter(before, after):
            parts.append(before)
            start = b
    return [*parts, read(text[start:])] if parts else []


def _complete(part: Reading) -> bool:
    asks = bool(part.intents) or part.definition or part.validity or part.succession
    # "cái đó mấy bữa có" goes on about the part before it.
    goes_on = p.POINTING_BACK.stands_in(folded_keys(part.query.plain))
    return asks and bool(part.own_topic) and not goes_on and part.refused is None and part.small_talk is None


def _same_matter(one: Reading, other: Reading) -> bool:
    return set(other.own_topic) <= set(one.own_topic)


def may_be_several(reading: Reading) -> bool:
    """Whether it is worth looking for a second question: cheap, for nearly every message holds one."""
    keys = reading.query.plain.split()
    if len(p.papers_lost(folded_keys(reading.query.plain))) > 1:
        return True
    return len(keys) >= SHORTEST and len(reading.own_topic) >= 2 and p.asking_count(reading.query.plain) >= 2


def joined(replies: Sequence[Reply]) -> Reply:
    """The replies to the questions of one message as one: texts one after another; the evidence of each in turn, so that the first
    question's best comes first; what is said of the best item (who leads, when) is the first question's. The conversation goes on from
    the last one."""
    answers = [r.answer for r in replies]
    first = answers[0]
    texts = [wording.SEVERAL.format(count=len(answers))]
    texts += [f"{wording.NTH.format(number=i)} {a.text}" for i, a in enumerate(answers, 1)]
    items = [i for row in zip_longest(*(a.items for a in answers)) for i in row if i is not None]
    answer = replace(
        first,
        text="\n\n".join(texts),
        confidence=min(a.confidence for a in answers),
        items=tuple({i.id: i for i in reversed(items)}[k] for k in dict.fromkeys(i.id for i in items)),
        offices=_union(answers, "offices"),
        links=_union(answers, "links"),
        notes=_union(answers, "notes"),
        followups=answers[-1].followups,
    )
    return replace(replies[-1], answer=answer)


def _union(answers: Sequence[Answer], field: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(value for a in answers for value in getattr(a, field)))
