"""The first page: what people ask, how it ended, which index answers, and what waits."""

from __future__ import annotations

import datetime as dt
import time
from collections import Counter

from fastapi import APIRouter, Request
from fastapi.responses import Response

from bot.admin.plots import per_day, ranked
from bot.admin.tools import Tools
from bot.admin.wording import CHANNELS, OUTCOMES, TYPES
from bot.storage import PAUSE
from bot.types import STATUS_OF, Outcome, Status
from knowledge.entries import Entry, EntryType

PERIODS = (7, 30, 90)
CURATED = "Câu trả lời của cán bộ"


def topic_of(entry: Entry) -> str:
    """A procedure's field, another record's type."""
    if entry.type is EntryType.PROCEDURE and entry.record:
        fields = (entry.record.get("catalogue") or {}).get("fields") or ()
        if fields:
            return str(fields[0])
    return TYPES[entry.type]


def made_at(version: str) -> float | None:
    """When an index was made, from the name of its version (``20261121T094609031963-c22d39c11b9b``)."""
    try:
        return dt.datetime.strptime(version[:15], "%Y%m%dT%H%M%S").replace(tzinfo=dt.UTC).timestamp()
    except ValueError:
        return None


def make_overview(tools: Tools) -> APIRouter:
    router, storage = tools.router(), tools.storage

    @router.get("")
    async def overview(request: Request) -> Response:
        asked_for = request.query_params.get("days", "30")
        days = int(asked_for) if asked_for in {str(p) for p in PERIODS} else 30
        until = tools.today
        since = (dt.date.fromisoformat(until) - dt.timedelta(days=days - 1)).isoformat()

        async def count(by: str) -> dict[str, int]:
            return {c.values[0]: c.count for c in await storage.questions.counts([by], since, until)}  # type: ignore[list-item]

        outcomes = await count("outcome")
        records, topics = tools.records(), Counter[str]()
        for entry, n in (await count("entry")).items():
            if entry:
                known = records.get(entry)
                topics[topic_of(known) if known else CURATED if entry.startswith("curated/") else "Bản ghi không còn"] += n
        loaded = tools.service.loaded
        opinions = await storage.feedback.recent(handled=None, most=1000)
        recent = [o for o in opinions if o.created_at > time.time() - days * 86_400]
        return await tools.page(
            request,
            "overview",
            days=days,
            periods=PERIODS,
            plot=per_day(await count("day"), until, days),
            answered=sum(n for name, n in outcomes.items() if STATUS_OF.get(Outcome(name)) is Status.ANSWERED),
            unknown=outcomes.get(Outcome.NOT_KNOWN, 0),
            good=sum(o.good for o in recent),
            bad=sum(not o.good for o in recent),
            outcomes=ranked([(OUTCOMES.get(name, name), n) for name, n in outcomes.items()]),
            topics=ranked(list(topics.items())),
            channels=ranked([(CHANNELS.get(name, name) or "không rõ", n) for name, n in (await count("channel")).items()]),
            provinces=ranked([(name or "không nói tỉnh", n) for name, n in (await count("province")).items()]),
            index=loaded,
            index_made=made_at(loaded.version) if loaded else None,
            inbox=await storage.inbox.waiting(),
            outbox=await storage.outbox.waiting(),
            paused=await storage.notices.switched(PAUSE) is not None,
            notices=await storage.notices.recent(),
        )

    return router
