"""Brings the database to the tables of this version, one process at a time."""

from __future__ import annotations

import logging
from importlib import resources

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, inspect

from bot.storage.database import Database
from bot.storage.errors import StorageNewer

log = logging.getLogger(__name__)

BEFORE_MIGRATIONS = "0001"
"""The revision whose tables are those of the version that had no migrations yet."""
NEWER = (
    "Cơ sở dữ liệu do phiên bản mới hơn của chương trình tạo ra (bản {found}, chương trình này chỉ biết đến bản {known}). "
    "Cài lại phiên bản mới, hoặc khôi phục bản sao lưu làm trước khi nâng cấp."
)


async def upgrade(database: Database) -> None:
    """Create or change the tables to those of this version. Nothing is changed where a step fails.

    Raises:
        StorageNewer: the database is of a newer version.
        StorageError: it cannot be reached or written.
    """

    # On SQLite the writer is alone from the first statement on; on PostgreSQL it waits for the lock. So a second process starting
    # at the same moment finds the work done.
    def work(connection: Connection) -> None:
        database.serialise(connection, "migrations")
        _upgrade(connection)

    await database.write(work, durable=True)


def configuration(connection: Connection | None = None) -> Config:
    """Alembic's configuration; the migrations are part of the package."""
    config = Config()
    config.set_main_option("script_location", str(resources.files("bot.storage") / "migrations").replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _upgrade(connection: Connection) -> None:
    config = configuration(connection)
    scripts = ScriptDirectory.from_config(config)
    known = {script.revision for script in scripts.walk_revisions()}
    head = scripts.get_current_head()
    current = MigrationContext.configure(connection).get_current_revision()
    if current == head:
        return
    if current is not None and current not in known:
        raise StorageNewer(NEWER.format(found=current, known=head))
    if current is None and inspect(connection).has_table("updates"):
        command.stamp(config, BEFORE_MIGRATIONS)
    command.upgrade(config, "head")
    log.info("Cơ sở dữ liệu đã ở bản %s", head)
