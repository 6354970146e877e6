"""The four ways in which every question is put: as typed, without tone marks, with typing errors, and in teencode.

The distortions are those of :mod:`knowledge.noise`. Each draws from a generator of its own, seeded with the distortion's name and
the question, so that a question is distorted the same way in every run, whatever other questions stand around it. Training draws
from small integer seeds; these are strings, so the two never share a sequence.
"""

from __future__ import annotations

import random

from knowledge import noise

AS_TYPED = "as_typed"
VARIANTS = (AS_TYPED, *noise.STYLES)
SEED = "evaluation-20261121"
LABELS = {AS_TYPED: "nguyên văn", "no_tones": "không dấu", "typos": "gõ sai", "teencode": "teencode"}


def vary(text: str, variant: str) -> str:
    """``text`` in one of :data:`VARIANTS`; the same result for the same arguments."""
    if variant == AS_TYPED:
        return text
    return noise.STYLES[variant](text, random.Random(f"{SEED}|{variant}|{text}"))
