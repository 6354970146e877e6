from __future__ import annotations

import random
import re

import pytest

from bot.channels.splitting import split, units


def test_short_and_blank_texts() -> None:
    assert split("  ngắn \n", 100) == ["ngắn"]
    assert split(" \n ", 100) == []


def test_counts_as_telegram_does() -> None:
    assert units("ệ") == 1
    assert units("👍") == 2
    assert [units(p) for p in split("👍" * 10, 5)] == [4, 4, 4, 4, 4]


def test_prefers_paragraphs_then_lines_then_sentences_then_words() -> None:
    assert split("a" * 30 + "\n\n" + "b" * 10 + "\n" + "c" * 10, 45) == ["a" * 30, "b" * 10 + "\n" + "c" * 10]
    assert split("a" * 30 + "\n" + "b" * 10 + ". " + "c" * 10, 45) == ["a" * 30, "b" * 10 + ". " + "c" * 10]
    assert split("a" * 30 + ". " + "b" * 5 + " " + "c" * 20, 45) == ["a" * 30 + ".", "b" * 5 + " " + "c" * 20]
    assert split("a" * 30 + " " + "b" * 30, 45) == ["a" * 30, "b" * 30]
    assert split("a" * 100, 45) == ["a" * 45, "a" * 45, "a" * 10]


def test_does_not_cut_after_the_number_of_an_article() -> None:
    assert split("Theo quy định tại Điều 5. của nghị định", 30)[0] != "Theo quy định tại Điều 5."


def test_an_early_break_is_not_taken() -> None:
    assert split("a.\n" + "b" * 20 + " " + "c" * 30, 40)[0] == "a.\n" + "b" * 20


def test_nothing_is_lost_whatever_the_text() -> None:
    rng = random.Random(1)
    for _ in range(300):
        text = "".join(rng.choice("ab ệ👍.\n") for _ in range(rng.randrange(400)))
        limit = rng.randrange(2, 60)
        parts = split(text, limit)
        assert all(0 < units(p) <= limit and p == p.strip() for p in parts)
        assert re.sub(r"\s", "", "".join(parts)) == re.sub(r"\s", "", text)


def test_a_limit_too_small_for_one_character() -> None:
    with pytest.raises(ValueError, match="at least 2"):
        split("a", 1)
