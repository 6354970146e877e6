"""The published index on disk: one folder a version, a manifest, and a pointer file that names the current one.

    <root>/CURRENT            name of the version folder, replaced atomically
    <root>/<version>/manifest.json, entries.jsonl, heads.json, *.npy, vectors.faiss, lexicon.json, syllables.json

Arrays are memory-mapped: what a question does not touch takes no memory, and processes on one machine share the rest.
:func:`open_index` checks everything it reads against the manifest, so that a broken, foreign or outdated index is refused with a
message that says what to do.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge.encoding import Encoder
from knowledge.entry_file import ENTRIES, HEADS, read_entries, write_entries
from knowledge.fields import FieldedIndex
from knowledge.lexicon import Lexicon
from knowledge.passages import build_passages, read_passages, write_passages
from knowledge.schema import Aspect, LexiconEntry, LifeEvent
from knowledge.search.index import ACCENTED_FIELDS, FOLDED_FIELDS, Layout, SearchIndex, line_owners
from knowledge.spelling import Speller
from knowledge.terms import TermTable
from knowledge.vectors import VectorServer
from knowledge.vectors.local import LocalVectors

SCHEMA_VERSION = 10
POINTER = "CURRENT"
MANIFEST = "manifest.json"
DECOYS = "decoys"
PAIRS = "pairs"
SYLLABLES = "syllables.json"
VECTORS = "vectors"
_CHECKED_AT_OPENING = (ENTRIES, HEADS, SYLLABLES, "lexicon.json")
"""Text files: nothing else would notice wrong bytes in them before an answer needs them. Together they are read in milliseconds."""


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


def current_folder(root: Path) -> Path:
    """The version folder that the pointer names.

    Raises:
        IndexUnusable: nothing published, or the pointer names a folder that is gone.
    """
    pointer = root / POINTER
    try:
        folder = root / pointer.read_text(encoding="utf-8").strip()
        found = folder.parent == root and folder.is_dir()
    except (FileNotFoundError, NotADirectoryError):
        raise IndexUnusable(f"Chưa có chỉ mục ở {root}.") from None
    except (OSError, ValueError) as error:
        raise IndexUnusable(f"Không đọc được tệp {pointer} ({type(error).__name__}).") from error
    if not found:
        raise IndexUnusable(f"Chỉ mục {folder} không còn.")
    return folder


def read_manifest(folder: Path) -> dict[str, Any]:
    try:
        manifest = json.loads((folder / MANIFEST).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError) as error:
        raise IndexUnusable(f"Chỉ mục ở {folder} bị hỏng (không đọc được {MANIFEST}).") from error
    if not isinstance(manifest, dict) or "schema" not in manifest:
        raise IndexUnusable(f"Thư mục {folder} không phải chỉ mục của chương trình này.")
    if manifest["schema"] != SCHEMA_VERSION:
        raise IndexUnusable(f"Chỉ mục thuộc phiên bản {manifest['schema']}, chương trình cần phiên bản {SCHEMA_VERSION}.")
    shape = {"encoder": str, "counts": dict, "files": dict}
    wrong = [name for name, kind in shape.items() if not isinstance(manifest.get(name), kind)]
    if wrong or not all(isinstance(v, list) and len(v) == 2 for v in manifest["files"].values()):
        raise IndexUnusable(f"Chỉ mục ở {folder} bị hỏng ({MANIFEST} thiếu hoặc sai phần {', '.join(wrong) or 'files'}).")
    return manifest


def verify_files(folder: Path, manifest: Mapping[str, Any], *, deep: bool) -> None:
    """Every file there with its size; with ``deep`` the hash of each, else only of those whose bytes nothing else checks."""
    for name, (size, digest) in manifest["files"].items():
        path = folder / name
        hashed = deep or name in _CHECKED_AT_OPENING
        if not path.is_file() or path.stat().st_size != size or (hashed and file_hash(path) != digest):
            raise IndexUnusable(f"Chỉ mục ở {folder} bị hỏng (tệp {name} thiếu hoặc sai).")


def load_array(folder: Path, name: str) -> NDArray[np.generic]:
    """An array of an index folder, memory-mapped and read-only."""
    # The plain view: slicing a ``memmap`` object costs several times more.
    return np.asarray(np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False))


def write_index(folder: Path, index: SearchIndex) -> None:
    """Write the parts of an index into a folder."""
    write_entries(folder, index.entries)
    write_passages(folder, index.passages or build_passages((), index.encoder))
    forms = {"folded": index.folded, "accented": index.accented}
    arrays = {f"{form}.{part}": array for form, fields in forms.items() for part, array in fields.arrays().items()}
    arrays |= {"names.starts": index.layout.name_start, "questions.starts": index.layout.question_start}
    arrays |= {f"{PAIRS}.hashes": index.speller.pairs.hashes, f"{PAIRS}.numbers": index.speller.pairs.numbers}
    arrays |= {VECTORS: index.vectors, DECOYS: index.decoy_vectors, "titled": index.titled}
    for name, array in arrays.items():
        np.save(folder / f"{name}.npy", array, allow_pickle=False)
    if isinstance(index.nearest, LocalVectors):
        index.nearest.write(folder / f"{VECTORS}.faiss")
    words = {
        "entries": [e.model_dump(mode="json", exclude_defaults=True) for e in index.lexicon.entries],
        "aspects": [a.model_dump(mode="json") for a in index.aspects],
        "life_events": [e.model_dump(mode="json") for e in index.life_events],
    }
    (folder / "lexicon.json").write_text(json.dumps(words, ensure_ascii=False), encoding="utf-8")
    (folder / SYLLABLES).write_text(json.dumps(index.speller.counts, ensure_ascii=False), encoding="utf-8")


def _read_index(folder: Path, decoys: int, encoder: Encoder, ranking: Mapping[str, Any], server: VectorServer | None) -> SearchIndex:
    load = partial(load_array, folder)
    entries = read_entries(folder)
    layout = Layout(load("names.starts").astype(np.int64, copy=False), load("questions.starts").astype(np.int64, copy=False))
    if not len(layout.name_start) == len(layout.question_start) == len(entries) + 1:
        raise ValueError("lines and entries do not belong together")
    sizes = layout.field_sizes(decoys)

    def fielded(form: str, fields: Sequence[str]) -> FieldedIndex:
        return FieldedIndex.restore(lambda part: load(f"{form}.{part}"), [sizes[name] for name in fields])

    vectors = load(VECTORS).astype(np.float32, copy=False)
    if vectors.shape != (layout.rows, encoder.dimension):
        raise ValueError("vectors and lines do not belong together")
    words = json.loads((folder / "lexicon.json").read_bytes())
    titled = load("titled").astype(np.bool_, copy=False)
    if titled.shape != (len(words["aspects"]), len(entries)):
        raise ValueError("aspects and entries do not belong together")
    pairs = TermTable(load(f"{PAIRS}.hashes").astype(np.uint64, copy=False), load(f"{PAIRS}.numbers").astype(np.int32, copy=False))
    return SearchIndex(
        entries=entries,
        layout=layout,
        folded=fielded("folded", FOLDED_FIELDS),
        accented=fielded("accented", ACCENTED_FIELDS),
        vectors=vectors,
        owner=line_owners(layout),
        decoy_vectors=load(DECOYS).astype(np.float32, copy=False),
        nearest=server.opened(folder.name, layout.rows) if server else LocalVectors.read(vectors, folder / f"{VECTORS}.faiss"),
        encoder=encoder,
        lexicon=Lexicon([LexiconEntry.model_validate(w) for w in words["entries"]]),
        aspects=tuple(Aspect.model_validate(a) for a in words["aspects"]),
        titled=titled,
        by_id={e.id: i for i, e in enumerate(entries)},
        speller=Speller.of(json.loads((folder / SYLLABLES).read_bytes()), pairs),
        ranking=ranking,
        life_events=tuple(LifeEvent.model_validate(e) for e in words["life_events"]),
        passages=read_passages(folder, encoder.dimension),
    )


def open_index(root: Path, encoder: Encoder, ranking: Mapping[str, Any], server: VectorServer | None = None) -> SearchIndex:
    """Read the current index.

    Args:
        server: holds the vectors; none: the store in the folder is used.

    Raises:
        IndexUnusable: missing, truncated, foreign, of another schema version, or built with another encoder.
    """
    folder = current_folder(root)
    manifest = read_manifest(folder)
    if manifest["encoder"] != encoder.identity:
        raise IndexUnusable(f"Chỉ mục được dựng bằng bộ mã hóa {manifest['encoder']!r}, đang đặt {encoder.identity!r}.")
    verify_files(folder, manifest, deep=False)
    try:
        decoys = int(manifest["counts"][DECOYS])
        return _read_index(folder, decoys, encoder, ranking, server)
    except (OSError, ValueError, KeyError, IndexError, TypeError, AttributeError, RuntimeError) as error:
        raise IndexUnusable(f"Chỉ mục ở {folder} bị hỏng ({type(error).__name__}).") from error
