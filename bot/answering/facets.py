"""What a procedure's record says on one facet: from written guidance where there is some, else the portal's facts."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from bot.answering.changes import told
from bot.answering.parts import Record, bullets, in_force, listed, numbered, sentence, unmarked
from bot.types import Intent
from bot.wording import DEPENDS, PAPERS_LEFT_OUT
from knowledge.entries import Entry

PORTAL = "https://dichvucong.gov.vn"
_GUIDANCE_KEYS: Mapping[Intent, tuple[str, ...]] = {
    Intent.PAPERS: ("papers",),
    Intent.FEE: ("fee",),
    Intent.TIME: ("time",),
    Intent.WHERE: ("where_in_person", "where_online"),
    Intent.ONLINE: ("where_online",),
    Intent.WHO: ("who",),
    Intent.STEPS: ("steps",),
    Intent.RESULT: ("result",),
    Intent.VALIDITY: ("validity",),
    Intent.BASIS: ("bases",),
}
_PROXY = "ủy quyền"
_FOR_WHOM = re.compile(r":|\b(?:nhờ|thay)\b")
LEAST_ONLINE = 2
"""Lines on the web that places told in short keep beside those to go to."""
MOST_IN_LINE = 2
"""Fees told in one line; more stand below each other."""
Lines = list[str]


def _from_guidance(guidance: Record, intent: Intent) -> Lines:
    lines: Lines = []
    for key in _GUIDANCE_KEYS.get(intent, ()):
        values = guidance.get(key, ())
        lines += numbered(values) if intent is Intent.STEPS else bullets(values)
    if intent is Intent.WHO:
        # Who may file for somebody else is often said with the papers that it takes; the bare name of a paper says nothing.
        lines += bullets([p for p in guidance.get("papers", ()) if _PROXY in p.lower() and _FOR_WHOM.search(p.lower())])
    if intent is Intent.ONLINE and guidance.get("online_level"):
        lines.append(f"- Mức độ trực tuyến: {sentence(guidance['online_level'])}")
    return lines


def _channels(catalogue: Record, part: Callable[[Record], Sequence[str]]) -> Lines:
    """What the ways of filing say, those together that say the same: one line each, or a list where there is much of it."""
    found: dict[tuple[str, tuple[str, ...]], list[str]] = {}
    for channel in catalogue.get("channels", ()):
        values = part(channel)
        if values:
            methods = found.setdefault((str(channel.get("case", "")).rstrip(". "), tuple(values)), [])
            if channel["method"] not in methods:
                methods.append(str(channel["method"]))
    lines: Lines = []
    open_cases = Counter(method for (case, _), methods in found.items() if not case for method in methods)
    for (case, values), methods in found.items():
        within = f" ({case})" if case else f" ({DEPENDS})" if max(open_cases[m] for m in methods) > 1 else ""
        shown = ", ".join(methods)
        if len(values) > MOST_IN_LINE:
            lines += [f"{shown}{within}:", *bullets(values)]
        else:
            lines.append(f"- {shown}: {sentence('; '.join(values) + within)}")
    return lines


def _papers(catalogue: Record) -> Lines:
    lines: Lines = []
    cases = catalogue.get("cases", ())
    for case in cases:
        if len(cases) > 1 or case["name"] != "Hồ sơ":
            lines.append(unmarked(str(case["name"])).rstrip(".:; ") + ":")
        papers = []
        for paper in case.get("papers", ()):
            counts = [f"{paper[k]} {label}" for k, label in (("originals", "bản chính"), ("copies", "bản sao")) if paper.get(k)]
            papers.append(str(paper["name"]) + (f" ({', '.join(counts)})" if counts else ""))
        lines += bullets(papers)
        if case.get("left_out"):
            lines.append(f"- {PAPERS_LEFT_OUT.format(count=case['left_out'])}")
    return lines


def _from_catalogue(catalogue: Record, intent: Intent, today: dt.date) -> Lines:
    if intent is Intent.PAPERS:
        return _papers(catalogue)
    if intent is Intent.FEE:
        return _channels(catalogue, lambda c: c.get("fees", ()))
    if intent is Intent.TIME:
        return _channels(catalogue, lambda c: [c["time"]] if c.get("time") else [])
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
        return bullets([unmarked(result) for result in catalogue.get("results", ())])
    if intent is Intent.BASIS:
        replaced = [f"- {told(change, today)}" for change in catalogue.get("replaced_bases", ())]
        return [f"- {', '.join(catalogue['bases'])}.", *replaced] if catalogue.get("bases") else []
    return []


def facts(entry: Entry, intent: Intent, today: dt.date) -> Lines:
    """What holds on one facet: from written guidance where there is some, else the portal's facts."""
    record = entry.record or {}
    lines = _from_guidance(record["guidance"], intent) if "guidance" in record else []
    return lines or (_from_catalogue(record["catalogue"], intent, today) if "catalogue" in record else [])


def in_short(entry: Entry, intent: Intent, today: dt.date, most: int) -> tuple[Lines, int]:
    """The first ``most`` lines of a facet (one more where that is all), and how many are left out. Of the places to file at, some of the
    web stay."""
    held = facts(entry, intent, today)
    if len(held) <= most + 1:
        return held, 0
    online = len((entry.record or {}).get("guidance", {}).get("where_online", ())) if intent is Intent.WHERE else 0
    kept = min(online, LEAST_ONLINE)
    first = held[: most - kept]
    return [*first, *held[len(held) - online :][:kept]], len(held) - most


def changed(entry: Entry, intent: Intent, today: dt.date) -> Lines:
    """The dated changes of one facet that are in force."""
    changes = (entry.record or {}).get("guidance", {}).get("changes", ())
    return [f"- {told(c, today)}" for c in changes if c.get("facet") == intent.value and in_force(c, today)]


def facet_lines(entry: Entry, intent: Intent, today: dt.date) -> Lines:
    """All that the record says on one facet: what holds, then the changes in force with their days."""
    return facts(entry, intent, today) + changed(entry, intent, today)
