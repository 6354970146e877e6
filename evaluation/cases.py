"""Question sets: reading YAML and JSONL files into cases, with errors that name file, row and field.

A YAML set is a list of questions, a JSONL set has one a line. Regular expressions are searched as they stand (``(?i)`` makes one
blind to case); ``title`` always ignores case.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import yaml
from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, ValidationError, model_validator

from bot.types import Status


class WrongSet(ValueError):
    """A question set that cannot be used; the message names the file, the row and what is wrong with it."""


def _several(value: object) -> object:
    return [value] if isinstance(value, str) else value


def _pattern(value: str) -> str:
    try:
        re.compile(value)
    except re.error as error:
        raise ValueError(f"biểu thức chính quy {value!r} sai: {error}") from error
    return value


Pattern = Annotated[str, AfterValidator(_pattern)]
Patterns = Annotated[tuple[Pattern, ...], BeforeValidator(_several)]


class Expected(BaseModel):
    """What a right answer has. What is left out is not looked at.

    ``doc``: plan id of the best item; ``lead``, ``partner``: each must match some body of the answer; ``title``: must match the best
    item's title; ``text``: each must match the answer's text; ``status``: the answer's state; ``codes``: acceptable procedures.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    doc: str | None = None
    lead: Patterns = ()
    partner: Patterns = ()
    title: Pattern | None = None
    text: Patterns = ()
    status: Status | None = None
    codes: Annotated[tuple[str, ...], BeforeValidator(_several)] = ()


class _Form(Expected):
    """One row of a set as it is written."""

    id: str | None = None
    q: str | None = None
    turns: tuple[str, ...] = ()
    style: str = ""
    facet: str = ""
    kind: str = ""

    @model_validator(mode="after")
    def _one_question(self) -> _Form:
        if bool(self.q) == bool(self.turns):
            raise ValueError("cần đúng một trong hai: q (một câu) hoặc turns (các lượt)")
        return self


@dataclass(frozen=True)
class Case:
    """One question, or one conversation whose last answer is judged. ``style`` is how it was written, ``facet`` what it is about."""

    id: str
    turns: tuple[str, ...]
    expected: Expected
    style: str = ""
    facet: str = ""

    @property
    def question(self) -> str:
        return " → ".join(self.turns)


def question_id(turns: tuple[str, ...]) -> str:
    """A name for a question without one: it changes when the text does."""
    return hashlib.sha256("\n".join(turns).encode("utf-8")).hexdigest()[:12]


def read_lines(path: Path) -> Iterator[Any]:
    """The JSON values of a JSONL file; empty lines are skipped.

    Raises:
        WrongSet: the file cannot be read, or a line is not JSON.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise WrongSet(f"Không đọc được bộ câu hỏi {path}: {error}") from error
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                yield json.loads(line)
            except json.JSONDecodeError as error:
                raise WrongSet(f"{path}, dòng {number}: không phải JSON hợp lệ ({error.msg})") from error


def _rows(path: Path) -> list[Any]:
    if path.suffix == ".jsonl":
        return list(read_lines(path))
    try:
        rows = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError) as error:
        raise WrongSet(f"Không đọc được bộ câu hỏi {path}: {error}") from error
    if not isinstance(rows, list):
        raise WrongSet(f"{path}: cần một danh sách câu hỏi")
    return rows


def read_cases(path: Path, required: frozenset[str] = frozenset(), *, expects: bool = True) -> list[Case]:
    """Read a set.

    Args:
        path: a ``.yaml`` or ``.jsonl`` file.
        required: fields of :class:`Expected` that every row must have.
        expects: whether every row must expect something; a row that expects nothing would always be judged right.

    Returns:
        The cases in file order, with unique ids.

    Raises:
        WrongSet: the file cannot be read, or a row does not have the form.
    """
    cases: dict[str, Case] = {}
    for number, row in enumerate(_rows(path), 1):
        try:
            form = _Form.model_validate(row)
        except ValidationError as error:
            what = "; ".join(f"{'.'.join(map(str, e['loc'])) or 'dòng'}: {e['msg']}" for e in error.errors())
            raise WrongSet(f"{path}, câu {number}: {what}") from error
        missing = [name for name in sorted(required) if not getattr(form, name)]
        if missing:
            raise WrongSet(f"{path}, câu {number}: thiếu {', '.join(missing)}")
        turns = form.turns or (form.q or "",)
        identity = form.id or question_id(turns)
        if identity in cases:
            raise WrongSet(f"{path}, câu {number}: trùng với một câu ở trên ({identity})")
        expected = Expected.model_validate(form.model_dump(include=set(Expected.model_fields)))
        if expects and expected == Expected():
            raise WrongSet(f"{path}, câu {number}: không nói câu trả lời đúng phải có gì")
        cases[identity] = Case(identity, turns, expected, form.style, form.facet or form.kind)
    return list(cases.values())
