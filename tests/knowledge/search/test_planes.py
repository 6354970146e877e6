"""Lines laid out in planes: every line keeps its entry, and the best line of each entry is found."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from knowledge.search.planes import Planes

LINES = st.lists(st.lists(st.floats(0, 9, width=32), max_size=5), max_size=8)


def starts(rows: list[list[float]]) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    return np.cumsum([0, *(len(r) for r in rows)]).astype(np.int64)


def test_three_entries_by_hand() -> None:
    # The second entry has the most lines, so it comes first in every plane: b1 a1 c1 | b2 a2 | b3.
    planes = Planes.of(starts([[0, 0], [0, 0, 0], [0], []]))
    assert planes.placed(["a1", "a2", "b1", "b2", "b3", "c1"]) == ["b1", "a1", "c1", "b2", "a2", "b3"]
    assert planes.place.tolist() == [1, 4, 0, 3, 5, 2]
    assert planes.best(np.array([1, 2, 3, 9, 0, 4], dtype=np.float32)).tolist() == [2, 9, 3, 0]


@given(LINES)
def test_the_best_line_of_every_entry(rows: list[list[float]]) -> None:
    planes = Planes.of(starts(rows))
    scores = np.array(planes.placed([s for r in rows for s in r]), dtype=np.float32)
    assert planes.best(scores).tolist() == [max(r, default=0.0) for r in rows]
    assert scores[planes.place].tolist() == [s for r in rows for s in r]
