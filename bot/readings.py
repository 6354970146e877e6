"""The figures that stand in the database: queues and tokens."""

from __future__ import annotations

from bot.channels.zalo_oa.connector import NAME as ZALO
from bot.channels.zalo_oa.token_store import stored_as
from bot.metrics import Metrics
from bot.storage import Storage


def read_database(metrics: Metrics, storage: Storage, zalo_oa: str = "") -> None:
    """Have queues and the end of tokens read whenever the figures are.

    Args:
        zalo_oa: the Official Account's id, empty where there is none. Where it was never authorised its token ended in 1970.
    """

    async def queues() -> None:
        for name, queue in (("inbox", storage.inbox), ("outbox", storage.outbox)):
            waiting = await queue.waiting()
            metrics.queue(name, waiting.count, waiting.oldest)

    async def tokens() -> None:
        pair = await storage.tokens.load(stored_as(zalo_oa))
        metrics.token_expires(ZALO, float(pair["expires"]) if pair is not None else 0.0)

    metrics.before_reading(queues)
    if zalo_oa:
        metrics.before_reading(tokens)
