"""Reading a retrieval collection: documents, questions, and which documents answer which question.

A collection is a folder with ``corpus.jsonl`` (or ``.jsonl.gz``), ``queries.jsonl`` and ``qrels.tsv``; the corpus may lie elsewhere.
Corpus rows have ``id`` (or ``_id``), ``title`` and ``text``; rows of the codified law have ``num`` and ``art`` in place of an id, which
is then ``num`` in lower case, a plus sign, and ``art``. Qrels have a question's id first, a document's id in the last column but one,
and a relevance above 0 last. A row may have a ``source`` (the name of the law it is an article of) and a ``heading`` (of the chapter it
stands under). Rows of the codified law have them as a citation ``src``, which only in the first article holds the law's name, and a
``topic``, an address whose last part is the heading without marks.
"""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from evaluation.sets import UnreadableSet, read_lines

_NAMED = re.compile(r"số\s+\S+\s+(?P<name>.{1,400}?)\s+ngày\s+\d", re.DOTALL)
"""A citation with the law's name: "(Điều 1 Luật số 32/2004/QH11 An ninh Quốc gia ngày 03/12/2004 của Quốc hội, có hiệu lực …)"."""
_IN_FORCE = "có hiệu lực"
"""Stands between number and day where a citation has no name."""


@dataclass(frozen=True)
class Document:
    id: str
    title: str
    body: str
    source: str = ""
    heading: str = ""


@dataclass(frozen=True)
class Collection:
    """``questions``: id → text; ``relevant``: question id → ids of documents that answer it, all of them in ``documents``."""

    documents: tuple[Document, ...]
    questions: Mapping[str, str]
    relevant: Mapping[str, frozenset[str]]


def _corpus_rows(path: Path) -> Iterator[Mapping[str, Any]]:
    opener = gzip.open if path.suffix == ".gz" else open
    try:
        with opener(path, "rt", encoding="utf-8") as lines:
            yield from (json.loads(line) for line in lines if line.strip())
    except (OSError, UnicodeDecodeError, json.JSONDecodeError) as error:
        raise UnreadableSet(f"Không đọc được kho văn bản {path}: {error}") from error


def document_id(row: Mapping[str, Any]) -> str | None:
    """The id that qrels use for a corpus row; ``None`` for a row that cannot be named."""
    given = row.get("id") or row.get("_id")
    if given:
        return str(given)
    return f"{row['num'].lower()}+{row['art']}" if row.get("num") and row.get("art") else None


def law_names(rows: Iterable[Mapping[str, Any]]) -> dict[str, str]:
    """Number → name of the laws whose name a citation among ``rows`` holds."""
    names: dict[str, str] = {}
    for row in rows:
        match = _NAMED.search(row.get("src") or "")
        if match and row.get("num") and _IN_FORCE not in match["name"]:
            names.setdefault(row["num"], match["name"])
    return names


def read_documents(path: Path) -> tuple[Document, ...]:
    """The documents of a corpus; of several rows with one id the first counts."""
    rows = list(_corpus_rows(path))
    names = law_names(rows)
    found: dict[str, Document] = {}
    for row in rows:
        identity = document_id(row)
        if identity is not None:
            number = row.get("num") or ""
            source = row.get("source") or f"{number} {names.get(number, '')}".strip()
            heading = row.get("heading") or (row.get("topic") or "").rsplit("/", 1)[-1].replace("-", " ")
            body = row.get("text") or row.get("body") or ""
            found.setdefault(identity, Document(identity, row.get("title") or "", body, source, heading))
    return tuple(found.values())


def find_corpus(folder: Path) -> Path:
    """The corpus of a folder.

    Raises:
        UnreadableSet: there is none.
    """
    for name in ("corpus.jsonl", "corpus.jsonl.gz"):
        if (folder / name).is_file():
            return folder / name
    raise UnreadableSet(f"{folder} không có corpus.jsonl; chỉ ra kho văn bản bằng --corpus TỆP")


def read_collection(folder: Path, corpus: Path | None = None) -> Collection:
    """Read a collection; questions without a relevant document in the corpus are left out.

    Raises:
        UnreadableSet: a file is missing or does not have the form, or no question is left.
    """
    documents = read_documents(corpus or find_corpus(folder))
    known = {d.id for d in documents}
    relevant: dict[str, set[str]] = {}
    try:
        for line in (folder / "qrels.tsv").read_text(encoding="utf-8").splitlines():
            parts = line.split("\t")
            if len(parts) >= 3 and parts[-1].strip().isdigit() and int(parts[-1]) > 0 and parts[-2] in known:
                relevant.setdefault(parts[0], set()).add(parts[-2])
    except OSError as error:
        raise UnreadableSet(f"Không đọc được {folder / 'qrels.tsv'}: {error}") from error
    questions = {str(row.get("id") or row.get("_id")): str(row["text"]) for row in read_lines(folder / "queries.jsonl")}
    kept = {i: text for i, text in questions.items() if i in relevant}
    if not kept:
        raise UnreadableSet(f"{folder}: không câu hỏi nào có văn bản đúng nằm trong kho văn bản")
    return Collection(documents, kept, {i: frozenset(relevant[i]) for i in kept})
