"""Questions of staff about the plans: who leads, with whom, when, who reports, under which document."""

from __future__ import annotations

import pytest

from bot.pipeline import Assistant
from bot.types import Outcome, Status
from knowledge.loading import Knowledge
from knowledge.text import fold
from tests.bot.helpers import best, talk


@pytest.mark.parametrize(
    ("text", "item", "lead"),
    [
        ("Sở nào ra bản tin điện tử cải cách hành chính của Tiền Giang năm 2021?", "tien-giang-2021/task-5", "Sở Nội vụ"),
        ("tien giang nam 2021: ai to chuc cuoc thi tim hieu chinh quyen dien tu", "tien-giang-2021/task-4", "Sở Thông tin và Truyền thông"),
        ("Tiền Giang giao ai tập huấn, bồi dưỡng kiến thức CCHC năm 2021", "tien-giang-2021/task-6", "Sở Nội vụ"),
        ("ở Quảng Nam ai làm pano áp phích cổ động cải cách hành chính", "quang-nam-2024/task-1", "Sở Văn hóa, Thể thao và Du lịch"),
        (
            "Quảng Nam: cuộc thi tìm hiểu CCHC và chuyển đổi số trên truyền hình do ai chủ trì",
            "quang-nam-2024/task-7",
            "Sở Thông tin và Truyền thông",
        ),
        ("hung yen giao so nao mo lop tap huan papi", "hung-yen-2020/duty-2", "Sở Nội vụ"),
    ],
)
def test_who_leads_in_a_province(assistant: Assistant, text: str, item: str, lead: str) -> None:
    answer = talk(assistant, text)
    assert answer.status is Status.ANSWERED
    assert best(answer) == item
    assert lead in answer.lead
    assert answer.text.startswith(lead)


def test_every_task_is_found_by_its_own_title(assistant: Assistant, known: Knowledge) -> None:
    missed = []
    for plan in known.plans:
        for task in plan.tasks:
            answer = talk(assistant, f"{plan.province} {plan.years[0]}: ai chủ trì việc {task.title}")
            if (
                best(answer) != f"{plan.id}/{task.id}"
                or answer.lead != task.leads
                or answer.partners != task.partners
                or answer.when != task.when
            ):
                missed.append((f"{plan.id}/{task.id}", best(answer)))
    assert missed == []


def test_the_place_in_the_document_is_named(assistant: Assistant) -> None:
    answer = talk(assistant, "Tiền Giang 2021: ai xây dựng bản tin điện tử về cải cách hành chính")
    assert "Nguồn: Kế hoạch 103/KH-UBND ngày 12/4/2021 của Ủy ban nhân dân tỉnh Tiền Giang, Phụ lục, STT 5." in answer.text
    assert answer.items[0].section == "Phụ lục, STT 5"
    assert answer.items[0].plan == "tien-giang-2021"


@pytest.mark.parametrize(
    ("text", "item"),
    [
        ("báo cáo năm của Quảng Nam gửi trước ngày mấy", "quang-nam-2024/report-1"),
        ("quang nam bao cao 6 thang tuyen truyen cchc han nop", "quang-nam-2024/report-1"),
    ],
)
def test_when_to_report(assistant: Assistant, text: str, item: str) -> None:
    answer = talk(assistant, text)
    assert best(answer) == item
    assert "30/6" in (answer.when or "")
    assert "10/12" in (answer.when or "")
    assert "10/12" in answer.text


def test_what_the_plan_leaves_open_is_said(assistant: Assistant) -> None:
    answer = talk(assistant, "Quảng Nam: thời gian tổ chức cuộc thi tìm hiểu cải cách hành chính trên truyền hình là khi nào")
    assert best(answer) == "quang-nam-2024/task-7"
    assert answer.when is None
    assert answer.text.startswith("Kế hoạch không ghi thời gian")


def test_what_a_body_has_to_do(assistant: Assistant) -> None:
    answer = talk(assistant, "Văn phòng UBND tỉnh Tiền Giang năm 2021 được giao những việc gì")
    assert answer.status is Status.ANSWERED
    assert {i.plan for i in answer.items} == {"tien-giang-2021"}
    assert "niêm yết" in answer.text
    assert "103/KH-UBND" in answer.text


@pytest.mark.parametrize(
    ("number", "plan", "facts"),
    [
        ("103/KH-UBND", "tien-giang-2021", ("12/4/2021", "Trần Văn Dũng")),
        ("1523/KH-SCT", "quang-ngai-2022", ("22/7/2022", "Võ Văn Rân", "Sở Công Thương")),
    ],
)  # fmt: skip
@pytest.mark.parametrize(
    "form",
    [
        "{}",
        "kế hoạch {} ai ký",
        "kế hoạch số {} ban hành ngày nào",
        "van ban {} do ai ky",
    ],
)
def test_a_plan_by_its_number(assistant: Assistant, number: str, plan: str, facts: tuple[str, ...], form: str) -> None:
    for written in (number, number.lower(), number.replace("/", " / ")):
        answer = talk(assistant, form.format(written))
        assert best(answer) == plan
        assert all(fact in answer.text for fact in (number, *facts))


