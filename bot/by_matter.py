"""A second look for questions whose asking words hide their matter.

"luật nào quy định trợ cấp thất nghiệp" holds the name of a procedure and as many words that ask. Searched without those, the record
that was among the best is found surely. Only such a record is taken: without the asking words alone, much that is out of scope looks
like something that is known.
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from bot.understanding.phrases import without_asking
from bot.understanding.reading import Reading
from knowledge.search.ranking import SURE, Ranked, Searcher

AMONG_THE_BEST = 3
"""Hits of the whole question of which the record must be one, unless the matter is the record's own name."""
FEWEST = 2
"""Syllables of its own that a matter must have."""


def by_matter(searcher: Searcher, reading: Reading, ranked: Ranked, allowed: NDArray[np.bool_] | None, least: float) -> Ranked:
    """The ranking of a question without its asking words, where that is sure (confidence ``least`` or more) of a record that the whole
    question found as well; else ``ranked``, the ranking of the whole question."""
    if not reading.intents or len(reading.own_topic) < FEWEST:
        return ranked
    matter = without_asking(reading.query.plain)
    if not matter or matter == reading.query.plain:
        return ranked
    again = searcher.search(searcher.query(matter), allowed)
    sure = again.confidence >= least and bool(again.hits)
    among = again.confidence >= SURE or (sure and again.hits[0].entry in {h.entry for h in ranked.hits[:AMONG_THE_BEST]})
    return again if sure and among else ranked
