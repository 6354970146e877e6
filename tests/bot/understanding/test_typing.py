"""Messages with typing errors: VNI keys, slips in follow-ups, names that are persons."""

from __future__ import annotations

import pytest

from bot.pipeline import Assistant
from bot.types import Intent, Outcome, Status
from bot.understanding.guessing import guess_intent, guess_name, guess_talk, one_slip
from bot.understanding.keyboards import without_vni
from bot.understanding.reading import read
from knowledge.text import folded_keys


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("d9a8ng ky1 ke61t ho6n", "dang ky ket hon"),
        ("toi muo61n la2m giay1 khai sinh", "toi muon lam giay khai sinh"),
        ("bằng lái hạng b2 và a1", "bằng lái hạng b2 và a1"),
        ("mẫu ct01, thửa a4 ngày 12/4/2021", "mẫu ct01, thửa a4 ngày 12/4/2021"),
        ("thủ tục 1.001193", "thủ tục 1.001193"),
        ("kế hoạch 103/KH-UBND năm 2021", "kế hoạch 103/KH-UBND năm 2021"),
        ("vneid mức2 là gì", "vneid mức2 là gì"),
    ],
)
def test_vni_keys(typed: str, meant: str) -> None:
    assert without_vni(typed) == meant


@pytest.mark.parametrize(
    ("typed", "meant", "near"),
    [("si", "ai", True), ("hki", "khi", True), ("bao", "bao", True), ("lau", "la", True), ("phoii", "phoi", True), ("dau", "nao", False)],
)
def test_one_slip(typed: str, meant: str, near: bool) -> None:
    assert one_slip(typed, meant) is near
    assert one_slip(meant, typed) is near


@pytest.mark.parametrize(
    ("text", "intent"),
    [("bao lau o vay", Intent.TIME), ("phoi hop voi si", Intent.PARTNER), ("hki nao", Intent.WHEN), ("xin chao", None), ("sổ hồng", None)],
)
def test_points_with_slips(text: str, intent: Intent | None) -> None:
    assert guess_intent(folded_keys(text)) is intent


def test_names_with_slips() -> None:
    names = ["Tiền Giang", "Hưng Yên", "Quảng Nam", "Quảng Ngãi"]
    assert guess_name(folded_keys("Tieng Giang"), names) == "Tiền Giang"
    assert guess_name(folded_keys("o hung yeb nha"), names) == "Hưng Yên"
    assert guess_name(folded_keys("quang nax"), names) == "Quảng Nam"
    assert guess_name(folded_keys("mo quan an"), names) is None


@pytest.mark.parametrize(
    ("text", "provinces"),
    [
        ("Đoàn TNCS Hồ Chí Minh làm gì", ()), ("tư tưởng Hồ Chí Minh", ()), ("nộp hồ sơ ở Hồ Chí Minh", ("Hồ Chí Minh",)),
    ],
)  # fmt: skip
def test_a_person_is_no_province(assistant: Assistant, text: str, provinces: tuple[str, ...]) -> None:
    found = read(assistant.searcher.query(text), assistant.names, assistant.searcher.speller).found.provinces
    assert bool(found) is bool(provinces)


@pytest.mark.parametrize(
    ("text", "points"),
    [
        ("cần giấy tờ gì và mất bao nhiêu tiền", (Intent.PAPERS, Intent.FEE)),
        ("bao lâu và ở đâu", (Intent.TIME, Intent.WHERE)),
        ("mất bao lâu", (Intent.TIME,)),
        ("chào em", (Intent.ANY,)),
    ],
)
def test_points_asked_side_by_side(assistant: Assistant, text: str, points: tuple[Intent, ...]) -> None:
    assert read(assistant.searcher.query(text), assistant.names, assistant.searcher.speller).points == points


@pytest.mark.parametrize(
    ("text", "provinces"),
    [
        ("ai chủ trì tuyên truyền CCHC của tỉnh Binh Dương", ("Bình Dương",)),
        ("kế hoạch tuyên truyền CCHC của tỉnh Lạnb Sơn", ("Lạng Sơn",)),
        ("ke hoach papi cua lamm dong ai theo doi", ("Lâm Đồng",)),
        ("kế hoạch nâng cao chỉ số PAPI", ()),
        ("sở nào đồng tổ chức tuyên truyền CCHC", ()),
    ],
)
def test_provinces_misspelt_in_questions_about_plans(assistant: Assistant, text: str, provinces: tuple[str, ...]) -> None:
    assert read(assistant.searcher.query(text), assistant.names, assistant.searcher.speller).found.provinces == provinces


def test_everyday_words_near_a_province_stay_words(assistant: Assistant) -> None:
    reading = read(assistant.searcher.query("xin giấy phép xây nhà ở quê, hai phòng"), assistant.names, assistant.searcher.speller)
    assert reading.found.provinces == ()


@pytest.mark.parametrize(("text", "talk"), [("cam onn nha", Outcome.THANKS), ("xin chaof", Outcome.GREETING), ("so hong bi mat", None)])
def test_small_talk_with_slips(text: str, talk: Outcome | None) -> None:
    assert guess_talk(folded_keys(text)) is talk


def test_thanks_with_slips_are_answered_as_thanks(assistant: Assistant) -> None:
    assert assistant.reply("camr ơn bạ nhiêu nha").answer.outcome is Outcome.THANKS


def test_an_offered_province_is_chosen_with_odd_words_beside_it(assistant: Assistant) -> None:
    asked = assistant.reply("kinh phí tuyên truyền lấy ở đâu")
    assert asked.answer.outcome is Outcome.WHICH_PROVINCE
    answered = assistant.reply("tiền giang nă 2021 nah", asked.state).answer
    assert answered.status is Status.ANSWERED
    assert answered.items[0].id.startswith("tien-giang-2021")
