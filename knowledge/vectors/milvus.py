"""Vectors on a Milvus server (https://milvus.io), for an index that outgrows one machine or many replicas that share it.

Each published version has a collection of its own, ``<prefix>_<version>``; the alias ``<prefix>_current`` names the newest, for people
and other programs. The bot asks for the collection of the version whose folder it has open: replicas that switch a few seconds apart
never mix the rows of two versions.

When the server cannot be reached, a search gives no rows and says so in the log: the bot then finds records by their words alone,
worse but right, and tries the server again a little later. Building is strict: vectors that did not arrive publish nothing.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Iterable
from importlib import import_module
from operator import methodcaller
from threading import Lock
from typing import Any

import numpy as np

from config.console import how_to_install
from knowledge.vectors.base import Floats, Ints, VectorsUnavailable

log = logging.getLogger(__name__)
ROW, VECTOR = "row", "vector"
_LINKS, _BREADTH = 24, 128
_BATCH = 2_000
"""Rows sent at once: 2 MB of a message that may have 64."""
_ASKING_S, _BUILDING_S = 1.0, 120.0
_RETRY_S = 15.0
_VERSION = re.compile(r"\d{8}T\d+_[0-9a-f]+")
"""What follows the prefix in the name of a version; ``hoi_dap_thu_…`` is no version of the installation ``hoi_dap``."""


def collection_name(prefix: str, version: str) -> str:
    """The collection of an index version; Milvus takes letters, digits and underscores."""
    return f"{prefix}_{re.sub(r'[^A-Za-z0-9]', '_', version)}"


class Milvus:
    """A server, connected to when it is first needed.

    Args:
        uri: ``http://host:19530``, or the path of a Milvus Lite file.
        token: ``user:password`` or an API key; empty where the server asks for none.
        prefix: begins the names of all collections of this installation.
    """

    def __init__(self, uri: str, token: str = "", prefix: str = "hoi_dap") -> None:
        self._uri, self._token, self._prefix = uri, token, prefix
        self._client: Any | None = None
        self._lock = Lock()

    def _connect(self, timeout: float) -> Any:
        """Raises: VectorsUnavailable."""
        with self._lock:
            if self._client is None:
                try:
                    pymilvus = import_module("pymilvus")
                except ImportError as error:
                    raise VectorsUnavailable(f"BOT_VECTORS=milvus: thiếu gói pymilvus; {how_to_install('milvus')}") from error
                # It logs every failed call with its traceback; what matters is told here in one line.
                logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
                try:
                    self._client = pymilvus.MilvusClient(uri=self._uri, token=self._token, timeout=timeout)
                except Exception as error:
                    raise self._unavailable("không kết nối được", error) from error
            return self._client

    def _unavailable(self, what: str, error: Exception) -> VectorsUnavailable:
        reason = type(error).__name__ + (f", mã {error.code}" if hasattr(error, "code") else "")
        return VectorsUnavailable(
            f"Milvus ở {self._uri}: {what} ({reason}). Hãy xem máy chủ có chạy không, BOT_MILVUS_URI và BOT_MILVUS_TOKEN có đúng không."
        )

    def _do(self, what: str, work: Callable[[Any], Any], timeout: float = _BUILDING_S) -> Any:
        client = self._connect(timeout)
        try:
            return work(client)
        except Exception as error:
            raise self._unavailable(what, error) from error

    def holds(self, version: str) -> bool:
        """Whether the vectors of a version are there. Raises: VectorsUnavailable."""
        name = collection_name(self._prefix, version)
        return bool(self._do("không xem được các bộ véc-tơ", methodcaller("has_collection", name)))

    def publish(self, version: str, vectors: Floats, kept: Iterable[str]) -> None:
        """Store the vectors of a version and point the alias to it; versions that are neither this nor ``kept`` are dropped.

        Raises:
            VectorsUnavailable: not all of it arrived; nothing of this version stays.
        """
        name = collection_name(self._prefix, version)
        try:
            self._do("không ghi được véc-tơ", lambda client: self._fill(client, name, vectors))
            self._do("không đổi được tên hiện hành", lambda client: self._point(client, name))
        except VectorsUnavailable:
            if self._client is not None:
                try:
                    self._client.drop_collection(name)
                except Exception:
                    log.warning("Chưa xóa được bộ véc-tơ dở dang %s trên Milvus", name)
            raise
        wanted = {name, *(collection_name(self._prefix, k) for k in kept)}
        for other in self._do("không xem được các bộ véc-tơ", methodcaller("list_collections")):
            if _VERSION.fullmatch(other.removeprefix(f"{self._prefix}_")) and other not in wanted:
                self._do(f"không xóa được bộ véc-tơ cũ {other}", methodcaller("drop_collection", other))

    @staticmethod
    def _fill(client: Any, name: str, vectors: Floats) -> None:
        types = import_module("pymilvus").DataType
        schema = client.create_schema(auto_id=False, enable_dynamic_field=False)
        schema.add_field(ROW, types.INT64, is_primary=True)
        schema.add_field(VECTOR, types.FLOAT_VECTOR, dim=vectors.shape[1])
        index = client.prepare_index_params()
        index.add_index(VECTOR, index_type="HNSW", metric_type="IP", params={"M": _LINKS, "efConstruction": _BREADTH})
        client.create_collection(name, schema=schema, index_params=index)
        for start in range(0, len(vectors), _BATCH):
            rows = vectors[start : start + _BATCH]
            client.insert(name, [{ROW: start + i, VECTOR: row} for i, row in enumerate(rows)])
        client.flush(name)
        client.load_collection(name)
        counted = client.query(name, filter="", output_fields=["count(*)"], consistency_level="Strong")[0]["count(*)"]
        if counted != len(vectors):
            raise ValueError(f"{counted} of {len(vectors)} rows arrived")

    def _point(self, client: Any, name: str) -> None:
        alias = f"{self._prefix}_current"
        try:
            client.describe_alias(alias)
        except Exception:
            client.create_alias(name, alias)
        else:
            client.alter_alias(name, alias)

    def opened(self, version: str, rows: int) -> MilvusVectors:
        """The vectors of a version for searching. Never fails: without the server, searches find nothing until it is back."""
        return MilvusVectors(self, collection_name(self._prefix, version), rows)

    def ask(self, name: str, vectors: Floats, k: int, allowed: Ints | None) -> list[list[tuple[float, int]]]:
        """(similarity, row) pairs of each vector, best first. Raises: VectorsUnavailable."""
        chosen = {} if allowed is None else {"filter": f"{ROW} in {allowed.tolist()}"}

        def search(client: Any) -> Any:
            parameters = {"metric_type": "IP", "params": {"ef": max(_BREADTH, k)}}
            return client.search(
                name, data=list(vectors), limit=k, search_params=parameters, output_fields=[ROW], timeout=_ASKING_S, **chosen
            )

        found = self._do("không tìm được", search, _ASKING_S)
        return [[(float(hit["distance"]), int(hit[ROW])) for hit in hits] for hits in found]


class MilvusVectors:
    """One version's vectors. After a failure the server is left alone for a while, so that questions don't wait for it one by one."""

    def __init__(self, server: Milvus, name: str, rows: int) -> None:
        self._server, self._name, self._rows = server, name, rows
        self._not_before = 0.0

    def search(self, vectors: Floats, k: int, allowed: Ints | None = None) -> tuple[Floats, Ints]:
        scores = np.full((len(vectors), k), -np.inf, dtype=np.float32)
        numbers = np.full((len(vectors), k), -1, dtype=np.int64)
        if time.monotonic() < self._not_before or (allowed is not None and not len(allowed)):
            return scores, numbers
        try:
            found = self._server.ask(self._name, vectors, min(k, self._rows), allowed)
        except VectorsUnavailable as error:
            self._not_before = time.monotonic() + _RETRY_S
            log.warning("Tạm tìm theo chữ, thử lại sau %d giây. %s", int(_RETRY_S), error)
            return scores, numbers
        for place, hits in enumerate(found):
            scores[place, : len(hits)] = [score for score, _ in hits]
            numbers[place, : len(hits)] = [row for _, row in hits]
        return scores, numbers
