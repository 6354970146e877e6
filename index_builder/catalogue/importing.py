"""Merging the exports into catalogue entries, and reporting what changed and what contradicts itself."""

from __future__ import annotations

import datetime as dt
import json
import re
from collections.abc import Container, Iterable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index_builder.catalogue import reading
from index_builder.catalogue.need import need
from index_builder.catalogue.reading import Row, squeeze
from knowledge.schema import CatalogueEntry
from knowledge.text import folded_keys

PORTAL = "https://dichvucong.gov.vn/thu-tuc-hanh-chinh/"
_PROVINCE = re.compile(r"(?:UBND|Ủy ban nhân dân|Trung tâm phục vụ hành chính công|Sở [^-]+-)\s*(?:tỉnh|Thành phố|thành phố)\s+(.+)$")
_SAME_PROCEDURE = 0.6
"""Names less alike than this belong to different procedures (a code used anew): the page's facts are not taken over."""


@dataclass
class ImportReport:
    """What an import did: counts by kind of export, codes added, changed, gone, and rows that contradict each other."""

    rows: dict[str, int] = field(default_factory=dict)
    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    gone: list[str] = field(default_factory=list)
    conflicts: list[str] = field(default_factory=list)


def province_of(issued_by: str) -> str | None:
    """The province whose own procedure it is, read off the issuing body; none for ministries."""
    match = _PROVINCE.match(issued_by)
    return match[1].strip() if match else None


def overlap(a: str, b: str) -> float:
    """Share of syllables two names have in common (Jaccard), 1 for the same set."""
    x, y = set(folded_keys(a)), set(folded_keys(b))
    return len(x & y) / max(len(x | y), 1)


def collect(paths: Iterable[Path], report: ImportReport) -> dict[str, dict[str, Row]]:
    """Rows of all files by code and kind; a later row of the same code and kind must agree in name, or it is reported."""
    found: dict[str, dict[str, Row]] = {}
    for path in paths:
        for row in reading.read_lines(path):
            kind = reading.kind_of(row)
            report.rows[kind] = report.rows.get(kind, 0) + 1
            code = squeeze(row.get("ma") if kind == "page" else row.get("code"))
            if kind == "unknown" or not code:
                report.conflicts.append(f"{path.name}: một dòng không nhận ra được dạng dữ liệu, đã bỏ qua")
                continue
            name = squeeze(row.get("ten") if kind == "page" else row.get("name"))
            earlier = found.setdefault(code, {}).get(kind)
            if earlier is not None and squeeze(earlier.get("ten") or earlier.get("name")) != name:
                report.conflicts.append(f"{code}: hai dòng khác tên trong cùng một loại dữ liệu, giữ dòng đầu")
                continue
            found[code].setdefault(kind, row)
    return found


def merge(code: str, kinds: Mapping[str, Row], weights: Mapping[str, int], today: dt.date, report: ImportReport) -> CatalogueEntry:
    """One entry from what the exports say of one code; structured values win over page text, the list over both for names."""
    row, detail, page = kinds.get("list", {}), kinds.get("detail", {}), kinds.get("page", {})
    name = squeeze(row.get("name") or detail.get("name") or page.get("ten"))
    likeness = overlap(name, squeeze(page["ten"])) if page else 1.0
    if likeness < 1.0:
        report.conflicts.append(f"{code}: tên trong danh mục và trên trang khác nhau: «{name}» / «{squeeze(page['ten'])}»")
    if likeness < _SAME_PROCEDURE:
        page = {}
    issued_by = squeeze(row.get("departmentPromulgate") or detail.get("departmentPromulgateName") or page.get("co_quan_tham_quyen"))
    fields = tuple(squeeze(f) for f in row.get("categories") or [page.get("linh_vuc")] if f)
    bodies = tuple(dict.fromkeys(squeeze(b) for b in row.get("departments") or [] if squeeze(b)))
    if not bodies:
        bodies = tuple(squeeze(b["name"]).rstrip(".") for b in detail.get("departmentsExecuting") or []) or tuple(
            filter(None, [squeeze(page.get("co_quan_thuc_hien"))])
        )
    level = reading.levels_of_detail(detail) or reading.levels_of_page(squeeze(page.get("cap"))) or reading.levels_of_bodies(bodies)
    audience = tuple(squeeze(a) for a in row.get("formalityTargetType") or [])
    if not audience and page:
        audience = tuple(a for a in re.split(r", (?=[A-ZĐ])", squeeze(page.get("doi_tuong"))) if a)
    portal_id = row.get("id") or detail.get("id")
    internal = row.get("type") == "STANDARD_INTERNAL" or bool(detail.get("isInternal"))
    results = tuple(squeeze(r["name"]) for r in detail.get("resultsDetails") or [])
    if not results and page and len(squeeze(page.get("ket_qua"))) <= 160:
        results = tuple(filter(None, [squeeze(page.get("ket_qua")).rstrip(".")]))
    basis_text = " ".join(squeeze(b.get("code")) + " " + squeeze(b.get("name")) for b in detail.get("legalBasisesDetails") or [])
    return CatalogueEntry(
        code=code,
        name=name,
        fields=fields,
        level=level,
        bodies=bodies,
        audience=audience,
        issued_by=issued_by or None,
        province=province_of(issued_by),
        internal=internal,
        link=PORTAL + str(portal_id) if portal_id else squeeze(page.get("url")) or None,
        need=need(fields, level, audience, internal=internal, weights=weights),
        channels=reading.channels_of_detail(detail) or reading.channels_of_page(str(page.get("cach_thuc") or "")),
        cases=reading.cases_of_detail(detail),
        results=results,
        bases=reading.bases_in(basis_text),
        keywords=tuple(filter(None, [squeeze(g.get("name")) for g in detail.get("serviceGroupsDetails") or []])),
        checked_on=today,
    )


