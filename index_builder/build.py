"""Building and publishing an index: records → entries → legs and vectors → a verified folder → one atomic switch."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import faiss
import numpy as np
from tqdm import tqdm

from knowledge.encoding import Encoder
from knowledge.entries import Entry, entries_of
from knowledge.lexicon import Lexicon
from knowledge.loading import DATA, InvalidKnowledge, Knowledge, content_hash, load
from knowledge.search.index import Floats, Layout, SearchIndex, build_decoys, build_legs, build_vectors, line_owners
from knowledge.store import (
    DECOYS,
    MANIFEST,
    POINTER,
    SCHEMA_VERSION,
    IndexUnusable,
    current_folder,
    dump_entry,
    file_hash,
    read_manifest,
    verify_files,
)

KEPT_VERSIONS = 2
APPROXIMATE_FROM = 2_000
"""Lines from which the vector store is an HNSW graph (Malkov and Yashunin, 2018) instead of an exhaustive scan."""


@dataclass(frozen=True)
class Built:
    """What a build did: the folder in use, its number of entries and lines, and whether it was already up to date."""

    folder: Path
    entries: int
    lines: int
    unchanged: bool


def vector_store(vectors: Floats) -> faiss.Index:
    """FAISS store over unit rows, by inner product."""
    dimension = vectors.shape[1]
    if len(vectors) < APPROXIMATE_FROM:
        store: faiss.Index = faiss.IndexFlatIP(dimension)
    else:
        store = faiss.IndexHNSWFlat(dimension, 24, faiss.METRIC_INNER_PRODUCT)
        store.hnsw.efConstruction = 100
        store.hnsw.efSearch = 100
    faiss.omp_set_num_threads(os.cpu_count() or 1)
    store.add(vectors)
    faiss.omp_set_num_threads(1)
    return store


def in_memory(known: Knowledge, entries: Iterable[Entry], encoder: Encoder, ranking: dict[str, object]) -> SearchIndex:
    """An index that is not written anywhere: for training and measuring."""
    rows = tuple(entries)
    layout = Layout.of(rows)
    vectors = build_vectors(layout, encoder)
    decoys, decoy_vectors = build_decoys(known.out_of_scope, encoder)
    return SearchIndex(
        entries=rows,
        layout=layout,
        legs=build_legs(rows, layout),
        vectors=vectors,
        owner=line_owners(layout),
        decoys=decoys,
        decoy_vectors=decoy_vectors,
        nearest=vector_store(vectors),
        encoder=encoder,
        lexicon=Lexicon(known.lexicon),
        aspects=tuple(known.aspects),
        by_id={e.id: i for i, e in enumerate(rows)},
        ranking=ranking,
        life_events=tuple(known.life_events),
    )


def _write(folder: Path, index: SearchIndex, known: Knowledge) -> None:
    with (folder / "entries.jsonl").open("w", encoding="utf-8") as out:
        for entry in index.entries:
            out.write(dump_entry(entry) + "\n")
    for name, leg in {**index.legs, DECOYS: index.decoys}.items():
        (folder / f"{name}.terms").write_text("\n".join(leg.terms), encoding="utf-8")
        for part, array in leg.arrays().items():
            np.save(folder / f"{name}.{part}.npy", array, allow_pickle=False)
    np.save(folder / "vectors.npy", index.vectors, allow_pickle=False)
    np.save(folder / "decoys.npy", index.decoy_vectors, allow_pickle=False)
    faiss.write_index(vector_store(index.vectors), str(folder / "vectors.faiss"))
    words = {
        "entries": [e.model_dump(mode="json", exclude_defaults=True) for e in known.lexicon],
        "aspects": [a.model_dump(mode="json") for a in known.aspects],
        "life_events": [e.model_dump(mode="json") for e in known.life_events],
    }
    (folder / "lexicon.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")


def _up_to_date(root: Path, content: str, encoder: Encoder) -> Path | None:
    try:
        folder = current_folder(root)
        manifest = read_manifest(folder)
        verify_files(folder, manifest, deep=True)
    except IndexUnusable:
        return None
    same = manifest.get("content") == content and manifest.get("encoder") == encoder.identity
    return folder if same else None


def publish(root: Path, folder: Path) -> None:
    """Make ``folder`` the current version by replacing the pointer, then drop versions older than the last good ones."""
    temporary = root / (POINTER + ".new")
    temporary.write_text(folder.name + "\n", encoding="utf-8")
    os.replace(temporary, root / POINTER)
    versions = sorted((p for p in root.iterdir() if p.is_dir() and (p / MANIFEST).exists()), key=lambda p: p.stat().st_mtime)
    for old in versions[:-KEPT_VERSIONS]:
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)


def build(root: Path, encoder: Encoder, data: Path = DATA, *, force: bool = False, quiet: bool = False) -> Built:
    """Build the index of ``data`` below ``root`` unless the current one already holds it.

    Raises:
        InvalidKnowledge: a data file is broken; nothing is published and the index in use stays.
    """
    content = content_hash(data)
    if not force and (folder := _up_to_date(root, content, encoder)) is not None:
        manifest = read_manifest(folder)
        return Built(folder, manifest["counts"]["entries"], manifest["counts"]["lines"], True)
    with tqdm(total=5, desc="Dựng chỉ mục", disable=quiet, bar_format="{desc}: {bar:24} {n}/{total} {postfix}") as bar:

        def step(text: str) -> None:
            bar.set_postfix_str(text)
            bar.update(1)

        step("đọc và kiểm tra dữ liệu")
        known, problems = load(data)
        if problems:
            raise InvalidKnowledge(problems)
        step("mã hóa và lập bảng từ")
        index = in_memory(known, entries_of(known), encoder, {})
        step("ghi ra thư mục tạm")
        root.mkdir(parents=True, exist_ok=True)
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
        draft = root / f".draft-{stamp}"
        draft.mkdir()
        try:
            _write(draft, index, known)
            types: dict[str, int] = {}
            for entry in index.entries:
                types[entry.type.value] = types.get(entry.type.value, 0) + 1
            manifest = {
                "schema": SCHEMA_VERSION,
                "content": content,
                "encoder": encoder.identity,
                "dimension": encoder.dimension,
                "built_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
                "counts": {"entries": len(index.entries), "lines": len(index.vectors), DECOYS: index.decoys.size, **types},
                "files": {p.name: (p.stat().st_size, file_hash(p)) for p in sorted(draft.iterdir())},
            }
            (draft / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
            step("kiểm tra lại")
            verify_files(draft, read_manifest(draft), deep=True)
            folder = root / f"{stamp}-{content[:12]}"
            draft.rename(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        step("chuyển sang chỉ mục mới")
        publish(root, folder)
    return Built(folder, len(index.entries), len(index.vectors), False)
