"""The search over titled texts: its parts on a handful of invented articles, and learning its weights."""

from __future__ import annotations

import gzip
import json
from pathlib import Path

import numpy as np
import pytest

from evaluation.measures import NOT_FOUND
from evaluation.search.collection import Document, law_names, read_collection, read_documents
from evaluation.search.coverage import best_window
from evaluation.search.forms import Forms, answered
from evaluation.search.learning import RIDGE, Example, cross_validated, fit, rank
from evaluation.search.likeness import covered
from evaluation.search.passages import PassageSearch
from evaluation.search.signs import SIGNS, load_weights
from evaluation.search.task import WHOLE, SearchAggregate, run
from evaluation.sets import UnreadableSet
from knowledge.lexicon import Lexicon
from knowledge.text import accented_keys, folded_keys
from tests.small_knowledge import TinyEncoder

CITATION = "(Điều 1 Nghị định số 7/2099/NĐ-CP Về Đội cứu hộ sông ngày 01/02/2099 của Chính phủ, có hiệu lực thi hành kể từ ngày 01/03/2099)"
LATER = "(Điều 2 Nghị định số 7/2099/NĐ-CP, có hiệu lực thi hành kể từ ngày 01/03/2099)"
DOCUMENTS = (
    Document("a", "Phù hiệu", "Phù hiệu hình tròn, nền xanh, viền vàng.", "7/2099/NĐ-CP Về Đội cứu hộ sông", "doi cuu ho song"),
    Document("b", "Phù hiệu", "Phù hiệu hình vuông, nền đỏ.", "8/2099/NĐ-CP Về kiểm lâm", "kiem lam"),
    Document("c", "Thời hạn sửa thuyền", "Thuyền hỏng được sửa trong 10 ngày.", "7/2099/NĐ-CP Về Đội cứu hộ sông", "doi cuu ho song"),
    Document("d", "Sửa thuyền", "Thuyền của người dân do chủ thuyền sửa.", "9/2099/NĐ-CP Về đường thủy", "duong thuy"),
)


@pytest.fixture(scope="module")
def index() -> PassageSearch:
    return PassageSearch.build(DOCUMENTS, TinyEncoder(), folded=True)


def signs_of(index: PassageSearch, question: str) -> dict[str, dict[str, float]]:
    query = Lexicon().query(question)
    legs = index.legs(query)
    best = index.best(query, legs, index.total(legs))
    return {DOCUMENTS[n].id: dict(zip(SIGNS, row, strict=True)) for n, row in zip(best.numbers, best.signs.tolist(), strict=True)}


def test_a_window_counts_each_word_once_and_only_what_stands_close() -> None:
    places, words, weights = [0, 1, 2, 20, 21], [0, 0, 1, 1, 2], [0.5, 0.2, 0.3]
    assert best_window(places, words, weights, 3) == pytest.approx(0.7)
    assert best_window(places, words, weights, 2) == pytest.approx(0.7)
    assert best_window(places, words, weights, 1) == pytest.approx(0.5)
    assert best_window(places, words, weights, 22) == pytest.approx(1.0)
    assert best_window([], [], weights, 5) == 0.0


def test_covered_is_the_weighted_likeness_of_the_nearest_words() -> None:
    asked = np.array([[1, 0], [0, 1]], dtype=np.float32)
    found = np.array([[1, 0], [0.6, 0.8], [-1, 0]], dtype=np.float32)
    assert covered(asked, found, np.array([1, 1, 2], dtype=np.float32)) == pytest.approx((1 + 0.8) / 4)
    assert covered(asked[:0], found, np.ones(3, dtype=np.float32)) == 0.0


@pytest.mark.parametrize("folded", [False, True])
def test_titles_answer_forms_of_questions(folded: bool) -> None:
    keys, forms = (folded_keys if folded else accented_keys), Forms.load(folded=folded)
    how_long = forms.of(keys("Sửa thuyền mất bao lâu?"))
    assert answered(how_long, keys("Thời hạn sửa thuyền")) == 1.0
    assert answered(how_long, keys("Phù hiệu")) == 0.0
    assert answered(forms.of(keys("Thuyền màu xanh")), keys("Thời hạn")) == 0.0


def test_the_name_of_a_law_is_read_from_the_citation_that_has_it() -> None:
    rows = [
        {"num": "7/2099/NĐ-CP", "src": LATER},
        {"num": "7/2099/NĐ-CP", "src": CITATION},
        {"num": "8/2099/NĐ-CP", "src": LATER},
        {"src": CITATION},
    ]
    assert law_names(rows) == {"7/2099/NĐ-CP": "Về Đội cứu hộ sông"}


def test_documents_of_the_codified_law_and_of_other_collections(tmp_path: Path) -> None:
    rows = [
        {
            "num": "7/2099/NĐ-CP",
            "art": "1",
            "title": "Phù hiệu",
            "text": "Hình tròn.",
            "src": CITATION,
            "topic": "giao-thong/doi-cuu-ho-song",
        },
        {"num": "7/2099/NĐ-CP", "art": "1", "title": "Lặp lại", "text": "Bỏ qua."},
        {"num": "7/2099/NĐ-CP", "title": "Không có số điều"},
        {"id": "x", "title": "T", "body": "B", "source": "S", "heading": "H"},
    ]
    path = tmp_path / "corpus.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(r, ensure_ascii=False) + "\n" for r in rows)
    assert read_documents(path) == (
        Document("7/2099/nđ-cp+1", "Phù hiệu", "Hình tròn.", "7/2099/NĐ-CP Về Đội cứu hộ sông", "doi cuu ho song"),
        Document("x", "T", "B", "S", "H"),
    )


