"""From records to fielded entries, the units that are searched.

An entry has short lines (title, aliases, everyday questions) that a question is matched to one by one, and one body text.
Its record travels with it as plain JSON values, so that answering needs no second look into the data files.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from pydantic import BaseModel

from knowledge.loading import Knowledge
from knowledge.parsing import Problem
from knowledge.schema import CatalogueEntry, Guidance, Plan, PlanItem


class EntryType(StrEnum):
    """The types of evidence an answer may rest on (the contract's ``items[].type``)."""

    TASK = "task"
    DUTY = "duty"
    CONTENT = "content"
    PLAN = "plan"
    PROCEDURE = "procedure"
    GUIDE = "guide"
    OFFICE = "office"
    TERM = "term"
    LEGAL_DOCUMENT = "legal_document"
    PASSAGE = "passage"
    PROVINCE = "province"


PLAN_TYPES = frozenset({EntryType.TASK, EntryType.DUTY, EntryType.CONTENT, EntryType.PLAN})


@dataclass(frozen=True)
class Entry:
    """One searchable record. ``record`` holds its plain values; ``need`` in [0, 1] is how often people need it; ``other_codes``: codes
    without a record of their own under which it was known, or is known by now."""

    id: str
    type: EntryType
    title: str
    aliases: tuple[str, ...] = ()
    questions: tuple[str, ...] = ()
    body: str = ""
    province: str | None = None
    plan: str | None = None
    section: str | None = None
    code: str | None = None
    need: float = 0.5
    internal: bool = False
    other_codes: tuple[str, ...] = ()
    record: Mapping[str, Any] | None = None


def _values(record: BaseModel) -> dict[str, Any]:
    return record.model_dump(mode="json", exclude_defaults=True)


def _plan_entries(plan: Plan) -> Iterator[Entry]:
    meta = _values(plan)
    for kind in ("tasks", "duties", "contents", "reports"):
        meta.pop(kind, None)
    yield Entry(
        plan.id,
        EntryType.PLAN,
        plan.title,
        aliases=(plan.short_title, *plan.aliases, *((plan.number,) if plan.number else ())),
        body=" . ".join([*plan.subjects, plan.issuing_body, plan.period, *(b.title for b in plan.legal_bases)]),
        province=plan.province,
        plan=plan.id,
        need=0.6,
        record=meta,
    )
    groups: tuple[tuple[EntryType, tuple[PlanItem, ...]], ...] = (
        (EntryType.TASK, plan.tasks),
        (EntryType.DUTY, plan.duties),
        (EntryType.DUTY, plan.reports),
        (EntryType.CONTENT, plan.contents),
    )
    for entry_type, items in groups:
        for item in items:
            values = _values(item)
            people = [
                *values.get("leads", []),
                *values.get("bodies", []),
                *values.get("who", []),
                *values.get("partners", []),
                *values.get("to", []),
                *values.get("via", []),
            ]
            extra = [str(values.get(k)) for k in ("index", "component", "when") if values.get(k)]
            yield Entry(
                f"{plan.id}/{item.id}",
                entry_type,
                item.title,
                aliases=item.keywords,
                body=" . ".join([*item.details, *people, *extra, plan.short_title]),
                province=plan.province,
                plan=plan.id,
                section=item.section,
                record=values,
            )


def _guidance_text(g: Guidance) -> str:
    return " . ".join([g.summary, *g.who, *g.papers, *g.result, *g.if_missing, *g.mistakes, g.office])


def _catalogue_text(c: CatalogueEntry) -> str:
    papers = (p.name for case in c.cases for p in case.papers)
    return " . ".join([*c.fields, *c.keywords, *c.results, *c.bodies, *c.audience, *papers])


def _guidance_by_code(known: Knowledge) -> dict[str, Guidance]:
    """Guidance by the code under which the catalogue lists its procedure.

    A procedure that was renumbered after the catalogue was taken is found under its former code, unless that code has guidance of
    its own; the answer names the new code.
    """
    found = {g.code: g for g in known.guidance if g.code}
    for code, guidance in list(found.items()):
        if code not in known.catalogue:
            former = next((f for f in guidance.former_codes if f in known.catalogue and f not in found), None)
            if former:
                found[former] = found.pop(code)
    return found


def _successor(later: Guidance, known: Knowledge) -> dict[str, str]:
    """What a former code's procedure is called now, under which code, and its page where that is known."""
    page = known.catalogue[later.code].link if later.code in known.catalogue else next(iter(later.links), None)
    return {"code": str(later.code), "name": later.name} | ({"link": page} if page else {})


def _replaced_bases(bases: Iterable[str], known: Knowledge) -> list[dict[str, str]]:
    """Which of the documents that the portal names as a procedure's bases are, or will be, replaced by another: as dated changes."""
    documents = {d.number: d for d in known.legal_documents}
    changes = []
    for number in bases:
        for by in documents[number].replaced_by if number in documents else ():
            title = by.title or (documents[by.number].title if by.number in documents else "")
            text = f"{number} được thay bằng {by.number}{f', {title}' if title else ''}"
            changes.append({"text": text} | ({"valid_from": by.since.isoformat()} if by.since else {}))
    return changes


def _other_codes(guidance: Guidance, code: str | None, known: Knowledge) -> tuple[str, ...]:
    codes = (guidance.code, *guidance.former_codes)
    return tuple(c for c in codes if c and c != code and c not in known.catalogue)


def _procedure_entries(known: Knowledge) -> Iterator[Entry]:
    by_code = _guidance_by_code(known)
    successors = {former: g for g in known.guidance if g.code for former in g.former_codes}
    for code, c in known.catalogue.items():
        g = by_code.pop(code, None)
        record: dict[str, Any] = {"catalogue": _values(c)}
        replaced = _replaced_bases(c.bases, known)
        if replaced:
            record["catalogue"]["replaced_bases"] = replaced
        aliases: tuple[str, ...] = ()
        if g is not None:
            record["guidance"] = _values(g)
            aliases = g.aliases if g.name == c.name else (g.name, *g.aliases)
        if code in successors:
            record["successor"] = _successor(successors[code], known)
            record.setdefault("guidance", _values(successors[code]))
        yield Entry(
            f"procedure/{code}",
            EntryType.PROCEDURE,
            c.name,
            aliases=aliases,
            body=_catalogue_text(c) + (" . " + _guidance_text(g) if g else ""),
            province=c.province,
            code=code,
            need=min(1.0, c.need + 0.1) if g else c.need,
            internal=c.internal or c.gone_since is not None,
            other_codes=_other_codes(g, code, known) if g else (),
            record=record,
        )
    for g in [*by_code.values(), *(g for g in known.guidance if not g.code)]:
        yield Entry(
            f"procedure/{g.code or g.id}",
            EntryType.PROCEDURE,
            g.name,
            aliases=g.aliases,
            body=_guidance_text(g),
            code=g.code,
            need=0.8,
            other_codes=_other_codes(g, g.code, known),
            record={"guidance": _values(g)},
        )


def _naming_successors(record: dict[str, Any], titles: Mapping[str, str]) -> dict[str, Any]:
    """A legal document's record with the titles of those that replaced or amended it, where they are known here."""
    for row in [*record.get("replaced_by", ()), *record.get("amended_by", ())]:
        if row["number"] in titles:
            row.setdefault("title", titles[row["number"]])
    return record


def _general_entries(known: Knowledge) -> Iterator[Entry]:
    for guide in known.guides:
        text = " . ".join([guide.answer, *guide.steps, *guide.tips])
        yield Entry(f"guide/{guide.id}", EntryType.GUIDE, guide.title, guide.aliases, body=text, need=0.9, record=_values(guide))
    for term in known.terms:
        text = " . ".join([term.definition, *term.facts, *term.components])
        yield Entry(f"term/{term.id}", EntryType.TERM, term.name, term.aliases, body=text, need=0.6, record=_values(term))
    titles = {d.number: d.title for d in known.legal_documents}
    for document in known.legal_documents:
        names = (document.title, *document.aliases)
        yield Entry(
            f"legal/{document.id}",
            EntryType.LEGAL_DOCUMENT,
            document.number,
            names,
            body=document.about,
            need=0.4,
            record=_naming_successors(_values(document), titles),
        )
    for office in known.offices:
        text = " . ".join([*office.functions, *(s.body for s in office.successors)])
        yield Entry(
            f"office/{office.id}",
            EntryType.OFFICE,
            office.name,
            office.aliases,
            body=text,
            province=office.province,
            need=0.5,
            record=_values(office),
        )
    for province in known.provinces:
        text = " . ".join([*province.merged_from, province.merged_into or "", province.administrative_centre or ""])
        title = f"{'Tỉnh' if province.kind == 'tỉnh' else 'Thành phố'} {province.name}"
        yield Entry(
            f"province/{province.id}",
            EntryType.PROVINCE,
            title,
            province.aliases,
            body=text,
            province=province.name,
            need=0.4,
            record=_values(province),
        )


def entries_of(known: Knowledge) -> list[Entry]:
    """All entries in a fixed order, each with its everyday questions and names."""
    found: list[Entry] = []
    for plan in known.plans:
        found += _plan_entries(plan)
    found += _procedure_entries(known)
    found += _general_entries(known)
    written = {record: tuple(dict.fromkeys(q for group in groups for q in group)) for record, groups in known.questions.items()}
    return [
        replace(e, questions=written.get(e.id, e.questions), aliases=tuple(dict.fromkeys((*e.aliases, *known.names.get(e.id, ())))))
        for e in found
    ]


def repeated(entries: Iterable[Entry]) -> list[Problem]:
    """Entries under one id, which would hide each other."""
    seen: set[str] = set()
    problems = []
    for entry in entries:
        if entry.id in seen:
            problems.append(Problem("knowledge/data", None, entry.id, "hai bản ghi cùng một mã"))
        seen.add(entry.id)
    return problems
