"""The shapes of what the REST API takes and gives, as its description shows them."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BaseModel, ConfigDict, Field
from pydantic_core import PydanticCustomError

CONVERSATION = r"^[A-Za-z0-9._:-]{1,100}$"
STATUSES = Literal["answered", "clarify", "no_answer", "chat", "error"]


def _writable(text: str) -> str:
    """JSON can spell half of a character (``\\ud800``), which no database and no answer can hold."""
    if not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text):
        raise PydanticCustomError("string_unicode", "invalid Unicode")
    return text


Text = Annotated[str, AfterValidator(_writable)]
ConversationId = Annotated[str, Field(pattern=CONVERSATION)]
MessageId = Annotated[str, Field(pattern=r"^[A-Za-z0-9._:-]{1,64}$")]


# --- what it takes -------------------------------------------------------------------------------------------------------


class Question(BaseModel):
    """A question. Questions of the same ``conversation`` share what was said before; ``id`` comes back with the answer. A ``message``
    that is sent again in its conversation (after a lost connection) gets the answer it got before, and counts once."""

    model_config = ConfigDict(extra="forbid")

    text: Text
    conversation: ConversationId | None = None
    message: MessageId | None = None
    id: Annotated[Text | None, Field(max_length=200)] = None


class Opinion(BaseModel):
    """Whether an answer was what a person needed. ``question`` and ``entry``: what was asked, and the record the answer rested on."""

    model_config = ConfigDict(extra="forbid")

    conversation: ConversationId
    good: bool
    reason: Annotated[Text | None, Field(max_length=500)] = None
    question: Annotated[Text | None, Field(max_length=1000)] = None
    entry: Annotated[Text | None, Field(max_length=200)] = None


# --- what it gives -------------------------------------------------------------------------------------------------------


class ErrorDetail(BaseModel):
    status: int
    message: str


class ErrorObject(BaseModel):
    """What every error looks like; ``message`` is Vietnamese."""

    error: ErrorDetail


class ItemObject(BaseModel):
    """A record the answer rests on."""

    id: str
    type: str
    title: str
    province: str | None
    plan: str | None
    section: str | None
    code: str | None
    score: float


class AnswerObject(BaseModel):
    """The answer object. ``status`` says what kind of answer it is; ``items`` are the evidence, best first; ``options`` the choices of
    a question back."""

    id: str | None
    status: STATUSES
    answer: str
    confidence: float
    items: list[ItemObject]
    lead: list[str]
    partners: list[str]
    when: str | None
    offices: list[str]
    links: list[str]
    options: list[str]
    notes: list[str]
    latency_ms: float


class ConversationObject(BaseModel):
    """What the bot remembers of a conversation; the messages themselves are not kept. ``with_staff``: a person answers, not the bot."""

    conversation: str
    province: str | None
    entry: str | None
    options: list[str]
    with_staff: bool


class NewConversation(BaseModel):
    conversation: str


class LetterObject(BaseModel):
    """A message of a member of staff. ``at``: seconds since 1970 (UTC)."""

    id: int
    text: str
    at: float


class LettersObject(BaseModel):
    """``open``: the conversation is with staff; ``position``: place among those who wait, none once somebody has taken it."""

    open: bool
    position: int | None
    messages: list[LetterObject]


class Named(BaseModel):
    """A record with more keys than these, as kept in the knowledge; every record has its ``sources`` and ``checked_on``."""

    model_config = ConfigDict(extra="allow")


class ProcedureSummary(BaseModel):
    id: str
    code: str | None
    title: str
    fields: list[str]
    level: list[str]
    audience: list[str]
    bodies: list[str]
    province: str | None
    guided: bool
    link: str | None


class ProcedureObject(ProcedureSummary):
    """``catalogue``: facts of the national portal; ``guidance``: written by people; ``checked_on``: the day of the last check."""

    catalogue: dict[str, Any] | None
    guidance: dict[str, Any] | None
    sources: list[dict[str, Any]]
    checked_on: str


class Paged(BaseModel):
    """A page of procedures; ``next`` is the relative address of the one after it."""

    items: list[ProcedureSummary]
    page: int
    pages: int
    total: int
    next: str | None


class FieldObject(BaseModel):
    name: str
    procedures: int


class FieldList(BaseModel):
    items: list[FieldObject]


class LifeEventChoiceObject(BaseModel):
    label: str
    record: str
    title: str


class LifeEventObject(BaseModel):
    id: str
    name: str
    choices: list[LifeEventChoiceObject]


class LifeEventList(BaseModel):
    items: list[LifeEventObject]


class PlanSummary(Named):
    id: str
    title: str
    number: str | None
    province: str
    years: list[int]
    counts: dict[str, int]
    sources: list[dict[str, Any]]
    checked_on: str


class PlanItemObject(Named):
    id: str
    title: str
    section: str


class PlanObject(PlanSummary):
    tasks: list[PlanItemObject]
    duties: list[PlanItemObject]
    reports: list[PlanItemObject]
    contents: list[PlanItemObject]


class PlanList(BaseModel):
    items: list[PlanSummary]


class OfficeObject(Named):
    id: str
    name: str
    level: str
    sources: list[dict[str, Any]]
    checked_on: str


class OfficeList(BaseModel):
    items: list[OfficeObject]


class ProvinceObject(Named):
    id: str
    name: str
    kind: str
    sources: list[dict[str, Any]]
    checked_on: str


class ProvinceList(BaseModel):
    items: list[ProvinceObject]
