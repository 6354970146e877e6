"""Answers about procedures: the asked facet first and complete, a short overview after it, the official page always."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping, Sequence

from bot.answering.parts import Record, bullets, day, first_upper, in_force, listed, numbered, sentence, sources_line
from bot.types import Answer, Intent, Option, Outcome
from bot.wording import FACET_UNKNOWN, FACETS, MORE
from knowledge.entries import Entry

PORTAL = "https://dichvucong.gov.vn"
OFFERED = (Intent.PAPERS, Intent.FEE, Intent.TIME, Intent.WHERE, Intent.ONLINE, Intent.STEPS)
OVERVIEW = (Intent.WHERE, Intent.PAPERS, Intent.TIME, Intent.FEE)
_GUIDANCE_KEYS: Mapping[Intent, tuple[str, ...]] = {
    Intent.PAPERS: ("papers",),
    Intent.FEE: ("fee",),
    Intent.TIME: ("time",),
    Intent.WHERE: ("where_in_person", "where_online"),
    Intent.ONLINE: ("where_online",),
    Intent.WHO: ("who",),
    Intent.STEPS: ("steps",),
    Intent.RESULT: ("result",),
    Intent.BASIS: ("bases",),
}
_CHANGE_FACETS = {Intent.FEE: "fee", Intent.TIME: "time", Intent.WHERE: "where", Intent.PAPERS: "papers", Intent.ONLINE: "online"}
Lines = list[str]


def _from_guidance(guidance: Record, intent: Intent, today: dt.date) -> Lines:
    lines: Lines = []
    for key in _GUIDANCE_KEYS.get(intent, ()):
        values = guidance.get(key, ())
        lines += numbered(values) if intent is Intent.STEPS else bullets(values)
    if intent is Intent.ONLINE and guidance.get("online_level"):
        lines.append(f"- Mức độ trực tuyến: {sentence(guidance['online_level'])}")
    for change in guidance.get("changes", ()):
        if change.get("facet") == _CHANGE_FACETS.get(intent) and change.get("facet") and in_force(change, today):
            until = f" (đến hết {day(change['valid_to'])})" if change.get("valid_to") else ""
            lines.append(f"- {sentence(change['text'])}{until}")
    return lines


def _channels(catalogue: Record, part: Callable[[Record], str | None]) -> Lines:
    found: dict[str, list[str]] = {}
    for channel in catalogue.get("channels", ()):
        value = part(channel)
        if value:
            shown = f"{value} ({channel['case'].rstrip('. ')})" if channel.get("case") else value
            methods = found.setdefault(shown, [])
            if channel["method"] not in methods:
                methods.append(str(channel["method"]))
    return [f"- {', '.join(methods)}: {sentence(value)}" for value, methods in found.items()]


def _papers(catalogue: Record) -> Lines:
    lines: Lines = []
    cases = catalogue.get("cases", ())
    for case in cases:
        if len(cases) > 1 or case["name"] != "Hồ sơ":
            lines.append(sentence(str(case["name"])).rstrip(".") + ":")
        papers = []
        for paper in case["papers"]:
            counts = [f"{paper[k]} {label}" for k, label in (("originals", "bản chính"), ("copies", "bản sao")) if paper.get(k)]
            papers.append(str(paper["name"]) + (f" ({', '.join(counts)})" if counts else ""))
        lines += bullets(papers, 12)
    return lines


def _from_catalogue(catalogue: Record, intent: Intent) -> Lines:
    if intent is Intent.PAPERS:
        return _papers(catalogue)
    if intent is Intent.FEE:
        return _channels(catalogue, lambda c: "; ".join(c.get("fees", ())) or None)
    if intent is Intent.TIME:
        return _channels(catalogue, lambda c: c.get("time"))
    if intent is Intent.WHERE:
        lines = [f"- Cơ quan thực hiện: {sentence(listed(catalogue['bodies']))}"] if catalogue.get("bodies") else []
        methods = list(dict.fromkeys(str(c["method"]).lower() for c in catalogue.get("channels", ())))
        return lines + ([f"- Cách nộp: {', '.join(methods)}."] if methods and lines else [])
    if intent is Intent.ONLINE:
        if any(c["method"] == "Trực tuyến" for c in catalogue.get("channels", ())):
            return [f"- Có nhận hồ sơ trực tuyến trên Cổng Dịch vụ công quốc gia: {catalogue.get('link') or PORTAL}"]
        return []
    if intent is Intent.WHO:
        return [f"- {sentence(listed(catalogue['audience']))}"] if catalogue.get("audience") else []
    if intent is Intent.RESULT:
        return bullets(catalogue.get("results", ()))
    if intent is Intent.BASIS:
        return [f"- {', '.join(catalogue['bases'])}."] if catalogue.get("bases") else []
    return []


def facet_lines(entry: Entry, intent: Intent, today: dt.date) -> Lines:
    """What the record says on one facet: from written guidance where there is some, else the portal's facts."""
    record = entry.record or {}
    lines = _from_guidance(record["guidance"], intent, today) if "guidance" in record else []
    return lines or (_from_catalogue(record["catalogue"], intent) if "catalogue" in record else [])


