from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.storage import Storage
from tests.fakes.databases import database_url, empty_database, postgresql, prepared  # noqa: F401  (fixtures)

SECRET = "a secret that only tests know"


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now = 1_790_000_000.0

    def __call__(self) -> float:
        return self.now


def mask(text: str) -> str:
    """Stands for the masking of personal data."""
    return text.replace("0912345678", "[số điện thoại]")


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
async def storage(database_url: str, clock: Clock) -> AsyncIterator[Storage]:  # noqa: F811
    storage = Storage(database_url, clock, secret=SECRET, mask=mask)
    await storage.open()
    yield storage
    await storage.close()
