"""Delivering messages as the chat services do: at a steady rate, each again after a pause until it was acknowledged."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from dataclasses import dataclass, field

from bot.channels.http import Http, Unreachable
from evaluation.load.program import Bot
from evaluation.load.service import Delivery, SlowService

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
_CONNECTIONS = 400


@dataclass
class Delivered:
    """By person: ``channel``; ``sent``, when the message was first delivered (``perf_counter``); ``acknowledged``, seconds until
    its 200."""

    channel: dict[str, str] = field(default_factory=dict)
    sent: dict[str, float] = field(default_factory=dict)
    acknowledged: dict[str, float] = field(default_factory=dict)
    refused: int = 0


async def deliver(
    services: Sequence[SlowService], bots: Sequence[Bot], rate: float, seconds: float, delivered: Delivered, *, repeats: float = 0.02
) -> None:
    """Deliver ``rate`` messages a second for ``seconds``, each from a person of its own, so that its answers can be counted.

    Args:
        services: by turns.
        bots: replicas, by turns; a repeat goes to the next one.
        rate: messages a second.
        seconds: how long.
        delivered: filled as it happens.
        repeats: share of messages delivered twice although acknowledged.
    """
    async with Http(10.0, _CONNECTIONS) as http:
        start = time.perf_counter()
        tasks = []
        for number in range(int(rate * seconds)):
            await asyncio.sleep(max(0.0, start + number / rate - time.perf_counter()))
            service = services[number % len(services)]
            delivery = service.delivery(number, QUESTIONS[number // len(services) % len(QUESTIONS)])
            delivered.channel[delivery.person] = service.name
            delivered.sent[delivery.person] = time.perf_counter()
            twice = repeats > 0 and number % round(1 / repeats) == 0
            addresses = [f"{bots[(number + step) % len(bots)].address}{service.webhook}" for step in range(len(bots))]
            tasks.append(asyncio.create_task(_insist(http, addresses, delivery, delivered, twice=twice)))
        await asyncio.gather(*tasks)


async def _insist(http: Http, addresses: Sequence[str], delivery: Delivery, delivered: Delivered, *, twice: bool) -> None:
    attempt = 0
    while True:
        address = addresses[attempt % len(addresses)]
        attempt += 1
        try:
            response = await http.request("POST", address, data=delivery.body, headers=delivery.headers)
        except Unreachable:
            await asyncio.sleep(_AGAIN_AFTER)
            continue
        if response.status != 200:
            delivered.refused += 1
            await asyncio.sleep(_AGAIN_AFTER)
            continue
        delivered.acknowledged.setdefault(delivery.person, time.perf_counter() - delivered.sent[delivery.person])
        if not twice:
            return
        twice = False
