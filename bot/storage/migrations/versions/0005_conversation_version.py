"""Versions of conversations, by which processes notice that another was faster.

Revision ID: 0005
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("conversations", sa.Column("version", sa.BigInteger(), nullable=False, server_default="0"))
