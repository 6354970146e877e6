"""Delivering messages as Telegram does: at a steady rate, each again after a pause until it was acknowledged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

import httpx

from evaluation.load.program import SECRET, WEBHOOK, Bot
from evaluation.load.telegram import message

QUESTIONS = (
    "làm giấy khai sinh cho con cần giấy tờ gì",
    "mat so do lam lai the nao",
    "lệ phí đăng ký kết hôn bao nhiêu",
    "nộp hồ sơ qua mạng ở đâu",
    "đổi giấy phép lái xe mất bao lâu",
    "đăng ký tạm trú cần gì",
    "hôm nay trời có mưa không",
    "xin chào",
    "cấp lại căn cước ở đâu",
    "ai chủ trì tuyên truyền cải cách hành chính",
)
_AGAIN_AFTER = 0.5
_FIRST_CHAT = 1_000_000


@dataclass
class Delivered:
    """``sent``: when each chat's message was first delivered (``perf_counter``); ``acknowledged``: seconds until its 200."""

    sent: dict[int, float] = field(default_factory=dict)
    acknowledged: dict[int, float] = field(default_factory=dict)
    refused: int = 0


async def deliver(bots: Sequence[Bot], rate: float, seconds: float, delivered: Delivered, *, repeats: float = 0.02) -> None:
    """Deliver ``rate`` messages a second for ``seconds``, each from a chat of its own, so that its answers can be counted.

    Args:
        bots: replicas, by turns; a repeat goes to the next one.
        rate: messages a second.
        seconds: how long.
        delivered: filled as it happens.
        repeats: share of messages delivered twice although acknowledged.
    """
    limits = httpx.Limits(max_connections=400, max_keepalive_connections=200)
    async with httpx.AsyncClient(timeout=10.0, limits=limits, headers={"X-Telegram-Bot-Api-Secret-Token": SECRET}) as client:
        start = time.perf_counter()
        tasks = []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            twice = repeats > 0 and number % round(1 / repeats) == 0
            tasks.append(asyncio.create_task(_insist(client, bots, number, delivered, twice=twice)))
        await asyncio.gather(*tasks)


async def _insist(client: httpx.AsyncClient, bots: Sequence[Bot], number: int, delivered: Delivered, *, twice: bool) -> None:
    chat = _FIRST_CHAT + number
    update = message(number + 1, chat, QUESTIONS[number % len(QUESTIONS)])
    delivered.sent[chat] = time.perf_counter()
    attempt = 0
    while True:
        bot = bots[(number + attempt) % len(bots)]
        attempt += 1
        try:
            response = await client.post(f"{bot.address}{WEBHOOK}", json=update)
        except httpx.HTTPError:
            await asyncio.sleep(_AGAIN_AFTER)
            continue
        if response.status_code != 200:
            delivered.refused += 1
            await asyncio.sleep(_AGAIN_AFTER)
            continue
        delivered.acknowledged.setdefault(chat, time.perf_counter() - delivered.sent[chat])
        if not twice:
            return
        twice = False
