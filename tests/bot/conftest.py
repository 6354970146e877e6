"""What most tests of the bot stand on."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.storage import Storage


@pytest.fixture
async def storage(tmp_path: Path) -> AsyncIterator[Storage]:
    """An empty database in a file."""
    storage = Storage(f"sqlite+aiosqlite:///{tmp_path}/bot.sqlite3")
    await storage.open()
    yield storage
    await storage.close()
