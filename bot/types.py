"""The frozen values that pass between the steps from a message to an answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any


class Status(StrEnum):
    """The contract's answer states."""

    ANSWERED = "answered"
    CLARIFY = "clarify"
    NO_ANSWER = "no_answer"
    CHAT = "chat"
    ERROR = "error"


class Outcome(StrEnum):
    """Why an answer is what it is: the closed set. Each belongs to one status and has its wordings in ``bot.wording``."""

    FOUND = "found"
    WHICH_PROVINCE = "which_province"
    WHICH_RECORD = "which_record"
    WHICH_MATTER = "which_matter"
    NEXT_BEST = "next_best"
    MENU = "menu"
    NO_SUCH_OPTION = "no_such_option"
    ASK_REASON = "ask_reason"
    NOT_KNOWN = "not_known"
    OTHER_PROVINCE = "other_province"
    PERSONAL_DATA = "personal_data"
    UNLAWFUL = "unlawful"
    MANIPULATION = "manipulation"
    UNREADABLE = "unreadable"
    GREETING = "greeting"
    THANKS = "thanks"
    FAREWELL = "farewell"
    HELP = "help"
    UPSET = "upset"
    EMERGENCY = "emergency"
    DISTRESS = "distress"
    PERSONAL_NOTED = "personal_noted"
    SAY_MORE = "say_more"
    FEEDBACK_GOOD = "feedback_good"
    FEEDBACK_NOTED = "feedback_noted"
    HAND_OVER = "hand_over"
    STAFF_MODE = "staff_mode"
    CITIZEN_MODE = "citizen_mode"
    FORGOTTEN = "forgotten"
    PROVINCE_NOTED = "province_noted"
    STALE_CHOICE = "stale_choice"
    WITH_STAFF = "with_staff"
    BACK_TO_BOT = "back_to_bot"
    PAUSED = "paused"
    TOO_FAST = "too_fast"
    EMPTY = "empty"
    TOO_LONG = "too_long"
    FAILED = "failed"


STATUS_OF: Mapping[Outcome, Status] = {
    Outcome.FOUND: Status.ANSWERED,
    Outcome.WHICH_PROVINCE: Status.CLARIFY,
    Outcome.WHICH_RECORD: Status.CLARIFY,
    Outcome.WHICH_MATTER: Status.CLARIFY,
    Outcome.NEXT_BEST: Status.CLARIFY,
    Outcome.MENU: Status.CLARIFY,
    Outcome.NO_SUCH_OPTION: Status.CLARIFY,
    Outcome.ASK_REASON: Status.CLARIFY,
    Outcome.NOT_KNOWN: Status.NO_ANSWER,
    Outcome.OTHER_PROVINCE: Status.NO_ANSWER,
    Outcome.PERSONAL_DATA: Status.NO_ANSWER,
    Outcome.UNLAWFUL: Status.NO_ANSWER,
    Outcome.MANIPULATION: Status.NO_ANSWER,
    Outcome.UNREADABLE: Status.NO_ANSWER,
    Outcome.GREETING: Status.CHAT,
    Outcome.THANKS: Status.CHAT,
    Outcome.FAREWELL: Status.CHAT,
    Outcome.HELP: Status.CHAT,
    Outcome.UPSET: Status.CHAT,
    Outcome.EMERGENCY: Status.CHAT,
    Outcome.DISTRESS: Status.CHAT,
    Outcome.PERSONAL_NOTED: Status.CHAT,
    Outcome.SAY_MORE: Status.CHAT,
    Outcome.FEEDBACK_GOOD: Status.CHAT,
    Outcome.FEEDBACK_NOTED: Status.CHAT,
    Outcome.HAND_OVER: Status.CHAT,
    Outcome.STAFF_MODE: Status.CHAT,
    Outcome.CITIZEN_MODE: Status.CHAT,
    Outcome.FORGOTTEN: Status.CHAT,
    Outcome.PROVINCE_NOTED: Status.CHAT,
    Outcome.STALE_CHOICE: Status.CHAT,
    Outcome.WITH_STAFF: Status.CHAT,
    Outcome.BACK_TO_BOT: Status.CHAT,
    Outcome.PAUSED: Status.ERROR,
    Outcome.TOO_FAST: Status.ERROR,
    Outcome.EMPTY: Status.ERROR,
    Outcome.TOO_LONG: Status.ERROR,
    Outcome.FAILED: Status.ERROR,
}


class Intent(StrEnum):
    """What a question wants to know of a record."""

    ANY = "any"
    LEAD = "lead"
    PARTNER = "partner"
    WHEN = "when"
    REPORT = "report"
    BODY_DUTIES = "body_duties"
    DOCUMENT = "document"
    DEFINITION = "definition"
    SUCCESSION = "succession"
    VALIDITY = "validity"
    PAPERS = "papers"
    FEE = "fee"
    TIME = "time"
    WHERE = "where"
    ONLINE = "online"
    WHO = "who"
    RESULT = "result"
    BASIS = "basis"
    STEPS = "steps"


class Audience(StrEnum):
    """Whom the bot talks to: staff see plans and duties first."""

    CITIZEN = "citizen"
    STAFF = "staff"


