"""Records of what is known: the strict shape of every file under ``knowledge/data``.

Every record names its sources and the day it was checked. A fact that holds only for a time carries ``valid_from`` and
``valid_to`` (inclusive days). Wordings are the project's own; names, numbers and dates are those of the source.
"""

from __future__ import annotations

import datetime as dt
import re
from enum import StrEnum
from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator


class Strict(BaseModel):
    """A frozen value that refuses unknown fields, so that a misspelt key is an error and not a silent loss."""

    model_config = ConfigDict(extra="forbid", frozen=True, str_strip_whitespace=True)


def _nonempty(text: str) -> str:
    if not text.strip():
        raise ValueError("không được để trống")
    return text


Text = Annotated[str, AfterValidator(_nonempty)]
Slug = Annotated[str, Field(pattern=r"^[a-z0-9]+(?:-[a-z0-9]+)*$")]
ProcedureCode = Annotated[str, Field(pattern=r"^\d\.\d{6}(?:\.[A-Z0-9.-]+)?$")]
"""The code of a procedure on the national portal, such as ``1.001193``."""


class Confidence(StrEnum):
    """How sure a record is: two independent or one official source, a single source, a weak or disputed one."""

    HIGH = "high"
    MEDIUM = "medium"
    LOW = "low"


class Source(Strict):
    """Where a statement stands: a document with its number and section, or an address on the web."""

    title: Text
    url: str | None = None
    section: str | None = None
    published: str | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _address(self) -> Source:
        if self.url is not None and not re.match(r"^https?://\S+$", self.url):
            raise ValueError("url phải bắt đầu bằng http:// hoặc https:// và không có khoảng trắng")
        return self


class Sourced(Strict):
    """What every record carries."""

    sources: tuple[Source, ...] = Field(min_length=1)
    checked_on: dt.date
    confidence: Confidence = Confidence.HIGH
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    review_by: dt.date | None = None
    note: str | None = None

    @model_validator(mode="after")
    def _interval(self) -> Sourced:
        if self.valid_from and self.valid_to and self.valid_to < self.valid_from:
            raise ValueError("valid_to phải bằng hoặc sau valid_from")
        return self

    def in_force(self, today: dt.date) -> bool:
        """Whether the record holds on ``today`` (both ends of its interval included)."""
        return (self.valid_from is None or self.valid_from <= today) and (self.valid_to is None or today <= self.valid_to)


# --- plans ---------------------------------------------------------------------------------------------------------------


class LegalBasis(Strict):
    """A document that a plan rests on, refers to or replaces."""

    number: str | None
    date: dt.date | None = None
    issued_by: str | None = None
    title: Text
    relation: str = Field(default="căn cứ", pattern="^(căn cứ|dẫn chiếu|thay thế)$")


class Signer(Strict):
    name: str | None
    position: Text
    on_behalf_of: str | None = None


class PlanItem(Strict):
    """One thing a plan says, with its place in the original (``section``)."""

    id: Slug
    title: Text
    details: tuple[Text, ...] = ()
    section: Text
    keywords: tuple[Text, ...] = ()


class Task(PlanItem):
    """A task of a table or a numbered list: who leads, with whom, by when."""

    leads: tuple[Text, ...] = ()
    partners: tuple[Text, ...] = ()
    when: str | None = None


class Duty(PlanItem):
    """What "Tổ chức thực hiện" lays on the bodies named in ``bodies``; they lead, ``partners`` help."""

    bodies: tuple[Text, ...] = Field(min_length=1)
    partners: tuple[Text, ...] = ()
    when: str | None = None


class ContentKind(StrEnum):
    PURPOSE = "purpose"
    REQUIREMENT = "requirement"
    AUDIENCE = "audience"
    TOPIC = "topic"
    FORM = "form"
    FUNDING = "funding"


class Content(PlanItem):
    """Purposes, requirements, what is communicated (per index and component), in which form, from which money."""

    kind: ContentKind
    index: str | None = Field(default=None, pattern="^(PAR Index|PAPI|PCI|SIPAS|DTI)$")
    component: str | None = None


class Report(PlanItem):
    """A reporting duty: who reports what to whom, through whom, by when."""

    who: tuple[Text, ...] = Field(min_length=1)
    to: tuple[Text, ...] = Field(min_length=1)
    via: tuple[Text, ...] = ()
    copy_to: tuple[Text, ...] = ()
    when: str | None = None


