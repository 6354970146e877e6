"""A short run over the small index finds nothing; what the run looks for, it finds. ``FUZZ_ROUNDS=50`` looks for longer."""

from __future__ import annotations

import json
import os
import random
from pathlib import Path

import httpx
import pytest

from bot.pipeline import Assistant
from bot.types import Answer, Outcome, Reply, State
from evaluation.fuzz.channels import WEBHOOKS, ZaloOa
from evaluation.fuzz.mutating import damaged, mutated
from evaluation.fuzz.program import Imitation, Program
from evaluation.fuzz.run import run
from evaluation.fuzz.talking import converse, remember
from evaluation.fuzz.tally import Tally
from evaluation.fuzz.words import text
from evaluation.load.program import Bot
from knowledge.encoding import StaticEncoder
from knowledge.search.ranking import load_ranking
from knowledge.store import open_index
from tests.conftest import TODAY

ROUNDS = int(os.environ.get("FUZZ_ROUNDS", "1"))


async def test_a_short_run_finds_nothing(small_root: Path, encoder: StaticEncoder, tmp_path: Path) -> None:
    assistant = Assistant(open_index(small_root, encoder, load_ranking()), TODAY)
    tally = await run(small_root, assistant, tmp_path, 0, seed=5, rounds=ROUNDS, each=12)
    assert tally.wrong == []
    for webhook in WEBHOOKS:
        assert tally.came[f"{webhook.name}, giả mạo", str(webhook.refused)] == 12 * ROUNDS
        assert tally.came["sau cùng: câu hỏi thật", f"{webhook.name} được trả lời"] == 1
    assert tally.lines()[-1] == f"Tổng: {tally.count} trường hợp, 0 sai"


def test_the_same_seed_gives_the_same_cases() -> None:
    def bodies(seed: int) -> list[bytes]:
        chance = random.Random(seed)
        return [damaged({"a": ["b", {"c": 1}]}, chance) for _ in range(50)]

    assert bodies(1) == bodies(1) != bodies(2)
    assert len({text(random.Random(n)) for n in range(200)}) > 150


def test_a_mutation_leaves_the_value_alone() -> None:
    value = {"message": {"chat": {"id": 1}, "text": "x"}, "list": [1, 2]}
    before = json.dumps(value)
    changed = [mutated(value, random.Random(n)) for n in range(200)]
    assert json.dumps(value) == before
    assert sum(json.dumps(c) != before for c in changed) > 190


def test_no_forgery_is_genuine() -> None:
    for webhook in WEBHOOKS:
        body = json.dumps(webhook.message(1, 2, "xin chào")).encode()
        for n in range(100):
            forged, headers = webhook.forged(body, random.Random(n))
            assert headers != webhook.genuine(forged)
    assert ZaloOa().genuine(b"{")["X-ZEvent-Timestamp"]


class Faulty:
    """Fails on questions, shows a hidden character, and forgets."""

    def reply(self, text: str, state: State) -> Reply:
        if state.province:
            return Reply(Answer(Outcome.FOUND, "\u202eẩn"), State())
        raise KeyError(text)


def test_faults_of_an_assistant_are_found() -> None:
    tally = Tally()
    converse(Faulty(), random.Random(1), tally, turns=3)
    assert tally.came["trò chuyện", "KeyError"] == 3 == len(tally.wrong)
    for n in range(40):
        remember(Faulty(), random.Random(n), tally)
    assert tally.came["trạng thái", "answered"] > 0
    assert len(tally.wrong) == 3 + tally.came["trạng thái", "answered"] + tally.came["trạng thái", "KeyError"]


@pytest.mark.parametrize(
    ("line", "count"),
    [
        ("2026-11-21 10:00:00,000 INFO bot: yên\n", 0),
        ("2026-11-21 10:00:00,000 ERROR bot: Lỗi\nTraceback (most recent call last):\n  File x\nKeyError: 1\n" * 2, 1),
        ("2026-11-21 10:00:00,000 ERROR bot: Zalo OA: chữ ký của Zalo không khớp. Nếu tin nào\n", 0),
        ("Traceback (most recent call last):\n  File x\nOSError\n", 1),
    ],
)
def test_errors_of_the_log_are_found(tmp_path: Path, line: str, count: int) -> None:
    log = tmp_path / "log"
    log.write_text(line, encoding="utf-8")
    program = Program(Bot("", "", tmp_path, tmp_path, log), tmp_path / "x", log, httpx.AsyncClient(), Imitation())
    assert len(program.faults()) == count
