"""The end of a turn: everything that it changes, in one transaction.

Either the event is finished, the state stored, the answer queued, and what the answer asked for done, or none of it. A program
killed before finds the event again; one killed after finds the answer in the outbox.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import Connection

from bot.storage.conversations import Conversations, Next, Remembered
from bot.storage.database import Database
from bot.storage.errors import LeaseLost
from bot.storage.feedback import FeedbackList
from bot.storage.hand_overs import Case, HandOvers
from bot.storage.inbox import Event, close_events, lease_lost
from bot.storage.outbox import Part, put_rows, rows_of
from bot.storage.privacy import Privacy
from bot.storage.questions import Asked, QuestionLog
from bot.storage.replies import Replies, Told
from bot.storage.together import TOGETHER_SECONDS, Together
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

    @property
    def forgets(self) -> bool:
        """Whether the person asked to be forgotten."""
        return any(isinstance(effect, Forget) for effect in self.effects)


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
        self._together: Together[tuple[Turn, Event], Case | LeaseLost | None] = Together(self._complete_all, pause=TOGETHER_SECONDS)

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
        # A request waits for the end of its turn; an event does not, so its turn may wait a moment for others.
        done = (await self._complete_all([(turn, None)]))[0] if event is None else await self._together.put((turn, event))
        if isinstance(done, LeaseLost):
            raise done
        return done

    async def _complete_all(self, turns: Sequence[tuple[Turn, Event | None]]) -> list[Case | LeaseLost | None]:
        """Complete several turns in one transaction; one whose event another worker has is left out and has its error as its result."""
        return await self._database.write(lambda connection: self._within(connection, turns))

    def _within(self, connection: Connection, turns: Sequence[tuple[Turn, Event | None]]) -> list[Case | LeaseLost | None]:
        now = self._database.clock()
        closed = close_events(connection, [(event.id, event.attempt) for _, event in turns if event is not None], now, "done")
        mine = [(turn, event) for turn, event in turns if event is None or event.id in closed]
        cases = [self._single(connection, turn) if event is None or event.id in closed else lease_lost() for turn, event in turns]
        lasting = [turn for turn, _ in mine if not turn.forgets]
        states = [Next(t.channel, t.key, t.state, t.since) for t in lasting if t.state is not None]
        self._conversations.save_within(connection, states)
        self._questions.add_within(connection, [(t.channel, t.key, t.asked) for t in lasting if t.asked is not None])
        answers = [rows_of(turn.channel, turn.key, f"inbox:{event.id}", turn.parts, now) for turn, event in mine if event is not None]
        put_rows(self._database, connection, [row for rows in answers for row in rows])
        return cases

    def _single(self, connection: Connection, turn: Turn) -> Case | None:
        """What few turns change, so that it is not written for several at once."""
        case: Case | None = None
        who = (turn.channel, turn.key)
        if turn.forgets:
            self._privacy.erase_within(connection, *who)
        for effect in turn.effects:
            if isinstance(effect, Feedback):
                self._feedback.add_within(connection, *who, effect)
            elif isinstance(effect, HandOver):
                case = self._hand_overs.open_within(connection, *who, turn.address, effect, turn.promised_by)
        if turn.said is not None:
            case = self._hand_overs.said_within(connection, *who, turn.said)
        if turn.told is not None and not turn.forgets:
            self._replies.put_within(connection, *who, turn.told)
        return case
