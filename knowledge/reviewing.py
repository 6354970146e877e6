"""Is the knowledge valid, and what in it needs a person's eye? For ``python -m index_builder check`` and the staff pages.

Errors (a broken file, a question without a record) forbid building. Remarks (past its date, due for review, a body nobody
describes) are for the staff who keep the knowledge.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from knowledge.entries import entries_of, repeated
from knowledge.loading import Knowledge, load
from knowledge.originals import FOLDER, Original, load_originals
from knowledge.parsing import Problem
from knowledge.schema import Guidance, Sourced
from knowledge.store import file_hash
from knowledge.text import accented_keys, folded_keys
from knowledge.twins import alike

REVIEW_DAYS = 90
_COLLECTIVE = ("cac", "nhung", "toan the", "thu truong", "co quan", "don vi", "cap xa", "bo phan")
"""Bodies that plans name as a group ("Các sở, ban, ngành") have no record of their own."""


@dataclass(frozen=True)
class Remark:
    """``kind``: ``stale`` | ``review`` | ``dangling`` | ``unsure``; ``record`` and what to look at."""

    kind: str
    record: str
    message: str


def sourced(known: Knowledge) -> Iterator[tuple[str, Sourced]]:
    """Every record that carries sources and a date, with its id."""
    for plan in known.plans:
        yield plan.id, plan
    groups = (
        ("province", known.provinces), ("office", known.offices), ("term", known.terms), ("legal", known.legal_documents),
        ("guide", known.guides), ("guidance", known.guidance),
    )  # fmt: skip
    for kind, records in groups:
        for record in records:
            yield f"{kind}/{record.id}", record


def nothing_in(data: Path) -> Problem:
    """The error of a data folder without a single record."""
    state = "không có bản ghi nào" if data.is_dir() else "không có thư mục này"
    return Problem(str(data), None, "", f"{state}; hãy xem lại --data hoặc BOT_KNOWLEDGE_DIR")


def dated(known: Knowledge, today: dt.date) -> Iterator[Remark]:
    """Records past their date and what is due in the next 90 days."""
    soon = today + dt.timedelta(days=REVIEW_DAYS)
    for name, record in sourced(known):
        if record.review_by and record.review_by <= soon:
            kind = "stale" if record.review_by < today else "review"
            yield Remark(kind, name, f"cần xem lại trước ngày {record.review_by:%d/%m/%Y}")
        if record.valid_to and today <= record.valid_to <= soon:
            yield Remark("review", name, f"hết áp dụng sau ngày {record.valid_to:%d/%m/%Y}")
        if (today - record.checked_on).days > 365:
            yield Remark("stale", name, f"kiểm tra lần cuối ngày {record.checked_on:%d/%m/%Y}, đã hơn một năm")
        if isinstance(record, Guidance):
            for change in record.changes:
                for day, what in ((change.valid_from, "bắt đầu"), (change.valid_to, "kết thúc")):
                    if day and today <= day <= soon:
                        yield Remark("review", name, f"{what} ngày {day:%d/%m/%Y}: {change.text}")


def dangling(known: Knowledge) -> Iterator[Remark]:
    """References that lead nowhere."""
    ids = {e.id for e in entries_of(known)}
    for record in known.questions:
        if record not in ids:
            yield Remark("dangling", record, "có câu hỏi nhưng không có bản ghi này")
    for record in known.names:
        if record not in ids:
            yield Remark("dangling", record, "có tên gọi ngắn nhưng không có bản ghi này")
    provinces = {p.name for p in known.provinces}
    for plan in known.plans:
        if provinces and plan.province not in provinces:
            yield Remark("dangling", plan.id, f"tỉnh {plan.province!r} không có trong provinces.yaml")
    for province in known.provinces:
        for other in (province.merged_into, *province.merged_from):
            if other and other not in provinces:
                yield Remark("dangling", f"province/{province.id}", f"{other!r} không có trong provinces.yaml")
    bodies = {" ".join(folded_keys(n)) for o in known.offices for n in (o.name, *o.aliases)}
    for plan in known.plans:
        named = [b for t in plan.tasks for b in t.leads] + [b for d in plan.duties for b in d.bodies]
        for body in dict.fromkeys(named):
            key = " ".join(folded_keys(body))
            if bodies and key not in bodies and not key.startswith(_COLLECTIVE) and "," not in body:
                yield Remark("dangling", plan.id, f"cơ quan {body!r} chưa có trong offices/")
    for guidance in known.guidance:
        if guidance.code and guidance.code not in known.catalogue and not any(f in known.catalogue for f in guidance.former_codes):
            yield Remark("dangling", f"guidance/{guidance.id}", f"mã {guidance.code} chưa có trong danh mục của Cổng")
    for guide in known.guides:
        for code in guide.related_codes:
            if code not in known.catalogue:
                yield Remark("dangling", f"guide/{guide.id}", f"mã {code} chưa có trong danh mục của Cổng")


def doubled(known: Knowledge) -> Iterator[Remark]:
    """Short names under two records that are no twins: who types one would get either."""
    titles = {e.id: e.title for e in entries_of(known)}
    owners: dict[tuple[str, ...], str] = {}
    for record, names in known.names.items():
        for name in names:
            other = owners.setdefault(tuple(accented_keys(name)), record)
            if other != record and not alike(titles.get(record, record), titles.get(other, other)):
                yield Remark("unsure", record, f"tên gọi ngắn {name!r} đã đặt cho {other}")


def misplaced(originals: Sequence[Original], known: Knowledge, data: Path) -> Iterator[Remark]:
    """Originals whose document is gone or was changed by hand, and those of a plan that does not exist."""
    plans = {p.id for p in known.plans}
    for original in originals:
        path, name = data / FOLDER / original.file, f"{FOLDER}/{original.id}"
        if not path.is_file():
            yield Remark("dangling", name, f"không còn tệp gốc {original.file}")
        elif file_hash(path) != original.sha256:
            yield Remark("stale", name, f"tệp gốc {original.file} đã bị sửa; hãy thêm lại bằng lệnh add")
        if original.plan is not None and original.plan not in plans:
            yield Remark("dangling", name, f"không có kế hoạch {original.plan!r}")


def check(data: Path, today: dt.date) -> tuple[list[Problem], list[Remark]]:
    """All errors and remarks about a data folder."""
    known, problems = load(data)
    originals, broken = load_originals(data)
    entries = entries_of(known)
    problems += [*repeated(entries), *broken]
    if not entries and not problems:
        problems = [nothing_in(data)]
    unsure = [Remark("unsure", name, "độ tin cậy thấp, cần nguồn chắc hơn") for name, r in sourced(known) if r.confidence == "low"]
    return problems, [*dated(known, today), *dangling(known), *misplaced(originals, known, data), *doubled(known), *unsure]
