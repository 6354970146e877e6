"""The published index on disk: one folder a version, a manifest, and a pointer file that names the current one.

    <root>/CURRENT            name of the version folder, replaced atomically
    <root>/<version>/manifest.json, entries.jsonl, *.npy, *.terms, vectors.faiss, lexicon.json

:func:`open_index` checks everything it reads against the manifest, so that a broken, foreign or outdated index is refused with a
message that says what to do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import asdict, fields
from functools import partial
from pathlib import Path
from typing import Any

import faiss
import numpy as np
from numpy.typing import NDArray

from knowledge.encoding import Encoder
from knowledge.entries import Entry, EntryType
from knowledge.lexical import LexicalIndex
from knowledge.lexicon import Lexicon
from knowledge.schema import Aspect, LexiconEntry, LifeEvent
from knowledge.search.index import LEGS, Layout, SearchIndex, line_owners

SCHEMA_VERSION = 5
POINTER = "CURRENT"
MANIFEST = "manifest.json"
DECOYS = "decoys"
_ENTRY_FIELDS = {f.name for f in fields(Entry)}


class IndexUnusable(RuntimeError):
    """There is no index that can be used; the message says which command makes one."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"{reason} Hãy dựng chỉ mục bằng lệnh: python -m index_builder build")


def file_hash(path: Path) -> str:
    digest = hashlib.sha256()
    with path.open("rb") as data:
        while chunk := data.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()


def dump_entry(entry: Entry) -> str:
    values = {k: v for k, v in asdict(entry).items() if v not in (None, (), "")}
    return json.dumps(values, ensure_ascii=False)


def load_entry(line: str) -> Entry:
    values = json.loads(line)
    values = {k: tuple(v) if isinstance(v, list) else v for k, v in values.items() if k in _ENTRY_FIELDS}
    values["type"] = EntryType(values["type"])
    return Entry(**values)


def current_folder(root: Path) -> Path:
    """The version folder that the pointer names.

    Raises:
        IndexUnusable: nothing published, or the pointer names a folder that is gone.
    """
    pointer = root / POINTER
    if not pointer.is_file():
        raise IndexUnusable(f"Chưa có chỉ mục ở {root}.")
    folder = root / pointer.read_text(encoding="utf-8").strip()
    if not folder.is_dir() or folder.parent != root:
        raise IndexUnusable(f"Chỉ mục {folder} không còn.")
    return folder


def read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise IndexUnusable(f"Chỉ mục ở {folder} bị hỏng (không đọc được {MANIFEST}).") from error
    if not isinstance(manifest, dict) or "schema" not in manifest or "files" not in manifest:
        raise IndexUnusable(f"Thư mục {folder} không phải chỉ mục của chương trình này.")
    if manifest["schema"] != SCHEMA_VERSION:
        raise IndexUnusable(f"Chỉ mục thuộc phiên bản {manifest['schema']}, chương trình cần phiên bản {SCHEMA_VERSION}.")
    return manifest


def verify_files(folder: Path, manifest: Mapping[str, Any], *, deep: bool) -> None:
    """Every file there with its size; with ``deep`` also its hash."""
    for name, (size, digest) in manifest["files"].items():
        path = folder / name
        if not path.is_file() or path.stat().st_size != size or (deep and file_hash(path) != digest):
            raise IndexUnusable(f"Chỉ mục ở {folder} bị hỏng (tệp {name} thiếu hoặc sai).")


def _load_array(folder: Path, leg: str, part: str) -> NDArray[np.generic]:
    array: NDArray[np.generic] = np.load(folder / f"{leg}.{part}.npy", allow_pickle=False)
    return array


def _load_leg(folder: Path, leg: str, size: int) -> LexicalIndex:
    text = (folder / f"{leg}.terms").read_text(encoding="utf-8")
    return LexicalIndex.restore(text.split("\n") if text else [], partial(_load_array, folder, leg), size)


def open_index(root: Path, encoder: Encoder, ranking: Mapping[str, Any]) -> SearchIndex:
    """Read the current index.

    Raises:
        IndexUnusable: missing, truncated, foreign, of another schema version, or built with another encoder.
    """
    folder = current_folder(root)
    manifest = read_manifest(folder)
    if manifest["encoder"] != encoder.identity:
        raise IndexUnusable(f"Chỉ mục được dựng bằng bộ mã hóa {manifest['encoder']!r}, đang đặt {encoder.identity!r}.")
    verify_files(folder, manifest, deep=False)
    try:
        entries = tuple(load_entry(line) for line in (folder / "entries.jsonl").read_text(encoding="utf-8").split("\n") if line)
        layout = Layout.of(entries)
        sizes = {"names": len(layout.names), "questions": len(layout.questions), "body": len(entries), "whole": len(entries)}
        decoys = int(manifest["counts"][DECOYS])
        legs = {leg: _load_leg(folder, leg, sizes.get(leg.rsplit("_", 1)[0], decoys)) for leg in (*LEGS, DECOYS)}
        decoy_vectors = np.load(folder / "decoys.npy", allow_pickle=False)
        store = faiss.read_index(str(folder / "vectors.faiss"))
        vectors = np.load(folder / "vectors.npy", mmap_mode="r", allow_pickle=False)
        words = json.loads((folder / "lexicon.json").read_text(encoding="utf-8"))
        lexicon = Lexicon([LexiconEntry.model_validate(w) for w in words["entries"]])
        aspects = tuple(Aspect.model_validate(a) for a in words["aspects"])
        life_events = tuple(LifeEvent.model_validate(e) for e in words.get("life_events", ()))
    except (OSError, ValueError, KeyError, RuntimeError) as error:
        raise IndexUnusable(f"Chỉ mục ở {folder} bị hỏng ({type(error).__name__}).") from error
    rows = len(layout.names) + len(layout.questions) + len(entries)
    if vectors.shape != (rows, encoder.dimension) or store.ntotal != rows:
        raise IndexUnusable(f"Chỉ mục ở {folder} bị hỏng (số véc-tơ không khớp).")
    return SearchIndex(
        entries=entries,
        layout=layout,
        legs={leg: legs[leg] for leg in LEGS},
        vectors=vectors,
        owner=line_owners(layout),
        decoys=legs[DECOYS],
        decoy_vectors=decoy_vectors,
        nearest=store,
        encoder=encoder,
        lexicon=lexicon,
        aspects=aspects,
        by_id={e.id: i for i, e in enumerate(entries)},
        ranking=ranking,
        life_events=life_events,
    )
