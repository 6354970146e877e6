"""Numbers under which a message to send goes on in the log and in traces.

Revision ID: 0006
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("outbox", sa.Column("carried", sa.JSON(none_as_null=True).with_variant(JSONB(none_as_null=True), "postgresql")))
