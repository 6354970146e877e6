"""Answers about procedures: the asked facet first and complete, a short overview after it, the official page always."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.answering.facets import PORTAL, changed, facet_lines, in_short
from bot.answering.naming import shown_title
from bot.answering.notes import notes_of
from bot.answering.parts import Record, bullets, listed, sentence, sources_line
from bot.types import Answer, Intent, Option, Outcome
from bot.wording import FACET_UNKNOWN, FACETS, IF_MISSING, MISTAKES, MORE
from knowledge.entries import Entry

OFFERED = (
    Intent.PAPERS, Intent.FEE, Intent.TIME, Intent.WHERE, Intent.ONLINE, Intent.STEPS, Intent.WHO, Intent.RESULT, Intent.VALIDITY,
    Intent.BASIS,
)  # fmt: skip
"""The facets behind buttons, those asked most first."""
OVERVIEW = (Intent.WHERE, Intent.PAPERS, Intent.TIME, Intent.FEE)
IN_PLACE_OF_STEPS = (Intent.PAPERS, Intent.WHERE, Intent.FEE, Intent.TIME, Intent.RESULT)
"""What tells how to go about it where a record does not hold the steps, in the order in which one needs it."""
WITH_STEPS = (Intent.PAPERS,)
"""What one needs at hand to go the steps."""
MOST_FACTS = 4
"""Lines of one facet in an overview; its dated changes come on top."""


def title_line(entry: Entry) -> str:
    """The procedure by name and codes. One that goes on under another code is told by what it is called now."""
    record = entry.record or {}
    guidance, successor = record.get("guidance", {}), record.get("successor", {})
    renamed = bool(successor) and guidance.get("code") == successor["code"]
    code = successor["code"] if renamed else entry.code
    former = [c for c in (entry.code, *entry.other_codes) if c and c != code]
    known = [f"mã {code}"] if code else []
    known += [f"trước đây {', '.join(former)}"] if former else []
    return sentence(shown_title(entry) + (f" ({', '.join(known)})" if known else ""))


def _page(record: Record) -> str:
    """The official page: of what a procedure is now, where it goes on under another code."""
    guidance, catalogue, successor = record.get("guidance", {}), record.get("catalogue", {}), record.get("successor", {})
    if successor and guidance.get("code") == successor["code"]:
        return str(successor.get("link") or PORTAL)
    return str(catalogue.get("link") or next(iter(guidance.get("links", ())), None) or PORTAL)


def _overview(entry: Entry, today: dt.date) -> list[str]:
    guidance = (entry.record or {}).get("guidance", {})
    lines = [sentence(guidance["summary"])] if guidance.get("summary") else []
    lines += _blocks(entry, OVERVIEW, today)
    doubtful = {facet for d in guidance.get("to_check", ()) for facet in d.get("facets", ())}
    unknown = [FACETS[f] for f in OVERVIEW if not facet_lines(entry, f, today) and f.value not in doubtful]
    if unknown:
        lines.append(FACET_UNKNOWN.format(facet=", ".join([unknown[0], *(u.lower() for u in unknown[1:])])))
    return [*lines, *_if_missing(guidance)]


def _blocks(entry: Entry, facets: Sequence[Intent], today: dt.date) -> list[str]:
    """Some facets in short, those that the record holds."""
    lines: list[str] = []
    for facet in facets:
        held, left = in_short(entry, facet, today, MOST_FACTS)
        dated = changed(entry, facet, today)
        if held or dated:
            more = [MORE.format(count=left, facet=FACETS[facet].lower())] if left else []
            lines += [f"{FACETS[facet]}:", *held, *more, *dated]
    return lines


def _if_missing(guidance: Record) -> list[str]:
    return [IF_MISSING, *bullets(guidance["if_missing"])] if guidance.get("if_missing") else []


def _asked(entry: Entry, facets: Sequence[Intent], today: dt.date) -> list[str]:
    guidance = (entry.record or {}).get("guidance", {})
    lines: list[str] = []
    for facet in facets:
        found = facet_lines(entry, facet, today)
        lines += [f"{FACETS[facet]}:", *found] if found else [FACET_UNKNOWN.format(facet=FACETS[facet])]
        if facet is Intent.PAPERS:
            lines += _if_missing(guidance)
        elif facet is Intent.STEPS and guidance.get("mistakes"):
            lines += [MISTAKES, *bullets(guidance["mistakes"])]
    return lines


def answer(entry: Entry, intent: Intent, today: dt.date, also: Sequence[Intent] = ()) -> Answer:
    """The answer about one procedure: the asked facet, then the others that were asked in the same breath (``also``)."""
    record = entry.record or {}
    guidance, catalogue = record.get("guidance", {}), record.get("catalogue", {})
    asked = [i for i in dict.fromkeys([intent, *also]) if i in FACETS]
    no_steps = Intent.STEPS in asked and not facet_lines(entry, Intent.STEPS, today)
    beside = IN_PLACE_OF_STEPS if no_steps else WITH_STEPS if Intent.STEPS in asked else ()
    more = [f for f in beside if f not in asked]
    lines = [title_line(entry), *(_asked(entry, asked, today) if asked else _overview(entry, today)), *_blocks(entry, more, today)]
    shown = {*(asked or OVERVIEW), *more}
    where = guidance.get("office") or listed(catalogue.get("bodies", ()))
    if where and Intent.WHERE not in shown:
        lines.append(f"Nơi giải quyết: {sentence(where)}")
    notes = notes_of(entry, shown, "\n".join(lines), today)
    lines += [f"Lưu ý: {n}" for n in notes]
    link = _page(record)
    lines.append(f"Trang chính thức: {link}")
    source = guidance or {"sources": [{"title": "Cổng Dịch vụ công quốc gia"}], "checked_on": catalogue.get("checked_on")}
    lines.append(sources_line(source, 2, shown=(link,)))
    followups = tuple(Option(FACETS[i], entry=entry.id, intent=i) for i in OFFERED if i not in asked and facet_lines(entry, i, today))
    links = tuple(dict.fromkeys([link, *guidance.get("links", ())]))
    offices = (guidance["office"],) if guidance.get("office") else tuple(catalogue.get("bodies", ()))
    return Answer(Outcome.FOUND, "\n".join(lines), offices=offices, links=links, followups=followups, notes=tuple(notes))
