"""What is true about the real knowledge, read off the five plans, the law and the portal, and must never slip."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter

import pytest

from knowledge.entries import EntryType, entries_of
from knowledge.loading import DATA, Knowledge
from knowledge.parsing import Problem
from knowledge.reviewing import check
from knowledge.schema import LegalState, Plan, Province
from knowledge.text import folded_keys

TODAY = dt.date(2026, 11, 21)
MERGER = dt.date(2025, 7, 1)


def plan(known: Knowledge, plan_id: str) -> Plan:
    return next(p for p in known.plans if p.id == plan_id)


# --- all of it -----------------------------------------------------------------------------------------------------------


def test_all_data_loads_without_a_problem(loaded: tuple[Knowledge, list[Problem]]) -> None:
    assert [str(p) for p in loaded[1]] == []


def test_the_check_finds_no_error_and_no_question_without_a_record() -> None:
    problems, remarks = check(DATA, TODAY)
    assert [str(p) for p in problems] == []
    assert [r.record for r in remarks if r.message == "có câu hỏi nhưng không có bản ghi này"] == []
    assert [r for r in remarks if "không có trong provinces.yaml" in r.message] == []


def test_nothing_is_past_its_date_on_the_day_it_was_checked(known: Knowledge) -> None:
    records = [*known.plans, *known.offices, *known.terms, *known.legal_documents, *known.guides, *known.guidance, *known.provinces]
    assert max(r.checked_on for r in records) <= TODAY
    assert all(s.title for r in records for s in r.sources)


def test_every_entry_id_is_there_once(known: Knowledge) -> None:
    counts = Counter(e.id for e in entries_of(known))
    assert [i for i, n in counts.items() if n > 1] == []


def test_each_kind_of_entry_is_there(known: Knowledge) -> None:
    kinds = Counter(e.type for e in entries_of(known))
    assert set(kinds) == set(EntryType) - {EntryType.PASSAGE}
    assert kinds[EntryType.PROCEDURE] > 5000
    assert kinds[EntryType.PLAN] == len(known.plans) == len(FACTS)


def test_no_everyday_question_stands_under_two_records_of_one_plan(known: Knowledge) -> None:
    owners: dict[tuple[str, str], set[str]] = {}
    for record, groups in known.questions.items():
        if "/" in record and record.split("/")[0] in {p.id for p in known.plans}:
            for question in (q for g in groups for q in g):
                owners.setdefault((record.split("/")[0], " ".join(folded_keys(question))), set()).add(record)
    assert [key for key, records in owners.items() if len(records) > 1] == []


def test_guidance_belongs_to_the_procedure_of_its_name(known: Knowledge) -> None:
    """A code copied wrong would put one procedure's papers under another's name."""
    for guidance in known.guidance:
        entry = known.catalogue.get(guidance.code or "")
        if entry is not None:
            own, theirs = set(folded_keys(guidance.name)), set(folded_keys(entry.name))
            assert len(own & theirs) >= 2, f"{guidance.id}: {guidance.name} / {entry.name}"


# --- provinces -----------------------------------------------------------------------------------------------------------

UNCHANGED = {"Hà Nội", "Huế", "Lai Châu", "Điện Biên", "Sơn La", "Lạng Sơn", "Quảng Ninh", "Thanh Hóa", "Nghệ An", "Hà Tĩnh", "Cao Bằng"}
MERGED = {
    "Tuyên Quang": {"Hà Giang", "Tuyên Quang"}, "Lào Cai": {"Yên Bái", "Lào Cai"}, "Thái Nguyên": {"Bắc Kạn", "Thái Nguyên"},
    "Phú Thọ": {"Vĩnh Phúc", "Hòa Bình", "Phú Thọ"}, "Bắc Ninh": {"Bắc Giang", "Bắc Ninh"}, "Hưng Yên": {"Thái Bình", "Hưng Yên"},
    "Hải Phòng": {"Hải Dương", "Hải Phòng"}, "Ninh Bình": {"Hà Nam", "Nam Định", "Ninh Bình"}, "Quảng Trị": {"Quảng Bình", "Quảng Trị"},
    "Đà Nẵng": {"Quảng Nam", "Đà Nẵng"}, "Quảng Ngãi": {"Kon Tum", "Quảng Ngãi"}, "Gia Lai": {"Bình Định", "Gia Lai"},
    "Khánh Hòa": {"Ninh Thuận", "Khánh Hòa"}, "Lâm Đồng": {"Đắk Nông", "Bình Thuận", "Lâm Đồng"}, "Đắk Lắk": {"Phú Yên", "Đắk Lắk"},
    "Đồng Nai": {"Bình Phước", "Đồng Nai"}, "Tây Ninh": {"Long An", "Tây Ninh"}, "Vĩnh Long": {"Bến Tre", "Trà Vinh", "Vĩnh Long"},
    "Đồng Tháp": {"Tiền Giang", "Đồng Tháp"}, "Cà Mau": {"Bạc Liêu", "Cà Mau"}, "An Giang": {"Kiên Giang", "An Giang"},
    "TP. Hồ Chí Minh": {"Bình Dương", "Bà Rịa - Vũng Tàu", "TP. Hồ Chí Minh"}, "Cần Thơ": {"Sóc Trăng", "Hậu Giang", "Cần Thơ"},
}  # fmt: skip
"""Nghị quyết 202/2025/QH15: today's province ← those it was made of."""


