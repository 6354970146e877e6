"""How long what is kept, and the deletion of what is past its time."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Connection, delete, select

from bot.storage.access import FailureRow, SessionRow
from bot.storage.audit import AuditRow
from bot.storage.conversations import Conversations
from bot.storage.database import DAY, Database
from bot.storage.feedback import FeedbackRow
from bot.storage.hand_overs import HandOverRow
from bot.storage.inbox import InboxRow, close_events
from bot.storage.outbox import OutboxRow
from bot.storage.people import day_of
from bot.storage.questions import QuestionLog
from bot.storage.replies import ReplyRow

log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Periods:
    """Days. ``conversations``: without a message; ``content``: questions, feedback and hand-overs; ``ids``: ids of finished events
    and messages, to recognise repeats (channels repeat for hours, not days); ``unanswered``: events nobody could answer; ``audit``:
    deeds of the staff."""

    conversations: float = 30
    content: float = 90
    ids: float = 3
    unanswered: float = 7
    audit: float = 730


class Retention:
    """Deletes what is past its time."""

    def __init__(self, database: Database, conversations: Conversations, questions: QuestionLog, periods: Periods) -> None:
        self._database, self._conversations, self._questions, self._periods = database, conversations, questions, periods

    async def prune(self) -> Mapping[str, int]:
        """Delete all that is past its time; gives the rows by table. To be called every few hours, by any number of replicas."""
        now, periods = self._database.clock(), self._periods
        ids, content = now - periods.ids * DAY, now - periods.content * DAY
        gone = {
            "conversations": await self._conversations.prune(periods.conversations),
            "question_log": await self._questions.prune(day_of(content)),
            "given_up": await self._give_up(now - periods.unanswered * DAY),
        }
        old: dict[str, Any] = {
            "inbox": delete(InboxRow).where(InboxRow.closed_at < ids, InboxRow.received_at < ids),
            "outbox": delete(OutboxRow).where(OutboxRow.closed_at < ids, OutboxRow.created_at < ids),
            "replies": delete(ReplyRow).where(ReplyRow.given_at < ids),
            "feedback": delete(FeedbackRow).where(FeedbackRow.created_at < content),
            # Open ones too: a case that nobody has touched for so long is not waiting any more.
            "hand_overs": delete(HandOverRow).where(HandOverRow.opened_at < content),
            "audit_log": delete(AuditRow).where(AuditRow.at < now - periods.audit * DAY),
            "staff_sessions": delete(SessionRow).where(SessionRow.expires_at < now),
            "login_failures": delete(FailureRow).where(FailureRow.first_at < now - DAY),
        }
        for name, statement in old.items():
            gone[name] = await self._database.change(statement)  # one by one: nobody waits long for the writer's place
        return gone

    async def _give_up(self, before: float) -> int:
        """Close events that have waited too long for anybody to answer, each with a log line."""
        query = select(InboxRow.id, InboxRow.attempts, InboxRow.channel, InboxRow.event_id)
        query = query.where(InboxRow.closed_at.is_(None), InboxRow.received_at < before).with_for_update(skip_locked=True)

        def work(connection: Connection) -> int:
            rows = connection.execute(query).all()
            for row in rows:
                log.error("Bỏ tin %s của kênh %s: chờ quá lâu mà không xử lý được", row.event_id, row.channel)
            return len(close_events(connection, [(row.id, row.attempts) for row in rows], self._database.clock(), "given_up"))

        return await self._database.write(work)
