"""The end of a turn: everything that it changes, in one transaction.

Either the event is finished, the state stored, the answer queued, and what the answer asked for done, or none of it. A program
killed before finds the event again; one killed after finds the answer in the outbox.
"""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from bot.storage.conversations import Conversations, Remembered
from bot.storage.database import Database
from bot.storage.feedback import FeedbackList
from bot.storage.hand_overs import Case, HandOvers
from bot.storage.inbox import Event, close_event
from bot.storage.outbox import Part, put_parts
from bot.storage.privacy import Privacy
from bot.storage.questions import Asked, QuestionLog
from bot.storage.replies import Replies, Told
from bot.types import Effect, Feedback, Forget, HandOver, State


@dataclass(frozen=True)
class Turn:
    """What a turn changes.

    ``state``: the conversation after it; none: as before. ``since``: what that was made from; none: it counts whatever is stored by
    then. ``parts``: what to send (none on the web, where the answer is the
    response). ``effects``: what the reply asks to be done. ``asked``: the line of the question log. ``said``: what the person wrote
    to the member of staff who has taken over. ``address``: where answers go, and ``promised_by``: the time (seconds) by which a
    person will answer, for a hand-over. ``told``: the response to a request that carries its own id, kept for when it is sent again.
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
    told: Told | None = None
    since: Remembered | None = None


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
        replies: Replies,
    ) -> None:
        self._database, self._conversations, self._feedback = database, conversations, feedback
        self._hand_overs, self._questions, self._privacy = hand_overs, questions, privacy
        self._replies = replies

    async def complete(self, turn: Turn, event: Event | None = None) -> Case | None:
        """Store all that ``turn`` changes and finish ``event`` (none: the message came by a request that waits for its answer).

        Returns:
            the hand-over that is open for the conversation, where the turn asked for one or said something to it.

        Raises:
            LeaseLost: another worker has the event, or has answered the request; nothing was stored, and this answer must not be given.
            Overtaken: another process has stored a turn of the conversation since; nothing was stored, make the turn again.
            StorageError: nothing was stored.
        """
        if turn.parts and event is None:
            raise ValueError("parts to send need the event they answer")
        return await self._database.write(lambda connection: self._complete(connection, turn, event))

    def _complete(self, connection: Connection, turn: Turn, event: Event | None) -> Case | None:
        case: Case | None = None
        who = (turn.channel, turn.key)
        forget = any(isinstance(effect, Forget) for effect in turn.effects)
        if event is not None:
            close_event(connection, event.id, event.attempt, self._database.clock(), "done")
        if forget:
            self._privacy.erase_within(connection, *who)
        elif turn.state is not None:
            self._conversations.save_within(connection, *who, turn.state, turn.since)
        for effect in turn.effects:
            if isinstance(effect, Feedback):
                self._feedback.add_within(connection, *who, effect)
            elif isinstance(effect, HandOver):
                case = self._hand_overs.open_within(connection, *who, turn.address, effect, turn.promised_by)
        if turn.said is not None:
            case = self._hand_overs.said_within(connection, *who, turn.said)
        if turn.asked is not None and not forget:
            self._questions.add_within(connection, *who, turn.asked)
        if turn.told is not None and not forget:
            self._replies.put_within(connection, *who, turn.told)
        if event is not None:
            put_parts(self._database, connection, *who, f"inbox:{event.id}", turn.parts)
        return case
