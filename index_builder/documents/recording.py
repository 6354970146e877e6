"""A draft as the YAML of a plan's record, in the schema of ``knowledge.schema.Plan``.

Confidence and place stand behind a value as a comment. What a person has to look at is a line ``# review: …``; while one is left,
``check`` and ``build`` refuse the file.
"""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Sequence
from typing import Any

from index_builder.documents.model import Document
from index_builder.documents.understanding.draft import Basis, Draft, Found, Reporting, Statement, Work
from knowledge.text import fold

UNKNOWN = "(chưa rõ)"
SURE = 0.75
"""Items below this confidence get a review mark even without a named reason."""
_PLAIN = re.compile(r"^[^\W\d_][^:#\[\]{},&*!|>'\"%@`\n]*$")
_WORDS = {"null", "true", "false", "yes", "no", "on", "off", "y", "n"}


def scalar(text: str) -> str:
    """A string as YAML: plain where that is safe, else in double quotes."""
    plain = _PLAIN.match(text) and text == text.strip() and text.lower() not in _WORDS
    return text if plain else json.dumps(text, ensure_ascii=False)


def _list(values: Sequence[str]) -> str:
    return f"[{', '.join(scalar(v) for v in values)}]"


def slug(text: str) -> str:
    """Text → an id of small letters, digits and hyphens; ``ke-hoach`` where nothing is left."""
    return re.sub(r"[^a-z0-9]+", "-", fold(text).lower()).strip("-") or "ke-hoach"


def identity(draft: Draft) -> str:
    """The id a plan gets by itself: province and first year, such as ``tien-giang-2021``."""
    year = draft.years.value[0] if draft.years.value else (draft.date.value.year if draft.date.value else "")
    return slug(f"{draft.province.value or draft.kind.value} {year}")


def named(draft: Draft) -> str:
    """The document as a source is cited: kind, number, date, issuing body."""
    number = f" số {draft.number.value}" if draft.number.value else ""
    day = f" ngày {draft.date.value.day}/{draft.date.value.month}/{draft.date.value.year}" if draft.date.value else ""
    return f"{draft.kind.value if not draft.attached_to.value else 'Quyết định'}{number}{day} của {draft.issuing_body.value or UNKNOWN}"


class _Writer:
    def __init__(self) -> None:
        self.lines: list[str] = []

    def comment(self, text: str, indent: int = 0) -> None:
        self.lines.append(f"{' ' * indent}# {text}")

    def review(self, reason: str, indent: int = 0) -> None:
        if reason:
            self.comment(f"review: {reason}", indent)

    def field(self, name: str, value: str, found: Found[Any] | None = None, indent: int = 0, note: str = "") -> None:
        if found is not None:
            self.review(f"{name}: {found.review}" if found.review else "", indent)
            note = f"{found.confidence:.2f}" + (f" · {found.place}" if found.place and str(found.place) else "")
        self.lines.append(f"{' ' * indent}{name}: {value}{f'  # {note}' if note else ''}")


def record_text(draft: Draft, document: Document, name: str, today: dt.date) -> str:
    """The record as YAML.

    Args:
        draft: what was understood.
        document: what it was understood from, for the heading and the notes of reading.
        name: id of the plan.
        today: day of the draft, written as ``checked_on``.
    """
    out = _Writer()
    pages = f", {document.pages} trang" if document.pages else ""
    out.comment(f"Bản thảo máy đọc từ {document.path_name}{pages} (sha256 {document.sha256[:16]}). Loại văn bản: {draft.kind.value}.")
    out.comment("Số sau dấu # là độ chắc chắn (0 đến 1) và chỗ trong bản gốc. Hãy đối chiếu với bản gốc, sửa cho đúng,")
    out.comment("xóa từng dòng bắt đầu bằng “review” sau dấu # khi đã xem xong, rồi chạy: python -m index_builder check")
    for note in document.notes:
        out.comment(f"Khi đọc tệp: {note}")
    _head(out, draft, name)
    _bases(out, draft.bases)
    if draft.recipients:
        out.lines.append("recipients:")
        out.lines += [f"  - {scalar(r)}" for r in draft.recipients]
    _works(out, "tasks", "task", draft.tasks, draft)
    _works(out, "duties", "duty", draft.duties, draft)
    _reports(out, draft.reports)
    _contents(out, draft.contents)
    out.lines += ["sources:", f"  - title: {scalar(named(draft))}", f"checked_on: {today.isoformat()}", "confidence: high"]
    return "\n".join(out.lines) + "\n"


