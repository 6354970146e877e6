"""Keeping tokens fresh against an imitation of Zalo's OAuth, with single-use refresh tokens."""

from __future__ import annotations

import asyncio
import logging

import pytest

from bot.channels.base import RetryLater
from bot.channels.zalo_oa.oauth import Pair
from bot.channels.zalo_oa.tokens import REFRESH_AHEAD, WAIT_AUTHORISED, Kept
from evaluation.imitations.failures import Broken, Hanging
from tests.bot.channels.zalo_oa.conftest import Setting
from tests.waiting import until


async def test_a_good_token_is_used_as_it_is(setting: Setting) -> None:
    assert await setting.keeper().current() == "access-0"
    assert setting.zalo.refreshes == []


async def test_an_ended_token_is_replaced_and_stored_before_use(setting: Setting) -> None:
    keeper = setting.keeper(ahead=90_000)
    token = await keeper.current()
    assert token == setting.zalo.access != "access-0"
    assert setting.store.kept is not None
    assert setting.store.kept.current.access == token
    assert setting.store.kept.previous is not None and setting.store.kept.previous.refresh == "refresh-0"
    assert 80_000 < setting.store.kept.current.expires - setting.store.kept.previous.expires < 100_000  # "90000" is a string


async def test_replaced_ahead_of_its_end(setting: Setting) -> None:
    stop = asyncio.Event()
    keeping = asyncio.create_task(setting.keeper(ahead=90_000 - REFRESH_AHEAD + 60).keep_fresh(stop, every=0.01))
    await until(lambda: setting.store.saved)
    await asyncio.sleep(0.05)
    stop.set()
    await keeping
    assert setting.zalo.refreshes == ["refresh-0"]  # and only once


async def test_many_processes_refresh_once(setting: Setting) -> None:
    keepers = [setting.keeper() for _ in range(8)]
    setting.zalo.expire()
    tokens = await asyncio.gather(*(k.after_refusal("access-0") for k in keepers for _ in range(3)))
    assert set(tokens) == {setting.zalo.access}
    assert setting.zalo.refreshes == ["refresh-0"]


async def test_waits_for_another_process_but_not_for_ever(setting: Setting) -> None:
    setting.store.taken = True
    with pytest.raises(RetryLater, match="another process"):
        await setting.keeper(patience=0.1).after_refusal("access-0")
    assert setting.zalo.refreshes == []


async def test_an_outage_of_the_token_endpoint_is_waited_out(setting: Setting) -> None:
    setting.zalo.oauth_failures.append(Broken())
    keeper = setting.keeper(ahead=90_000)
    with pytest.raises(RetryLater):
        await keeper.current()
    assert await keeper.current() == setting.zalo.access
    assert setting.zalo.refreshes == ["refresh-0"]


async def test_a_pair_lost_on_the_way_needs_a_person_who_is_told_once(setting: Setting, caplog: pytest.LogCaptureFixture) -> None:
    setting.zalo.oauth_failures.append(Hanging(30.0, done=True))  # given, but the answer never arrives
    keeper = setting.keeper(ahead=90_000)
    with caplog.at_level(logging.ERROR):
        for _ in range(4):
            with pytest.raises(RetryLater) as raised:
                await keeper.current()
    assert raised.value.seconds == WAIT_AUTHORISED
    assert [r.getMessage().count("python -m bot zalo-authorise") for r in caplog.records] == [1]
    assert "refresh-0" not in caplog.text
    # The person authorises again, in another process; this one goes on with it.
    setting.store.kept = None
    setting.zalo._rotate()
    await setting.store.save(Pair(setting.zalo.access, setting.zalo.refresh, 4e9))
    assert await keeper.current() == setting.zalo.access


async def test_a_database_set_back_is_rescued_by_the_pair_before(setting: Setting) -> None:
    assert setting.store.kept is not None
    setting.store.kept = Kept(Pair("dead", "dead", 0.0), setting.store.kept.current)
    assert await setting.keeper().current() == setting.zalo.access
    assert setting.zalo.refreshes == ["dead", "refresh-0"]


async def test_a_pair_that_could_not_be_stored_is_kept_until_it_can(setting: Setting) -> None:
    setting.store.broken = 2
    keeper = setting.keeper(ahead=90_000)
    for _ in range(2):
        with pytest.raises(RetryLater):
            await keeper.current()
    assert await keeper.current() == setting.zalo.access
    assert setting.zalo.refreshes == ["refresh-0"]


async def test_a_pair_that_could_not_be_stored_gives_way_to_a_new_authorisation(setting: Setting) -> None:
    setting.store.broken = 1
    keeper = setting.keeper(ahead=90_000)
    with pytest.raises(RetryLater):
        await keeper.current()
    setting.zalo._rotate()
    await setting.store.save(Pair(setting.zalo.access, setting.zalo.refresh, 4e9))
    assert await keeper.current() == setting.zalo.access
    assert setting.store.kept is not None and setting.store.kept.current.access == setting.zalo.access


async def test_a_pair_not_stored_is_not_forgotten_while_the_old_one_looks_good(setting: Setting) -> None:
    setting.store.broken = 1
    keeper = setting.keeper()
    with pytest.raises(RetryLater):
        await keeper.after_refusal("access-0")
    assert await keeper.current() == setting.zalo.access != "access-0"


async def test_a_cancelled_sender_does_not_lose_the_pair(setting: Setting) -> None:
    keeper = setting.keeper(ahead=90_000)
    sending = asyncio.create_task(keeper.current())
    await asyncio.sleep(0)
    await asyncio.sleep(0)
    sending.cancel()
    with pytest.raises(asyncio.CancelledError):
        await sending
    await keeper.close()
    assert setting.store.kept is not None and setting.store.kept.current.access == setting.zalo.access


async def test_without_authorisation(setting: Setting, caplog: pytest.LogCaptureFixture) -> None:
    setting.store.kept = None
    with pytest.raises(RetryLater, match="chưa được cấp quyền"):
        await setting.keeper().current()
    assert "zalo-authorise" in caplog.text