_FROM_LIST = ("fields", "bodies", "audience", "issued_by", "province")
_FROM_DETAIL = ("channels", "cases", "results", "bases", "keywords")


def keep_earlier(entry: CatalogueEntry, old: CatalogueEntry | None, kinds: Container[str], weights: Mapping[str, int]) -> CatalogueEntry:
    """The entry with what an earlier import knew and this one says nothing about, because the export that tells it was not among its
    files. The day of checking stays the earlier one then."""
    missing = [*(() if "list" in kinds else _FROM_LIST), *(() if "detail" in kinds else _FROM_DETAIL)]
    kept = {name: getattr(old, name) for name in missing if old and getattr(old, name) and not getattr(entry, name)}
    if not kept or old is None:
        return entry
    entry = entry.model_copy(update={**kept, "checked_on": old.checked_on, "level": entry.level or old.level})
    worth = need(entry.fields, entry.level, entry.audience, internal=entry.internal, weights=weights)
    return entry.model_copy(update={"need": worth})


def load_catalogue(path: Path) -> dict[str, CatalogueEntry]:
    if not path.exists():
        return {}
    lines = path.read_text(encoding="utf-8").split("\n")
    return {e.code: e for e in (CatalogueEntry.model_validate_json(line) for line in lines if line.strip())}


def import_catalogue(paths: Iterable[Path], target: Path, weights: Mapping[str, int], today: dt.date) -> ImportReport:
    """Read the exports, update ``target`` in place (written aside, then renamed) and report. Nothing is removed: a code that
    the new list lacks is marked ``gone_since``."""
    report = ImportReport()
    before = load_catalogue(target)
    found = collect(paths, report)
    after: dict[str, CatalogueEntry] = {}
    for code in sorted(found):
        old = before.get(code)
        try:
            entry = keep_earlier(merge(code, found[code], weights, today, report), old, found[code], weights)
        except ValueError as error:
            report.conflicts.append(f"{code}: không hợp lệ, đã bỏ qua ({str(error).splitlines()[0]})")
            continue
        except (KeyError, TypeError, AttributeError) as error:
            report.conflicts.append(f"{code}: dòng có dạng lạ, đã bỏ qua ({type(error).__name__}: {error})")
            continue
        if old is None:
            report.added.append(code)
        elif old.model_copy(update={"checked_on": entry.checked_on, "gone_since": None}) != entry:
            report.changed.append(code)
        after[code] = entry
    after = {**before, **after}
    if report.rows.get("list", 0) > 0:
        # A code is on the portal as long as the list holds it, even in a row that could not be read; an old page says nothing of that.
        for code in after.keys() - {c for c, kinds in found.items() if "list" in kinds}:
            earlier = before[code].gone_since if code in before else None
            if earlier is None:
                report.gone.append(code)
            after[code] = after[code].model_copy(update={"gone_since": earlier or today})
        report.gone.sort()
    temporary = target.with_suffix(".tmp")
    target.parent.mkdir(parents=True, exist_ok=True)
    with temporary.open("w", encoding="utf-8") as out:
        for code in sorted(after):
            values = after[code].model_dump(mode="json", exclude_defaults=True)
            out.write(json.dumps(values, ensure_ascii=False, sort_keys=False) + "\n")
    temporary.replace(target)
    return report