def _head(out: _Writer, draft: Draft, name: str) -> None:
    out.field("id", name)
    title = draft.title.value or UNKNOWN
    out.field("title", scalar(title), draft.title)
    out.field("short_title", scalar(short(title, 110)))
    out.field("number", scalar(draft.number.value) if draft.number.value else "null", draft.number)
    out.field("date", draft.date.value.isoformat() if draft.date.value else "null", draft.date)
    for field, found in (("place", draft.place), ("issuing_body", draft.issuing_body), ("province", draft.province)):
        out.field(field, scalar(found.value or UNKNOWN), found)
    out.lines.append("signer:")
    out.field("name", scalar(draft.signer_name.value) if draft.signer_name.value else "null", draft.signer_name, 2)
    out.field("position", scalar(draft.signer_position.value or UNKNOWN), draft.signer_position, 2)
    if draft.signer_on_behalf_of.value:
        out.field("on_behalf_of", scalar(draft.signer_on_behalf_of.value), draft.signer_on_behalf_of, 2)
    years = draft.years.value or (0,)
    out.field("years", f"[{', '.join(str(y) for y in years)}]", draft.years)
    out.field("period", scalar(draft.period.value or UNKNOWN), draft.period)
    aliases = _aliases(draft)
    if aliases:
        out.lines.append("aliases:")
        out.lines += [f"  - {scalar(a)}" for a in aliases]


def _aliases(draft: Draft) -> list[str]:
    """Names under which people ask for the plan: kind with number, with and without the issuing body."""
    kind = "Kế hoạch" if draft.kind.value == "Quyết định" else draft.kind.value
    number = draft.number.value
    if not number:
        return []
    body = re.sub(r"^Ủy ban nhân dân", "UBND", draft.issuing_body.value)
    return [f"{kind} {number}", f"{kind} {number.split('/')[0]} của {body}"]


def short(text: str, length: int) -> str:
    """Text cut at a word, with "…" where it was longer."""
    return text if len(text) <= length else text[:length].rsplit(" ", 1)[0].rstrip(" ,;") + " …"


def _bases(out: _Writer, bases: Sequence[Basis]) -> None:
    if bases:
        out.lines.append("legal_bases:")
    for basis in bases:
        out.field("- number", scalar(basis.number) if basis.number else "null", indent=2, note=str(basis.place))
        if basis.date:
            out.field("date", basis.date.isoformat(), indent=4)
        if basis.issued_by:
            out.field("issued_by", scalar(basis.issued_by), indent=4)
        out.field("title", scalar(basis.title), indent=4)
        out.field("relation", "căn cứ" if basis.preamble else "dẫn chiếu", indent=4)


def _item(out: _Writer, identity_: str, item: Work | Reporting | Statement) -> None:
    out.comment(f"{item.confidence:.2f} · {item.place}", 2)
    reasons = getattr(item, "review", ()) if item.title else ("không thấy tên việc",)
    for reason in reasons:
        out.review(reason, 2)
    if not reasons and item.confidence < SURE:
        out.review("máy không chắc", 2)
    out.field("- id", identity_, indent=2)
    out.field("title", scalar(short(item.title, 300) or UNKNOWN), indent=4)


def _works(out: _Writer, name: str, stem: str, works: Sequence[Work], draft: Draft) -> None:
    if works:
        out.lines.append(f"{name}:")
    for number, work in enumerate(works, 1):
        _item(out, f"{stem}-{number}", work)
        if work.details:
            out.lines.append("    details:")
            out.lines += [f"      - {scalar(d)}" for d in work.details]
        out.field("section", scalar(work.place.section or UNKNOWN), indent=4)
        leads = work.leads or (() if stem == "task" else (UNKNOWN,))
        if leads:
            linked = [draft.links[b] for b in leads if b in draft.links]
            out.field(
                "leads" if stem == "task" else "bodies", _list(leads), indent=4, note=f"offices: {', '.join(linked)}" if linked else ""
            )
        if work.partners:
            out.field("partners", _list(work.partners), indent=4)
        _when(out, work)


def _when(out: _Writer, item: Work | Reporting) -> None:
    if item.timing:
        out.field("when", scalar(item.timing.wording), indent=4, note=f"= {item.timing.normal}" if item.timing.normal else "")


def _reports(out: _Writer, reports: Sequence[Reporting]) -> None:
    if reports:
        out.lines.append("reports:")
    for number, report in enumerate(reports, 1):
        _item(out, f"report-{number}", report)
        out.field("section", scalar(report.place.section or UNKNOWN), indent=4)
        for field, bodies in (("who", report.who), ("to", report.to), ("via", report.via), ("copy_to", report.copy_to)):
            if bodies:
                out.field(field, _list(bodies), indent=4)
        _when(out, report)


def _contents(out: _Writer, contents: Sequence[Statement]) -> None:
    if contents:
        out.lines.append("contents:")
    for number, statement in enumerate(contents, 1):
        _item(out, f"content-{number}", statement)
        out.field("kind", statement.kind.value, indent=4)
        if statement.index:
            out.field("index", statement.index, indent=4)
        out.field("section", scalar(statement.place.section or UNKNOWN), indent=4)
