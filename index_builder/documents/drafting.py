"""``python -m index_builder draft``: read a document, understand it, write the draft of a plan's record for a person to review."""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from pathlib import Path

from index_builder.documents.model import Document
from index_builder.documents.reading import read_document
from index_builder.documents.recording import identity, record_text
from index_builder.documents.understanding.directory import Directory, directory_of
from index_builder.documents.understanding.draft import Draft
from index_builder.documents.understanding.understand import understand
from knowledge.parsing import parse_records
from knowledge.schema import Office, Province


class CannotDraft(ValueError):
    """The draft cannot be written; the message says why and what to do."""


@dataclass(frozen=True)
class Drafted:
    """The draft and where its record was written; ``marks``: how many review marks stand in it."""

    draft: Draft
    document: Document
    path: Path
    marks: int


def load_directory(data: Path) -> Directory:
    """The bodies and provinces of a data folder. Files that cannot be read are left out: ``check`` names them."""
    offices = [
        o for path in sorted((data / "offices").glob("*.yaml")) for o in parse_records(path.read_text("utf-8"), path.name, Office)[0]
    ]
    file = data / "provinces.yaml"
    provinces = parse_records(file.read_text("utf-8"), file.name, Province)[0] if file.is_file() else []
    return directory_of(offices, provinces)


def draft_document(document: Document, data: Path) -> Draft:
    """Understand a document that was read, with the directory of a data folder."""
    return understand(document, load_directory(data))


def draft_file(
    file: Path, data: Path, today: dt.date, name: str | None = None, folder: Path | None = None, *, progress: bool = False
) -> Drafted:
    """Read ``file`` and write ``<name>.yaml`` into ``folder`` (``plans`` of the data folder by default). An existing file is never touched.

    Raises:
        DocumentError: the document cannot be read.
        CannotDraft: the id is unusable or taken, or the folder cannot be written.
    """
    if name is not None and not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", name):
        raise CannotDraft(f"Mã {name!r} chỉ được có chữ thường không dấu, chữ số và gạch nối, ví dụ vi-du-2026.")
    document = read_document(file, progress=progress)
    draft = draft_document(document, data)
    name = name or identity(draft)
    target = (folder or data / "plans") / f"{name}.yaml"
    text = record_text(draft, document, name, today)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        with target.open("x", encoding="utf-8") as out:
            out.write(text)
    except FileExistsError as error:
        raise CannotDraft(f"Đã có tệp {target}; hãy chọn mã khác bằng --id, hoặc đổi tên tệp cũ.") from error
    except OSError as error:
        raise CannotDraft(f"Không ghi được {target}: {error.strerror}.") from error
    return Drafted(draft, document, target, len(re.findall(r"^\s*# review:", text, re.MULTILINE)))
