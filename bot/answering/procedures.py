"""Answers about procedures: the asked facet first and complete, a short overview after it, the official page always."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from bot.answering.changes import notable, told
from bot.answering.facets import PORTAL, facet_lines
from bot.answering.parts import Record, bullets, day, first_upper, listed, sentence, sources_line
from bot.types import Answer, Intent, Option, Outcome
from bot.wording import FACET_UNKNOWN, FACETS, MORE
from knowledge.entries import Entry

OFFERED = (
    Intent.PAPERS, Intent.FEE, Intent.TIME, Intent.WHERE, Intent.ONLINE, Intent.STEPS, Intent.WHO, Intent.RESULT, Intent.VALIDITY,
    Intent.BASIS,
)  # fmt: skip
"""The facets behind buttons, those asked most first."""
OVERVIEW = (Intent.WHERE, Intent.PAPERS, Intent.TIME, Intent.FEE)
MOST_CHANGES = 3
"""Changes told after an answer. Warnings are told all."""


def title_line(entry: Entry) -> str:
    """The procedure by name and codes. One that goes on under another code is told by what it is called now."""
    record = entry.record or {}
    guidance, successor = record.get("guidance", {}), record.get("successor", {})
    renamed = bool(successor) and guidance.get("code") == successor["code"]
    name = str(guidance["name"] if renamed or ("name" in guidance and entry.title.isupper()) else entry.title)
    code = successor["code"] if renamed else entry.code
    former = [c for c in (entry.code, *entry.other_codes) if c and c != code]
    known = [f"mã {code}"] if code else []
    known += [f"trước đây {', '.join(former)}"] if former else []
    return sentence(name.rstrip(".") + (f" ({', '.join(known)})" if known else ""))


def warnings_of(entry: Entry) -> list[str]:
    """What has to be known before one relies on the answer: whose procedure it is, that it goes on elsewhere or is gone, and what is not
    certain."""
    record = entry.record or {}
    guidance, catalogue, successor = record.get("guidance", {}), record.get("catalogue", {}), record.get("successor", {})
    found = [f"Đây là thủ tục riêng của {entry.province}."] if entry.province else []
    if successor and guidance.get("code") != successor["code"]:
        found.append(f"Thủ tục này nay gộp vào “{successor['name']}” (mã {successor['code']}): {successor.get('link') or PORTAL}")
    if catalogue.get("gone_since"):
        found.append(f"Thủ tục này không còn trong danh mục của Cổng từ {day(catalogue['gone_since'])}.")
    return found + [sentence(first_upper(t)) for t in guidance.get("to_check", ())]


def _page(record: Record) -> str:
    """The official page: of what a procedure is now, where it goes on under another code."""
    guidance, catalogue, successor = record.get("guidance", {}), record.get("catalogue", {}), record.get("successor", {})
    if successor and guidance.get("code") == successor["code"]:
        return str(successor.get("link") or PORTAL)
    return str(catalogue.get("link") or next(iter(guidance.get("links", ())), None) or PORTAL)


def _overview(entry: Entry, today: dt.date) -> list[str]:
    guidance = (entry.record or {}).get("guidance", {})
    lines = [sentence(guidance["summary"])] if guidance.get("summary") else []
    for facet in OVERVIEW:
        found = facet_lines(entry, facet, today)
        if found:
            lines += [f"{FACETS[facet]}:", *found[:6]]
            if len(found) > 6:
                lines.append(MORE.format(count=len(found) - 6, facet=FACETS[facet].lower()))
    if guidance.get("if_missing"):
        lines += ["Nếu thiếu giấy tờ:", *bullets(guidance["if_missing"], 3)]
    return lines


def _asked(entry: Entry, facets: Sequence[Intent], today: dt.date) -> list[str]:
    record = entry.record or {}
    lines: list[str] = []
    for facet in facets:
        found = facet_lines(entry, facet, today)
        lines += [f"{FACETS[facet]}:", *found] if found else [FACET_UNKNOWN.format(facet=FACETS[facet])]
    where = record.get("guidance", {}).get("office") or listed(record.get("catalogue", {}).get("bodies", ()))
    if where and Intent.WHERE not in facets:
        lines.append(f"Nơi giải quyết: {sentence(where)}")
    return lines


def answer(entry: Entry, intent: Intent, today: dt.date, also: Sequence[Intent] = ()) -> Answer:
    """The answer about one procedure: the asked facet, then the others that were asked in the same breath (``also``)."""
    record = entry.record or {}
    guidance, catalogue = record.get("guidance", {}), record.get("catalogue", {})
    asked = [i for i in dict.fromkeys([intent, *also]) if i in FACETS]
    lines = [title_line(entry), *(_asked(entry, asked, today) if asked else _overview(entry, today))]
    said = "\n".join(lines)
    changes = [c for c in notable(guidance.get("changes", ()), today) if str(c["text"]).rstrip(". ") not in said]
    notes = [n for n in warnings_of(entry) if n.rstrip(".") not in said] + [told(c, today) for c in changes[:MOST_CHANGES]]
    lines += [f"Lưu ý: {n}" for n in notes]
    link = _page(record)
    lines.append(f"Trang chính thức: {link}")
    source = guidance or {"sources": [{"title": "Cổng Dịch vụ công quốc gia"}], "checked_on": catalogue.get("checked_on")}
    lines.append(sources_line(source, 2, shown=link))
    followups = tuple(Option(FACETS[i], entry=entry.id, intent=i) for i in OFFERED if i not in asked and facet_lines(entry, i, today))
    links = tuple(dict.fromkeys([link, *guidance.get("links", ())]))
    offices = (guidance["office"],) if guidance.get("office") else tuple(catalogue.get("bodies", ()))
    return Answer(Outcome.FOUND, "\n".join(lines), offices=offices, links=links, followups=followups, notes=tuple(notes))
