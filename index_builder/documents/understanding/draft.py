"""What understanding finds: a draft of a plan's record, each part with its confidence, its place, and what a person has to look at."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field
from typing import Generic, TypeVar

from index_builder.documents.understanding.pieces import Place
from index_builder.documents.understanding.times import Timing
from knowledge.schema import ContentKind

T = TypeVar("T")


@dataclass(frozen=True)
class Found(Generic[T]):
    """A value of the head or foot of a document. ``confidence`` 0 to 1; ``review``: why a person should look, empty where sure."""

    value: T
    confidence: float
    place: Place | None = None
    review: str = ""


@dataclass(frozen=True)
class Basis:
    """A document that the plan names: ``preamble`` where the plan rests on it, else it only refers to it."""

    number: str | None
    date: dt.date | None
    issued_by: str | None
    title: str
    preamble: bool
    place: Place


@dataclass(frozen=True)
class Work:
    """A task or duty: who leads, with whom, by when; ``product`` and ``funding`` as the original words them."""

    title: str
    place: Place
    leads: tuple[str, ...] = ()
    partners: tuple[str, ...] = ()
    timing: Timing | None = None
    details: tuple[str, ...] = ()
    confidence: float = 1.0
    review: tuple[str, ...] = ()


@dataclass(frozen=True)
class Reporting:
    """Who reports what to whom."""

    title: str
    place: Place
    who: tuple[str, ...]
    to: tuple[str, ...]
    via: tuple[str, ...] = ()
    copy_to: tuple[str, ...] = ()
    timing: Timing | None = None
    confidence: float = 1.0
    review: tuple[str, ...] = ()


@dataclass(frozen=True)
class Statement:
    """A purpose, requirement, topic … of the plan; ``index`` is one of the indices the schema knows."""

    kind: ContentKind
    title: str
    place: Place
    index: str | None = None
    confidence: float = 0.9


@dataclass(frozen=True)
class Draft:
    """Everything found in one document. Lists are in reading order."""

    kind: Found[str]
    title: Found[str]
    number: Found[str | None]
    date: Found[dt.date | None]
    place: Found[str]
    issuing_body: Found[str]
    province: Found[str]
    signer_name: Found[str | None]
    signer_position: Found[str]
    signer_on_behalf_of: Found[str | None]
    years: Found[tuple[int, ...]]
    period: Found[str]
    attached_to: Found[str | None]
    """The decision that issues the plan, where the document is such a decision or says so."""
    bases: tuple[Basis, ...] = ()
    recipients: tuple[str, ...] = ()
    tasks: tuple[Work, ...] = ()
    duties: tuple[Work, ...] = ()
    reports: tuple[Reporting, ...] = ()
    contents: tuple[Statement, ...] = ()
    links: dict[str, str] = field(default_factory=dict)
    """Name of a body → id of its record in ``offices/``, where that is certain."""