def test_a_plan_without_a_number_says_so(assistant: Assistant) -> None:
    answer = talk(assistant, "kế hoạch tuyên truyền cải cách hành chính năm 2024 của Quảng Nam số bao nhiêu, ai ký")
    assert best(answer) == "quang-nam-2024"
    assert "Hồ Quang Bửu" in answer.text
    assert "trống" in answer.text


@pytest.mark.parametrize("asked", ["Sơn La", "Cà Mau", "Hà Nội"])
def test_a_province_without_a_plan_is_not_answered_from_anothers(assistant: Assistant, asked: str) -> None:
    answer = talk(assistant, f"kế hoạch tuyên truyền cải cách hành chính của {asked}: sở nào chủ trì")
    assert answer.status is Status.NO_ANSWER
    assert (answer.lead, answer.items) == ((), ())


VAGUE = [
    "mục đích của kế hoạch tuyên truyền là gì", "kinh phí tuyên truyền lấy từ đâu", "định kỳ báo cáo kết quả tuyên truyền về đâu",
    "Sở Tài chính làm gì trong kế hoạch tuyên truyền", "đối tượng của kế hoạch tuyên truyền", "ai chủ trì tập huấn trong kế hoạch tuyên truyền",
    "báo cáo định kỳ kế hoạch tuyên truyền gửi trước ngày nào", "chuyên trang chuyên mục trên báo do ai xây dựng",
    "ai phụ trách tuyên truyền trên đài truyền thanh", "kinh phi tuyen truyen cai cach hanh chinh lay tu nguon nao",
]  # fmt: skip
"""Questions about plans that leave the province open, of things that several plans speak of."""


def test_without_a_province_it_is_asked_back(assistant: Assistant) -> None:
    asked_back = 0
    for text in VAGUE:
        answer = talk(assistant, text)
        if answer.outcome is Outcome.WHICH_PROVINCE:
            asked_back += 1
            labels = [o.label for o in answer.options]
            assert answer.status is Status.CLARIFY
            assert len(labels) == len(set(labels)) >= 2
            assert set(labels) <= {"Tiền Giang", "Hưng Yên", "Quảng Nam", "Quảng Ngãi"}
            assert all(f"{i}. {label}" in answer.text for i, label in enumerate(labels, 1))
            assert answer.lead == ()
            for number, option in enumerate(answer.options, 1):
                by_number, by_name = talk(assistant, text, str(number)), talk(assistant, text, option.label)
                assert best(by_number) == best(by_name) == option.entry
                assert by_number.items[0].province == option.province == option.label
    assert asked_back >= 2, "which of these are asked back hangs on the ranking, but some must be"


@pytest.mark.parametrize("text", VAGUE)
def test_an_open_province_is_never_guessed(assistant: Assistant, text: str) -> None:
    answer = talk(assistant, text)
    assert answer.status is not Status.ANSWERED or answer.items[0].plan is None


@pytest.mark.parametrize(
    "text", ["Mục đích của kế hoạch tuyên truyền ở Quảng Nam là gì", "muc dich cua ke hoach tuyen truyen o quang nam la gi"]
)
def test_with_a_province_it_is_not_asked_back(assistant: Assistant, text: str) -> None:
    answer = talk(assistant, text)
    assert answer.outcome in (Outcome.FOUND, Outcome.WHICH_RECORD)
    assert {i.plan for i in answer.items if i.plan} == {"quang-nam-2024"}


def test_the_year_chooses_among_plans_of_one_province(assistant: Assistant) -> None:
    for year in ("2020", "2021"):
        answer = talk(assistant, f"mục đích kế hoạch tuyên truyền của Tiền Giang năm {year}")
        assert answer.items[0].plan == f"tien-giang-{year}"


def test_marks_make_no_difference(assistant: Assistant) -> None:
    for text in ("Sở nào ra bản tin điện tử cải cách hành chính của Tiền Giang năm 2021", "Hưng Yên giao sở nào mở lớp tập huấn PAPI"):
        assert best(talk(assistant, text)) == best(talk(assistant, fold(text))) == best(talk(assistant, text.upper()))


@pytest.mark.parametrize(
    ("text", "plan", "body"),
    [
        ("sở y tế Quảng Nam làm gì trong kế hoạch tuyên truyền CCHC 2024", "quang-nam-2024", "Sở Y tế"),
        ("so xay dung hung yen co nhiem vu gi trong ke hoach PAPI", "hung-yen-2020", "Sở Xây dựng"),
    ],
)
def test_a_body_that_a_plan_does_not_name_is_told_so(assistant: Assistant, text: str, plan: str, body: str) -> None:
    answer = talk(assistant, text)
    assert best(answer) == plan
    assert "không thấy" in answer.text
    assert body in answer.text.splitlines()[0]
    assert answer.lead == ()