def key(name: str) -> str:
    keys = folded_keys(name)
    return " ".join(keys[1:] if keys[:1] in (["tp"],) else keys).removeprefix("thanh pho ")


@pytest.fixture(scope="module")
def today(known: Knowledge) -> dict[str, Province]:
    return {key(p.name): p for p in known.provinces if not p.merged_into}


def test_34_provinces_today_and_63_before(known: Knowledge, today: dict[str, Province]) -> None:
    assert len(today) == len(UNCHANGED) + len(MERGED) == 34
    assert set(today) == {key(n) for n in [*UNCHANGED, *MERGED]}
    assert len(known.provinces) == len({key(p.name) for p in known.provinces}) == 63
    assert {key(p.name) for p in known.provinces} == {key(n) for n in [*UNCHANGED, *(x for parts in MERGED.values() for x in parts)]}


def test_each_merger_joins_the_provinces_the_resolution_names(known: Knowledge, today: dict[str, Province]) -> None:
    into: dict[str, set[str]] = {}
    for province in known.provinces:
        into.setdefault(key(province.merged_into or province.name), set()).add(key(province.name))
    assert {name: parts for name, parts in into.items() if len(parts) > 1} == {
        key(n): {key(x) for x in parts} for n, parts in MERGED.items()
    }
    for name, parts in MERGED.items():
        told = {key(m) for m in today[key(name)].merged_from}
        assert told | {key(name)} == {key(x) for x in parts}


def test_mergers_carry_their_day_and_their_resolution(known: Knowledge) -> None:
    for province in known.provinces:
        if province.merged_into:
            assert province.valid_to == MERGER - dt.timedelta(days=1), province.name
            assert not province.in_force(MERGER)
            assert "202/2025/QH15" in (province.basis or ""), province.name
    assert sum(p.in_force(TODAY) for p in known.provinces) == 34


def test_cities_of_the_central_level(today: dict[str, Province]) -> None:
    """Six since the merger, three more that were raised in the course of 2026."""
    since_merger = {"Hà Nội", "Hải Phòng", "Huế", "Đà Nẵng", "TP. Hồ Chí Minh", "Cần Thơ"}
    of_2026 = {"Đồng Nai", "Quảng Ninh", "Bắc Ninh"}
    assert {name for name, p in today.items() if p.kind == "thành phố"} == {key(n) for n in since_merger | of_2026}


# --- plans ---------------------------------------------------------------------------------------------------------------

