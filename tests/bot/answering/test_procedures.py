"""Answers about one procedure, on hand-made records."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.answering.facets import facet_lines
from bot.answering.procedures import MOST_CHANGES, answer
from bot.types import Intent
from bot.wording import FACETS
from knowledge.entries import Entry, EntryType

TODAY = dt.date(2026, 11, 21)
PAGE, NEW_PAGE = "https://dichvucong.gov.vn/cu", "https://dichvucong.gov.vn/moi"


def procedure(title: str = "Cấp thẻ", code: str | None = "1.000001", other_codes: tuple[str, ...] = (), **record: Any) -> Entry:
    return Entry(f"procedure/{code}", EntryType.PROCEDURE, title, code=code, other_codes=other_codes, record=record)


def guidance(**fields: Any) -> dict[str, Any]:
    return {"code": "1.000001", "name": "Cấp thẻ", "sources": [{"title": "Cổng", "url": PAGE}], "checked_on": "2026-11-21", **fields}


def catalogue(**fields: Any) -> dict[str, Any]:
    return {"code": "1.000001", "name": "Cấp thẻ", "link": PAGE, "checked_on": "2026-11-21", **fields}


def change(text: str, start: str, **fields: str) -> dict[str, str]:
    return {"text": text, "valid_from": start, **fields}


@pytest.mark.parametrize("intent", [Intent.FEE, Intent.ANY])
def test_what_is_uncertain_is_told_whole_however_much_changes(intent: Intent) -> None:
    doubts = [f"Điều {n} cần hỏi lại" for n in range(5)]
    changes = [change(f"Thay đổi {n}", f"2026-0{n + 1}-01") for n in range(6)]
    said = answer(procedure(guidance=guidance(fee=["Miễn"], to_check=doubts, changes=changes)), intent, TODAY)
    assert [n for n in said.notes if n.startswith("Điều")] == [f"{d}." for d in doubts]
    assert said.notes[:5] == tuple(f"{d}." for d in doubts), "before what has changed"
    assert sum(n.startswith("Thay đổi") for n in said.notes) == MOST_CHANGES
    assert all(f"Lưu ý: {n}" in said.text for n in said.notes)


def test_a_change_of_the_asked_facet_stands_in_it_once_with_its_days() -> None:
    cut = change("Giảm nửa", "2025-07-01", valid_to="2026-12-31", facet="fee", basis="Thông tư 64")
    coming = change("Tăng gấp đôi", "2027-01-01", facet="fee")
    said = answer(procedure(guidance=guidance(fee=["50.000 đồng"], changes=[cut, coming])), Intent.FEE, TODAY).text.split("\n")
    assert said[1:4] == ["Lệ phí:", "- 50.000 đồng.", "- Giảm nửa (từ 1/7/2025 đến hết 31/12/2026), theo Thông tư 64."]
    assert said[4] == "Lưu ý: Từ 1/1/2027: Tăng gấp đôi."
    assert sum("Giảm nửa" in line for line in said) == 1


@pytest.mark.parametrize("facet", [Intent.WHO, Intent.RESULT, Intent.BASIS, Intent.STEPS, Intent.VALIDITY])
def test_every_facet_tells_its_changes(facet: Intent) -> None:
    entry = procedure(guidance=guidance(changes=[change("Khác trước", "2026-01-01", facet=facet.value)]))
    assert facet_lines(entry, facet, TODAY) == ["- Khác trước (từ 1/1/2026)."]


def test_who_may_file_tells_what_a_proxy_needs() -> None:
    entry = procedure(guidance=guidance(who=["Người mất thẻ"], papers=["Tờ khai", "Đi thay: giấy ủy quyền"]))
    assert facet_lines(entry, Intent.WHO, TODAY) == ["- Người mất thẻ.", "- Đi thay: giấy ủy quyền."]


def test_the_official_page_is_not_repeated_as_a_source() -> None:
    said = answer(procedure(guidance=guidance(fee=["Miễn"]), catalogue=catalogue()), Intent.FEE, TODAY)
    assert said.text.count(PAGE) == 1
    assert f"Trang chính thức: {PAGE}" in said.text


SUCCESSOR = {"code": "1.000009", "name": "Cấp, đổi thẻ", "link": NEW_PAGE}


def test_a_former_code_is_answered_as_what_it_is_now() -> None:
    later = guidance(code="1.000009", name="Cấp, đổi thẻ", fee=["Miễn"])
    said = answer(procedure(guidance=later, catalogue=catalogue(channels=[]), successor=SUCCESSOR), Intent.FEE, TODAY)
    assert said.text.startswith("Cấp, đổi thẻ (mã 1.000009, trước đây 1.000001).\nLệ phí:\n- Miễn.")
    assert f"Trang chính thức: {NEW_PAGE}" in said.text
    assert said.links[0] == NEW_PAGE


def test_guidance_of_its_own_points_to_what_it_went_into() -> None:
    entry = procedure(guidance=guidance(fee=["Miễn"]), catalogue=catalogue(), successor=SUCCESSOR)
    said = answer(entry, Intent.FEE, TODAY)
    assert said.text.startswith("Cấp thẻ (mã 1.000001).")
    assert said.notes[0] == f"Thủ tục này nay gộp vào “Cấp, đổi thẻ” (mã 1.000009): {NEW_PAGE}"


def test_codes_without_a_record_are_named() -> None:
    assert answer(procedure(other_codes=("1.000000",), guidance=guidance()), Intent.ANY, TODAY).text.startswith(
        "Cấp thẻ (mã 1.000001, trước đây 1.000000)."
    )
    bare = procedure(code=None, other_codes=("1.000000",), guidance=guidance(code=None))
    assert answer(bare, Intent.ANY, TODAY).text.startswith("Cấp thẻ (trước đây 1.000000).")


def test_a_name_in_capitals_is_told_in_the_guidances_words() -> None:
    assert answer(procedure("CẤP THẺ", guidance=guidance()), Intent.ANY, TODAY).text.startswith("Cấp thẻ (mã 1.000001).")


def test_many_fees_stand_below_each_other_and_few_in_a_line() -> None:
    def channel(method: str, *fees: str) -> dict[str, Any]:
        return {"method": method, "fees": list(fees)}

    many = catalogue(channels=[channel("Trực tiếp", "1 đồng", "2 đồng", "3 đồng"), channel("Trực tuyến", "1 đồng", "2 đồng", "3 đồng")])
    lines = facet_lines(procedure(catalogue=many), Intent.FEE, TODAY)
    assert lines == ["Trực tiếp, Trực tuyến:", "- 1 đồng.", "- 2 đồng.", "- 3 đồng."]
    few = catalogue(channels=[channel("Trực tiếp", "1 đồng", "2 đồng") | {"case": "Vùng cao."}, channel("Trực tuyến", "1 đồng")])
    assert facet_lines(procedure(catalogue=few), Intent.FEE, TODAY) == ["- Trực tiếp: 1 đồng; 2 đồng (Vùng cao).", "- Trực tuyến: 1 đồng."]


def test_papers_are_told_all() -> None:
    papers = [{"name": f"Giấy {n}"} for n in range(20)]
    entry = procedure(catalogue=catalogue(cases=[{"name": "Hồ sơ", "papers": papers}]))
    assert facet_lines(entry, Intent.PAPERS, TODAY) == [f"- Giấy {n}." for n in range(20)]


def test_a_basis_that_will_be_replaced_is_told_with_its_day() -> None:
    change = {"text": "60/2014/QH13 được thay bằng 03/2026/QH16", "valid_from": "2027-03-01"}
    entry = procedure(catalogue=catalogue(bases=["60/2014/QH13"], replaced_bases=[change]))
    assert facet_lines(entry, Intent.BASIS, TODAY)[1] == "- Từ 1/3/2027: 60/2014/QH13 được thay bằng 03/2026/QH16."
    assert facet_lines(entry, Intent.BASIS, dt.date(2027, 3, 1))[1] == "- 60/2014/QH13 được thay bằng 03/2026/QH16 (từ 1/3/2027)."


@pytest.mark.parametrize("asked", [Intent.ANY, *FACETS])
def test_every_other_facet_that_the_record_holds_is_behind_a_button(asked: Intent) -> None:
    keys = ("papers", "fee", "time", "where_in_person", "where_online", "who", "steps", "result", "validity", "bases")
    said = answer(procedure(guidance=guidance(**{key: [f"điều {key}"] for key in keys})), asked, TODAY)
    assert {o.intent for o in said.followups} == set(FACETS) - {asked}
    assert answer(procedure(guidance=guidance(fee=["Miễn"])), Intent.FEE, TODAY).followups == ()
