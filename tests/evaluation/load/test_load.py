"""The load's services fail in their own ways and count right; and a short run through the whole program, on all channels."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from evaluation.load.run import CHANNELS, Plan, run
from evaluation.load.service import Manners, SlowService
from evaluation.load.telegram import SlowTelegram
from evaluation.load.zalo_bot import SlowZaloBot
from evaluation.load.zalo_oa import SlowZaloOa

AT_ONCE = Manners(0.0, 0.0, 0.0)
SENDING = {
    "telegram": ("/bot1/sendMessage", lambda person, text: f"chat_id={person}&text={text}".encode()),
    "zalo_oa": ("/v3.0/oa/message/cs", lambda p, t: json.dumps({"recipient": {"user_id": p}, "message": {"text": t}}).encode()),
    "zalo_bot": ("/bot1/sendMessage", lambda p, t: json.dumps({"chat_id": p, "text": t}).encode()),
}


async def sent(service: SlowService, person: str, text: str) -> tuple[int, bytes]:
    path, body = SENDING[service.name]
    return await service.answer(path, body(person, text))


@pytest.mark.parametrize("name", CHANNELS)
async def test_what_is_taken_is_counted_by_person(name: str) -> None:
    service = CHANNELS[name](AT_ONCE, 1)
    for person, text in (("7", "a"), ("8", "a"), ("7", "b")):
        status, _ = await sent(service, person, text)
        assert status == 200
    assert {person: [message.text for message in taken] for person, taken in service.taken.items()} == {"7": ["a", "b"], "8": ["a"]}
    assert service.failures == 0 and not any(service.in_hand.values())


@pytest.mark.parametrize(
    ("kind", "kinds"),
    [
        (SlowTelegram, {(502, None), (429, 429)}),
        (SlowZaloOa, {(502, None), (200, -200), (200, -32)}),
        (SlowZaloBot, {(502, None), (200, 500), (429, 429)}),
    ],
)
async def test_each_fails_in_its_own_ways_and_then_takes_nothing(kind: type[SlowService], kinds: set[tuple[int, int | None]]) -> None:
    service = kind(Manners(0.0, 0.0, 1.0), 1)
    seen: Counter[tuple[int, int | None]] = Counter()
    for person in range(200):
        status, body = await sent(service, str(person), "x")
        said = json.loads(body) if body.startswith(b"{") else {}
        seen[status, said.get("error_code", said.get("error"))] += 1
    assert set(seen) == kinds and min(seen.values()) >= 8
    assert service.failures == 200 and not service.taken


async def test_zalo_never_says_twice_that_one_message_was_not_sent() -> None:
    service = SlowZaloOa(Manners(0.0, 0.0, 1.0), 1)
    answers = [(await sent(service, "7", "x"))[1] for _ in range(100)]
    assert sum(b"-200" in answer for answer in answers) == 1


async def test_a_short_run_on_all_channels(small_root: Path) -> None:
    plan = Plan(rate=30.0, seconds=1.0, manners=Manners(0.0, 0.02, 0.0), settled=0.5)
    result = await run(plan, "", small_root)
    assert (result.together.messages, result.together.once, result.together.lost, result.together.doubled) == (30, 30, 0, 0)
    assert {name: fate.once for name, fate in result.channels.items()} == {"telegram": 10, "zalo_oa": 10, "zalo_bot": 10}
    assert result.exit_statuses == (0,) and result.refused == 0
    assert result.integrity == "ok; open events 0, open messages 0, messages given up 0"
