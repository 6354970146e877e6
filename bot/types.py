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
    """A choice offered to the person: what is shown, and the question it stands for (``entry`` set: that record)."""

    label: str
    entry: str | None = None
    province: str | None = None
    intent: Intent | None = None


@dataclass(frozen=True)
class Answer:
    """What the bot says, with its evidence. ``followups`` are offered as buttons; ``options`` are choices of a question back."""

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

    @property
    def status(self) -> Status:
        return STATUS_OF[self.outcome]


@dataclass(frozen=True)
class State:
    """What a conversation remembers. Small, JSON-able, and without anything the person wrote beyond the last question."""

    province: str | None = None
    question: str | None = None
    entry: str | None = None
    intent: Intent = Intent.ANY
    options: tuple[Option, ...] = ()
    followups: tuple[Option, ...] = ()

    def to_json(self) -> dict[str, Any]:
        return {
            "province": self.province,
            "question": self.question,
            "entry": self.entry,
            "intent": self.intent.value,
            "options": [[o.label, o.entry, o.province, o.intent] for o in self.options],
            "followups": [[o.label, o.entry, o.province, o.intent] for o in self.followups],
        }

    @staticmethod
    def from_json(values: Mapping[str, Any]) -> State:
        """Inverse of :meth:`to_json`; raises ``KeyError``, ``TypeError`` or ``ValueError`` on foreign values."""

        def option(row: list[Any]) -> Option:
            return Option(row[0], row[1], row[2], Intent(row[3]) if row[3] else None)

        return State(
            values["province"],
            values["question"],
            values["entry"],
            Intent(values["intent"]),
            tuple(option(o) for o in values["options"]),
            tuple(option(o) for o in values["followups"]),
        )


@dataclass(frozen=True)
class Feedback:
    """A person says whether the answer before was what they needed. ``entry``, ``question``: what it was about."""

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