@dataclass(frozen=True)
class Item:
    """One piece of evidence, as the contract shows it."""

    id: str
    type: str
    title: str
    province: str | None
    plan: str | None
    section: str | None
    code: str | None
    score: float


@dataclass(frozen=True)
class Option:
    """A choice offered to the person: what is shown, and the question it stands for (``entry`` set: that record; ``action`` set:
    something the bot does itself, one of ``bot.menus`` or ``bot.requests``)."""

    label: str
    entry: str | None = None
    province: str | None = None
    intent: Intent | None = None
    action: str | None = None

    def to_json(self) -> list[Any]:
        return [self.label, self.entry, self.province, self.intent, *([self.action] if self.action else [])]

    @staticmethod
    def from_json(row: Any) -> Option:
        """Inverse of :meth:`to_json`; raises ``TypeError`` or ``ValueError`` on foreign values."""
        if not isinstance(row, list | tuple) or len(row) not in (4, 5) or not isinstance(row[0], str):
            raise ValueError("not an option")
        entry, province, action = (_text(value) for value in (row[1], row[2], row[4] if len(row) == 5 else None))
        return Option(row[0], entry, province, Intent(row[3]) if row[3] else None, action)


@dataclass(frozen=True)
class Answer:
    """What the bot says, with its evidence. ``followups`` are offered as buttons; ``options`` are choices of a question back.
    ``feedback``: the person may be asked whether this was what they needed."""

    outcome: Outcome
    text: str
    confidence: float = 0.0
    items: tuple[Item, ...] = ()
    lead: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    when: str | None = None
    offices: tuple[str, ...] = ()
    links: tuple[str, ...] = ()
    options: tuple[Option, ...] = ()
    followups: tuple[Option, ...] = ()
    notes: tuple[str, ...] = ()
    feedback: bool = False

    @property
    def status(self) -> Status:
        return STATUS_OF[self.outcome]


@dataclass(frozen=True)
class State:
    """What a conversation remembers. Small, JSON-able, and without anything the person wrote beyond the last question (personal data
    taken out). ``others``: records that came next after ``entry``; ``unanswered``: questions in a row that found no answer; ``at``: when
    the person last wrote, in Unix seconds; ``seen``: notices shown lately, each with its number and the time."""

    province: str | None = None
    question: str | None = None
    entry: str | None = None
    intent: Intent = Intent.ANY
    options: tuple[Option, ...] = ()
    followups: tuple[Option, ...] = ()
    others: tuple[str, ...] = ()
    audience: Audience = Audience.CITIZEN
    unanswered: int = 0
    at: int | None = None
    seen: tuple[tuple[int, int], ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "province": self.province,
            "question": self.question,
            "entry": self.entry,
            "intent": self.intent.value,
            "options": [o.to_json() for o in self.options],
            "followups": [o.to_json() for o in self.followups],
            "others": list(self.others),
            "audience": self.audience.value,
            "unanswered": self.unanswered,
            "at": self.at,
            "seen": [list(notice) for notice in self.seen],
        }

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> State:
        """Inverse of :meth:`to_json`, also for states kept by earlier versions (without ``others`` and what follows it); raises
        ``KeyError``, ``TypeError`` or ``ValueError`` on foreign values."""
        return State(
            _text(values["province"]),
            _text(values["question"]),
            _text(values["entry"]),
            Intent(values["intent"]),
            tuple(Option.from_json(o) for o in values["options"]),
            tuple(Option.from_json(o) for o in values["followups"]),
            tuple(other for other in map(_text, values.get("others", ())) if other),
            Audience(values.get("audience", Audience.CITIZEN)),
            _number(values.get("unanswered", 0)) or 0,
            _number(values.get("at")),
            tuple((_number(notice) or 0, _number(at) or 0) for notice, at in values.get("seen", ())),
        )


def _text(value: object) -> str | None:
    if value is None or isinstance(value, str):
        return value
    raise TypeError(f"a text is expected, not {type(value).__name__}")


def _number(value: object) -> int | None:
    if value is None or (type(value) is int and abs(value) < 2**53):
        return value
    raise TypeError("a whole number is expected")


@dataclass(frozen=True)
class Feedback:
    """A person says whether the answer before was what they needed. ``entry``, ``question``: what it was about. A reason comes in a
    second one, after the person was asked for it."""

    good: bool
    reason: str | None = None
    entry: str | None = None
    question: str | None = None


@dataclass(frozen=True)
class HandOver:
    """A person wants to talk to a member of staff."""

    question: str | None = None
    entry: str | None = None


@dataclass(frozen=True)
class Forget:
    """A person wants everything kept about them erased."""


Effect = Feedback | HandOver | Forget
"""What the service must do when it delivers a reply. The core stays pure: it asks, the service acts, in the turn's transaction."""


@dataclass(frozen=True)
class Reply:
    """An answer, the state the conversation is in after it, and what the service must do."""

    answer: Answer
    state: State
    latency_ms: float = 0.0
    steps_ms: Mapping[str, float] = field(default_factory=dict)
    effects: tuple[Effect, ...] = ()
