"""The search over the real index: names survive, records find themselves, limits are kept; and its small parts by hand."""

from __future__ import annotations

import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.pipeline import Assistant
from knowledge.entries import EntryType
from knowledge.search.features import entry_scores, reciprocal_ranks, row_ranges, second_scores
from knowledge.search.index import SearchIndex
from knowledge.search.query import plain_query
from knowledge.search.ranking import LinearRanking, RankingError, Searcher, load_ranking, logistic
from knowledge.text import fold, folded_keys


@pytest.fixture(scope="module")
def searcher(assistant: Assistant) -> Searcher:
    return assistant.searcher


# --- reading what was typed, on real words -------------------------------------------------------------------------------


def test_names_of_places_and_bodies_are_never_mended(searcher: Searcher, real_index: SearchIndex) -> None:
    for entry in real_index.entries:
        if entry.type in (EntryType.PROVINCE, EntryType.OFFICE):
            for text in (entry.title, fold(entry.title)):
                assert folded_keys(searcher.speller.query(plain_query(text)).plain) == folded_keys(text)


@pytest.mark.parametrize(
    "name",
    [
        "Nguyễn Thị Hằng",
        "Trần Văn Dũng",
        "Lê Quý Đôn",
        "Phạm Khuê",
        "Huỳnh Thúc Kháng",
        "Đỗ Ngọc Quỳnh Như",
        "Võ Thị Sáu",
        "Tô Hiến Thành",
        "Ngô Quyền",
    ],
)
def test_names_of_people_are_never_mended(searcher: Searcher, name: str) -> None:
    for text in (name, fold(name)):
        assert folded_keys(searcher.query(text).plain) == folded_keys(text)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("giaays khai sinh", "giay khai sinh"),
        ("đăng ký kết hônn", "dang ki ket hon"),
        ("cấp laij sổ đỏ", "cap lai so do"),
        ("caawn cuwowcs", "can cuoc"),
        ("ddawng kys khai sinh", "dang ki khai sinh"),
        ("xuwr lys hồ sơ", "xu li ho so"),
    ],
)
def test_slips_are_mended_with_real_words(searcher: Searcher, typed: str, meant: str) -> None:
    assert " ".join(folded_keys(searcher.query(typed).plain)) == meant


@pytest.mark.parametrize("typed", ["vneid", "zalo", "facebook", "wifi", "passport"])
def test_foreign_words_stay(searcher: Searcher, typed: str) -> None:
    assert searcher.query(f"làm {typed} ở đâu").plain.split()[1] == typed


# --- finding -------------------------------------------------------------------------------------------------------------


