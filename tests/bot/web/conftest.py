"""What most tests of the web interface stand on."""

from __future__ import annotations

import pytest

from bot.service import AnswerService
from bot.storage import Storage
from tests.fakes.assistant import stub


@pytest.fixture
async def service(storage: Storage) -> AnswerService:
    """The service over an assistant with predictable answers."""
    service = AnswerService(storage, stub, lambda: "v1")
    await service.open()
    return service
