"""Inbox, outbox, hand-overs, questions, curated answers, notices, leases, tokens and staff: what several replicas share.

Events accepted and not answered move from ``updates`` to ``inbox`` and are worked on as before. Their conversations are not known
here; without one, events are taken one after another.

Revision ID: 0002
"""

from __future__ import annotations

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_ID = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
_JSON = sa.JSON(none_as_null=True).with_variant(postgresql.JSONB(none_as_null=True), "postgresql")
_OPEN: dict[str, Any] = {"sqlite_where": sa.text("closed_at IS NULL"), "postgresql_where": sa.text("closed_at IS NULL")}


def upgrade() -> None:
    op.create_table(
        "audit_log",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.Column("actor", sa.String(128), nullable=False),
        sa.Column("action", sa.String(64), nullable=False),
        sa.Column("subject", sa.String(256)),
        sa.Column("details", _JSON),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_audit_log_at", "audit_log", ["at"])
    op.create_table(
        "curated_answers",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("questions", _JSON, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("sources", _JSON, nullable=False),
        sa.Column("province", sa.String(64)),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("valid_from", sa.String(10), nullable=False),
        sa.Column("valid_to", sa.String(10)),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.Column("withdrawn_at", sa.Float()),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_curated_answers_updated_at", "curated_answers", ["updated_at"])
    op.create_table(
        "daily_counts",
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("province", sa.String(64), nullable=False),
        sa.Column("entry", sa.String(256), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("day", "channel", "outcome", "province", "entry"),
    )
    op.create_table(
        "feedback",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32), nullable=False),
        sa.Column("good", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.Text()),
        sa.Column("question", sa.Text()),
        sa.Column("entry", sa.String(256)),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("handled_at", sa.Float()),
        sa.Column("handled_by", sa.String(128)),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("feedback_list", "feedback", ["good", "handled_at", "id"])
    op.create_index("ix_feedback_created_at", "feedback", ["created_at"])
    op.create_index("ix_feedback_person", "feedback", ["person"])
    op.create_table(
        "hand_overs",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("address", sa.String(256), nullable=False),
        sa.Column("question", sa.Text()),
        sa.Column("entry", sa.String(256)),
        sa.Column("opened_at", sa.Float(), nullable=False),
        sa.Column("promised_by", sa.Float()),
        sa.Column("taken_at", sa.Float()),
        sa.Column("taken_by", sa.String(128)),
        sa.Column("closed_at", sa.Float()),
        sa.Column("closed_by", sa.String(128)),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("hand_over_open", "hand_overs", ["channel", "conversation"], unique=True, **_OPEN)
    op.create_index("ix_hand_overs_opened_at", "hand_overs", ["opened_at"])
    op.create_table(
        "inbox",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("event_id", sa.String(128), nullable=False),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("payload", sa.Text()),
        sa.Column("received_at", sa.Float(), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(128)),
        sa.Column("lease_until", sa.Float()),
        sa.Column("not_before", sa.Float()),
        sa.Column("closed_at", sa.Float()),
        sa.Column("outcome", sa.String(16)),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("channel", "event_id"),
        sqlite_autoincrement=True,
    )
    op.create_index("inbox_next", "inbox", ["received_at"], **_OPEN)
    op.create_index("inbox_open", "inbox", ["channel", "conversation", "id"], **_OPEN)
    op.create_index("ix_inbox_received_at", "inbox", ["received_at"])
    op.create_table(
        "leases",
        sa.Column("name", sa.String(128), nullable=False),
        sa.Column("holder", sa.String(128), nullable=False),
        sa.Column("until", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "login_failures",
        sa.Column("subject", sa.String(64), nullable=False),
        sa.Column("count", sa.Integer(), nullable=False),
        sa.Column("first_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("subject"),
    )
    op.create_index("ix_login_failures_first_at", "login_failures", ["first_at"])
    op.create_table(
        "notices",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("level", sa.String(16), nullable=False),
        sa.Column("starts_at", sa.Float(), nullable=False),
        sa.Column("ends_at", sa.Float()),
        sa.Column("author", sa.String(128), nullable=False),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_table(
        "outbox",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("conversation", sa.String(128), nullable=False),
        sa.Column("address", sa.String(256), nullable=False),
        sa.Column("cause", sa.String(64), nullable=False),
        sa.Column("sequence", sa.Integer(), nullable=False),
        sa.Column("text", sa.Text()),
        sa.Column("rows", _JSON),
        sa.Column("quote", sa.String(128)),
        sa.Column("created_at", sa.Float(), nullable=False),
        sa.Column("not_before", sa.Float()),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("holder", sa.String(128)),
        sa.Column("lease_until", sa.Float()),
        sa.Column("closed_at", sa.Float()),
        sa.Column("outcome", sa.String(16)),
        sa.Column("reason", sa.String(256)),
        sa.Column("message_id", sa.String(128)),
        sa.PrimaryKeyConstraint("id"),
        sa.UniqueConstraint("cause", "sequence"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_outbox_created_at", "outbox", ["created_at"])
    op.create_index("outbox_message", "outbox", ["channel", "message_id"])
    op.create_index("outbox_next", "outbox", ["created_at"], **_OPEN)
    op.create_index("outbox_open", "outbox", ["channel", "conversation", "id"], **_OPEN)
    op.create_table(
        "question_log",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("day", sa.String(10), nullable=False),
        sa.Column("asked_at", sa.Float(), nullable=False),
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("person", sa.String(32)),
        sa.Column("question", sa.Text()),
        sa.Column("outcome", sa.String(32), nullable=False),
        sa.Column("entry", sa.String(256)),
        sa.Column("confidence", sa.Float(), nullable=False),
        sa.Column("province", sa.String(64)),
        sa.Column("handled_at", sa.Float()),
        sa.Column("handled_by", sa.String(128)),
        sa.Column("handled_as", sa.String(32)),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_question_log_asked_at", "question_log", ["asked_at"])
    op.create_index("ix_question_log_day", "question_log", ["day"])
    op.create_index("ix_question_log_person", "question_log", ["person"])
    op.create_index("question_list", "question_log", ["outcome", "handled_at", "id"])
    op.create_table(
        "staff_sessions",
        sa.Column("token", sa.String(64), nullable=False),
        sa.Column("user_name", sa.String(128), nullable=False),
        sa.Column("csrf", sa.String(64), nullable=False),
        sa.Column("started_at", sa.Float(), nullable=False),
        sa.Column("seen_at", sa.Float(), nullable=False),
        sa.Column("expires_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("token"),
    )
    op.create_index("ix_staff_sessions_expires_at", "staff_sessions", ["expires_at"])
    op.create_index("ix_staff_sessions_user_name", "staff_sessions", ["user_name"])
    op.create_table(
        "switches",
        sa.Column("name", sa.String(64), nullable=False),
        sa.Column("value", _JSON),
        sa.Column("set_by", sa.String(128), nullable=False),
        sa.Column("set_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("name"),
    )
    op.create_table(
        "tokens",
        sa.Column("channel", sa.String(32), nullable=False),
        sa.Column("pair", sa.Text(), nullable=False),
        sa.Column("previous", sa.Text()),
        sa.Column("updated_at", sa.Float(), nullable=False),
        sa.PrimaryKeyConstraint("channel"),
    )
    op.create_table(
        "hand_over_messages",
        sa.Column("id", _ID, autoincrement=True, nullable=False),
        sa.Column("hand_over", _ID, nullable=False),
        sa.Column("from_staff", sa.Boolean(), nullable=False),
        sa.Column("author", sa.String(128)),
        sa.Column("text", sa.Text(), nullable=False),
        sa.Column("at", sa.Float(), nullable=False),
        sa.ForeignKeyConstraint(["hand_over"], ["hand_overs.id"], ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id"),
        sqlite_autoincrement=True,
    )
    op.create_index("ix_hand_over_messages_hand_over", "hand_over_messages", ["hand_over"])
    op.execute(
        "INSERT INTO inbox (channel, event_id, conversation, payload, received_at, attempts, closed_at, outcome) "
        "SELECT channel, update_id, '', payload, received_at, attempts, "
        "CASE WHEN payload IS NULL THEN received_at END, CASE WHEN payload IS NULL THEN 'done' END FROM updates ORDER BY id"
    )
    op.drop_table("updates")
