"""Answers about one procedure, on hand-made records."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from bot.answering.facets import facet_lines
from bot.answering.naming import LONGEST_CHOICE, choice_names, shown_title
from bot.answering.notes import MOST_CHANGES
from bot.answering.procedures import answer
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
    said = answer(procedure(guidance=guidance(fee=["Miễn"], to_check=[{"text": d} for d in doubts], changes=changes)), intent, TODAY)
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


def doubt(text: str, *facets: str) -> dict[str, Any]:
    return {"text": text, "facets": list(facets)}


def test_a_doubt_is_told_with_the_facets_it_bears_on() -> None:
    doubts = [doubt("Mọi mặt"), doubt("Tiền", "fee"), doubt("Tiền và giấy", "fee", "papers"), doubt("Người", "who")]
    entry = procedure(guidance=guidance(fee=["Miễn"], papers=["Tờ khai"], who=["Ai cũng được"], to_check=doubts))
    assert answer(entry, Intent.FEE, TODAY).notes == ("Mọi mặt.", "Tiền.", "Tiền và giấy.")
    assert answer(entry, Intent.PAPERS, TODAY).notes == ("Mọi mặt.", "Tiền và giấy.")
    assert answer(entry, Intent.WHO, TODAY, [Intent.PAPERS]).notes == ("Mọi mặt.", "Tiền và giấy.", "Người.")
    assert answer(entry, Intent.ANY, TODAY).notes == ("Mọi mặt.", "Tiền.", "Tiền và giấy."), "an overview does not tell who may file"


def test_a_change_of_another_facet_waits_until_it_is_asked_for() -> None:
    where = change("Nay làm ở xã", "2025-07-01", facet="where")
    law = change("Luật cũ thay luật cũ hơn", "2025-07-01", facet="basis")
    coming = change("Luật mới", "2027-03-01", facet="basis")
    entry = procedure(guidance=guidance(fee=["Miễn"], where_in_person=["Xã"], changes=[where, law, coming]))
    assert answer(entry, Intent.FEE, TODAY).notes == ("Từ 1/3/2027: Luật mới.",), "a law to come may change everything"
    after = answer(entry, Intent.FEE, dt.date(2027, 3, 2)).notes
    assert after == ("Luật mới (từ 1/3/2027).",), "it stays until the guidance is checked anew"
    told = answer(entry, Intent.WHERE, TODAY).text
    assert told.count("Nay làm ở xã") == 1
    assert "Luật cũ" not in told
    assert "Luật cũ thay luật cũ hơn" in answer(entry, Intent.BASIS, TODAY).text


@pytest.mark.parametrize("asked", [Intent.ANY, *FACETS])
def test_nothing_is_said_twice(asked: Intent) -> None:
    changes = [change(f"Đổi {facet.value}", "2025-07-01", facet=facet.value) for facet in FACETS]
    facets = {key: [f"điều {key}"] for key in ("papers", "fee", "time", "where_in_person", "who", "steps", "result", "bases")}
    doubts = [doubt("điều fee", "fee"), doubt("chưa rõ")]
    lines = answer(procedure(guidance=guidance(**facets, changes=changes, to_check=doubts)), asked, TODAY).text.split("\n")
    points = [line.removeprefix("Lưu ý: ").lstrip("- 1.").lower() for line in lines]
    assert len(points) == len(set(points))


def test_a_dated_change_is_told_in_an_overview_however_much_stands_before_it() -> None:
    fees = [f"Mức {n}" for n in range(9)]
    cut = change("Giảm nửa", "2025-07-01", valid_to="2026-12-31", facet="fee")
    lines = answer(procedure(guidance=guidance(fee=fees, changes=[cut])), Intent.ANY, TODAY).text.split("\n")
    start = lines.index("Lệ phí:")
    assert lines[start + 1 : start + 7] == [
        "- Mức 0.", "- Mức 1.", "- Mức 2.", "- Mức 3.", "- … còn 5 dòng; anh/chị hỏi “lệ phí” để xem đủ.",
        "- Giảm nửa (từ 1/7/2025 đến hết 31/12/2026).",
    ]  # fmt: skip


def test_without_steps_what_is_known_of_the_way_is_told_and_that_they_are_not() -> None:
    entry = procedure(
        catalogue=catalogue(bodies=["Sở Tài chính"], results=["Giấy phép"], cases=[{"name": "Hồ sơ", "papers": [{"name": "Đơn"}]}])
    )
    lines = answer(entry, Intent.STEPS, TODAY).text.split("\n")
    assert lines[1].startswith("Các bước: em chưa có thông tin chắc chắn")
    assert lines[2:8] == ["Giấy tờ:", "- Đơn.", "Nơi nộp:", "- Cơ quan thực hiện: Sở Tài chính.", "Kết quả:", "- Giấy phép."]
    assert "Nơi giải quyết" not in "\n".join(lines)


def test_an_overview_says_what_is_not_known() -> None:
    entry = procedure(catalogue=catalogue(bodies=["Sở Tài chính"]))
    assert "Giấy tờ, thời gian, lệ phí: em chưa có thông tin chắc chắn" in answer(entry, Intent.ANY, TODAY).text
    doubted = procedure(guidance=guidance(papers=["Đơn"], where_in_person=["Xã"], time=["1 ngày"], to_check=[doubt("Phí: hỏi xã", "fee")]))
    assert "chưa có thông tin" not in answer(doubted, Intent.ANY, TODAY).text, "the doubt says so already"


def test_what_to_do_without_a_paper_stands_with_the_papers_and_slips_with_the_steps() -> None:
    entry = procedure(guidance=guidance(papers=["Đơn"], steps=["Nộp"], if_missing=["Mất đơn: viết lại"], mistakes=["Nộp sai nơi"]))
    assert answer(entry, Intent.PAPERS, TODAY).text.split("\n")[1:5] == ["Giấy tờ:", "- Đơn.", "Nếu thiếu giấy tờ:", "- Mất đơn: viết lại."]
    told = answer(entry, Intent.STEPS, TODAY).text.split("\n")
    assert told[1:7] == ["Các bước:", "1. Nộp.", "Chỗ hay nhầm:", "- Nộp sai nơi.", "Giấy tờ:", "- Đơn."], (
        "one goes with the papers at hand"
    )


def test_a_long_official_name_gives_way_to_a_short_one() -> None:
    entry = procedure("Đăng ký biến động trong các trường hợp", guidance=guidance(short_name="Sang tên nhà đất"))
    assert answer(entry, Intent.FEE, TODAY).text.startswith("Sang tên nhà đất (mã 1.000001).")
    assert shown_title(entry) == "Sang tên nhà đất"


def test_titles_in_capitals_are_shown_as_one_reads_them() -> None:
    assert shown_title(procedure("HƯỞNG TRỢ CẤP TUẤT MỘT LẦN.")) == "Hưởng trợ cấp tuất một lần"
    assert answer(procedure("CẤP LẠI THẺ BHYT CHO NGƯỜI ĐÓNG", catalogue=catalogue()), Intent.ANY, TODAY).text.startswith(
        "Cấp lại thẻ BHYT cho"
    )


def test_places_in_short_keep_the_web() -> None:
    entry = procedure(guidance=guidance(where_in_person=[f"Nơi {n}" for n in range(5)], where_online=["Cổng", "Ứng dụng"]))
    lines = answer(entry, Intent.ANY, TODAY).text.split("\n")
    start = lines.index("Nơi nộp:")
    assert lines[start + 1 : start + 6] == [
        "- Nơi 0.", "- Nơi 1.", "- Cổng.", "- Ứng dụng.", "- … còn 3 dòng; anh/chị hỏi “nơi nộp” để xem đủ.",
    ]  # fmt: skip
    assert facet_lines(entry, Intent.WHERE, TODAY) == [*(f"- Nơi {n}." for n in range(5)), "- Cổng.", "- Ứng dụng."]


@pytest.mark.parametrize(
    ("paper", "told"),
    [("Đi thay: giấy ủy quyền", True), ("Giấy ủy quyền nếu đi thay", True), ("Nhờ người nộp thì kèm giấy ủy quyền", True),
     ("Văn bản ủy quyền", False), ("Văn bản ủy quyền thờ cúng", False)],
)  # fmt: skip
def test_the_bare_name_of_a_paper_is_not_who_may_file(paper: str, told: bool) -> None:
    entry = procedure(guidance=guidance(who=["Chủ hộ"], papers=[paper]))
    assert facet_lines(entry, Intent.WHO, TODAY) == ["- Chủ hộ.", *([f"- {paper}."] if told else [])]


def test_what_a_dossier_holds_beyond_names_of_papers_is_said() -> None:
    entry = procedure(catalogue=catalogue(cases=[{"name": "Hồ sơ", "papers": [{"name": "Đơn"}], "left_out": 3}]))
    assert facet_lines(entry, Intent.PAPERS, TODAY) == ["- Đơn.", "- … và 3 mục mà Cổng ghi dài, anh/chị xem đủ tại trang của thủ tục."]
    only = procedure(catalogue=catalogue(cases=[{"name": "Hồ sơ", "left_out": 1}]))
    assert facet_lines(only, Intent.PAPERS, TODAY) == ["- … và 1 mục mà Cổng ghi dài, anh/chị xem đủ tại trang của thủ tục."]


def test_times_side_by_side_without_a_case_are_told_to_depend() -> None:
    rows = [{"method": "Trực tiếp", "time": "5 ngày"}, {"method": "Trực tiếp", "time": "9 ngày"}, {"method": "Bưu chính", "time": "9 ngày"}]
    assert facet_lines(procedure(catalogue=catalogue(channels=rows)), Intent.TIME, TODAY) == [
        "- Trực tiếp: 5 ngày (tùy trường hợp).",
        "- Trực tiếp, Bưu chính: 9 ngày (tùy trường hợp).",
    ]
    told = [rows[0], rows[1] | {"case": "Vùng cao"}]
    assert facet_lines(procedure(catalogue=catalogue(channels=told)), Intent.TIME, TODAY) == [
        "- Trực tiếp: 5 ngày.", "- Trực tiếp: 9 ngày (Vùng cao).",
    ]  # fmt: skip


def test_bodies_of_the_district_that_the_portal_still_names_are_told_to_be_gone() -> None:
    entry = procedure(catalogue=catalogue(bodies=["Bảo hiểm xã hội cấp Tỉnh, Bảo hiểm xã hội cấp huyện"]))
    assert any("cấp huyện không còn từ 1/7/2025" in note for note in answer(entry, Intent.WHERE, TODAY).notes)
    assert answer(procedure(catalogue=catalogue(bodies=["Công an cấp Xã"])), Intent.WHERE, TODAY).notes == ()


@pytest.mark.parametrize(
    ("written", "told"),
    [("+ Văn bản từ chối", "Văn bản từ chối"), ("-Giấy phép", "Giấy phép"), ("(1.2) đối với nhà ở", "Đối với nhà ở"), ("đ) Tổ chức", "Tổ chức"),
     ("2. Cá nhân", "Cá nhân"), ("01 ngày", "01 ngày"), ("Bản sao", "Bản sao"), ("1.5 m trở lên", "1.5 m trở lên")],
)  # fmt: skip
def test_marks_of_the_sources_lists_are_left_out(written: str, told: str) -> None:
    entry = procedure(catalogue=catalogue(results=[written], cases=[{"name": written, "papers": [{"name": "Đơn"}]}]))
    assert facet_lines(entry, Intent.RESULT, TODAY) == [f"- {told}."]
    assert facet_lines(entry, Intent.PAPERS, TODAY)[0] == f"{told}:"


def test_very_long_names_are_cut_among_choices_unless_that_makes_them_alike() -> None:
    long = "Đăng ký thay đổi thành viên hợp danh của công ty; đăng ký thay đổi chủ sở hữu công ty " * 3
    assert choice_names(["Đăng ký khai sinh", long]) == [
        "Đăng ký khai sinh",
        "Đăng ký thay đổi thành viên hợp danh của công ty; đăng ký thay đổi chủ sở hữu công ty Đăng ký thay đổi thành viên hợp danh của công ty…",
    ]
    assert choice_names([long + "một", long + "hai"]) == [long + "một", long + "hai"]
    assert all(len(name) <= LONGEST_CHOICE + 1 for name in choice_names(["giấy " * 60, "x" * 40 + " " + "y" * 150]))
