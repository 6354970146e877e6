"""Vectors inside the program: the approximate stores find what comparing every row finds, and files that do not fit are refused."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from knowledge.vectors.base import Floats
from knowledge.vectors.local import Kind, LocalVectors, build_index, recall

KINDS = [Kind.FLAT, Kind.GRAPH, Kind.LISTS]


def unit(rows: Floats) -> Floats:
    return np.asarray(rows / np.linalg.norm(rows, axis=1, keepdims=True), dtype=np.float32)


@pytest.fixture(scope="module")
def vectors() -> Floats:
    """3,000 rows around 200 centres, as records lie around their matters."""
    rng = np.random.default_rng(7)
    centres = rng.standard_normal((200, 64))
    return unit(centres[rng.integers(200, size=3000)] + 0.5 * rng.standard_normal((3000, 64)))


@pytest.fixture(scope="module")
def questions(vectors: Floats) -> Floats:
    rng = np.random.default_rng(8)
    return unit(vectors[::60] + 0.05 * rng.standard_normal((50, 64)))


@pytest.fixture(scope="module")
def stores(vectors: Floats) -> dict[Kind, LocalVectors]:
    return {kind: LocalVectors.over(vectors, kind) for kind in KINDS}


@pytest.mark.parametrize("kind", KINDS)
def test_the_nearest_are_found(stores: dict[Kind, LocalVectors], questions: Floats, kind: Kind) -> None:
    assert recall(stores[kind], stores[Kind.FLAT], questions) >= 0.97


def test_comparing_every_row_is_exact(vectors: Floats, questions: Floats, stores: dict[Kind, LocalVectors]) -> None:
    scores, rows = stores[Kind.FLAT].search(questions, 10)
    every = questions @ vectors.T
    assert scores == pytest.approx(-np.sort(-every, axis=1)[:, :10], abs=1e-5)
    assert np.take_along_axis(every, rows, axis=1) == pytest.approx(scores, abs=1e-5)


@pytest.mark.parametrize("kind", KINDS)
def test_similarities_are_those_of_the_full_vectors(stores: dict[Kind, LocalVectors], vectors: Floats, kind: Kind) -> None:
    scores, rows = stores[kind].search(vectors[[5, 1234]], 3)
    assert rows[:, 0].tolist() == [5, 1234]
    assert scores[:, 0] == pytest.approx([1.0, 1.0], abs=1e-5), "not those of the compressed ones"


@pytest.mark.parametrize("count", [1, 3, 400, 2500])
@pytest.mark.parametrize("kind", KINDS)
def test_only_allowed_rows_are_found(stores: dict[Kind, LocalVectors], questions: Floats, kind: Kind, count: int) -> None:
    allowed = np.sort(np.random.default_rng(count).choice(3000, count, replace=False)).astype(np.int64)
    scores, rows = stores[kind].search(questions[:5], 10, allowed)
    assert rows.shape == scores.shape == (5, 10)
    found = rows[rows >= 0]
    assert len(found) == 5 * min(count, 10)
    assert np.isin(found, allowed).all()
    assert np.isneginf(scores[rows < 0]).all()


def test_nothing_allowed(stores: dict[Kind, LocalVectors], questions: Floats) -> None:
    for store in stores.values():
        assert (store.search(questions[:2], 3, np.zeros(0, dtype=np.int64))[1] == -1).all()


@pytest.mark.parametrize(("rows", "kind"), [(0, Kind.FLAT), (1999, Kind.FLAT), (2000, Kind.GRAPH), (10**6, Kind.LISTS)])
def test_the_kind_follows_the_number_of_rows(rows: int, kind: Kind) -> None:
    assert Kind.for_rows(rows) is kind


@pytest.mark.parametrize("kind", KINDS)
def test_a_store_read_back_finds_the_same(stores: dict[Kind, LocalVectors], questions: Floats, tmp_path: Path, kind: Kind) -> None:
    stores[kind].write(tmp_path / "vectors.faiss")
    assert (tmp_path / "vectors.faiss").exists() == (kind is not Kind.FLAT)
    kept = stores[kind].vectors if kind is not Kind.FLAT else stores[kind].vectors[:1500]
    again = LocalVectors.read(kept, tmp_path / "vectors.faiss")
    same = LocalVectors(kept, stores[kind].index)
    assert again.search(questions, 10)[1].tolist() == same.search(questions, 10)[1].tolist()


def test_files_that_do_not_fit_are_refused(stores: dict[Kind, LocalVectors], vectors: Floats, tmp_path: Path) -> None:
    path = tmp_path / "vectors.faiss"
    with pytest.raises(ValueError, match="missing"):
        LocalVectors.read(vectors, path)
    stores[Kind.GRAPH].write(path)
    with pytest.raises(ValueError, match="3000 vectors of 64"):
        LocalVectors.read(vectors[:2500], path)
    path.write_bytes(path.read_bytes()[:1000])
    with pytest.raises((RuntimeError, ValueError)):
        LocalVectors.read(vectors, path)


def test_few_rows_need_no_index(vectors: Floats) -> None:
    assert build_index(vectors[:100]) is None
    scores, rows = LocalVectors.over(vectors[:2]).search(vectors[:1], 5)
    assert rows[0].tolist()[2:] == [-1, -1, -1]
    assert np.isneginf(scores[0][2:]).all()
    assert LocalVectors.over(vectors[:0]).search(vectors[:1], 2)[1].tolist() == [[-1, -1]]
