"""Originals kept beside the records: whole documents that were added, cut into passages that answers may quote.

Each is one file ``originals/<id>.json`` of the data folder (written by ``index_builder add``), with the document itself beside it as
``originals/<id>.<extension>``.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from pathlib import Path

from pydantic import Field, ValidationError

from knowledge.entries import Entry, EntryType
from knowledge.parsing import Problem, describe
from knowledge.schema import Slug, Strict, Text

FOLDER = "originals"
_TITLE_WORDS = 14


class Passage(Strict):
    """A piece of the original in its own words. ``section``: as a person says it (``Mục II.1``); ``headings``: from the highest down."""

    text: Text
    section: str = ""
    headings: tuple[str, ...] = ()
    page: int | None = Field(default=None, ge=1)


class Original(Strict):
    """One added document. ``name``: how it is cited; ``plan``: the plan whose original it is; ``file``: its copy in the same folder."""

    id: Slug
    name: Text
    file: Text
    sha256: str = Field(pattern="^[0-9a-f]{64}$")
    number: str | None = None
    plan: Slug | None = None
    province: str | None = None
    pages: int | None = None
    added_on: dt.date
    notes: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = Field(min_length=1)


def load_originals(data: Path) -> tuple[list[Original], list[Problem]]:
    """The originals of a data folder. A broken file gives a problem and is left out."""
    found: list[Original] = []
    problems: list[Problem] = []
    for path in sorted((data / FOLDER).glob("*.json")):
        name = f"{FOLDER}/{path.name}"
        try:
            original = Original.model_validate_json(path.read_bytes())
        except ValidationError as invalid:
            label = ".".join(str(p) for p in invalid.errors()[0]["loc"])
            problems.append(Problem(name, None, label, f"{describe(invalid.errors()[0])}; hãy thêm lại văn bản bằng lệnh add"))
            continue
        except OSError as error:
            problems.append(Problem(name, None, "", f"không đọc được: {error}"))
            continue
        if original.id != path.stem:
            problems.append(Problem(name, None, "id", f"mã {original.id!r} khác tên tệp"))
        found.append(original)
    return found, problems


def _title(passage: Passage) -> str:
    if passage.headings:
        return passage.headings[-1]
    words = passage.text.split()
    return " ".join(words[:_TITLE_WORDS]) + (" …" if len(words) > _TITLE_WORDS else "")


def passage_entries(originals: Sequence[Original]) -> Iterator[Entry]:
    """One entry for each passage, in reading order. Its ``record`` says how the document is cited and where the passage stands."""
    for original in originals:
        for number, passage in enumerate(original.passages, 1):
            place = [p for p in (passage.section, f"trang {passage.page}" if passage.page else "") if p]
            yield Entry(
                f"{original.id}/p{number}",
                EntryType.PASSAGE,
                _title(passage),
                body=passage.text,
                province=original.province,
                plan=original.plan,
                section=", ".join(place) or None,
                record={"document": original.name, "number": original.number, "headings": list(passage.headings), "page": passage.page},
            )
