"""What a message asks of the bot itself: a person to talk to, the menu, to forget, staff mode; and how it judges the last answer. Pure."""

from __future__ import annotations

from enum import StrEnum

from bot.understanding import phrases as p
from bot.understanding.reading import Reading
from knowledge.text import folded_keys, syllables


class Act(StrEnum):
    """A wish that is no question. The values are the names of the phrase tables."""

    HAND_OVER = "hand_over"
    FORGET = "forget"
    MENU = "menu"
    PLANS = "plans"
    STAFF = "staff"
    CITIZEN = "citizen"
    BAD = "bad"
    ANOTHER = "another"
    GOOD = "good"


_THUMBS = {"👍": Act.GOOD, "👎": Act.BAD}
_TALK = tuple(phrase for table in p.SMALL_TALK.values() for phrase in table)
_LONGEST = 14
"""Syllables of a wish at most: a longer message holds something else."""
_ASKING = frozenset(["nao", "dau", "may", "gi"])
_AT_THE_END = frozenset(["khong", "ko", "hong", "chua", "k", "hok"])


def act_of(reading: Reading) -> Act | None:
    """The wish that a message consists of, none where it holds anything else."""
    text = reading.query.text
    if text.startswith("/"):
        name = p.COMMANDS.get(text[1:].split("@")[0].strip().lower())
        return Act(name) if name else None
    for mark, judged in _THUMBS.items():
        if mark in text and not reading.topic:
            return judged
    found: list[tuple[int, Act]] = []
    typed, plain = folded_keys(text), folded_keys(reading.query.plain)
    if len(typed) > _LONGEST:
        return None
    for keys in (typed, plain) if typed != plain else (typed,):
        for name, table in p.ACTS.items():
            hit = table.found(keys)
            said = [phrase for phrase in table if phrase in hit] if hit else []
            # A single word says so only with nothing but politeness around it: "có mất tiền không" is no "không".
            around = p.FILLER if max(map(len, said), default=0) > 1 else p.POLITE
            if said and not [k for k in p.without(keys, [*said, *_TALK]) if k not in around]:
                found.append((max(map(len, said)), Act(name)))
    act = max(found, key=lambda f: f[0])[1] if found else None
    if act is Act.HAND_OVER and _ASKING & set(typed):
        return None
    asked = "?" in text or (len(typed) > 1 and typed[-1] in _AT_THE_END)
    return None if act in (Act.GOOD, Act.BAD) and asked else act


def corrected(text: str) -> str | None:
    """What is left of "không, ý tôi là …" after its beginning; none where a message does not begin so. After "không phải … mà là …" it
    is what follows."""
    words = syllables(text)
    keys = folded_keys(text)
    start = 0
    named = False
    while start < len(keys):
        said = [len(c) for c in p.CORRECTION if tuple(keys[start : start + len(c)]) == c]
        if said:
            start, named = start + max(said), True
        elif keys[start] in _LEAD_IN or (named and keys[start] == "hoi"):
            start += 1
        else:
            break
    if not named:
        return None
    for i in range(start, len(keys) - 2):
        if (keys[i], keys[i + 1]) == ("ma", "la"):
            start = i + 2
    end = len(keys)
    while end > start and keys[end - 1] in _PARTICLES:
        end -= 1
    return " ".join(words[start:end])


_PARTICLES = frozenset(["co", "ma", "nhe", "nha", "a", "chu", "day", "thoi", "em", "oi"])
_LEAD_IN = frozenset(
    ["khong", "ko", "da", "a", "o", "oi", "hong", "em", "minh", "toi", "ui", "uh", "u", "ah", "anh", "chi", "nha", "roi", "af", "aj"]
)
