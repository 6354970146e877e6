"""A worker over the storage in a process of its own, to be killed: ``python -m tests.fakes.storage_worker URL SECRET HOLDER MODE``.

``accept``: accepts the events named on its input, writing each name to its output once it is safe. ``work``: answers and sends until
nothing waits; what is sent goes to its output, as the other side would see it.
"""

from __future__ import annotations

import asyncio
import sys

from bot.storage import Asked, LeaseLost, Part, Storage, Turn
from bot.types import State


async def accept(storage: Storage) -> None:
    for name in sys.stdin.read().split():
        await storage.inbox.accept("telegram", name, {"text": name}, name.split("/")[0])
        print(name, flush=True)


async def work(storage: Storage, holder: str) -> None:
    await asyncio.gather(storage.inbox.free(holder), storage.outbox.free(holder))
    while True:
        events = await storage.inbox.claim(holder, 4)
        for event in events:
            seen = (await storage.conversations.load("telegram", event.conversation)).question or ""
            state = State(question=f"{seen} {event.event_id}".strip())
            parts = (Part(event.conversation, f"{event.event_id}:0"), Part(event.conversation, f"{event.event_id}:1"))
            try:
                await storage.turns.complete(Turn("telegram", event.conversation, state, parts, asked=Asked("?", "found")), event)
            except LeaseLost:
                continue
        sendings = await storage.outbox.claim(holder, 4)
        for sending in sendings:
            print(sending.text, flush=True)
            await storage.outbox.sent(sending)
        if not events and not sendings:
            if (await storage.inbox.waiting()).count + (await storage.outbox.waiting()).count == 0:
                return
            await asyncio.sleep(0.01)


async def main() -> None:
    url, secret, holder, mode = sys.argv[1:]
    storage = Storage(url, secret=secret)
    await storage.open()
    print("ready", flush=True)
    await (accept(storage) if mode == "accept" else work(storage, holder))
    await storage.close()


asyncio.run(main())
