"""One person's data: an export of all that is kept, and its erasure."""

from __future__ import annotations

import json
from typing import Any

from sqlalchemy import Connection, delete, select, update

from bot.storage.conversations import ConversationRow
from bot.storage.database import Database
from bot.storage.feedback import FeedbackRow
from bot.storage.hand_overs import HandOverMessageRow, HandOverRow
from bot.storage.inbox import InboxRow
from bot.storage.keys import Keys, Unreadable
from bot.storage.outbox import OutboxRow
from bot.storage.questions import QuestionRow
from bot.storage.replies import ReplyRow


class Privacy:
    """What is kept about the person behind a conversation key."""

    def __init__(self, database: Database, keys: Keys) -> None:
        self._database, self._keys = database, keys

    async def export_person(self, channel: str, key: str) -> dict[str, Any]:
        """All that is kept about a person, JSON-able, by table; times are seconds since 1970. Tables with nothing have an empty list."""
        person = self._keys.pseudonym(channel, key)
        queries: dict[str, Any] = {
            "conversations": select(ConversationRow.state, ConversationRow.updated_at).where(
                ConversationRow.channel == channel, ConversationRow.key == key
            ),
            "inbox": select(InboxRow.event_id, InboxRow.received_at, InboxRow.payload, InboxRow.closed_at, InboxRow.outcome).where(
                InboxRow.channel == channel, InboxRow.conversation == key
            ),
            "outbox": select(OutboxRow.text, OutboxRow.created_at, OutboxRow.closed_at, OutboxRow.outcome, OutboxRow.address).where(
                OutboxRow.channel == channel, OutboxRow.conversation == key
            ),
            "feedback": select(FeedbackRow.good, FeedbackRow.reason, FeedbackRow.question, FeedbackRow.entry, FeedbackRow.created_at).where(
                FeedbackRow.channel == channel, FeedbackRow.person == person
            ),
            "hand_overs": select(HandOverRow).where(HandOverRow.channel == channel, HandOverRow.conversation == key),
            "hand_over_messages": select(HandOverMessageRow.author, HandOverMessageRow.text, HandOverMessageRow.at)
            .join(HandOverRow, HandOverRow.id == HandOverMessageRow.case)
            .where(HandOverRow.channel == channel, HandOverRow.conversation == key)
            .order_by(HandOverMessageRow.id),
            "replies": select(ReplyRow.message, ReplyRow.answer, ReplyRow.given_at).where(
                ReplyRow.channel == channel, ReplyRow.conversation == key
            ),
            "question_log": select(
                QuestionRow.asked_at, QuestionRow.question, QuestionRow.outcome, QuestionRow.entry, QuestionRow.province
            ).where(QuestionRow.channel == channel, QuestionRow.person == person),
        }
        found: dict[str, Any] = {"channel": channel, "key": key}

        def work(connection: Connection) -> dict[str, Any]:
            return {name: [dict(row) for row in connection.execute(query).mappings()] for name, query in queries.items()}

        found |= await self._database.read(work)
        for row in found["conversations"]:
            row["state"] = json.loads(row["state"])
        for row in found["replies"]:
            row["answer"] = self._opened(row["answer"])
        for row in found["inbox"]:
            row["payload"] = self._opened(row["payload"])
        return found

    def _opened(self, payload: str | None) -> Any:
        if payload is None:
            return None
        try:
            return self._keys.open(payload)
        except Unreadable:
            return None

    async def erase_person(self, channel: str, key: str) -> dict[str, int]:
        """Erase all that is kept about a person; gives the number of rows by table. Events that wait are not answered any more."""
        return await self._database.write(lambda connection: self.erase_within(connection, channel, key), durable=True)

    def erase_within(self, connection: Connection, channel: str, key: str) -> dict[str, int]:
        """Erase as a part of a transaction.

        Ids of events stay without anything of the person, for an event that is delivered again must not be answered again. Lines of
        the question log stay for the counts, without person and question.
        """
        person, now = self._keys.pseudonym(channel, key), self._database.clock()
        closed = {"holder": None, "lease_until": None, "conversation": ""}
        statements: dict[str, Any] = {
            "conversations": delete(ConversationRow).where(ConversationRow.channel == channel, ConversationRow.key == key),
            "inbox_open": update(InboxRow)
            .where(InboxRow.channel == channel, InboxRow.conversation == key, InboxRow.closed_at.is_(None))
            .values(payload=None, closed_at=now, outcome="erased", **closed),
            "inbox": update(InboxRow).where(InboxRow.channel == channel, InboxRow.conversation == key).values(**closed),
            "outbox": delete(OutboxRow).where(OutboxRow.channel == channel, OutboxRow.conversation == key),
            "feedback": delete(FeedbackRow).where(FeedbackRow.channel == channel, FeedbackRow.person == person),
            "hand_overs": delete(HandOverRow).where(HandOverRow.channel == channel, HandOverRow.conversation == key),
            "replies": delete(ReplyRow).where(ReplyRow.channel == channel, ReplyRow.conversation == key),
            "question_log": update(QuestionRow)
            .where(QuestionRow.channel == channel, QuestionRow.person == person)
            .values(person=None, question=None),
        }
        return {name: connection.execute(statement).rowcount for name, statement in statements.items()}