FACTS = {
    "tien-giang-2021": ("103/KH-UBND", dt.date(2021, 4, 12), "Tiền Giang", "Trần Văn Dũng", (8, 16, 25, 3)),
    "tien-giang-2020": (None, None, "Tiền Giang", "Trần Văn Dũng", (4, 11, 26, 0)),
    "hung-yen-2020": (None, dt.date(2020, 6, 26), "Hưng Yên", "Nguyễn Duy Hưng", (0, 10, 14, 2)),
    "quang-nam-2024": (None, None, "Quảng Nam", "Hồ Quang Bửu", (7, 12, 15, 2)),
    "quang-ngai-2022": ("1523/KH-SCT", dt.date(2022, 7, 22), "Quảng Ngãi", "Võ Văn Rân", (0, 6, 30, 2)),
}
"""Number, day, province and signer as the originals have them; how many tasks, duties, contents and reports were read off."""


@pytest.mark.parametrize("plan_id", sorted(FACTS))
def test_each_plan_has_its_head_and_its_counts(known: Knowledge, plan_id: str) -> None:
    number, date, province, signer, counts = FACTS[plan_id]
    found = plan(known, plan_id)
    assert (found.number, found.date, found.province, found.signer.name) == (number, date, province, signer)
    assert (len(found.tasks), len(found.duties), len(found.contents), len(found.reports)) == counts
    assert all(item.section for item in found.items())


def test_these_are_all_the_plans(known: Knowledge) -> None:
    assert {p.id for p in known.plans} == set(FACTS)


@pytest.mark.parametrize(
    ("item", "leads", "when"),
    [
        ("tien-giang-2021/task-1", ["Sở Thông tin và Truyền thông"], "Thường xuyên"),
        ("tien-giang-2021/task-2", ["Văn phòng Ủy ban nhân dân tỉnh"], "Thường xuyên"),
        ("tien-giang-2021/task-4", ["Sở Thông tin và Truyền thông"], "quý II và quý III/2021"),
        ("tien-giang-2021/task-5", ["Sở Nội vụ"], "Định kỳ hàng tháng"),
        ("tien-giang-2021/task-6", ["Sở Nội vụ"], "Thường xuyên"),
        ("tien-giang-2021/task-8", ["Đài Phát thanh và Truyền hình"], "Thường xuyên"),
        ("quang-nam-2024/task-1", ["Sở Văn hóa, Thể thao và Du lịch"], None),
        ("quang-nam-2024/task-2", ["Báo Quảng Nam", "Đài Phát thanh - Truyền hình Quảng Nam", "Cổng thông tin điện tử tỉnh"], None),
        ("quang-nam-2024/task-4", ["Sở Nội vụ", "UBND các huyện, thị xã, thành phố"], None),
        ("quang-nam-2024/task-7", ["Sở Thông tin và Truyền thông"], None),
    ],
)
def test_who_leads_and_when(known: Knowledge, item: str, leads: list[str], when: str | None) -> None:
    plan_id, task_id = item.split("/")
    task = next(t for t in plan(known, plan_id).tasks if t.id == task_id)
    assert list(task.leads) == leads
    assert (task.when is None) == (when is None)
    assert (when or "").lower() in (task.when or "").lower()


def test_the_newsletter_of_tien_giang(known: Knowledge) -> None:
    task = next(t for t in plan(known, "tien-giang-2021").tasks if t.id == "task-5")
    assert "bản tin điện tử" in task.title
    assert task.section == "Phụ lục, STT 5"
    assert task.partners == ("Các sở, ban, ngành", "Ủy ban nhân dân các huyện, thành phố, thị xã")


def test_reports_of_quang_nam(known: Knowledge) -> None:
    to_province, summary = plan(known, "quang-nam-2024").reports
    assert "30/6" in (to_province.when or "")
    assert "10/12" in (to_province.when or "")
    assert to_province.via == ("Sở Thông tin và Truyền thông",)
    assert summary.who == ("Sở Thông tin và Truyền thông",)


def test_reports_of_hung_yen_go_to_two_departments(known: Knowledge) -> None:
    named = {b for r in plan(known, "hung-yen-2020").reports for b in (*r.to, *r.via)}
    assert {"Sở Nội vụ", "Sở Thông tin và Truyền thông"} <= named


