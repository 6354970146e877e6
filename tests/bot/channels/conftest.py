"""What the tests of the channels stand on."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from evaluation.imitations.telegram import FakeTelegram


@pytest.fixture
async def telegram() -> AsyncIterator[FakeTelegram]:
    """An imitation of Telegram on a loopback port."""
    async with FakeTelegram().serving() as server:
        yield server