class Plan(Sourced):
    id: Slug
    title: Text
    short_title: Text
    number: str | None
    date: dt.date | None
    date_note: str | None = None
    place: Text
    issuing_body: Text
    province: Text
    signer: Signer
    years: tuple[int, ...] = Field(min_length=1)
    period: Text
    subjects: tuple[Text, ...] = ()
    aliases: tuple[Text, ...] = ()
    legal_bases: tuple[LegalBasis, ...] = ()
    recipients: tuple[Text, ...] = ()
    tasks: tuple[Task, ...] = ()
    duties: tuple[Duty, ...] = ()
    contents: tuple[Content, ...] = ()
    reports: tuple[Report, ...] = ()

    @model_validator(mode="after")
    def _unique_ids(self) -> Plan:
        seen: set[str] = set()
        for item in self.items():
            if item.id in seen:
                raise ValueError(f"mã mục '{item.id}' bị lặp")
            seen.add(item.id)
        return self

    def items(self) -> tuple[PlanItem, ...]:
        """Every item of the plan in reading order of its lists."""
        return (*self.tasks, *self.duties, *self.reports, *self.contents)


# --- provinces and bodies ------------------------------------------------------------------------------------------------


class Province(Sourced):
    """A province or city of the central level, of today or of before 1 July 2025 (then ``merged_into`` names today's)."""

    id: Slug
    name: Text
    kind: str = Field(pattern="^(tỉnh|thành phố)$")
    aliases: tuple[Text, ...] = ()
    abbreviations: tuple[Text, ...] = ()
    """Initials such as ``HY``: read as the province only in a question about plans."""
    merged_into: str | None = None
    merged_from: tuple[Text, ...] = ()
    administrative_centre: str | None = None
    basis: str | None = None


class Succession(Strict):
    """Who took over from a body: what (``scope``), since when, by which document, and where if only in one province."""

    body: Text
    scope: str | None = None
    since: dt.date | None = None
    since_note: str | None = None
    basis: str | None = None
    province: str | None = None
    confidence: Confidence = Confidence.HIGH


class OfficeLevel(StrEnum):
    CENTRAL = "trung ương"
    PROVINCE = "tỉnh"
    DISTRICT = "huyện"
    COMMUNE = "xã"
    PRESS = "báo đài"
    UNIT = "đơn vị trực thuộc"
    ORGANISATION = "đoàn thể"


class Office(Sourced):
    id: Slug
    name: Text
    level: OfficeLevel
    province: str | None = None
    aliases: tuple[Text, ...] = ()
    functions: tuple[Text, ...] = ()
    successors: tuple[Succession, ...] = ()
    contact: tuple[Text, ...] = ()


# --- terms, legal documents, guides --------------------------------------------------------------------------------------


class Term(Sourced):
    id: Slug
    name: Text
    aliases: tuple[Text, ...] = ()
    definition: Text
    facts: tuple[Text, ...] = ()
    publisher: str | None = None
    components: tuple[Text, ...] = ()


class LegalState(StrEnum):
    IN_FORCE = "in_force"
    AMENDED = "amended"
    REPLACED = "replaced"
    EXPIRED = "expired"
    UPCOMING = "upcoming"
    UNCLEAR = "unclear"


class Change(Strict):
    """A document that replaces or amends another, and the first day it does so."""

    number: Text
    title: str | None = None
    since: dt.date | None = None
    scope: str | None = None


class LegalDocument(Sourced):
    id: Slug
    number: Text
    title: Text
    about: Text
    aliases: tuple[Text, ...] = ()
    issued_by: str | None = None
    issued_on: dt.date | None = None
    state: LegalState
    replaced_by: tuple[Change, ...] = ()
    amended_by: tuple[Change, ...] = ()


class Guide(Sourced):
    """How to do something that is not one procedure: submit online, log in, track, pay, receive by post, get help."""

    id: Slug
    title: Text
    aliases: tuple[Text, ...] = ()
    answer: Text
    steps: tuple[Text, ...] = ()
    tips: tuple[Text, ...] = ()
    links: tuple[Text, ...] = ()
    offices: tuple[Text, ...] = ()
    related_codes: tuple[ProcedureCode, ...] = ()


# --- procedures ----------------------------------------------------------------------------------------------------------


