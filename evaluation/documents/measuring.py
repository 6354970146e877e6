"""One draft against one record written by hand: counts from which all figures are made, and what was missed, in words."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from evaluation.documents.matching import Bodies, pair, place_agreement, same_time, word_agreement
from index_builder.documents.understanding.directory import Directory
from index_builder.documents.understanding.draft import Draft, Reporting, Work
from knowledge.schema import Duty, Plan, Report, Task
from knowledge.text import folded_keys

FEW_WORDS = 0.25
"""An item whose wording holds less than this share of the gold's syllables is another item, wherever it stands."""


SAME_TITLE = 0.8


@dataclass
class Count:
    """``right`` of ``asked``."""

    right: int = 0
    asked: int = 0

    def add(self, right: bool | int, asked: int = 1) -> None:
        self.right += int(right)
        self.asked += asked

    @property
    def share(self) -> float:
        return self.right / self.asked if self.asked else 1.0


FIGURES = (
    "recall",
    "precision",
    "kind",
    "leads",
    "partners_recall",
    "partners_precision",
    "times",
    "metadata",
    "report_recall",
    "report_precision",
    "report_facts",
)


@dataclass
class Measures:
    """Counts by name of the figure, and misses in words."""

    counts: dict[str, Count] = field(default_factory=lambda: {name: Count() for name in FIGURES})
    misses: list[str] = field(default_factory=list)

    def merge(self, other: Measures) -> None:
        for name, count in other.counts.items():
            self.counts[name].add(count.right, count.asked)
        self.misses += other.misses

    def figure(self, name: str) -> float:
        """A share of 0 to 1; ``partners`` and ``reports`` are F1."""
        if name in ("partners", "reports"):
            stem = "partners" if name == "partners" else "report"
            recall, precision = (self.counts[f"{stem}_{kind}"].share for kind in ("recall", "precision"))
            return 2 * recall * precision / (recall + precision) if recall + precision else 0.0
        return self.counts[name].share


def _leads(item: Task | Duty) -> tuple[str, ...]:
    return item.leads if isinstance(item, Task) else item.bodies


def measure(plan: Plan, draft: Draft, directory: Directory) -> Measures:
    """All figures of one document."""
    done = Measures()
    department = re.sub(rf"\s+(?:tỉnh|thành phố)\s+{re.escape(plan.province)}$", "", plan.issuing_body)
    bodies = Bodies(directory, plan.province, department if department.startswith(("Sở", "Phòng", "Ban")) else "")
    _work(plan, draft, bodies, done)
    _reports(plan, draft, bodies, done)
    _metadata(plan, draft, bodies, done)
    return done


def _work(plan: Plan, draft: Draft, bodies: Bodies, done: Measures) -> None:
    gold: list[Task | Duty] = [*plan.tasks, *plan.duties]
    found: list[tuple[type[Task] | type[Duty], Work]] = [*((Task, t) for t in draft.tasks), *((Duty, d) for d in draft.duties)]

    def score(item: Task | Duty, other: tuple[type[Task] | type[Duty], Work]) -> float:
        work = other[1]
        words = word_agreement(item.title, " ".join([work.title, *work.details]))
        if words < FEW_WORDS:
            return 0.0
        total = len(_leads(item)) + len(work.leads)
        agree = 2 * bodies.common(_leads(item), work.leads) / total if total else 1.0
        return 0.45 * place_agreement(item.section, work.place.section) + 0.4 * words + 0.15 * agree

    pairs = pair(gold, found, score)
    done.counts["recall"].add(len(pairs), len(gold))
    done.counts["precision"].add(len(pairs), len(found))
    matched, taken = {g for g, _ in pairs}, {f for _, f in pairs}
    done.misses += [f"{plan.id}: thiếu [{g.section}] {g.title}" for i, g in enumerate(gold) if i not in matched]
    done.misses += [f"{plan.id}: thừa [{w.place.section}] {w.title[:80]}" for i, (_, w) in enumerate(found) if i not in taken]
    for g, f in pairs:
        item, (kind, work) = gold[g], found[f]
        done.counts["kind"].add(isinstance(item, kind))
        _check(done, "leads", bodies.equal(_leads(item), work.leads), plan.id, item.section, "chủ trì", _leads(item), work.leads)
        common = bodies.common(item.partners, work.partners)
        done.counts["partners_recall"].add(common, len(item.partners))
        done.counts["partners_precision"].add(common, len(work.partners))
        if not bodies.equal(item.partners, work.partners):
            done.misses.append(f"{plan.id}: [{item.section}] phối hợp: cần {list(item.partners)}, thấy {list(work.partners)}")
        wording = work.timing.wording if work.timing else None
        if item.when or wording:
            _check(done, "times", same_time(item.when, wording), plan.id, item.section, "thời gian", item.when, wording)