def test_legal_bases_of_tien_giang(known: Knowledge) -> None:
    numbers = {b.number: b.date for b in plan(known, "tien-giang-2021").legal_bases if b.number}
    assert numbers == {"424/QĐ-BNV": dt.date(2021, 3, 24), "342/KH-UBND": dt.date(2020, 12, 8)}


def test_plans_name_indices_only_where_they_do(known: Knowledge) -> None:
    named = {p.id: {c.index for c in p.contents if c.index} for p in known.plans}
    assert "PAPI" in named["hung-yen-2020"]
    assert {"PCI", "PAPI"} <= named["quang-ngai-2022"]


# --- bodies, documents, procedures ---------------------------------------------------------------------------------------


def test_the_information_department_went_to_science_and_technology(known: Knowledge) -> None:
    office = next(o for o in known.offices if o.name == "Sở Thông tin và Truyền thông")
    general = [s for s in office.successors if s.province is None]
    assert any("Khoa học và Công nghệ" in s.body for s in general)
    assert all(s.since is not None or s.since_note for s in office.successors)


def test_every_plan_province_has_todays_department_of_science(known: Knowledge) -> None:
    expected = {"Tiền Giang": "Đồng Tháp", "Quảng Nam": "Đà Nẵng"}
    for old, new in expected.items():
        bodies = [s.body for o in known.offices for s in o.successors if s.province == old and "Khoa học và Công nghệ" in s.body]
        assert bodies, old
        assert all(new in b for b in bodies)


def test_replaced_documents_say_by_what(known: Knowledge) -> None:
    silent = [d.number for d in known.legal_documents if d.state is LegalState.REPLACED and not d.replaced_by]
    assert silent == []


def test_documents_in_force_have_begun(known: Knowledge) -> None:
    early = [d.number for d in known.legal_documents if d.state is LegalState.IN_FORCE and d.valid_from and d.valid_from > TODAY]
    assert early == []


def test_birth_registration_is_known(known: Knowledge) -> None:
    assert known.catalogue["1.001193"].name.lower().endswith("đăng ký khai sinh")
    assert any(g.code == "1.001193" for g in known.guidance)


def test_no_catalogue_fee_is_zero(known: Knowledge) -> None:
    fees = [(code, fee) for code, c in known.catalogue.items() for channel in c.channels for fee in channel.fees]
    assert fees
    assert [row for row in fees if row[1].startswith("0 ")] == []


def test_the_fee_cut_ends_with_the_year(known: Knowledge) -> None:
    cuts = [c for g in known.guidance for c in g.changes if c.facet == "fee" and "64/2025/TT-BTC" in (c.basis or "")]
    assert cuts
    assert {c.valid_to for c in cuts} == {dt.date(2026, 12, 31)}


FOR_NOW = re.compile(r"đang (?:được )?(?:miễn|giảm|tăng)|hiện (?:được )?(?:miễn|giảm)|năm nay|tháng này", re.IGNORECASE)


def test_what_holds_for_a_time_stands_in_a_dated_change(known: Knowledge) -> None:
    """A fact without a day is told for ever."""
    facts = [(g.id, line) for g in known.guidance for line in (*g.papers, *g.time, *g.fee, *g.where_in_person, *g.where_online, *g.result)]
    assert [row for row in facts if FOR_NOW.search(row[1])] == []


def test_no_guidance_doubts_what_it_says_word_for_word(known: Knowledge) -> None:
    for g in known.guidance:
        facts = {line.rstrip(". ").lower() for line in (*g.papers, *g.time, *g.fee, *g.who, *g.steps, *g.result)}
        assert not facts & {d.text.rstrip(". ").lower() for d in g.to_check}, g.id


def test_doubts_name_the_facets_they_bear_on(known: Knowledge) -> None:
    doubts = [d for g in known.guidance for d in g.to_check]
    assert len([d for d in doubts if d.facets]) > 0.8 * len(doubts)


def test_names_too_long_to_read_have_a_short_one(known: Knowledge) -> None:
    assert [g.id for g in known.guidance if len(g.name) > 150 and not g.short_name] == []
    assert [g.id for g in known.guidance if g.short_name and len(g.short_name) >= len(g.name)] == []
