"""Personal data is taken out in all its spellings; what public texts hold stays."""

from __future__ import annotations

import re

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.privacy.masking import MASKS, Kind, Masked, mask
from knowledge.loading import Knowledge

SEPARATORS = st.sampled_from(["", " ", ".", "-", " - "])
AROUND = st.sampled_from(["{}", "em tên An, {} ạ", "số của em là {}, làm khai sinh cần gì", "gọi {} nhé", "sdt:{}", "({})", "{}/ gọi em"])


@st.composite
def grouped(draw: st.DrawFn, digits: st.SearchStrategy[str], sizes: tuple[int, ...]) -> str:
    """Digits written in groups of ``sizes`` with one kind of separator."""
    number, between = draw(digits), draw(SEPARATORS)
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    return between.join([*parts, number[at:]] if at < len(number) else parts)


MOBILE = st.from_regex(r"\A0[35789][0-9]{8}\Z")
IDENTITY = st.from_regex(r"\A0(0[1-9]|[1-9][0-9])[0-3][0-9]{8}\Z").filter(lambda n: not n.endswith("000"))


@given(st.one_of(grouped(MOBILE, (4, 3, 3)), grouped(MOBILE, (3, 3, 4)), grouped(MOBILE, (4, 2, 2, 2))), AROUND)
def test_mobile_numbers_in_all_groupings(number: str, around: str) -> None:
    masked = mask(around.format(number))
    assert not re.search(r"\d", masked.text)
    assert masked.kinds == (Kind.PHONE,)


@given(MOBILE, st.sampled_from(["+84", "84", "+84 ", "(+84) ", "0084 ", "+84-"]))
def test_mobile_numbers_with_the_country(number: str, country: str) -> None:
    masked = mask(f"liên hệ em qua {country}{number[1:]} giúp em")
    assert not re.search(r"\d", masked.text)
    assert Kind.PHONE in masked.kinds


@given(grouped(IDENTITY, (3, 3, 3, 3)), st.sampled_from(["cccd {}", "căn cước công dân số {} của em", "{}", "CCCD: {}."]))
def test_identity_numbers(number: str, around: str) -> None:
    masked = mask(around.format(number))
    assert not re.search(r"\d", masked.text)
    assert masked.kinds == (Kind.IDENTITY,)


@given(st.from_regex(r"\A[1-9][0-9]{7,14}[1-9]\Z"), st.sampled_from(["stk {} vietcombank", "số tài khoản: {}", "chuyển khoản vào {} nha"]))
def test_bank_accounts(number: str, around: str) -> None:
    assert not re.search(r"\d{5}", mask(around.format(number)).text)


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("cmnd cũ của tôi 024567891", Kind.IDENTITY),
        ("CMND 024.567.891", Kind.IDENTITY),
        ("mã số thuế cá nhân 8012345678", Kind.TAX),
        ("mst 0312345678-001", Kind.TAX),
        ("số sổ bhxh 7912345678", Kind.INSURANCE),
        ("thẻ BHYT GD4797912345678", Kind.INSURANCE),
        ("hộ chiếu B1234567", Kind.PASSPORT),
        ("passport c1234567", Kind.PASSPORT),
        ("thẻ 4111 1111 1111 1111", Kind.CARD),
        ("mail cho em nguyen.van-a@gmail.com", Kind.EMAIL),
        ("xe 51G-123.45", Kind.PLATE),
        ("biển số 59x1 23456", Kind.PLATE),
        ("máy bàn 0273 3872 345", Kind.PHONE),
        ("gọi (028) 38 123 456", Kind.PHONE),
        ("0912 rồi 345 678", Kind.PHONE),
        ("sdt0912345678nha", Kind.PHONE),
        ("không chín một hai ba bốn năm sáu bảy tám", Kind.PHONE),
        ("nhà số 5 0912345678", Kind.PHONE),
        ("năm 2021 0912345678", Kind.PHONE),
        ("0912345678/0987654321", Kind.PHONE),
        ("zalo.me/0912345678", Kind.PHONE),
    ],
)
def test_kinds(text: str, kind: Kind) -> None:
    masked = mask(text)
    assert masked.kinds == (kind,)
    assert MASKS[kind] in masked.text
    assert not re.search(r"\d{5}", masked.text)


def test_several_in_one_message() -> None:
    masked = mask("Em là An, cccd 001099012345, đt 0912.345.678, mail an@gmail.com, muốn làm hộ chiếu")
    assert masked.kinds == (Kind.IDENTITY, Kind.PHONE, Kind.EMAIL)
    assert masked.text == "Em là An, cccd [số căn cước], đt [số điện thoại], mail [thư điện tử], muốn làm hộ chiếu"


@pytest.mark.parametrize(
    "text",
    [
        "thủ tục 1.001193 cần gì",
        "mã 1.001193 và 2.000815",
        "Nghị định 30/2020/NĐ-CP và 1516/QĐ-UBND",
        "ngày 12/4/2021, 12.04.2021 hay 12-04-2021",
        "giai đoạn 2021-2025, năm 2026",
        "lệ phí 1.500.000 đồng hay 150.000đ",
        "nhà 2500000000 đồng, 123.456.789 đồng, 850 000 000",
        "gọi 113, 114, 115, 111, 1022 hay 19001234, 1900 1234, 1900.0368, 18001096, 1800 1096",
        "tổng đài 0236.1022",
        "hồ sơ 000.00.12.H14-210101-0001 tới đâu rồi",
        "mã hồ sơ 202511031142 sao rồi",
        "https://dichvucong.gov.vn/p/home/dvc-chi-tiet-thu-tuc.html?ma=1.001193&id=20251031142151430",
        "đất 120m2, thửa 245 tờ bản đồ 12",
        "hai ba năm nữa em mới làm",
        "chuyển khoản 5000000 được không",
        "chọn 1, 2, 3 hay 4",
        "ngân hàng thu 12 tháng, từ 2020-2021",
        "điều 12 khoản 3 luật 59/2020/QH14",
    ],
)
def test_what_is_public_stays(text: str) -> None:
    assert mask(text) == Masked(text, ())


@given(st.text(max_size=200))
def test_anything_can_be_masked(text: str) -> None:
    masked = mask(text)
    assert bool(masked.kinds) == (masked.text != text)


@given(st.integers(1, 9), st.integers(0, 999999), st.integers(1, 4000), st.integers(1990, 2030))
def test_codes_and_documents_stay(first: int, code: int, number: int, year: int) -> None:
    text = f"thủ tục {first}.{code:06d} theo Nghị định {number}/{year}/NĐ-CP năm {year}"
    assert mask(text).text == text


@given(st.integers(1, 99_999_999))
def test_money_stays(thousands: int) -> None:
    amount = f"{thousands * 1000:,}".replace(",", ".")
    assert mask(f"lệ phí {amount} đồng").text == f"lệ phí {amount} đồng"
    assume(thousands * 1000 < 10**9)
    assert mask(f"phí {thousands * 1000}").text == f"phí {thousands * 1000}"


def test_nothing_of_the_project_s_own_questions_is_taken_for_personal_data(known: Knowledge) -> None:
    questions = [q for rounds in known.questions.values() for r in rounds for q in r]
    hit = [q for q in questions if mask(q).kinds]
    assert not hit
