"""The end of a turn: everything that it changes, in one transaction.

Either the event is finished, the state stored, the answer queued, and what the answer asked for done, or none of it. A program
killed before finds the event again; one killed after finds the answer in the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.storage.conversations import Conversations
from bot.storage.database import Database
from bot.storage.feedback import FeedbackList
from bot.storage.hand_overs import Case, HandOvers
from bot.storage.inbox import Event, close_event
from bot.storage.outbox import Part, put_parts
from bot.storage.privacy import Privacy
from bot.storage.questions import Asked, QuestionLog
from bot.types import Effect, Feedback, Forget, HandOver, State


@dataclass(frozen=True)
class Turn:
    """What a turn changes.

    ``state``: the conversation after it; none: as before. ``parts``: what to send (none on the web, where the answer is the
    response). ``effects``: what the reply asks to be done. ``asked``: the line of the question log. ``said``: what the person wrote
    to the member of staff who has taken over. ``address``: where answers go, and ``promised_by``: the time (seconds) by which a
    person will answer, for a hand-over.
    """

    channel: str
    key: str
    state: State | None = None
    parts: tuple[Part, ...] = ()
    effects: tuple[Effect, ...] = ()
    asked: Asked | None = None
    said: str | None = None
    address: str = ""
    promised_by: float | None = None


class Turns:
    """Completes turns."""

    def __init__(
        self,
        database: Database,
        conversations: Conversations,
        feedback: FeedbackList,
        hand_overs: HandOvers,
        questions: QuestionLog,
        privacy: Privacy,
    ) -> None:
        self._database, self._conversations, self._feedback = database, conversations, feedback
        self._hand_overs, self._questions, self._privacy = hand_overs, questions, privacy

    async def complete(self, turn: Turn, event: Event | None = None) -> Case | None:
        """Store all that ``turn`` changes and finish ``event`` (none: the message came by a request that waits for its answer).

        Returns:
            the hand-over that is open for the conversation, where the turn asked for one or said something to it.

        Raises:
            LeaseLost: another worker has the event; nothing was stored, and this answer must not be given.
            StorageError: nothing was stored.
        """
        case: Case | None = None
        forget = any(isinstance(effect, Forget) for effect in turn.effects)
        who = (turn.channel, turn.key)
        async with self._database.write() as connection:
            if event is not None:
                await close_event(connection, event.id, event.attempt, self._database.clock(), "done")
            if forget:
                await self._privacy.erase_within(connection, *who)
            elif turn.state is not None:
                await self._conversations.save_within(connection, *who, turn.state)
            for effect in turn.effects:
                if isinstance(effect, Feedback):
                    await self._feedback.add_within(connection, *who, effect)
                elif isinstance(effect, HandOver):
                    case = await self._hand_overs.open_within(connection, *who, turn.address, effect, turn.promised_by)
            if turn.said is not None:
                case = await self._hand_overs.said_within(connection, *who, turn.said)
            if turn.asked is not None and not forget:
                await self._questions.add_within(connection, *who, turn.asked)
            cause = f"inbox:{event.id}" if event is not None else ""
            if turn.parts and not cause:
                raise ValueError("parts to send need the event they answer")
            await put_parts(self._database, connection, *who, cause, turn.parts)
        return case
