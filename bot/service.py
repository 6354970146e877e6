"""The bot as a running service: one assistant, many conversations, an index that may be replaced underneath.

A turn has two halves. :meth:`AnswerService.consider` finds what to say and what that changes; :meth:`AnswerService.complete` stores
all of it at once. Chat channels put the answer's messages and the end of the event into the same transaction. On the web the answer
is the response (:mod:`bot.web.responding`). There the messages of one conversation are kept in order by a lock within a process;
across processes a turn is made again where another was stored since its state was read (:class:`bot.storage.Overtaken`).
"""

from __future__ import annotations

import asyncio
import logging
import os
import time
from collections.abc import Callable, Container, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from dataclasses import dataclass, field, replace
from functools import partial
from typing import Protocol
from weakref import WeakValueDictionary

from bot.board import Board, Posted
from bot.curation import Curation
from bot.following import IndexInUse
from bot.handover.desk import Desk, Promise, wants_bot
from bot.storage import Asked, Case, Event, Remembered, Storage, StorageError, Turn
from bot.types import Answer, Forget, HandOver, Option, Outcome, Reply, State
from bot.wording import OUTCOMES
from knowledge.encoding import Vectors
from knowledge.entries import Entry
from knowledge.schema import LifeEvent

log = logging.getLogger(__name__)


class Answers(Protocol):
    """What the service needs of an assistant."""

    def reply(self, text: str, state: State | None = None, now: float | None = None) -> Reply: ...


@dataclass(frozen=True)
class Loaded:
    """An assistant with what channels offer beside questions. ``entry_ids``: the records it knows; none: not checked. ``records``:
    the records themselves, to be leafed through. ``encode``: questions → unit vectors."""

    assistant: Answers
    version: str
    entries: int = 0
    provinces: tuple[str, ...] = ()
    plans: tuple[Option, ...] = ()
    entry_ids: Container[str] | None = field(default=None, repr=False)
    records: Sequence[Entry] = field(default=(), repr=False)
    life_events: Sequence[LifeEvent] = ()
    encode: Callable[[Sequence[str]], Vectors] | None = field(default=None, repr=False)

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
"""What is asked, as a function of the assistant and the conversation. Runs in a worker thread; must not touch the loop."""


def choose(option: Option) -> Act:
    """The turn in which a person picks ``option``, whatever the text of the message it stood under."""

    def act(loaded: Loaded, state: State) -> Reply:
        if option.entry is None and option.action is None:
            return loaded.assistant.reply(option.label, state)
        # The assistant takes choices by number; offering this one alone makes "1" mean exactly it.
        return loaded.assistant.reply("1", replace(state, options=(option,), followups=()))

    return act


def say(outcome: Outcome, state: State, **values: object) -> Reply:
    """A fixed wording as a reply that leaves the conversation in ``state``."""
    return Reply(Answer(outcome, OUTCOMES[outcome].format(**values)), state)


@dataclass(frozen=True)
class Before:
    """What is known when a message arrives. ``case``: the conversation is with staff."""

    remembered: Remembered
    case: Case | None
    posted: Posted

    @property
    def state(self) -> State:
        return self.remembered.state


@dataclass(frozen=True)
class Considered:
    """What to say (none: the bot keeps quiet) and what the turn changes."""

    reply: Reply | None
    turn: Turn


