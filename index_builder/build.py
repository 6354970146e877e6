"""Building and publishing an index: records → entries → legs and vectors → a verified folder → one atomic switch."""

from __future__ import annotations

import datetime as dt
import json
import os
import shutil
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from index_builder.reuse import Reusing, published_vectors
from knowledge.encoding import Encoder
from knowledge.entries import Entry, entries_of, repeated
from knowledge.lexicon import Lexicon
from knowledge.loading import DATA, InvalidKnowledge, Knowledge, content_hash, load
from knowledge.originals import FOLDER, Original, load_originals, passage_entries
from knowledge.parsing import Problem
from knowledge.passages import build_passages, passage_text
from knowledge.reviewing import nothing_in
from knowledge.search.features import AspectTable, feature_names
from knowledge.search.index import Layout, SearchIndex, build_legs, build_speller, build_titled, build_vectors, line_owners
from knowledge.search.ranking import LinearRanking, RankingError, load_ranking
from knowledge.store import (
    DECOYS,
    MANIFEST,
    POINTER,
    SCHEMA_VERSION,
    IndexUnusable,
    current_folder,
    file_hash,
    open_index,
    read_manifest,
    verify_files,
    write_index,
)
from knowledge.vectors import VectorServer, VectorsUnavailable
from knowledge.vectors.base import Floats
from knowledge.vectors.local import LocalVectors

KEPT_VERSIONS = 2


@dataclass(frozen=True)
class Built:
    """What a build did: the folder in use, its number of entries and lines, whether it was already up to date,
    and how many texts had to be encoded (the others kept their vectors of the version before)."""

    folder: Path
    entries: int
    lines: int
    unchanged: bool
    encoded: int = 0


class _Elsewhere:
    """Stands for vectors that are not searched here."""

    def search(self, vectors: Floats, k: int, allowed: object = None) -> tuple[Floats, NDArray[np.int64]]:
        raise NotImplementedError("the vectors of this index are on a server")


def in_memory(
    known: Knowledge,
    entries: Iterable[Entry],
    encoder: Encoder,
    ranking: dict[str, object],
    *,
    searchable: bool = True,
    passages: Sequence[Entry] = (),
) -> SearchIndex:
    """An index that is not written anywhere: for training and measuring. Without ``searchable`` no store of vectors is made."""
    rows = tuple(entries)
    layout = Layout.of(rows)
    vectors = build_vectors(rows, layout, encoder)
    folded, accented = build_legs(rows, layout, known.out_of_scope)
    return SearchIndex(
        entries=rows,
        layout=layout,
        folded=folded,
        accented=accented,
        vectors=vectors,
        owner=line_owners(layout),
        decoy_vectors=encoder.passages(known.out_of_scope),
        nearest=LocalVectors.over(vectors) if searchable else _Elsewhere(),
        encoder=encoder,
        lexicon=Lexicon(known.lexicon),
        aspects=tuple(known.aspects),
        titled=build_titled(known.aspects, rows),
        by_id={e.id: i for i, e in enumerate(rows)},
        speller=build_speller(rows),
        ranking=ranking,
        life_events=tuple(known.life_events),
        passages=build_passages(passages, encoder),
    )


def _up_to_date(root: Path, content: str, encoder: Encoder, server: VectorServer | None) -> Path | None:
    try:
        folder = current_folder(root)
        manifest = read_manifest(folder)
        verify_files(folder, manifest, deep=True)
    except IndexUnusable:
        return None
    same = manifest.get("content") == content and manifest["encoder"] == encoder.identity
    if not same or (server is None) != manifest.get("vectors_inside", True) or (server is not None and not server.holds(folder.name)):
        return None
    return folder


def _versions(root: Path) -> list[Path]:
    return sorted((p for p in root.iterdir() if p.is_dir() and (p / MANIFEST).exists()), key=lambda p: p.stat().st_mtime)


def publish(root: Path, folder: Path) -> None:
    """Make ``folder`` the current version by replacing the pointer, then drop versions older than the last good ones."""
    temporary = root / (POINTER + ".new")
    temporary.write_text(folder.name + "\n", encoding="utf-8")
    os.replace(temporary, root / POINTER)
    for old in _versions(root)[:-KEPT_VERSIONS]:
        if old != folder:
            shutil.rmtree(old, ignore_errors=True)


def read_valid(data: Path) -> tuple[Knowledge, list[Entry], list[Original]]:
    """The knowledge of a data folder, its entries, and the originals kept in it.

    Raises:
        InvalidKnowledge: something in it is broken, two records share an id, or there is nothing in it at all.
    """
    known, problems = load(data)
    entries = entries_of(known)
    originals, broken = load_originals(data)
    problems += [*repeated(entries), *broken]
    if not entries and not problems:
        raise InvalidKnowledge([nothing_in(data)])
    try:
        LinearRanking.read(load_ranking(), feature_names(AspectTable.of(known.aspects, build_titled(known.aspects, ()))))
    except RankingError as error:
        # The bot could not be started on such an index.
        problems.append(Problem("aspects.yaml", None, "", str(error)))
    if problems:
        raise InvalidKnowledge(problems)
    return known, entries, originals