def test_a_body_is_known_by_its_abbreviation_as_typed(assistant: Assistant) -> None:
    answer = talk(assistant, "phòng KH-TC-TH sở công thương Quảng Ngãi làm gì theo kế hoạch 1523")
    assert "dự toán" in answer.text


@pytest.mark.parametrize(
    ("text", "plan", "kind"),
    [
        ("mục đích của kế hoạch tuyên truyền Hưng Yên 2020 là gì", "hung-yen-2020", "purpose"),
        ("yeu cau cua ke hoach tuyen truyen cchc quang nam 2024", "quang-nam-2024", "requirement"),
        ("kinh phí thực hiện kế hoạch 103 lấy ở đâu", "tien-giang-2021", "funding"),
        ("hình thức tuyên truyền các chỉ số Tiền Giang 2020", "tien-giang-2020", "form"),
        ("Nội dung truyền thông theo kế hoạch 1523 là những gì", "quang-ngai-2022", "topic"),
    ],
)
def test_a_part_of_a_plan_is_answered_whole(assistant: Assistant, known: Knowledge, text: str, plan: str, kind: str) -> None:
    answer = talk(assistant, text)
    contents = [c for p in known.plans if p.id == plan for c in p.contents if c.kind == kind]
    assert contents
    assert all(c.title.rstrip(".") in answer.text for c in contents)
    assert {i.plan for i in answer.items} == {plan}


def test_subjects_of_one_index_only_where_it_is_named(assistant: Assistant) -> None:
    text = talk(assistant, "nội dung tuyên truyền PCI trong kế hoạch Tiền Giang 2020").text
    assert "(PCI)" in text
    assert "(PAPI)" not in text


def test_a_part_of_the_plan_that_was_spoken_of(assistant: Assistant) -> None:
    answer = talk(assistant, "Tiền Giang 2021 ai chủ trì cuộc thi tìm hiểu chính quyền điện tử", "thế kinh phí của kế hoạch đó thì sao")
    assert {i.plan for i in answer.items} == {"tien-giang-2021"}
    assert answer.text.startswith("Kinh phí")


def test_a_question_within_a_part_is_still_searched(assistant: Assistant) -> None:
    assert best(talk(assistant, "Sở nào thẩm định kinh phí tuyên truyền CCHC của Tiền Giang 2021")) == "tien-giang-2021/duty-14"


@pytest.mark.parametrize(
    ("messages", "plan", "body"),
    [
        (("Sở Thông tin và Truyền thông Hưng Yên làm gì trong kế hoạch PAPI", "còn Sở Nội vụ?"), "hung-yen-2020", "Sở Nội vụ"),
        (("Báo Hưng Yên phải làm gì trong kế hoạch PAPI", "thế còn Báo Ấp Bắc năm 2021"), "tien-giang-2021", "Báo Ấp Bắc"),
        (("Ai chủ trì cuộc thi tìm hiểu chính quyền số Tiền Giang 2021", "sở tài chính thì sao"), "tien-giang-2021", "Sở Tài chính"),
    ],
)
def test_another_body_of_the_plan(assistant: Assistant, messages: tuple[str, ...], plan: str, body: str) -> None:
    answer = talk(assistant, *messages)
    assert {i.plan for i in answer.items} == {plan}
    assert answer.text.startswith(body)


def test_a_body_named_in_brackets_has_its_task(assistant: Assistant) -> None:
    answer = talk(assistant, "Trung tâm Phục vụ hành chính công tỉnh Quảng Nam được giao việc gì trong kế hoạch tuyên truyền 2024")
    assert best(answer) == "quang-nam-2024/task-5"


@pytest.mark.parametrize(
    ("text", "province"),
    [
        ("Ai chủ trì sản xuất bản tin phát thanh phát trên sóng truyền thanh xã", "Quảng Nam"),
        ("đơn vị nào làm đầu mối triển khai kế hoạch truyền thông nâng cao các chỉ số", "Quảng Ngãi"),
    ],
)
def test_what_only_one_plan_speaks_of_is_not_asked_back(assistant: Assistant, text: str, province: str) -> None:
    answer = talk(assistant, text)
    assert answer.status is Status.ANSWERED
    assert answer.items[0].province == province


@pytest.mark.parametrize(
    "text", ["ở Quảng Nam cơ quan nào cấp hộ chiếu", "Tiền Giang sở nào đổi giấy phép lái xe", "kinh phí làm khai sinh ở Hưng Yên"]
)
def test_words_of_plans_do_not_hide_a_procedure(assistant: Assistant, text: str) -> None:
    assert talk(assistant, text).items[0].type == "procedure"


@pytest.mark.parametrize("text", ["pa nô áp phích cổ động CCHC ai làm", "à kinh phí của kế hoạch thì sao"])
def test_everyday_words_are_no_province(assistant: Assistant, text: str) -> None:
    assert talk(assistant, text).outcome is not Outcome.OTHER_PROVINCE
