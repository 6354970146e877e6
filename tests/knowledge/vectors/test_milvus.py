"""Vectors on a Milvus server: what a build stores is what a question finds, and a server that is gone costs only that leg."""

from __future__ import annotations

import logging
import shutil
import time
from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest

from index_builder.build import build
from knowledge.store import current_folder, open_index
from knowledge.vectors import VectorsUnavailable
from knowledge.vectors.base import Floats
from knowledge.vectors.local import LocalVectors
from knowledge.vectors.milvus import Milvus, MilvusVectors, collection_name
from tests.small_knowledge import TinyEncoder, write_small

DEAD = "http://127.0.0.1:9"


@pytest.fixture(scope="module")
def lite(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The file of an embedded Milvus. One for the module: it starts a process."""
    pytest.importorskip("pymilvus", reason="pymilvus is not installed")
    pytest.importorskip("milvus_lite", reason="Milvus Lite does not run on this machine")
    folder = tmp_path_factory.mktemp("milvus")
    yield str(folder / "lite.db")
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def server(lite: str) -> Iterator[Milvus]:
    """A server on which nothing is published, and after the test nothing again."""
    found = Milvus(lite, prefix="thu")
    yield found
    for name in collections(found):
        found._do("", lambda client, name=name: client.drop_collection(name))


@pytest.fixture(autouse=True)
def _patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slow machine is no failing server."""
    monkeypatch.setattr("knowledge.vectors.milvus._ASKING_S", 30.0)


def some_vectors(rows: int = 300) -> Floats:
    return TinyEncoder().queries([f"dòng {i} của bảng {i % 7}" for i in range(rows)])


def collections(server: Milvus) -> set[str]:
    return set(server._do("", lambda client: client.list_collections()))


def test_what_was_published_is_found(server: Milvus) -> None:
    vectors = some_vectors()
    server.publish("20261121T1-abc", vectors, [])
    assert server.holds("20261121T1-abc")
    assert not server.holds("20261121T2-abc")
    opened = server.opened("20261121T1-abc", len(vectors))
    scores, rows = opened.search(vectors[[7, 200]], 5)
    exact, _ = LocalVectors(vectors, None).search(vectors[[7, 200]], 5)
    assert scores == pytest.approx(exact, abs=1e-5)
    assert np.sum(vectors[rows[0]] * vectors[7], axis=1) == pytest.approx(scores[0], abs=1e-5)
    _, among = opened.search(vectors[[7]], 5, np.array([3, 4, 200]))
    assert sorted(among[0].tolist()) == [-1, -1, 3, 4, 200]
    _, none = opened.search(vectors[[7]], 2, np.zeros(0, dtype=np.int64))
    assert none.tolist() == [[-1, -1]]


def test_the_alias_follows_and_old_versions_go(server: Milvus) -> None:
    for day in (1, 2, 3):
        version = f"2026112{day}T1-ab{day}"
        server.publish(version, some_vectors(20), [f"2026112{day - 1}T1-ab{day - 1}"])
        described = server._do("", lambda client: client.describe_alias("thu_current"))
        assert described["collection_name"] == collection_name("thu", version)
    assert collections(server) == {"thu_20261122T1_ab2", "thu_20261123T1_ab3"}


def test_collections_of_others_stay(lite: str, server: Milvus) -> None:
    version = "20261124T1-ab4"
    for prefix in ("khac", "thu_khac"):
        Milvus(lite, prefix=prefix).publish(version, some_vectors(20), [])
    server.publish(version, some_vectors(20), [])
    assert collections(server) == {collection_name(p, version) for p in ("thu", "khac", "thu_khac")}


def test_an_index_whose_vectors_are_on_the_server(server: Milvus, tmp_path: Path) -> None:
    data, root = write_small(tmp_path / "data"), tmp_path / "index"
    encoder = TinyEncoder()
    built = build(root, encoder, data, quiet=True, server=server)
    index = open_index(root, encoder, {}, server)
    assert isinstance(index.nearest, MilvusVectors)
    title = index.entries[index.by_id["procedure/1.000894"]].title
    _, rows = index.nearest.search(encoder.queries([title]), 3)
    assert index.entries[index.owner[rows[0][0]]].title == title
    assert build(root, encoder, data, quiet=True, server=server).unchanged
    server._do("", lambda client: client.drop_collection(collection_name("thu", built.folder.name)))
    assert not build(root, encoder, data, quiet=True, server=server).unchanged, "vectors that are gone are stored again"
    assert not build(root, encoder, data, quiet=True).unchanged, "the folder alone has to be whole again"
    assert isinstance(open_index(root, encoder, {}).nearest, LocalVectors)


def test_vectors_that_do_not_arrive_publish_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    data, root = write_small(tmp_path / "data"), tmp_path / "index"
    first = build(root, TinyEncoder(), data, quiet=True)
    monkeypatch.setattr("knowledge.vectors.milvus._BUILDING_S", 0.5)
    with pytest.raises(VectorsUnavailable) as caught:
        build(root, TinyEncoder("two"), data, quiet=True, server=Milvus(DEAD, "người:mật khẩu"))
    assert DEAD in str(caught.value)
    assert "BOT_MILVUS_URI" in str(caught.value)
    assert "mật khẩu" not in str(caught.value)
    assert current_folder(root) == first.folder
    assert [p.name for p in root.iterdir() if p.is_dir()] == [first.folder.name]


def test_a_server_that_is_gone_costs_only_its_leg(caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("knowledge.vectors.milvus._ASKING_S", 0.3)
    opened = Milvus(DEAD).opened("v1", 100)
    with caplog.at_level(logging.WARNING, logger="knowledge.vectors.milvus"):
        scores, rows = opened.search(some_vectors(2), 4)
        again, _ = opened.search(some_vectors(2), 4)
    assert rows.tolist() == [[-1] * 4] * 2
    assert np.isneginf(scores).all()
    assert np.isneginf(again).all()
    assert [r.levelname for r in caplog.records] == ["WARNING"], "one line an outage, not one a question"


def test_a_server_that_comes_back_is_asked_again(server: Milvus, monkeypatch: pytest.MonkeyPatch) -> None:
    vectors = some_vectors(20)
    opened = server.opened("v9", len(vectors))
    assert opened.search(vectors[:1], 1)[1].tolist() == [[-1]], "not published yet"
    server.publish("v9", vectors, [])
    later = time.monotonic() + 60
    monkeypatch.setattr("knowledge.vectors.milvus.time", SimpleNamespace(monotonic=lambda: later))
    assert opened.search(vectors[:1], 1)[0][0] == pytest.approx([1.0], abs=1e-5)