def test_records_find_themselves_by_their_title(searcher: Searcher, real_index: SearchIndex) -> None:
    """A sample over all types; titles that several records share count as found when one of them is."""
    sample = [e for e in real_index.entries[:: len(real_index.entries) // 150] if not e.internal and not e.province]
    missed = []
    for entry in sample:
        for text in (entry.title, fold(entry.title)):
            hits = searcher.search(searcher.query(text)).hits
            if not hits or entry.title.lower() not in {real_index.entries[h.entry].title.lower() for h in hits[:5]}:
                missed.append(text)
    assert len(missed) <= 0.03 * 2 * len(sample), missed


def test_shares_are_a_falling_distribution(searcher: Searcher) -> None:
    for text in ("đăng ký khai sinh", "ai chủ trì tuyên truyền", "xyz", "sổ đỏ"):
        ranked = searcher.search(searcher.query(text))
        shares = [h.share for h in ranked.hits]
        assert shares == sorted(shares, reverse=True)
        assert sum(shares) <= 1.0 + 1e-5
        assert 0.0 <= ranked.confidence <= 1.0
        assert 0.0 <= ranked.scope <= 1.0
        assert len({h.entry for h in ranked.hits}) == len(ranked.hits)


def test_only_allowed_entries_are_found(searcher: Searcher, real_index: SearchIndex) -> None:
    allowed = np.array([e.type is EntryType.GUIDE for e in real_index.entries])
    hits = searcher.search(searcher.query("đăng ký khai sinh trực tuyến"), allowed).hits
    assert hits
    assert all(allowed[h.entry] for h in hits)
    assert searcher.search(searcher.query("đăng ký khai sinh"), np.zeros(len(allowed), dtype=bool)).hits == ()


def test_the_number_of_hits_is_limited(searcher: Searcher) -> None:
    assert len(searcher.search(searcher.query("giấy phép"), top=7).hits) == 7


# --- the ranking ---------------------------------------------------------------------------------------------------------


def test_the_committed_ranking_fits_the_code(searcher: Searcher) -> None:
    assert set(load_ranking()["weights"]) <= set(searcher.ranking.names)
    assert searcher.ranking.with_questions.any()
    assert searcher.ranking.without_questions.any()
    assert set(load_ranking()["calibration"]) >= {"correct", "scope"}


def test_weights_are_taken_by_name_and_kind_of_entry() -> None:
    values = {"weights": {"b": {"with": 2.0, "without": -1.0}, "a": {"with": 1.0}}, "calibration": {}}
    ranking = LinearRanking.read(values, ["a", "b", "new"])
    features = np.array([[1.0, 1.0, 9.0], [1.0, 1.0, 9.0]], dtype=np.float32)
    assert ranking.scores(features, np.array([True, False])).tolist() == [3.0, -1.0]


def test_a_weight_for_a_feature_that_is_gone_is_refused() -> None:
    with pytest.raises(RankingError, match="train"):
        LinearRanking.read({"weights": {"gone": {"with": 1.0}}, "calibration": {}}, ["a"])


def test_logistic() -> None:
    assert logistic({}, {}) == 0.5
    assert logistic({"a": 2.0, "b": 5.0}, {"a": 1.0, "intercept": -2.0}) == 0.5
    assert 0.0 <= logistic({"a": 1e9}, {"a": -1.0}) < logistic({"a": 1e9}, {"a": 1.0}) <= 1.0


# --- arrays --------------------------------------------------------------------------------------------------------------

LINES = st.lists(st.lists(st.floats(0, 1, width=32), max_size=4), max_size=6)


def flat(rows: list[list[float]]) -> tuple[np.ndarray[tuple[int], np.dtype[np.float32]], np.ndarray[tuple[int], np.dtype[np.int64]]]:
    start = np.concatenate([[0], np.cumsum([len(r) for r in rows])]).astype(np.int64)
    return np.array([x for r in rows for x in r], dtype=np.float32), start


@given(LINES)
def test_the_best_line_of_each_entry(rows: list[list[float]]) -> None:
    scores, start = flat(rows)
    assert entry_scores(scores, start).tolist() == [max(r, default=0.0) for r in rows]


@given(st.lists(st.lists(st.integers(1, 50), max_size=4, unique=True), max_size=6))
def test_the_second_line_of_each_entry(rows: list[list[int]]) -> None:
    scores, start = flat([[x / 50 for x in r] for r in rows])
    best = entry_scores(scores, start)
    expected = [sorted(r)[-2] / 50 if len(r) > 1 else 0.0 for r in rows]
    assert second_scores(scores, start, best).tolist() == pytest.approx(expected)


@given(LINES.filter(bool), st.data())
def test_the_lines_of_chosen_entries(rows: list[list[float]], data: st.DataObject) -> None:
    _, start = flat(rows)
    chosen = np.array(data.draw(st.lists(st.integers(0, len(rows) - 1), min_size=1, max_size=6)), dtype=np.int64)
    numbers, bounds = row_ranges(start, chosen)
    parts = [numbers[a:b].tolist() for a, b in itertools.pairwise(bounds)]
    assert parts == [list(range(start[c], start[c + 1])) for c in chosen]


def test_reciprocal_ranks() -> None:
    assert reciprocal_ranks(np.array([0.2, 0.9, 0.0, 0.5], dtype=np.float32)).tolist() == pytest.approx([1 / 3, 1.0, 0.0, 0.5])
