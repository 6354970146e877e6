"""What the bot says can be read by everyone: short sentences, no unexplained abbreviation."""

from __future__ import annotations

import re

import pytest

from bot import wording

LONGEST_SENTENCE = 25
"""Syllables; a plain-language rule of thumb for texts that are read on a telephone."""
KNOWN = {"VNeID"}


def spoken() -> list[tuple[str, str]]:
    fixed = {name: value for name, value in vars(wording).items() if name.isupper() and isinstance(value, str)}
    return [*((o.value, text) for o, text in wording.OUTCOMES.items()), *fixed.items()]


@pytest.mark.parametrize(("name", "text"), spoken(), ids=[n for n, _ in spoken()])
def test_sentences_are_short(name: str, text: str) -> None:
    bare = re.sub(r"“[^”]*”(?:, )?|https?://\S+|\{\w+\}", " ", text)
    for sentence in re.split(r"[.!?;:]+", bare):
        assert len(sentence.split()) <= LONGEST_SENTENCE, sentence


@pytest.mark.parametrize(("name", "text"), spoken(), ids=[n for n, _ in spoken()])
def test_no_abbreviation_is_left_unexplained(name: str, text: str) -> None:
    assert not set(re.findall(r"\b[A-ZĐ]{2,}\b", text)) - KNOWN


def test_people_are_addressed_politely() -> None:
    for outcome, text in wording.OUTCOMES.items():
        assert "bạn" not in text.lower().split(), outcome
        assert "không hợp lệ" not in text
