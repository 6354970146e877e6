"""How much of a question stands close together in a text."""

from __future__ import annotations

from collections.abc import Sequence

NONE = -1
"""Stands for a word that the question does not have."""


def best_window(places: Sequence[int], words: Sequence[int], weights: Sequence[float], width: int) -> float:
    """The most weight of different words that a stretch of ``width`` syllables holds (minimal spans as in Tao and Zhai, "An Exploration
    of Proximity Measures in Information Retrieval", 2007, with the width given and the words weighted).

    Args:
        places: where words of the question stand in the text, rising.
        words: which word stands at each place, a number into ``weights``.
        weights: of each word.
        width: length of the stretch in syllables.
    """
    inside = [0] * len(weights)
    best = held = 0.0
    first = 0
    for place, word in zip(places, words, strict=True):
        if not inside[word]:
            held += weights[word]
        inside[word] += 1
        while places[first] <= place - width:
            left = words[first]
            inside[left] -= 1
            if not inside[left]:
                held -= weights[left]
            first += 1
        best = max(best, held)
    return best