def notes_of(guidance: Record, today: dt.date) -> list[str]:
    """What is changing (past changes of the last year, coming ones) and what has to be checked."""
    notes = []
    for change in guidance.get("changes", ()):
        start, end = change.get("valid_from"), change.get("valid_to")
        basis = f" ({change['basis']})" if change.get("basis") else ""
        if start and dt.date.fromisoformat(start) > today:
            notes.append(f"Từ {day(start)}: {sentence(change['text'])[:-1]}{basis}.")
        elif in_force(change, today):
            until = f" Áp dụng đến hết {day(end)}." if end else ""
            notes.append(f"{sentence(change['text'])[:-1]}{basis}.{until}")
    notes += [sentence(first_upper(t)) for t in guidance.get("to_check", ())]
    return notes


def answer(entry: Entry, intent: Intent, today: dt.date, also: Sequence[Intent] = ()) -> Answer:
    """The answer about one procedure: the asked facet, then the others that were asked in the same breath (``also``)."""
    record = entry.record or {}
    guidance, catalogue = record.get("guidance", {}), record.get("catalogue", {})
    newer = guidance.get("code") if guidance.get("code") != entry.code else None
    code = f" (mã {newer}, trước đây {entry.code})" if newer else f" (mã {entry.code})" if entry.code else ""
    lines = [sentence(entry.title.rstrip(".") + code)]
    asked = [i for i in dict.fromkeys([intent, *also]) if i in FACETS]
    for facet in asked:
        found = facet_lines(entry, facet, today)
        lines += [f"{FACETS[facet]}:", *found] if found else [FACET_UNKNOWN.format(facet=FACETS[facet])]
    if guidance.get("summary") and not asked:
        lines.append(sentence(guidance["summary"]))
    for facet in () if asked else OVERVIEW:
        found = facet_lines(entry, facet, today)
        if found:
            shown = found[:6]
            lines += [f"{FACETS[facet]}:", *shown]
            if len(found) > 6:
                lines.append(MORE.format(count=len(found) - 6, facet=FACETS[facet].lower()))
    if not asked and guidance.get("if_missing"):
        lines += ["Nếu thiếu giấy tờ:", *bullets(guidance["if_missing"], 3)]
    office = guidance.get("office")
    if asked and Intent.WHERE not in asked:
        where = office or listed(catalogue.get("bodies", ()))
        if where:
            lines.append(f"Nơi giải quyết: {sentence(where)}")
    notes = notes_of(guidance, today)
    if catalogue.get("gone_since"):
        notes.insert(0, f"Thủ tục này không còn trong danh mục của Cổng từ {day(catalogue['gone_since'])}.")
    if entry.province:
        notes.insert(0, f"Đây là thủ tục riêng của {entry.province}.")
    said = "\n".join(lines)
    notes = [n for n in notes if n.rstrip(".") not in said]
    lines += [f"Lưu ý: {n}" for n in notes[: 6 if not asked else 3]]
    link = catalogue.get("link") or next(iter(guidance.get("links", ())), None) or PORTAL
    lines.append(f"Trang chính thức: {link}")
    source = guidance or {"sources": [{"title": "Cổng Dịch vụ công quốc gia"}], "checked_on": catalogue.get("checked_on")}
    lines.append(sources_line(source, 2))
    followups = tuple(Option(FACETS[i], entry=entry.id, intent=i) for i in OFFERED if i not in asked and facet_lines(entry, i, today))
    links = tuple(dict.fromkeys([link, *guidance.get("links", ())]))
    offices = (office,) if office else tuple(catalogue.get("bodies", ()))
    return Answer(Outcome.FOUND, "\n".join(lines), offices=offices, links=links, followups=followups, notes=tuple(notes))
