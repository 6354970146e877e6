"""What a message asks, read off its words: a pure function of the message and the gazetteer."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace

from bot.types import Intent, Outcome
from bot.understanding import phrases as p
from bot.understanding.names import Found, Names
from bot.understanding.screening import screen
from bot.wording import FACETS
from knowledge.search.features import ADMIN_CUES
from knowledge.search.query import Query
from knowledge.spelling import Speller
from knowledge.text import fold, folded_keys

_YEAR = re.compile(r"(?<!\d)(20[12]\d)(?!\d)")
_NUMBER = re.compile(r"(?<![\d/])(\d{1,4}\s*/\s*(?:\d{4}\s*/\s*)?[a-zđ]{2,}(?:\s*-\s*[a-zđ]+)*)", re.I)
_CODE = re.compile(r"(?<!\d)(\d\.\d{6})(?!\d)")
_PLAN_NUMBER = re.compile(r"\b(?:kh|ke hoach)\s+(?:so\s+)?(\d{2,4})\b(?!\s*/?\s*20\d\d)")
_INDEX_NAMES = {"papi": "PAPI", "pci": "PCI", "sipas": "SIPAS", "dti": "DTI"}
_PLAN_WORDS = p.table(["ke hoach", "phu luc", "chuong trinh hanh dong"])
_SUBJECT = p.table(["cchc", "cai cach hanh chinh", "tuyen truyen", "truyen thong"])
_PAR_INDEX = p.table(["par index", "parindex", "chi so cchc"])
_LEAD_KINDS = {kind: p.table([f"{kind} nao"]) for kind in ("so", "phong", "bao", "dai", "ban")}
_ALL_TALK = tuple(phrase for table in p.SMALL_TALK.values() for phrase in table)


@dataclass(frozen=True)
class Reading:
    """What a message says it wants.

    ``topic``: its folded syllables without names, intents and filler, and what they name only together ("so_do"); ``admin``: it
    speaks the language of plans; ``lead_kind``: the kind of body that "… nào" asks for, folded (``so`` for "sở nào"); ``plan_number``:
    the number in "kế hoạch 103"; ``asked``: two or more points of one record asked side by side, in that order; ``harm``: it speaks of
    harm to a person, beside what it asks.
    """

    query: Query
    intents: tuple[Intent, ...]
    found: Found
    years: tuple[int, ...]
    numbers: tuple[str, ...]
    codes: tuple[str, ...]
    indices: tuple[str, ...]
    topic: tuple[str, ...]
    plan_number: str | None
    admin: bool
    plan_named: bool
    body_question: bool
    document: bool
    definition: bool
    succession: bool
    validity: bool
    lead_kind: str | None
    small_talk: Outcome | None
    refused: Outcome | None
    harm: bool
    asked: tuple[Intent, ...] = ()

    @property
    def own_topic(self) -> tuple[str, ...]:
        """The topic without words that any question about a procedure or plan may hold, and without document numbers."""
        numbers = {k for number in self.numbers for k in folded_keys(number)}
        return tuple(k for k in self.topic if k not in p.GENERIC and k not in numbers and not k.isdigit())

    @property
    def names_matter(self) -> bool:
        """It names something in words that only together say what it is ("sổ đỏ")."""
        return any("_" in k for k in self.topic)

    @property
    def about_plans(self) -> bool:
        """It speaks of a plan, or of administrative tasks and indices the way plans do."""
        return self.plan_named or self.admin or bool(self.indices)

    @property
    def surely_plans(self) -> bool:
        """It can hardly be about anything but the plans: it gives a plan's number or year, an index, or a plan's own subject."""
        which = bool(self.years or self.plan_number or self.numbers) and self.plan_named
        return which or bool(self.indices) or _SUBJECT.stands_in(folded_keys(self.query.plain))

    @property
    def intent(self) -> Intent:
        return self.points[0]

    @property
    def points(self) -> tuple[Intent, ...]:
        """The points asked, in order; ``ANY`` alone where none is."""
        return self.asked or self.intents[:1] or (Intent.ANY,)


def normal_number(text: str) -> str:
    """A document number in one spelling: ``103 / KH-UBND`` → ``103/kh-ubnd``."""
    return re.sub(r"\s+", "", fold(text)).lower()


def _small_talk(keys: list[str], content: int) -> Outcome | None:
    for outcome, table in p.SMALL_TALK.items():
        if table.stands_in(keys) and content <= 1:
            return outcome
    return None


def _indices(keys: list[str]) -> tuple[str, ...]:
    """The indices of administrative quality that are named."""
    named = tuple(dict.fromkeys(_INDEX_NAMES[k] for k in keys if k in _INDEX_NAMES))
    return (*named, "PAR Index") if _PAR_INDEX.stands_in(keys) else named


def read(query: Query, names: Names, speller: Speller) -> Reading:
    """Read one message. The ``speller`` knows the folded syllables of the index, to tell words from keyboard mash, and which of them stand
    side by side, to tell them from a misspelt name."""
    keys = folded_keys(query.plain)
    typed = folded_keys(query.text)
    admin = ADMIN_CUES.stands_in(keys)
    found = names.find(query)
    if not found.offices:
        # Names keep their abbreviations: "phòng KH-TC" is no "phòng kế hoạch - TC".
        as_typed = names.find(replace(query, plain=query.text))
        found = replace(as_typed, provinces=found.provinces) if as_typed.offices else found
    # "Sở Kế hoạch và Đầu tư" holds the word for plan, but names none.
    plan_named = _PLAN_WORDS.stands_in(found.rest) or "kh" in typed
    indices = _indices(keys)
    if admin or plan_named:
        found = names.find(query, initials=True)
    if (admin or plan_named or indices) and not found.provinces:
        found = names.nearly(found, speller.together)
    intents, side_by_side = p.intents_in(keys)
    asked = tuple(i for i in side_by_side if i in FACETS or i is Intent.WHEN)
    table = [phrase for i in intents for phrase in p.INTENTS[i]]
    rest = p.without(found.rest, [*table, *p.FOLLOW_UP])
    topic = tuple(k for k in [*rest, *p.matters_in(keys)] if k not in p.FILLER and not _YEAR.fullmatch(k))
    beyond_talk = [k for k in p.without(found.rest, _ALL_TALK) if k not in p.FILLER]
    words = [k for k in keys if not k.isdigit()]
    known = sum(k in speller.counts for k in words) / len(words) if words else float(bool(_CODE.search(query.text)))
    screened = screen((query.text, query.plain), known)
    return Reading(
        query=query,
        intents=intents,
        found=found,
        years=tuple(int(y) for y in dict.fromkeys(_YEAR.findall(query.text))),
        numbers=tuple(normal_number(n) for n in _NUMBER.findall(query.text)),
        codes=tuple(_CODE.findall(query.text)),
        indices=indices,
        topic=topic,
        plan_number=next(iter(_PLAN_NUMBER.findall(fold(query.plain).lower())), None),
        admin=admin,
        plan_named=plan_named,
        body_question=bool(found.offices) and p.BODY_QUESTION.stands_in(keys),
        document=p.DOCUMENT.stands_in(keys),
        definition=p.DEFINITION.stands_in(keys),
        succession=p.SUCCESSION.stands_in(keys),
        validity=p.VALIDITY.stands_in(keys),
        lead_kind=next((kind for kind, asked_for in _LEAD_KINDS.items() if asked_for.stands_in(keys)), None),
        small_talk=_small_talk(keys, len(beyond_talk)),
        refused=screened.outcome,
        harm=screened.harm,
        asked=asked if len(asked) > 1 and len(asked) == len(side_by_side) else (),
    )
