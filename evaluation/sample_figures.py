"""Made-up figures for a picture of the staff pages: a month of questions, the same every time. Nothing here is measured."""

from __future__ import annotations

import random
import time

from bot.storage import Asked, Storage, Turn
from bot.types import Feedback, HandOver, Outcome

DAYS = 30
PER_DAY = (12, 40)
"""Fewest and most questions of a day."""
ENTRIES = (
    "procedure/1.001193",
    "procedure/1.000894",
    "procedure/3.000348",
    "procedure/1.012786",
    "procedure/1.004194",
    "guide/nop-ho-so-truc-tuyen",
)
OUTCOMES = (*[Outcome.FOUND] * 16, *[Outcome.WHICH_RECORD] * 3, *[Outcome.NOT_KNOWN] * 2, Outcome.GREETING, Outcome.THANKS)
CHANNELS = ("web", "web", "web", "zalo_oa", "zalo_oa", "telegram")
PROVINCES = (None, None, "Tiền Giang", "Hưng Yên", "Quảng Nam")
DAY = 86_400.0


async def fill(url: str) -> None:
    """Write the figures into the empty database at ``url`` (an address of SQLAlchemy), the last day being today."""
    chance, now = random.Random(2026), [0.0]
    storage = Storage(url, clock=lambda: now[0])
    today = time.time()
    now[0] = today
    await storage.open()
    for back in range(DAYS - 1, -1, -1):
        now[0] = today - back * DAY
        for number in range(chance.randint(*PER_DAY)):
            outcome = chance.choice(OUTCOMES)
            entry = chance.choice(ENTRIES) if outcome is Outcome.FOUND else None
            asked = Asked("câu hỏi minh họa", outcome, entry, 0.9, chance.choice(PROVINCES))
            await storage.questions.add(chance.choice(CHANNELS), f"{back}/{number}", asked)
    for number, good in enumerate([True] * 19 + [False] * 3):
        opinion = Feedback(good, None if good else "Thiếu", ENTRIES[0], "câu hỏi minh họa")
        await storage.turns.complete(Turn("web", f"opinion/{number}", effects=(opinion,)))
    await storage.turns.complete(Turn("web", "waits", effects=(HandOver("việc minh họa"),)))
    await storage.close()
