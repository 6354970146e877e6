"""Rounds of hostile input until the time is over, then a look at what is left."""

from __future__ import annotations

import json
import random
import time
from pathlib import Path

import httpx

from bot.channels.zalo_oa.webhook import TIMESTAMP
from bot.pipeline import Assistant
from evaluation.fuzz.channels import WEBHOOKS, Webhook
from evaluation.fuzz.mutating import damaged
from evaluation.fuzz.program import Program, running
from evaluation.fuzz.requests import request
from evaluation.fuzz.talking import converse, remember
from evaluation.fuzz.tally import Tally
from evaluation.fuzz.words import typed

FORGED, REPLAYED, HONEST, OTHERS = 6_660_001, 7_770_000, 8_880_001, 10_000_000
"""Numbers of people: in whose name events are forged; whose events are replayed (one after the other from here); who only wants an
answer in the end; everybody else (from here)."""
EACH_ROUND = 40
_WINDOW_PASSED = 4 * 3600 * 1000


async def run(
    index: Path, assistant: Assistant, folder: Path, seconds: float, seed: int, rounds: int | None = None, each: int = EACH_ROUND
) -> Tally:
    """Fuzz for ``seconds``, or for a number of ``rounds``; the same seed begins the same way.

    Args:
        index: a published index, for the program.
        assistant: over the same index.
        folder: an empty one, for what the program writes.
        each: cases of each kind in a round.
    """
    tally, until = Tally(), time.monotonic() + seconds
    async with running(index, folder) as program:
        number = 0
        while number < rounds if rounds is not None else time.monotonic() < until:
            await _round(program, assistant, random.Random(f"{seed} {number}"), number, each, tally)
            number += 1
        await _end(program, number, number * each, tally)
    return tally


async def _round(program: Program, assistant: Assistant, chance: random.Random, number: int, each: int, tally: Tally) -> None:
    for i in range(each):
        serial = number * each + i
        for webhook in WEBHOOKS:
            await _mutated(program, webhook, chance, serial, tally)
            await _forged(program, webhook, chance, serial, tally)
        await _request(program, chance, tally)
        converse(assistant, chance, tally)
        remember(assistant, chance, tally)
        if i % 10 == 0:
            await program.room()
    for webhook in WEBHOOKS:
        await _replayed(program, webhook, number, tally)
    await _too_old(program, chance, tally)


async def _mutated(program: Program, webhook: Webhook, chance: random.Random, serial: int, tally: Tally) -> None:
    event = webhook.event(chance, OTHERS + serial % 500, 10 * serial + 1, typed(chance))
    body = damaged(event, chance) if chance.random() < 0.7 else json.dumps(event).encode()
    await _deliver(program, webhook, body, webhook.genuine(body), f"{webhook.name}, đúng khóa", webhook.taken, tally)


async def _forged(program: Program, webhook: Webhook, chance: random.Random, serial: int, tally: Tally) -> None:
    body = json.dumps(webhook.message(FORGED, 10 * serial + 2, "xin chào")).encode()
    body, headers = webhook.forged(body, chance)
    await _deliver(program, webhook, body, headers, f"{webhook.name}, giả mạo", frozenset((webhook.refused,)), tally)


async def _replayed(program: Program, webhook: Webhook, number: int, tally: Tally) -> None:
    """The same body three times, and once more as it was kept by somebody: one event."""
    body = json.dumps(webhook.message(REPLAYED + number, 10 * number + 3, "cảm ơn")).encode()
    for _ in range(3):
        await _deliver(program, webhook, body, webhook.genuine(body), f"{webhook.name}, gửi lại", frozenset((200,)), tally)


async def _too_old(program: Program, chance: random.Random, tally: Tally) -> None:
    """Zalo OA: signed once by Zalo, and delivered again by somebody after hours, perhaps under a new time that was not signed."""
    webhook = next(w for w in WEBHOOKS if w.name == "zalo_oa")
    event = webhook.message(FORGED, chance.randrange(10**9), "xin chào")
    body = json.dumps(event | {"timestamp": str(int(event["timestamp"]) - _WINDOW_PASSED)}).encode()
    headers = webhook.genuine(body) | ({TIMESTAMP: event["timestamp"]} if chance.random() < 0.5 else {})
    await _deliver(program, webhook, body, headers, "zalo_oa, quá hạn", frozenset((200,)), tally)


async def _deliver(
    program: Program, webhook: Webhook, body: bytes, headers: dict[str, str], target: str, expected: frozenset[int], tally: Tally
) -> None:
    sent = [(name.encode(), value.encode()) for name, value in {**headers, "Content-Type": "application/json"}.items()]
    try:
        status = (await program.http.post(webhook.path, content=body, headers=sent)).status_code
    except httpx.HTTPError as error:
        tally.note(target, type(error).__name__, ok=False, about=repr(body[:300]))
        return
    tally.note(target, status, ok=status in expected, about=f"{headers} {body[:1000]!r}")


async def _request(program: Program, chance: random.Random, tally: Tally) -> None:
    made = request(chance)
    try:
        response = await program.http.request(made.method, made.path, content=made.body, headers=made.headers)
    except httpx.HTTPError as error:
        tally.note("web và API", type(error).__name__, ok=False, about=str(made)[:600])
        return
    tally.note("web và API", response.status_code, ok=response.status_code < 500, about=str(made)[:600])


async def _end(program: Program, rounds: int, cases: int, tally: Tally) -> None:
    """What must be so after everything: the forged is nowhere, the replayed is there once, an honest message is answered, the log
    is clean, and the program ends as it should."""
    try:
        await program.settled()
        for webhook in WEBHOOKS:
            before = program.imitation.told_to(HONEST)
            body = json.dumps(webhook.message(HONEST, 10 * cases + 5, "đăng ký khai sinh ở đâu")).encode()
            await program.http.post(webhook.path, content=body, headers=webhook.genuine(body))
            await program.settled()
            told = program.imitation.told_to(HONEST) - before
            tally.note("sau cùng: câu hỏi thật", f"{webhook.name} {'được' if told else 'không được'} trả lời", ok=told > 0)
    except TimeoutError:
        tally.note("sau cùng: hàng đợi", "không cạn", ok=False)
    forged = program.one("SELECT count(*) FROM inbox WHERE conversation LIKE ?", f"%{FORGED}%")
    tally.note("sau cùng: tin giả lọt vào", forged, ok=forged == 0)
    people = f"CAST(conversation AS INTEGER) BETWEEN {REPLAYED} AND {REPLAYED + max(0, rounds - 1)}"
    replayed = program.one(f"SELECT count(*) FROM inbox WHERE {people}") if rounds else 0
    tally.note("sau cùng: tin gửi lại", f"{replayed} của {3 * rounds}", ok=replayed == 3 * rounds)
    given_up = program.one("SELECT count(*) FROM inbox WHERE outcome = 'given_up'")
    tally.note("sau cùng: tin bị bỏ", given_up, ok=given_up == 0)
    status = await program.stop()
    tally.note("sau cùng: mã thoát", status, ok=status == 0)
    for fault in program.faults():
        tally.note("nhật ký", "lỗi", ok=False, about=fault)
