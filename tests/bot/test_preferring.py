"""What goes first among nearly equal hits by the form of the question, on hand-made hits."""

from __future__ import annotations

import pytest

from bot.preferring import named_first
from bot.types import Intent
from bot.understanding.names import Names
from bot.understanding.reading import Reading, read
from knowledge.entries import Entry, EntryType
from knowledge.lexicon import Lexicon
from knowledge.search.ranking import Hit, Ranked
from knowledge.spelling import Speller

NOTION = Entry("term/muc-1", EntryType.TERM, "Tài khoản mức 1", aliases=("định danh mức 1",))
GUIDE = Entry("guide/nho-nguoi", EntryType.GUIDE, "Nhờ người khác làm thay")
PROCEDURE = Entry("procedure/1.000001", EntryType.PROCEDURE, "Cấp tài khoản", aliases=("định danh mức 1", "đổi căn cước"))


def reading(text: str) -> Reading:
    return read(Lexicon(()).query(text), Names([]), Speller.of({}, {}))


def first(text: str, *entries: Entry, shares: tuple[float, ...] = (0.6, 0.3)) -> Entry:
    hits = tuple(Hit(number, share, share) for number, share in enumerate(shares[: len(entries)]))
    ranked = Ranked(hits, 0.9, 0.9, {})
    return entries[named_first(ranked, reading(text), entries).hits[0].entry]


def test_one_side_of_a_procedure_is_not_asked_of_a_notion() -> None:
    assert reading("định danh mức 1 hết bao nhiêu tiền").intents == (Intent.FEE,)
    assert first("định danh mức 1 hết bao nhiêu tiền", NOTION, PROCEDURE) is PROCEDURE
    assert first("định danh mức 1 là gì", NOTION, PROCEDURE) is NOTION


@pytest.mark.parametrize(("text", "wanted"), [("nhờ người khác đổi căn cước", PROCEDURE), ("nhờ người khác làm thay", GUIDE)])
def test_a_named_procedure_goes_before_a_guide_that_is_not_named(text: str, wanted: Entry) -> None:
    assert first(text, GUIDE, PROCEDURE) is wanted


def test_one_that_is_hardly_likely_stays_behind() -> None:
    assert first("định danh mức 1 hết bao nhiêu tiền", NOTION, PROCEDURE, shares=(0.9, 0.01)) is NOTION
