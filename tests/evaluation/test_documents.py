from __future__ import annotations

from pathlib import Path

import pytest

from evaluation.documents.matching import Bodies, pair, place_key, same_time, word_agreement
from evaluation.documents.measuring import Measures
from evaluation.documents.task import COLUMNS, FIXTURES, NoDocuments, measured, pairs, table
from index_builder.documents.drafting import load_directory
from index_builder.documents.understanding.directory import Directory
from knowledge.loading import DATA


def test_the_invented_documents_are_understood() -> None:
    found = pairs(FIXTURES, FIXTURES)
    documents = measured(found, load_directory(DATA))
    total = Measures()
    for one in documents.values():
        total.merge(one)
    assert len(documents) >= 8
    assert {p.document.suffix for p in found} == {".docx", ".pdf", ".html", ".md", ".txt"}
    low = {name: total.figure(name) for name in COLUMNS if total.figure(name) < 0.95}
    assert not low, total.misses
    assert table([("Tự viết", documents)]).count("\n") == len(documents) + 2


def test_a_wrong_draft_is_measured_as_wrong() -> None:
    """The record of one document against another: next to nothing may agree."""
    found = {p.plan.id: p for p in pairs(FIXTURES, FIXTURES)}
    swapped = type(found["vi-du-2024"])(found["vi-du-2022"].document, found["vi-du-2024"].plan)
    (one,) = measured([swapped], load_directory(DATA)).values()
    assert one.figure("recall") < 0.3
    assert one.figure("metadata") < 0.6
    assert one.misses


def test_nothing_to_measure(tmp_path: Path) -> None:
    with pytest.raises(NoDocuments):
        pairs(tmp_path, FIXTURES)


def test_bodies_agree_across_spellings_only() -> None:
    bodies = Bodies(Directory(), "Ví Dụ")
    assert bodies.same("Ủy ban nhân dân các huyện, thị xã", "UBND huyện, thị xã")
    assert bodies.same("UBND tỉnh", "Ủy ban nhân dân tỉnh Ví Dụ")
    assert not bodies.same("Sở Nội vụ", "Sở Y tế")
    assert not bodies.equal(["Sở Nội vụ"], ["Sở Nội vụ", "Sở Y tế"])


def test_times_places_words_and_pairs() -> None:
    assert same_time("Trước ngày 30/6", "trước ngày 30 tháng 6")
    assert not same_time("Quý I", "Quý II")
    assert not same_time(None, "Quý II")
    assert place_key("Mục IV.1, gạch đầu dòng 3") == ("iv", "1", "dash 3")
    assert word_agreement("mở lớp", "Mở 12 lớp nghề") == 1.0
    assert pair([1, 2], [2, 1, 9], lambda a, b: float(a == b)) == [(0, 1), (1, 0)]