class AnswerService:
    """Answers messages for (channel, conversation key)."""

    def __init__(
        self,
        storage: Storage,
        load: Callable[[], Loaded],
        published: Callable[[], str | None],
        *,
        longest_question: int = 1000,
        answered: Callable[[str, Reply], None] = lambda _channel, _reply: None,
        desk: Desk | None = None,
        curation: Curation | None = None,
    ) -> None:
        """
        Args:
            storage: what is kept.
            load: opens the current index; may take seconds and raise.
            published: names the current index version, cheaply; none where nothing is published.
            longest_question: characters; a longer message is answered with a request to shorten it.
            answered: told the channel and the reply of every turn, to be counted.
            desk, curation: hand-over to staff, and answers by staff; none: without office hours, and those of the present day.
        """
        self.storage = storage
        self._index = IndexInUse(load, published)
        self._longest, self._answered = longest_question, answered
        self.desk = desk or Desk(storage.hand_overs)
        self.curation = curation or Curation(storage.curated)
        self._board = Board(storage.notices)
        self._locks: WeakValueDictionary[tuple[str, str], asyncio.Lock] = WeakValueDictionary()
        # Answering is work for the processor: more threads than processors only make each answer slower.
        self._threads = ThreadPoolExecutor(os.cpu_count() or 1, "answer")

    @property
    def loaded(self) -> Loaded | None:
        """The index in use, none before :meth:`open`."""
        return self._index.loaded

    async def open(self) -> None:
        """Load the index. Whatever ``load`` raises comes out."""
        await self._index.open()

    async def follow(self, every: float = 3.0) -> None:
        """Keep to the published index, for ever; see :meth:`bot.following.IndexInUse.follow`."""
        await self._index.follow(every)

    def ask(self, text: str) -> Act:
        """The turn in which a person writes ``text``."""
        if len(text) > self._longest:
            return lambda _loaded, state: say(Outcome.TOO_LONG, state, length=len(text), limit=self._longest)
        return lambda loaded, state: self.curation.instead(text, loaded.assistant.reply(text, state, time.time()), loaded)

    async def answer(self, text: str, channel: str = "") -> Reply:
        """Answer a message that stands alone; no conversation is kept."""
        posted = await self._board.posted()
        await self.curation.refresh()
        reply = _paused(posted, State()) or await self._run(channel, self.ask(text), State())
        return self._board.show(reply, posted)

    async def consider_anyway(self, channel: str, key: str, act: Act, *, text: str = "") -> Considered:
        """:meth:`consider`; a database that fails does not silence the bot: the message is answered as if it were the first."""
        try:
            return await self.consider(channel, key, act, text=text)
        except StorageError as error:
            log.error("Không đọc được cuộc trò chuyện (kênh %s), trả lời như câu hỏi đầu: %s", channel, error)
            return Considered(await self._run(channel, act, State()), Turn(channel, key))

    async def consider(self, channel: str, key: str, act: Act, *, text: str = "", address: str = "") -> Considered:
        """Find what to say to a message; nothing is stored but the end of a conversation with staff.

        Args:
            channel: where the conversation is.
            key: its name there.
            act: what is asked.
            text: what the person wrote, for the question log and for staff.
            address: where answers go, for staff who answer later.

        Raises:
            StorageError: what is known of the conversation could not be read.
        """
        before = await self._before(channel, key)
        paused = _paused(before.posted, before.state)
        if paused is not None:
            urgent = await self._if_urgent(channel, act, before.state) if text else None
            return Considered(urgent or paused, self._turn(channel, key, before, paused, text))
        if text and wants_bot(text):
            if before.case is not None:
                await self.desk.end(before.case)
            return Considered(say(Outcome.BACK_TO_BOT, before.state), Turn(channel, key))
        if text and before.case is not None:
            return await self._pass_on(before.case, before.state, act, text)
        reply = await self._run(channel, act, before.state)
        promise: Promise | None = None
        if before.case is None and any(isinstance(effect, HandOver) for effect in reply.effects):
            promise = await self.desk.promise()
            reply = replace(reply, answer=replace(reply.answer, text=f"{reply.answer.text}\n{promise.words}"))
        reply = self._board.show(reply, before.posted, before.state.seen)
        turn = self._turn(channel, key, before, reply, text)
        return Considered(reply, replace(turn, address=address, promised_by=promise.by if promise else None))

    async def complete(self, turn: Turn, event: Event | None = None) -> None:
        """Store what a turn changes, all of it or nothing.

        Raises:
            LeaseLost: another worker has the event; the answer must not be given.
            Overtaken: the conversation has changed since it was considered; consider it again.
            StorageError: nothing was stored.
        """
        if event is not None or turn != Turn(turn.channel, turn.key):
            await self.storage.turns.complete(turn, event)

    async def forget(self, channel: str, key: str) -> None:
        """Erase all that is kept about a person.

        Raises:
            StorageError: it is still there.
        """
        async with self.lock(channel, key):
            await self.storage.privacy.erase_person(channel, key)

    def lock(self, channel: str, key: str) -> asyncio.Lock:
        """Held during a turn: within a process the messages of one conversation are answered one after another."""
        return self._locks.setdefault((channel, key), asyncio.Lock())

    async def _before(self, channel: str, key: str) -> Before:
        posted = await self._board.posted()
        await self.curation.refresh()
        return Before(await self.storage.conversations.recall(channel, key), await self.desk.case(channel, key), posted)

    async def _pass_on(self, case: Case, state: State, act: Act, text: str) -> Considered:
        """A message to staff: the bot is quiet but for the first time, and where somebody is in danger."""
        turn = Turn(case.channel, case.conversation, said=text)
        urgent = await self._if_urgent(case.channel, act, state)
        if urgent is not None:
            return Considered(urgent, turn)
        first = await self.desk.is_first_word(case)
        return Considered(say(Outcome.WITH_STAFF, state) if first else None, turn)

    async def _if_urgent(self, channel: str, act: Act, state: State) -> Reply | None:
        """The answer where somebody is in danger, which no pause and no waiting holds back; none otherwise."""
        reply = await self._run(channel, act, state)
        return replace(reply, state=state, effects=()) if reply.answer.outcome is Outcome.EMERGENCY else None

    def _turn(self, channel: str, key: str, before: Before, reply: Reply, text: str) -> Turn:
        answer = reply.answer
        forgets = any(isinstance(effect, Forget) for effect in reply.effects)
        asked = None
        if text and not forgets:
            entry = answer.items[0].id if answer.items else None
            asked = Asked(text, answer.outcome, entry, answer.confidence, reply.state.province)
        state = reply.state if reply.state != before.state and not forgets else None
        since = before.remembered if state is not None else None
        return Turn(channel, key, state, effects=reply.effects, asked=asked, since=since)

    async def _run(self, channel: str, act: Act, state: State) -> Reply:
        reply = await self._reply(act, state)
        self._answered(channel, reply)
        return reply

    async def _reply(self, act: Act, state: State) -> Reply:
        loaded = self._index.loaded
        if loaded is None:
            return say(Outcome.FAILED, state)
        try:
            # The context goes along, so that what is logged there bears the request's number.
            work = partial(copy_context().run, act, loaded, loaded.fit(state))
            return await asyncio.get_running_loop().run_in_executor(self._threads, work)
        except Exception:
            log.exception("Lỗi khi trả lời")
            return say(Outcome.FAILED, state)


def _paused(posted: Posted, state: State) -> Reply | None:
    """The answer while staff have paused the bot, none while it answers."""
    if posted.pause is None:
        return None
    return Reply(Answer(Outcome.PAUSED, posted.pause.strip() or OUTCOMES[Outcome.PAUSED]), state)
