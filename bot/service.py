"""The bot as a running service: one assistant, many conversations, an index that may be replaced underneath.

A *turn* holds its conversation's lock from reading the state to storing it, so that the messages of one chat are answered in
order, each on the state the one before left. Turns of different conversations run side by side.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Container
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol
from weakref import WeakValueDictionary

from sqlalchemy.exc import SQLAlchemyError

from bot.storage import Conversations
from bot.types import Answer, Option, Outcome, Reply, State
from bot.wording import OUTCOMES

log = logging.getLogger(__name__)


class Answers(Protocol):
    """What the service needs of an assistant."""

    def reply(self, text: str, state: State | None = None) -> Reply: ...


@dataclass(frozen=True)
class Loaded:
    """An assistant with what channels offer beside questions. ``entry_ids``: the records it knows; none: not checked."""

    assistant: Answers
    version: str
    entries: int = 0
    provinces: tuple[str, ...] = ()
    plans: tuple[Option, ...] = ()
    entry_ids: Container[str] | None = field(default=None, repr=False)

    def fit(self, state: State) -> State:
        """The state without what points to records that this index does not hold (it may have been stored under another one)."""
        if self.entry_ids is None:
            return state
        pointed = {o.entry for o in (*state.options, *state.followups) if o.entry}
        if any(entry not in self.entry_ids for entry in pointed):
            state = replace(state, options=(), followups=())
        if state.entry and state.entry not in self.entry_ids:
            state = replace(state, entry=None)
        return state


Act = Callable[[Loaded, State], Reply]
"""One turn: what is asked, as a function of the assistant and the conversation. Runs in a worker thread; must not touch the loop."""


def choose(option: Option) -> Act:
    """The turn in which a person picks ``option``, whatever the text of the message it stood under."""

    def act(loaded: Loaded, state: State) -> Reply:
        if option.entry is None:
            return loaded.assistant.reply(option.label, state)
        # The assistant takes choices by number; offering this one alone makes "1" mean exactly it.
        return loaded.assistant.reply("1", replace(state, options=(option,), followups=()))

    return act


def say(outcome: Outcome, state: State, **values: object) -> Reply:
    """A fixed wording as a reply that leaves the conversation in ``state``."""
    return Reply(Answer(outcome, OUTCOMES[outcome].format(**values)), state)


class AnswerService:
    """Answers messages for (channel, conversation key)."""

    def __init__(
        self,
        conversations: Conversations,
        load: Callable[[], Loaded],
        published: Callable[[], str | None],
        *,
        longest_question: int = 1000,
    ) -> None:
        """
        Args:
            conversations: where states are kept.
            load: opens the current index; may take seconds and raise.
            published: names the current index version, cheaply; none where nothing is published.
            longest_question: characters; a longer message is answered with a request to shorten it.
        """
        self._conversations = conversations
        self._load, self._published = load, published
        self._longest = longest_question
        self._loaded: Loaded | None = None
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()

    @property
    def loaded(self) -> Loaded | None:
        """The index in use, none before :meth:`open`."""
        return self._loaded

    async def open(self) -> None:
        """Load the index. Whatever ``load`` raises comes out."""
        self._loaded = await asyncio.to_thread(self._load)

    async def follow(self, every: float = 3.0) -> None:
        """Keep to the published index: look for a new version every ``every`` seconds, for ever. One that cannot be loaded is
        logged once and the one in use stays."""
        refused: str | None = None
        while True:
            await asyncio.sleep(every)
            version: str | None = None
            try:
                version = await asyncio.to_thread(self._published)
                if version is None or version == refused or (self._loaded is not None and version == self._loaded.version):
                    continue
                self._loaded = await asyncio.to_thread(self._load)
                log.info("Đã chuyển sang chỉ mục %s (%d mục)", self._loaded.version, self._loaded.entries)
            except Exception:
                refused = version
                log.exception("Không dùng được chỉ mục mới %s, vẫn dùng chỉ mục cũ", version)

    async def answer(self, text: str, channel: str = "", key: str | None = None) -> Reply:
        """Answer a message; without a ``key`` it stands alone and nothing is stored."""
        if key is None:
            return await self._run(self.ask(text), State())
        async with self.turn(channel, key, self.ask(text)) as reply:
            return reply

    def ask(self, text: str) -> Act:
        """The turn in which a person writes ``text``."""
        if len(text) > self._longest:
            return lambda _loaded, state: say(Outcome.TOO_LONG, state, length=len(text), limit=self._longest)
        return lambda loaded, state: loaded.assistant.reply(text, state)

    @asynccontextmanager
    async def turn(self, channel: str, key: str, act: Act) -> AsyncIterator[Reply]:
        """Run one turn; the body delivers the reply. Where the body raises, the person has not seen the reply, and the
        conversation stays as it was."""
        lock = self._locks.setdefault((channel, key), asyncio.Lock())
        async with lock:
            before = await self._state(channel, key)
            reply = await self._run(act, before)
            yield reply
            if reply.state != before:
                try:
                    await self._conversations.save(channel, key, reply.state)
                except SQLAlchemyError:
                    log.exception("Không lưu được cuộc trò chuyện (kênh %s)", channel)

    async def forget(self, channel: str, key: str) -> None:
        """Delete all that is kept of a conversation."""
        lock = self._locks.setdefault((channel, key), asyncio.Lock())
        async with lock:
            await self._conversations.forget(channel, key)

    async def _state(self, channel: str, key: str) -> State:
        try:
            return await self._conversations.load(channel, key)
        except SQLAlchemyError:
            log.exception("Không đọc được cuộc trò chuyện (kênh %s), trả lời như câu hỏi đầu", channel)
            return State()

    async def _run(self, act: Act, state: State) -> Reply:
        loaded = self._loaded
        if loaded is None:
            return say(Outcome.FAILED, state)
        try:
            return await asyncio.to_thread(partial(act, loaded, loaded.fit(state)))
        except Exception:
            log.exception("Lỗi khi trả lời")
            return say(Outcome.FAILED, state)