def _check(done: Measures, figure: str, right: bool, plan: str, section: str, what: str, wanted: object, got: object) -> None:
    done.counts[figure].add(right)
    if not right:
        done.misses.append(f"{plan}: [{section}] {what}: cần {wanted!r}, thấy {got!r}")


def _reports(plan: Plan, draft: Draft, bodies: Bodies, done: Measures) -> None:
    def score(item: Report, other: Reporting) -> float:
        who = bodies.common(item.who, other.who) / max(len(item.who), len(other.who), 1)
        to = bodies.common(item.to, other.to) / max(len(item.to), len(other.to), 1)
        return 0.5 * place_agreement(item.section, other.place.section) + 0.25 * who + 0.25 * to

    pairs = pair(plan.reports, draft.reports, score)
    done.counts["report_recall"].add(len(pairs), len(plan.reports))
    done.counts["report_precision"].add(len(pairs), len(draft.reports))
    matched, taken = {g for g, _ in pairs}, {f for _, f in pairs}
    done.misses += [f"{plan.id}: thiếu báo cáo [{g.section}] {g.title}" for i, g in enumerate(plan.reports) if i not in matched]
    done.misses += [
        f"{plan.id}: thừa báo cáo [{r.place.section}] {r.title[:70]} → {r.to}" for i, r in enumerate(draft.reports) if i not in taken
    ]
    for g, f in pairs:
        item, other = plan.reports[g], draft.reports[f]
        when = other.timing.wording if other.timing else None
        for name, one, two in (
            ("ai", item.who, other.who),
            ("gửi", item.to, other.to),
            ("qua", item.via, other.via),
            ("đồng gửi", item.copy_to, other.copy_to),
        ):
            if one or two:
                _check(done, "report_facts", bodies.equal(one, two), plan.id, item.section, f"báo cáo, {name}", one, two)
        if item.when or when:
            _check(done, "report_facts", same_time(item.when, when), plan.id, item.section, "báo cáo, khi nào", item.when, when)


def _metadata(plan: Plan, draft: Draft, bodies: Bodies, done: Measures) -> None:
    numbered = {b.number for b in plan.legal_bases if b.number}
    found = {b.number for b in draft.bases if b.number}
    dates = {b.number: b.date for b in draft.bases}
    signer, position, behalf = draft.signer_name.value, draft.signer_position.value, draft.signer_on_behalf_of.value
    issuer, title = draft.issuing_body.value, draft.title.value
    same_dates = all(b.date == dates[b.number] for b in plan.legal_bases if b.number in dates and b.date)
    rows: Sequence[tuple[str, object, object, bool]] = (
        ("số", plan.number, draft.number.value, plan.number == draft.number.value),
        ("ngày", plan.date, draft.date.value, plan.date == draft.date.value),
        ("nơi ban hành", plan.place, draft.place.value, plan.place == draft.place.value),
        ("cơ quan ban hành", plan.issuing_body, issuer, bodies.key(plan.issuing_body) == bodies.key(issuer)),
        ("tỉnh", plan.province, draft.province.value, plan.province == draft.province.value),
        ("tên", plan.title, title, word_agreement(plan.title, title) >= SAME_TITLE),
        ("người ký", plan.signer.name, signer, plan.signer.name == signer),
        ("chức vụ", plan.signer.position, position, _same_words(plan.signer.position, position)),
        ("thay mặt", plan.signer.on_behalf_of, behalf, _same_words(plan.signer.on_behalf_of, behalf)),
        ("năm", plan.years, draft.years.value, plan.years == draft.years.value),
        ("thời gian áp dụng", plan.period, draft.period.value, same_time(plan.period, draft.period.value)),
        ("số các văn bản căn cứ", sorted(numbered), sorted(found), numbered == found),
        ("ngày các văn bản căn cứ", "như bản tay", "khác", same_dates),
    )
    for name, wanted, got, right in rows:
        _check(done, "metadata", right, plan.id, "đầu, cuối văn bản", name, wanted, got)


def _same_words(one: str | None, other: str | None) -> bool:
    return set(folded_keys(one or "")) == set(folded_keys(other or ""))
