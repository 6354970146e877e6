"""Questions that name their record: a procedure's code, a document's number, a body, a province. All of them, by rule."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable

import pytest

from bot.pipeline import Assistant
from bot.types import Option, State, Status
from knowledge.loading import Knowledge
from knowledge.schema import LegalState
from tests.bot.helpers import best, talk

TODAY = dt.date(2026, 11, 21)


# --- procedures ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text", ["thủ tục 1.001193 cần giấy tờ gì", "mã 1.001193", "TTHC 1.001193 làm thế nào", "1.001193 le phi bao nhieu"]
)
def test_a_procedure_by_its_code(assistant: Assistant, text: str) -> None:
    answer = talk(assistant, text)
    assert best(answer) == "procedure/1.001193"
    assert answer.items[0].code == "1.001193"
    assert answer.text.startswith("Thủ tục đăng ký khai sinh (mã 1.001193)")


@pytest.mark.parametrize("text", ["1.001193", "(1.001193)", " 1.001193 ?"])
def test_a_code_alone(assistant: Assistant, text: str) -> None:
    assert best(talk(assistant, text)) == "procedure/1.001193"


def test_every_guided_procedure_answers_by_its_code(assistant: Assistant, known: Knowledge) -> None:
    for guidance in known.guidance:
        if guidance.code and guidance.code in known.catalogue:
            answer = talk(assistant, f"thủ tục {guidance.code} cần giấy tờ gì")
            assert best(answer) == f"procedure/{guidance.code}"
            if guidance.papers:
                assert guidance.papers[0].rstrip(". ") in answer.text, guidance.id
            assert answer.offices == (guidance.office,)


@pytest.mark.parametrize("form", ["{}", "{} ở đâu", "{} cần giấy tờ gì"])
def test_no_guided_procedure_is_declined_when_asked_by_its_name(assistant: Assistant, known: Knowledge, form: str) -> None:
    names = [g.name for g in known.guidance] + ["đăng ký kết hôn", "đăng ký xe máy", "làm hộ chiếu", "cấp lại căn cước"]
    declined = [name for name in names if talk(assistant, form.format(name)).status is Status.NO_ANSWER]
    assert declined == []


def test_every_former_code_leads_to_what_it_is_now(assistant: Assistant, known: Knowledge) -> None:
    """By code, by name and from a menu: the procedure of today by name, code and page."""
    pairs = [(former, g) for g in known.guidance for former in g.former_codes]
    assert pairs
    for former, guidance in pairs:
        listed = known.catalogue.get(former)
        page = known.catalogue[guidance.code].link if guidance.code in known.catalogue else next(iter(guidance.links), "")
        answers = [talk(assistant, f"mã {former}"), talk(assistant, f"thủ tục {former} cần giấy tờ gì")]
        if listed is not None:
            choice = State(options=(Option("Việc này", entry=f"procedure/{former}"),))
            answers += [talk(assistant, "1", state=choice)]
        for answer in answers:
            assert guidance.name in answer.text or guidance.code == answer.items[0].code, former
            assert (guidance.code or "") in answer.text and str(page) in answer.text, former
            assert former in answer.text


def test_bases_of_the_portal_that_are_replaced_name_what_follows(assistant: Assistant, known: Knowledge) -> None:
    guided = {g.code for g in known.guidance}
    replaced = {d.number: d.replaced_by for d in known.legal_documents if d.replaced_by}
    cited = [(c.code, b) for c in known.catalogue.values() if c.code not in guided and not c.province for b in c.bases if b in replaced]
    assert cited
    for code, number in cited[::10]:
        text = talk(assistant, f"thủ tục {code} căn cứ văn bản nào").text
        assert all(f"{number} được thay bằng {by.number}" in text for by in replaced[number]), code


def test_a_code_of_today_that_the_catalogue_does_not_list(assistant: Assistant, known: Knowledge) -> None:
    codes = [g.code for g in known.guidance if g.code and g.code not in known.catalogue]
    assert codes
    for code in codes:
        assert f"mã {code}" in talk(assistant, f"{code} ở đâu").text


def test_a_code_that_is_not_known_is_not_replaced_by_another(assistant: Assistant) -> None:
    answer = talk(assistant, "mã thủ tục 9.999999 là gì")
    assert all(i.score < 1.0 for i in answer.items)
    assert "9.999999" not in answer.text


@pytest.mark.parametrize(
    ("text", "facet"),
    [
        ("lệ phí", "Lệ phí"),
        ("mất bao lâu", "Thời gian"),
        ("nộp ở đâu", "Nơi nộp"),
        ("cần giấy tờ gì", "Giấy tờ"),
        ("làm online được không", "Nộp trực tuyến"),
        ("ai được làm", "Ai được làm"),
    ],
)
def test_the_asked_point_comes_first(assistant: Assistant, text: str, facet: str) -> None:
    lines = talk(assistant, f"thủ tục 1.001193 {text}").text.splitlines()
    assert lines[1] == f"{facet}:"
    assert lines[2].startswith("- ")


def test_an_unknown_point_is_said_to_be_unknown(assistant: Assistant, known: Knowledge) -> None:
    code = next(
        c
        for c, e in known.catalogue.items()
        if not e.channels and not e.province and e.link and not any(g.code == c for g in known.guidance)
    )
    answer = talk(assistant, f"thủ tục {code} lệ phí bao nhiêu")
    assert best(answer) == f"procedure/{code}"
    assert "chưa có thông tin chắc chắn" in answer.text
    assert known.catalogue[code].link in answer.links
    assert not any(c.isdigit() and "đồng" in line for line in answer.text.splitlines()[1:2] for c in line)


# --- documents -----------------------------------------------------------------------------------------------------------


def test_every_document_by_its_number(assistant: Assistant, known: Knowledge) -> None:
    for document in known.legal_documents:
        answer = talk(assistant, f"{document.number} còn hiệu lực không")
        assert best(answer) == f"legal/{document.id}"
        if document.state is LegalState.REPLACED and all(c.since is None or c.since <= TODAY for c in document.replaced_by):
            assert "không còn hiệu lực" in answer.text
            assert all(c.number in answer.text for c in document.replaced_by)
        if document.state is LegalState.UPCOMING:
            assert "chưa có hiệu lực" in answer.text


def test_a_replaced_decree_names_its_successor_and_the_day(assistant: Assistant) -> None:
    answer = talk(assistant, "nghị định 61/2018/NĐ-CP còn áp dụng không")
    assert "không còn hiệu lực" in answer.text
    assert "118/2025/NĐ-CP" in answer.text
    assert "1/7/2025" in answer.text


def test_validity_follows_the_day(assistant_on: Callable[[str], Assistant]) -> None:
    text = "nghị định 61/2018/NĐ-CP còn hiệu lực không"
    assert "không còn hiệu lực" not in talk(assistant_on("2025-06-30"), text).text
    assert "không còn hiệu lực" in talk(assistant_on("2025-07-01"), text).text


# --- bodies and provinces ------------------------------------------------------------------------------------------------


def test_every_former_body_names_who_took_over(assistant: Assistant, known: Knowledge) -> None:
    missed = []
    for office in known.offices:
        heirs = [s for s in office.successors if s.province is None and (s.since is None or s.since <= TODAY)]
        if heirs:
            answer = talk(assistant, f"{office.name} nay là cơ quan nào")
            if best(answer) != f"office/{office.id}" or heirs[0].body not in answer.text or heirs[0].body not in answer.offices:
                missed.append(office.name)
    assert missed == []


@pytest.mark.parametrize("text", ["Sở Kế hoạch và Đầu tư giờ là sở nào", "so ke hoach va dau tu nhap vao dau"])
def test_a_former_body_with_a_plan_in_its_name(assistant: Assistant, text: str) -> None:
    answer = talk(assistant, text)
    assert best(answer) == "office/so-ke-hoach-va-dau-tu"
    assert "Sở Tài chính" in answer.text


@pytest.mark.parametrize("form", ["{} nhập vào tỉnh nào", "tỉnh {} giờ thuộc tỉnh nào", "{} còn không hay sáp nhập rồi"])
def test_every_former_province_names_todays(assistant: Assistant, known: Knowledge, form: str) -> None:
    for province in known.provinces:
        if province.merged_into:
            answer = talk(assistant, form.format(province.name))
            assert best(answer) == f"province/{province.id}", province.name
            assert f"đã nhập vào {province.merged_into} từ 1/7/2025" in answer.text
            assert "202/2025/QH15" in answer.text


def test_a_province_of_today_names_its_parts(assistant: Assistant, known: Knowledge) -> None:
    for province in known.provinces:
        if not province.merged_into:
            answer = talk(assistant, f"{province.name} sáp nhập với tỉnh nào")
            assert best(answer) == f"province/{province.id}", province.name
            others = [m for m in province.merged_from if m != province.name]
            assert all(m in answer.text for m in others)
            assert others or "không sáp nhập" in answer.text


def test_a_former_body_of_a_former_province(assistant: Assistant) -> None:
    answer = talk(assistant, "Sở Thông tin và Truyền thông Quảng Nam bây giờ là sở nào")
    assert best(answer) == "office/so-thong-tin-va-truyen-thong"
    assert "Sở Khoa học và Công nghệ thành phố Đà Nẵng" in answer.text
    assert "Đồng Tháp" not in answer.text, "another province's heirs"
    assert answer.offices[0] == "Sở Khoa học và Công nghệ thành phố Đà Nẵng"


@pytest.mark.parametrize("text", ["PAPI là chỉ số gì", "par index la gi", "PCI nghĩa là gì"])
def test_what_an_index_is(assistant: Assistant, text: str) -> None:
    answer = talk(assistant, text)
    assert answer.status is Status.ANSWERED
    assert answer.items[0].type == "term"
    assert "Nguồn:" in answer.text