def test_signs_say_what_only_the_law_holds(index: PassageSearch) -> None:
    signs = signs_of(index, "Phù hiệu của đội cứu hộ trông thế nào?")
    assert signs["a"]["only_named"] > 0.3 > signs["b"]["only_named"] == 0.0
    assert signs["a"]["announced"] > signs["b"]["announced"] > 0
    assert signs["a"]["heading_asked"] > signs["b"]["heading_asked"] == 0.0
    assert signs["a"]["title_asked"] == signs["b"]["title_asked"] == pytest.approx(1.0)
    assert signs["a"]["neighbours"] > 0.0 == signs["b"]["neighbours"]


def test_signs_of_a_question_without_marks_compare_without_marks(index: PassageSearch) -> None:
    marked, unmarked = (signs_of(index, q)["c"] for q in ("sửa thuyền mất bao lâu", "sua thuyen mat bao lau"))
    for name in ("window_15", "announced", "title_asked", "form"):
        assert unmarked[name] == pytest.approx(marked[name], abs=0.15) and unmarked[name] > 0


def test_the_whole_search_puts_the_named_law_first(tmp_path: Path) -> None:
    (tmp_path / "corpus.jsonl").write_text(
        "\n".join(json.dumps({"id": d.id, "title": d.title, "text": d.body, "source": d.source, "heading": d.heading}) for d in DOCUMENTS)
    )
    questions = {
        "1": "Phù hiệu của đội cứu hộ sông trông thế nào?",
        "2": "phu hieu cua kiem lam mau gi",
        "3": "Câu hỏi không có văn bản đúng",
    }
    (tmp_path / "queries.jsonl").write_text("\n".join(json.dumps({"id": i, "text": q}) for i, q in questions.items()))
    (tmp_path / "qrels.tsv").write_text("1\ta\t1\n2\tb\t1\n3\tmissing\t1\n")
    collection = read_collection(tmp_path)
    assert set(collection.questions) == {"1", "2"}
    rows = list(run(collection, TinyEncoder(), Lexicon()))
    assert {r.id: r.rank for r in rows if r.ranking == WHOLE} == {"1": 0, "2": 0}
    whole = next(a for a in SearchAggregate.of(rows) if a.ranking == WHOLE)
    assert (whole.questions, whole.mrr_10) == (2, 1.0)


def test_a_folder_that_is_no_collection_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableSet, match=r"corpus\.jsonl"):
        read_collection(tmp_path)


def test_documents_outside_the_best_stay_below_them(index: PassageSearch, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evaluation.search.passages.RERANKED", 2)
    query = Lexicon().query("sửa thuyền trong bao lâu")
    legs = index.legs(query)
    total = index.total(legs)
    whole = index.whole(query, legs, -load_weights())
    best, rest = np.argsort(-total)[:2], np.argsort(-total)[2:]
    assert whole[best].min() > whole[rest].max()
    assert whole[rest] == pytest.approx(total[rest])


def examples(count: int) -> list[Example]:
    """Examples in which the first sign tells the right document and the second is noise."""
    rng = np.random.default_rng(5)
    made = []
    for _ in range(count):
        signs = rng.random((6, 2), dtype=np.float32)
        right = np.arange(6) == rng.integers(6)
        signs[right, 0] += 0.8
        made.append(Example(signs, right))
    return made


def test_learning_finds_the_sign_that_tells() -> None:
    weights = fit(examples(80))
    assert weights[0] > 5 * abs(weights[1])
    assert np.mean(np.array(cross_validated(examples(80))) == 0) > 0.85


def test_learning_ends_at_the_minimum() -> None:
    data = examples(40)
    spread = np.mean([e.signs.std(axis=0) for e in data], axis=0) + 1e-4

    def loss(weights: np.ndarray) -> float:
        scores = [e.signs @ weights for e in data]
        missed = [np.log(np.exp(s).sum()) - s[e.right].mean() for s, e in zip(scores, data, strict=True)]
        return float(np.mean(missed) + RIDGE * ((weights * spread) ** 2).sum())

    weights = fit(data).astype(np.float64)
    for step in (np.array([0.05, 0.0]), np.array([0.0, 0.05])):
        assert loss(weights) < min(loss(weights + step), loss(weights - step))


def test_a_question_without_its_document_among_the_best_teaches_nothing() -> None:
    data = examples(40)
    again = fit([*data, Example(data[0].signs, np.zeros(6, dtype=bool))])
    assert again == pytest.approx(fit(data))


def test_a_question_whose_document_is_not_among_the_best_is_not_found() -> None:
    assert rank(Example(np.ones((3, 2), dtype=np.float32), np.zeros(3, dtype=bool)), np.ones(2, dtype=np.float32)) == NOT_FOUND


def test_the_committed_weights_are_for_these_signs(tmp_path: Path) -> None:
    assert len(load_weights()) == len(SIGNS) and np.isfinite(load_weights()).all()
    other = tmp_path / "weights.json"
    other.write_text(json.dumps({"weights": {"other": 1.0}}))
    with pytest.raises(KeyError):
        load_weights(other)
