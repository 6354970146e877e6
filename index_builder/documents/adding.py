"""``python -m index_builder add`` and ``remove``: keep an original in the data folder, cut into passages.

An original counts from the moment its ``<id>.json`` is there: the document is copied first, the description replaces an older one in one
step, and removing takes the description first. What is interrupted in between leaves either the old or the new state.
"""

from __future__ import annotations

import datetime as dt
import os
import re
from dataclasses import dataclass
from pathlib import Path

from index_builder.documents.drafting import draft_document
from index_builder.documents.model import Document
from index_builder.documents.passages import passages_of
from index_builder.documents.reading import read_document
from index_builder.documents.recording import UNKNOWN, named, slug
from index_builder.documents.understanding.draft import Draft
from knowledge.loading import load_plans
from knowledge.originals import FOLDER, Original
from knowledge.schema import Plan

_ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_LONGEST_ID = 60


class CannotAdd(ValueError):
    """The original cannot be kept; the message says why and what to do."""


@dataclass(frozen=True)
class Added:
    """What was kept, and whether it took an older one's place."""

    original: Original
    replaced: bool
    unchanged: bool


def _normal(number: str | None) -> str:
    return re.sub(r"\s+", "", number or "").lower()


def _plan_of(draft: Draft, plans: list[Plan], wanted: str | None) -> Plan | None:
    """The plan named, or the one with the document's number and province."""
    if wanted is not None:
        for plan in plans:
            if plan.id == wanted:
                return plan
        known = ", ".join(p.id for p in plans) or "chưa có kế hoạch nào"
        raise CannotAdd(f"Không có kế hoạch {wanted!r}. Các mã hiện có: {known}.")
    number = _normal(draft.number.value)
    same = [p for p in plans if number and _normal(p.number) == number and p.province == draft.province.value]
    return same[0] if len(same) == 1 else None


def _write(path: Path, content: bytes) -> None:
    """Put a file in place in one step."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        with temporary.open("wb") as out:
            out.write(content)
            out.flush()
            os.fsync(out.fileno())
        os.replace(temporary, path)
    finally:
        temporary.unlink(missing_ok=True)


def describe(document: Document, draft: Draft, plan: Plan | None, name: str, today: dt.date) -> Original:
    """What is kept of a document that was read."""
    title = plan.title if plan is not None else draft.title.value
    cited = named(draft).removesuffix(f" của {UNKNOWN}") if draft.number.value else ""
    return Original(
        id=name,
        name=" – ".join(p for p in (cited, title) if p) or document.path_name,
        file=f"{name}.{document.format}",
        sha256=document.sha256,
        number=draft.number.value,
        plan=plan.id if plan is not None else None,
        province=plan.province if plan is not None else draft.province.value or None,
        pages=document.pages,
        added_on=today,
        notes=document.notes,
        passages=tuple(passages_of(document)),
    )


def add_file(file: Path, data: Path, today: dt.date, *, plan: str | None = None, name: str | None = None, progress: bool = False) -> Added:
    """Read ``file`` and keep it with its passages in ``data``; one with the same id is replaced.

    Args:
        plan: id of the plan whose original it is; none: found by number and province, or none.
        name: id to keep it under; none: the plan's, or made from the file's name.

    Raises:
        DocumentError: the document cannot be read; nothing was changed.
        CannotAdd: the id or the plan is unusable, or the folder cannot be written; nothing was changed.
    """
    if name is not None and not _ID.fullmatch(name):
        raise CannotAdd(f"Mã {name!r} chỉ được có chữ thường không dấu, chữ số và gạch nối, ví dụ ke-hoach-2027.")
    document = read_document(file, progress=progress)
    draft = draft_document(document, data)
    owner = _plan_of(draft, load_plans(data), plan)
    name = name or (owner.id if owner is not None else slug(file.stem)[:_LONGEST_ID].strip("-"))
    original = describe(document, draft, owner, name, today)
    folder = data / FOLDER
    target = folder / f"{name}.json"
    try:
        before = Original.model_validate_json(target.read_bytes()) if target.is_file() else None
    except ValueError:
        before = None
    if before is not None and before.model_copy(update={"added_on": today}) == original and (folder / before.file).is_file():
        return Added(before, replaced=False, unchanged=True)
    try:
        folder.mkdir(parents=True, exist_ok=True)
        _write(folder / original.file, file.read_bytes())
        _write(target, original.model_dump_json(indent=1, exclude_defaults=True).encode() + b"\n")
        if before is not None and before.file != original.file:
            (folder / before.file).unlink(missing_ok=True)
    except OSError as error:
        raise CannotAdd(f"Không ghi được vào {folder}: {error.strerror}.") from error
    return Added(original, replaced=before is not None, unchanged=False)


def remove(name: str, data: Path) -> None:
    """Take an original and its passages out of ``data``.

    Raises:
        CannotAdd: there is none with this id, or it cannot be deleted.
    """
    folder = data / FOLDER
    target = folder / f"{name}.json"
    if not _ID.fullmatch(name) or not target.is_file():
        known = ", ".join(sorted(p.stem for p in folder.glob("*.json"))) or "chưa có văn bản nào"
        raise CannotAdd(f"Không có văn bản {name!r}. Các mã hiện có: {known}.")
    try:
        target.unlink()
        for path in folder.glob(f"{name}.*"):
            if path.stem == name:
                path.unlink()
    except OSError as error:
        raise CannotAdd(f"Không xóa được trong {folder}: {error.strerror}.") from error
