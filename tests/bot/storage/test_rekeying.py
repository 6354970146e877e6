"""The secret key belongs to the database: another one is noticed before anything is lost, and may be taken on purpose."""

from __future__ import annotations

import logging

import pytest
from sqlalchemy import text

from bot.storage import Storage
from bot.storage.errors import SecretChanged
from tests.bot.storage.conftest import SECRET

OTHER = "o" * 32


def again(storage: Storage, secret: str) -> Storage:
    """Another process on the same database."""
    return Storage(storage._database.url.render_as_string(hide_password=False), secret=secret)


async def filled(storage: Storage) -> None:
    await storage.inbox.accept("telegram", "1", {"text": "một"}, "c")
    await storage.inbox.accept("telegram", "2", {"text": "hai"}, "d")
    await storage.inbox.done((await storage.inbox.claim("one"))[0])
    await storage.tokens.save("zalo", {"access": "a-0"})
    await storage.tokens.save("zalo", {"access": "a-1"})


async def test_another_key_is_refused_and_nothing_is_lost(storage: Storage) -> None:
    await filled(storage)
    other = again(storage, OTHER)
    with pytest.raises(SecretChanged, match="change-key") as told:
        await other.open()
    assert OTHER not in str(told.value) and SECRET not in str(told.value)
    await other.close()
    same = again(storage, SECRET)
    await same.open()
    assert await same.tokens.load("zalo") == {"access": "a-1"}
    await same.close()


async def test_with_the_key_before_everything_is_kept(storage: Storage) -> None:
    await filled(storage)
    other = again(storage, OTHER)
    with pytest.raises(SecretChanged, match="chưa đổi gì"):
        await other.change_key("w" * 32)
    changed = await other.change_key(SECRET)
    assert (changed.kept, changed.gone) == (3, 0)
    await other.open()
    assert (await other.tokens.load("zalo"), await other.tokens.previous("zalo")) == ({"access": "a-1"}, {"access": "a-0"})
    assert [event.payload for event in await other.inbox.claim("two", 5)] == [{"text": "hai"}]
    with pytest.raises(SecretChanged):
        await again(storage, SECRET).open()
    await other.close()


async def test_with_the_key_before_lost_the_rest_goes_on(storage: Storage, caplog: pytest.LogCaptureFixture) -> None:
    await filled(storage)
    other = again(storage, OTHER)
    changed = await other.change_key(None)
    assert (changed.kept, changed.gone) == (0, 3)
    await other.open()
    with caplog.at_level(logging.ERROR):
        assert await other.tokens.load("zalo") is None
        assert await other.inbox.claim("two", 5) == []
    assert caplog.text == "", "nothing is left that cannot be read"
    assert await other.inbox.accept("telegram", "2", {"text": "hai"}, "d"), "delivered again it is answered"
    assert not await other.inbox.accept("telegram", "1", {"text": "một"}, "c"), "what was answered stays so"
    await other.close()


async def test_a_database_from_before_there_was_a_mark(storage: Storage) -> None:
    await filled(storage)
    await storage._database.write(lambda connection: connection.execute(text("DELETE FROM switches")))
    for secret in (SECRET, SECRET):
        same = again(storage, secret)
        await same.open()
        await same.close()
    with pytest.raises(SecretChanged):
        await again(storage, OTHER).open()
