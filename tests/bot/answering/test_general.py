"""Answers from guides, on a hand-made record."""

from __future__ import annotations

from bot.answering.general import guide
from knowledge.entries import Entry, EntryType

SITE, FORM = "https://dichvucong.gov.vn", "https://dichvucong.gov.vn/mau"


def test_an_address_shown_as_a_link_is_not_repeated_as_a_source() -> None:
    sources = [{"title": "Cổng", "url": FORM}, {"title": "Báo", "url": "https://bao.vn/bai"}]
    record = {"answer": f"Vào {SITE}", "links": [SITE, FORM], "sources": sources, "checked_on": "2026-11-21"}
    text = guide(Entry("guide/nop", EntryType.GUIDE, "Nộp", record=record)).text
    assert text.split("\n") == [
        f"Vào {SITE}.",
        f"Liên kết: {FORM}",
        "Nguồn: Cổng; Báo (https://bao.vn/bai). Kiểm tra ngày 21/11/2026.",
    ]