def _same_records(root: Path, encoder: Encoder, server: VectorServer | None, records: str) -> SearchIndex | None:
    """The version in use, where it was made from the same records: then only passages are new."""
    try:
        manifest = read_manifest(current_folder(root))
        if manifest.get("records") != records or (server is None) != manifest.get("vectors_inside", True):
            return None
        verify_files(current_folder(root), manifest, deep=True)
        return open_index(root, encoder, {}, server)
    except (IndexUnusable, VectorsUnavailable):
        return None


def _made(root: Path, data: Path, encoder: Encoder, server: VectorServer | None, records: str, force: bool) -> tuple[SearchIndex, int]:
    """The index of a data folder and how many texts were encoded for it; what the version in use already has is taken over.

    Raises:
        InvalidKnowledge: see :func:`read_valid`.
    """
    same = None if force else _same_records(root, encoder, server, records)
    if same is not None:
        originals, broken = load_originals(data)
        if broken:
            raise InvalidKnowledge(broken)
        quoted = same.passages or build_passages((), encoder)
        reusing = Reusing(encoder, dict(zip(map(passage_text, quoted.entries), quoted.vectors, strict=True)))
        return replace(same, passages=build_passages(list(passage_entries(originals)), reusing)), reusing.encoded
    known, entries, originals = read_valid(data)
    reusing = Reusing(encoder, {} if force else published_vectors(root, encoder))
    index = in_memory(known, entries, reusing, {}, searchable=server is None, passages=list(passage_entries(originals)))
    return index, reusing.encoded


def _manifest(draft: Path, index: SearchIndex, content: str, records: str, *, inside: bool) -> dict[str, object]:
    quoted = index.passages.entries if index.passages else ()
    types = Counter(e.type.value for e in (*index.entries, *quoted))
    return {
        "schema": SCHEMA_VERSION,
        "content": content,
        "records": records,
        "encoder": index.encoder.identity,
        "dimension": index.encoder.dimension,
        "vectors_inside": inside,
        "built_at": dt.datetime.now(dt.UTC).isoformat(timespec="seconds"),
        "counts": {"entries": len(index.entries), "lines": len(index.vectors), DECOYS: len(index.decoy_vectors), **types},
        "files": {p.name: (p.stat().st_size, file_hash(p)) for p in sorted(draft.iterdir())},
    }


def build(
    root: Path, encoder: Encoder, data: Path = DATA, *, force: bool = False, quiet: bool = False, server: VectorServer | None = None
) -> Built:
    """Build the index of ``data`` below ``root`` unless the current one already holds it.

    Args:
        server: holds the vectors instead of the index folder; they are there before the version becomes the current one.

    Raises:
        InvalidKnowledge: a data file is broken; nothing is published and the index in use stays.
        VectorsUnavailable: the server did not take the vectors; the same.
        OSError: the folder cannot be written; the same.
    """
    content = content_hash(data)
    if not force and (folder := _up_to_date(root, content, encoder, server)) is not None:
        manifest = read_manifest(folder)
        return Built(folder, manifest["counts"]["entries"], manifest["counts"]["lines"], True)
    with tqdm(total=5, desc="Dựng chỉ mục", disable=quiet, bar_format="{desc}: {bar:24} {n}/{total} {postfix}") as bar:

        def step(text: str) -> None:
            bar.set_postfix_str(text)
            bar.update(1)

        step("đọc và kiểm tra dữ liệu")
        records = content_hash(data, without=FOLDER)
        root.mkdir(parents=True, exist_ok=True)
        step("mã hóa và lập bảng từ")
        index, encoded = _made(root, data, encoder, server, records, force)
        step("ghi ra thư mục tạm")
        stamp = dt.datetime.now(dt.UTC).strftime("%Y%m%dT%H%M%S%f")
        draft, folder = root / f".draft-{stamp}", root / f"{stamp}-{content[:12]}"
        draft.mkdir()
        try:
            write_index(draft, index)
            manifest = _manifest(draft, index, content, records, inside=server is None)
            (draft / MANIFEST).write_text(json.dumps(manifest, ensure_ascii=False, indent=1), encoding="utf-8")
            step("kiểm tra lại")
            verify_files(draft, read_manifest(draft), deep=True)
            if server is not None:
                server.publish(folder.name, index.vectors, [p.name for p in _versions(root)[1 - KEPT_VERSIONS :]])
            draft.rename(folder)
        except BaseException:
            shutil.rmtree(draft, ignore_errors=True)
            raise
        step("chuyển sang chỉ mục mới")
        publish(root, folder)
    return Built(folder, len(index.entries), len(index.vectors), False, encoded)