class Guidance(Sourced):
    """Guidance on a procedure in the project's own words, for those that people ask for most. ``short_name``: what answers call a
    procedure whose official name is too long to be read."""

    id: Slug
    code: ProcedureCode | None
    former_codes: tuple[ProcedureCode, ...] = ()
    related: tuple[Text, ...] = ()
    name: Text
    short_name: str | None = None
    field: Text
    aliases: tuple[Text, ...] = ()
    summary: Text
    who: tuple[Text, ...] = ()
    where_online: tuple[Text, ...] = ()
    where_in_person: tuple[Text, ...] = ()
    office: Text
    papers: tuple[Text, ...] = ()
    steps: tuple[Text, ...] = ()
    time: tuple[Text, ...] = ()
    fee: tuple[Text, ...] = ()
    result: tuple[Text, ...] = ()
    validity: tuple[Text, ...] = ()
    bases: tuple[Text, ...] = ()
    online_level: str | None = None
    mistakes: tuple[Text, ...] = ()
    if_missing: tuple[Text, ...] = ()
    changes: tuple[DatedNote, ...] = ()
    to_check: tuple[Doubt, ...] = ()
    links: tuple[Text, ...] = ()


_FACETS = "^(fee|time|where|papers|online|who|result|validity|basis|steps)$"


class Doubt(Strict):
    """Something that is not certain. ``facets``: the sides of the procedure that it bears on; none where it bears on all. A plain text
    in a file is one without facets."""

    text: Text
    facets: tuple[Annotated[str, Field(pattern=_FACETS)], ...] = ()

    @model_validator(mode="before")
    @classmethod
    def _plain(cls, value: object) -> object:
        return {"text": value} if isinstance(value, str) else value


class DatedNote(Strict):
    """Something that holds only in an interval, such as a fee cut or a law that comes into force."""

    text: Text
    valid_from: dt.date | None = None
    valid_to: dt.date | None = None
    basis: str | None = None
    facet: str | None = Field(default=None, pattern=_FACETS)


Guidance.model_rebuild()


class Channel(Strict):
    """One way to submit, with processing time and fee as far as they can be read surely, and for which ``case`` they hold."""

    method: Text
    case: str | None = None
    time: str | None = None
    fees: tuple[Text, ...] = ()


class Paper(Strict):
    name: Text
    form: str | None = None
    originals: int | None = None
    copies: int | None = None


class Case(Strict):
    """``left_out``: items that the portal lists here and that are too long to be the name of a paper."""

    name: Text
    papers: tuple[Paper, ...] = ()
    left_out: int = 0


class CatalogueEntry(Strict):
    """Facts of one procedure of the national portal (a line of ``procedures/catalogue.jsonl``)."""

    code: ProcedureCode
    name: Text
    fields: tuple[str, ...]
    level: tuple[str, ...] = ()
    bodies: tuple[str, ...] = ()
    audience: tuple[str, ...] = ()
    issued_by: str | None = None
    province: str | None = None
    internal: bool = False
    link: str | None = None
    need: float = 0.0
    channels: tuple[Channel, ...] = ()
    cases: tuple[Case, ...] = ()
    results: tuple[str, ...] = ()
    bases: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    gone_since: dt.date | None = None
    checked_on: dt.date


# --- questions and lexicon -----------------------------------------------------------------------------------------------


class RecordQuestions(Strict):
    """Everyday questions that one record answers (a block of a file under ``questions/``)."""

    record: Text
    questions: tuple[Text, ...] = Field(min_length=1)


class RecordNames(Strict):
    """What people call a record in a few words (a block of a file under ``names/``): the ordinary one among several that are alike."""

    record: Text
    names: tuple[Text, ...] = Field(min_length=1)


class OutOfScope(Strict):
    """Messages that no record answers (small talk, other countries, private data …): known, so that they can be declined.
    ``other_provinces`` ask for plans of provinces that have none here; the name gives them away, nothing else."""

    written_on: dt.date
    questions: tuple[Text, ...]
    other_provinces: tuple[Text, ...] = ()


class LexiconEntry(Strict):
    """What people type → what official texts say. ``written`` is matched as whole syllables, case-folded."""

    written: Text
    means: tuple[Text, ...] = Field(min_length=1)
    kind: str = Field(pattern="^(abbreviation|everyday|regional|teencode|misspelling|former_name)$")
    note: str | None = None


class Aspect(Strict):
    """What tells near-identical records apart: phrases of a question and phrases of an official name for the same thing."""

    name: Slug
    asked: tuple[Text, ...]
    titled: tuple[Text, ...]
    by_body: tuple[Text, ...] = ()


class LifeEventChoice(Strict):
    """One thing that people need in an event: a short label and the record that holds it."""

    label: Text
    record: Text


class LifeEvent(Strict):
    """Something that happens in people's lives, for browsing: ``said`` is what they call it when they say no more than that."""

    id: Slug
    name: Text
    said: tuple[Text, ...]
    choices: tuple[LifeEventChoice, ...] = Field(min_length=1)
