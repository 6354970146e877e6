"""How Alembic runs the steps: on the connection, and within the transaction, of :mod:`bot.storage.migrating`."""

from __future__ import annotations

from alembic import context

import bot.storage  # noqa: F401  (all tables)
from bot.storage.database import Base

context.configure(connection=context.config.attributes["connection"], target_metadata=Base.metadata)
context.run_migrations()
