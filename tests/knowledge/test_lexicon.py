"""Everyday writing → official words: which rule wins, what is replaced and what is only added."""

from __future__ import annotations

import pytest

from knowledge.lexicon import Lexicon
from knowledge.schema import LexiconEntry
from knowledge.search.query import ADDED_WEIGHT


def entry(written: str, kind: str, *means: str) -> LexiconEntry:
    return LexiconEntry(written=written, kind=kind, means=means)


@pytest.fixture
def lexicon() -> Lexicon:
    return Lexicon(
        [
            entry("đk", "abbreviation", "đăng ký"),
            entry("đk kd", "abbreviation", "đăng ký kinh doanh"),
            entry("cc", "abbreviation", "căn cước", "công chứng"),
            entry("ko", "teencode", "không"),
            entry("sổ đỏ", "everyday", "giấy chứng nhận quyền sử dụng đất"),
            entry("sổ đỏ hồng", "everyday", "giấy chứng nhận nhà và đất"),
            entry("xác nhận độc thân", "everyday", "xác nhận tình trạng hôn nhân"),
            entry("chứng minh nhân dân", "former_name", "căn cước"),
            entry("kinh doang", "misspelling", "kinh doanh"),
        ]
    )


def test_the_longest_rule_wins(lexicon: Lexicon) -> None:
    assert lexicon.query("làm đk kd ở xã").plain == "làm đăng ký kinh doanh ở xã"
    assert lexicon.query("bìa sổ đỏ hồng").added == ("giấy chứng nhận nhà và đất",)


def test_a_shorter_rule_is_used_where_the_longer_does_not_fit(lexicon: Lexicon) -> None:
    assert lexicon.query("đk xe máy").plain == "đăng ký xe máy"
    assert lexicon.query("mất sổ đỏ").added == ("giấy chứng nhận quyền sử dụng đất",)


def test_shorthand_is_replaced_and_its_other_meanings_are_added(lexicon: Lexicon) -> None:
    query = lexicon.query("làm cc ở đâu")
    assert query.plain == "làm căn cước ở đâu"
    assert query.added == ("công chứng",)


def test_everyday_and_former_words_stay_and_official_ones_are_added(lexicon: Lexicon) -> None:
    query = lexicon.query("Chứng minh nhân dân với sổ đỏ")
    assert query.plain == "chứng minh nhân dân với sổ đỏ"
    assert query.added == ("căn cước", "giấy chứng nhận quyền sử dụng đất")


@pytest.mark.parametrize("written", ["SỔ ĐỎ", "so do", "SO DO", "sổ  đỏ", "sổ-đỏ"])
def test_rules_match_whole_syllables_in_any_case(lexicon: Lexicon, written: str) -> None:
    assert lexicon.query(f"lam {written} moi").added == ("giấy chứng nhận quyền sử dụng đất",)


def test_rules_do_not_match_inside_a_syllable(lexicon: Lexicon) -> None:
    assert lexicon.query("kon tum cccd đkkd").plain == "kon tum cccd đkkd"


def test_a_question_without_marks_is_compared_folded(lexicon: Lexicon) -> None:
    assert lexicon.query("xac nhan doc than can gi").added == ("xác nhận tình trạng hôn nhân",)
    assert lexicon.query("dk xe may").plain == "đăng ký xe may"


def test_a_question_with_marks_is_compared_with_them(lexicon: Lexicon) -> None:
    assert lexicon.query("số đo chiều cao").added == ()


def test_words_left_without_marks_in_a_marked_question(lexicon: Lexicon) -> None:
    """One marked word must not turn off what the others say."""
    assert lexicon.query("so do bị mất").added == ("giấy chứng nhận quyền sử dụng đất",)
    assert lexicon.query("xac nhan doc than cần gì").added == ("xác nhận tình trạng hôn nhân",)
    assert lexicon.query("dk thường trú").plain == "đăng ký thường trú", "'dk' is no word, so it can only be 'đk'"
    assert lexicon.query("sổ do bị mất").added == (), "half a phrase without marks is another phrase"


def test_one_word_without_marks_is_not_taken_for_another() -> None:
    lexicon = Lexicon([entry("má", "regional", "mẹ"), entry("bao", "regional", "gói")])
    assert lexicon.query("ma túy là gì").added == ()
    assert lexicon.query("ma tuy la gi").added == ("mẹ",)


def test_what_was_rewritten_is_not_rewritten_again() -> None:
    loop = Lexicon([entry("a", "abbreviation", "b c"), entry("b", "abbreviation", "a")])
    assert loop.query("a b").plain == "b c a"


def test_shorthand_written_out_may_complete_an_everyday_phrase() -> None:
    lexicon = Lexicon([entry("sđ", "abbreviation", "sổ đỏ"), entry("mất sổ đỏ", "everyday", "cấp lại giấy chứng nhận")])
    query = lexicon.query("mất sđ rồi")
    assert query.plain == "mất sổ đỏ rồi"
    assert query.added == ("cấp lại giấy chứng nhận",)


def test_the_question_as_typed_is_kept_clean(lexicon: Lexicon) -> None:
    query = lexicon.query("  Em ko\u200b biết,\n đk KD? ")
    assert query.text == "Em ko biết, đk KD?"
    assert query.plain == "em không biết đăng ký kinh doanh"
    assert query.marked


def test_added_words_weigh_less_than_typed_ones(lexicon: Lexicon) -> None:
    terms = lexicon.query("sổ đỏ giấy tờ").folded()
    assert terms["so"] == terms["so_do"] == 1.0
    assert terms["quyen_su"] == ADDED_WEIGHT
    assert terms["giay"] == 1.0, "a word both typed and added counts as typed"


def test_without_rules_nothing_changes() -> None:
    query = Lexicon().query("Giấy Khai Sinh")
    assert (query.plain, query.added) == ("giấy khai sinh", ())
    assert Lexicon().query("").plain == ""
