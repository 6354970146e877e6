"""The figures that stand in the database: queues and tokens."""

from __future__ import annotations

from bot.channels.zalo_oa.connector import NAME as ZALO
from bot.metrics import Metrics
from bot.storage import Storage


def read_database(metrics: Metrics, storage: Storage) -> None:
    """Have queues and the end of tokens read whenever the figures are."""

    async def queues() -> None:
        for name, queue in (("inbox", storage.inbox), ("outbox", storage.outbox)):
            waiting = await queue.waiting()
            metrics.queue(name, waiting.count, waiting.oldest)

    async def tokens() -> None:
        pair = await storage.tokens.load(ZALO)
        if pair is not None:
            metrics.token_expires(ZALO, float(pair["expires"]))

    metrics.before_reading(queues)
    metrics.before_reading(tokens)
