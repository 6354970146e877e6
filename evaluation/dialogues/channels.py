"""Dialogues played through a channel: each message goes in as that channel delivers it, each answer is read where that channel takes
it, and what the answer asks to be done is looked up where it is kept."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path

from bot.service import Act, AnswerService, Considered, Loaded
from bot.storage import Event, Storage
from bot.storage import Turn as Completed
from bot.types import State
from evaluation.dialogues.judging import Run, Seen, faults
from evaluation.dialogues.reading import Dialogue, Turn
from evaluation.imitations.people import Stage
from evaluation.imitations.running import opened
from evaluation.imitations.stages import STAGES
from knowledge.text import fold

PATIENCE = 60.0
"""Seconds until a turn counts as not answered."""
_AT_ONCE = 8


class Watched(AnswerService):
    """The service, which notes for each conversation (channel, key) what it last found and what it stored."""

    def __init__(self, storage: Storage, loaded: Loaded) -> None:
        super().__init__(storage, lambda: loaded, lambda: loaded.version)
        self.found: dict[tuple[str, str], Considered] = {}
        self.completed: dict[tuple[str, str], list[Completed]] = defaultdict(list)

    async def consider(self, channel: str, key: str, act: Act, *, text: str = "", address: str = "") -> Considered:
        found = await super().consider(channel, key, act, text=text, address=address)
        self.found[channel, key] = found
        return found

    async def complete(self, turn: Completed, event: Event | None = None) -> None:
        await super().complete(turn, event)
        self.completed[turn.channel, turn.key].append(turn)


async def play(name: str, loaded: Loaded, dialogues: Sequence[Dialogue], folder: Path) -> list[Run]:
    """All dialogues, as written; and those in which something on offer is chosen also by choosing it in the way the channel offers it:
    a button, else its number.

    Args:
        name: of ``STAGES``.
        loaded: what answers.
        dialogues: each is a conversation of its own; several are held at once.
        folder: for a new database.
    """
    slots = asyncio.Semaphore(_AT_ONCE)

    async def both(player: _Player, number: int, dialogue: Dialogue) -> list[Run]:
        async with slots:
            typed, could_choose = await player.play(dialogue, f"p{number}", choosing=False)
            if not could_choose:
                return [typed]
            chosen, _ = await player.play(dialogue, f"p{len(dialogues) + number}", choosing=True)
            return [typed, chosen]

    database = f"sqlite+aiosqlite:///{folder}/{name}.sqlite3"
    async with opened(database, lambda storage: Watched(storage, loaded)) as (service, storage), STAGES[name](service, storage) as stage:
        player = _Player(stage, service, storage)
        runs = await asyncio.gather(*(both(player, number, dialogue) for number, dialogue in enumerate(dialogues, 1)))
    return [run for pair in runs for run in pair]


class _Player:
    def __init__(self, stage: Stage, service: Watched, storage: Storage) -> None:
        self._stage, self._service, self._storage = stage, service, storage

    async def play(self, dialogue: Dialogue, person: str, *, choosing: bool) -> tuple[Run, bool]:
        """Play a dialogue; gives how it went and whether anything on offer was, or could have been, chosen."""
        run, could_choose = Run(dialogue.id, "chosen" if choosing else "typed"), False
        for number, turn in enumerate(dialogue.turns, 1):
            choice = _choice(turn, self._stage.choices(person))
            could_choose = could_choose or choice is not None
            try:
                seen = await self._turn(person, turn.say, choice if choosing else None)
            except TimeoutError:
                run.faults[number] = [f"{turn.say!r}: no answer"]
                break
            wrong = faults(turn, seen)
            if wrong:
                run.faults[number] = [f"{turn.say!r}: {w}" for w in wrong]
        return run, could_choose

    async def _turn(self, person: str, text: str, choice: str | None) -> Seen:
        stage, who = self._stage, (self._stage.channel, self._stage.key(person))
        done, before = self._service.completed[who], len(stage.texts(person))
        number = len(done)
        self._service.found.pop(who, None)
        if choice is None:
            await stage.say(text, person)
        else:
            await stage.pick(choice, person)
        async with asyncio.timeout(PATIENCE):
            while len(done) <= number or len(stage.texts(person)) < before + len(done[number].parts):
                await asyncio.sleep(0.01)
        return await self._seen(person, "\n".join(stage.texts(person)[before:]), done[number])

    async def _seen(self, person: str, text: str, completed: Completed) -> Seen:
        """What came back; an effect counts where the storage shows it."""
        who = (self._stage.channel, self._stage.key(person))
        state = await self._storage.conversations.load(*who)
        shown = {"HandOver": await self._storage.hand_overs.current(*who) is not None, "Forget": state == State()}
        effects = tuple(name for e in completed.effects if shown.get(name := type(e).__name__, True))
        found = self._service.found.get(who)
        answer = found.reply.answer if found and found.reply else None
        record = answer.items[0].id if answer and answer.items else None
        outcome = answer.outcome.value if answer else None
        return Seen(text, len(self._stage.choices(person)), outcome, record, effects, state.province)


def _choice(turn: Turn, offered: Sequence[str]) -> str | None:
    """What a turn chooses of what is on offer, none where it chooses nothing or says so in words of its own."""
    by_words = {fold(label): label for label in offered}
    for said in (turn.say, *turn.typed):
        if fold(said) in by_words:
            return by_words[fold(said)]
        if said.isdecimal() and 1 <= int(said) <= len(offered):
            return offered[int(said) - 1]
    return None
