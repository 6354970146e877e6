"""Reading ``knowledge/data``: YAML and JSON lines → validated, frozen records, or a list of errors a person can act on."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

from knowledge.schema import (
    Aspect,
    CatalogueEntry,
    Guidance,
    Guide,
    LegalDocument,
    LexiconEntry,
    LifeEvent,
    Office,
    OutOfScope,
    Plan,
    Province,
    RecordQuestions,
    Term,
)

DATA = Path(__file__).parent / "data"
_Model = TypeVar("_Model", bound=BaseModel)

_EXPECTED = {
    "missing": "thiếu trường bắt buộc",
    "extra_forbidden": "trường không có trong lược đồ (có thể gõ sai tên trường)",
    "string_type": "cần chuỗi ký tự",
    "tuple_type": "cần danh sách (các dòng bắt đầu bằng '- ')",
    "too_short": "danh sách cần ít nhất một mục",
    "date_from_datetime_parsing": "cần ngày dạng 2026-11-21",
    "date_parsing": "cần ngày dạng 2026-11-21",
    "date_type": "cần ngày dạng 2026-11-21",
    "date_from_datetime_inexact": "cần ngày dạng 2026-11-21, không kèm giờ",
    "int_parsing": "cần số nguyên",
    "int_type": "cần số nguyên",
    "bool_parsing": "cần true hoặc false",
    "model_type": "cần một nhóm trường (khóa: giá trị)",
}


class _Loader(getattr(yaml, "CSafeLoader", yaml.SafeLoader)):  # type: ignore[misc]
    """PyYAML's safe loader, which leaves a day that does not exist (2026-02-30) as the text it is, to be refused with its line."""


def _timestamp(loader: Any, node: yaml.ScalarNode) -> object:
    try:
        return loader.construct_yaml_timestamp(node)
    except ValueError:
        return node.value


_Loader.add_constructor("tag:yaml.org,2002:timestamp", _timestamp)


@dataclass(frozen=True)
class Problem:
    """One error in a file: where (file, line, field) and what was expected, in Vietnamese."""

    file: str
    line: int | None
    field: str
    message: str

    def __str__(self) -> str:
        place = f"{self.file}, dòng {self.line}" if self.line else self.file
        return f"{place}: {self.field}: {self.message}" if self.field else f"{place}: {self.message}"


class InvalidKnowledge(ValueError):
    """The knowledge cannot be used; ``problems`` says why."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        shown = "\n".join(f"  {p}" for p in self.problems[:20])
        more = f"\n  … và {len(self.problems) - 20} lỗi nữa" if len(self.problems) > 20 else ""
        super().__init__(f"Dữ liệu tri thức có {len(self.problems)} lỗi:\n{shown}{more}")


@dataclass
class Knowledge:
    """Everything that is known, by kind; ``questions`` maps a record's id to its everyday questions, one tuple for each file (each
    round of writing) they come from."""

    plans: list[Plan] = field(default_factory=list)
    provinces: list[Province] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)
    terms: list[Term] = field(default_factory=list)
    legal_documents: list[LegalDocument] = field(default_factory=list)
    guides: list[Guide] = field(default_factory=list)
    guidance: list[Guidance] = field(default_factory=list)
    catalogue: dict[str, CatalogueEntry] = field(default_factory=dict)
    lexicon: list[LexiconEntry] = field(default_factory=list)
    aspects: list[Aspect] = field(default_factory=list)
    questions: dict[str, list[tuple[str, ...]]] = field(default_factory=dict)
    out_of_scope: list[str] = field(default_factory=list)
    life_events: list[LifeEvent] = field(default_factory=list)


def _line_of(node: yaml.Node, path: Sequence[int | str]) -> int | None:
    """Line (from 1) of the value at ``path`` inside a composed YAML node; of its nearest parent where it is missing."""
    line = node.start_mark.line + 1
    for key in path:
        if isinstance(node, yaml.MappingNode):
            for k, v in node.value:
                if k.value == str(key):
                    node, line = v, k.start_mark.line + 1
                    break
            else:
                return line
        elif isinstance(node, yaml.SequenceNode) and isinstance(key, int) and key < len(node.value):
            node = node.value[key]
            line = node.start_mark.line + 1
        else:
            return line
    return line


def _written_twice(root: yaml.Node, name: str) -> Iterator[Problem]:
    """Fields that one group holds twice; YAML would keep the last and lose the first without a word."""
    todo, seen = [root], set()
    while todo:
        node = todo.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        if isinstance(node, yaml.SequenceNode):
            todo += node.value
        elif isinstance(node, yaml.MappingNode):
            lines: dict[tuple[str, str], int] = {}
            for key, value in node.value:
                todo.append(value)
                if isinstance(key, yaml.ScalarNode) and (first := lines.setdefault((key.tag, key.value), key.start_mark.line + 1)) != (
                    line := key.start_mark.line + 1
                ):
                    yield Problem(name, line, key.value, f"trường được viết hai lần (lần đầu ở dòng {first})")


def describe(error: Mapping[str, Any]) -> str:
    """One pydantic error → what was expected, in Vietnamese, with the value found."""
    message = _EXPECTED.get(error["type"])
    if message is None:
        context = error.get("ctx") or {}
        if error["type"] == "string_pattern_mismatch":
            message = f"không đúng mẫu {context.get('pattern')}"
        elif error["type"] in ("enum", "literal_error"):
            message = f"chỉ nhận một trong: {context.get('expected')}"
        else:
            message = str(error["msg"]).removeprefix("Value error, ")
    found = error.get("input")
    if error["type"] != "missing" and isinstance(found, str | int | float):
        message += f" (đang là: {str(found)[:60]!r})"
    return message


def _told_once(errors: Sequence[Any]) -> list[Any]:
    """Without "the list is empty" where it only looks so because something in it was refused."""
    inside = {tuple(e["loc"])[:n] for e in errors for n in range(1, len(e["loc"]))}
    return [e for e in errors if e["type"] != "too_short" or tuple(e["loc"]) not in inside]


def parse_records(text: str, name: str, model: type[_Model], at: Sequence[str] = ()) -> tuple[list[_Model], list[Problem]]:
    """YAML text holding one record, or a list of them (below the keys ``at``) → records and problems."""
    try:
        loader = _Loader(text)
        root = loader.get_single_node()
        twice = list(_written_twice(root, name)) if root is not None else []
        values = loader.construct_document(root) if root is not None and not twice else None
    except RecursionError:
        return [], [Problem(name, None, "", "YAML không đọc được: lồng nhau quá sâu")]
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        return [], [Problem(name, mark.line + 1 if mark else None, "", f"YAML không đọc được: {getattr(error, 'problem', error)}")]
    if twice:
        return [], twice
    if values is None or root is None:
        return [], [Problem(name, None, "", "tệp trống")]
    for key in at:
        if not isinstance(values, dict) or key not in values:
            return [], [Problem(name, 1, key, "thiếu trường bắt buộc")]
        values = values[key]
    rows = values if isinstance(values, list) else [values]
    records: list[_Model] = []
    problems: list[Problem] = []
    for number, row in enumerate(rows):
        try:
            records.append(model.model_validate(row))
        except ValidationError as invalid:
            base: list[int | str] = [*at, *([number] if isinstance(values, list) else [])]
            for found in _told_once(invalid.errors()):
                path = [*base, *found["loc"]]
                label = ".".join(str(p) for p in found["loc"])
                problems.append(Problem(name, _line_of(root, path), label, describe(found)))
    return records, problems


def _files(folder: Path, pattern: str = "*.yaml") -> Iterator[Path]:
    yield from sorted(folder.rglob(pattern)) if folder.is_dir() else []


def load(data: Path = DATA) -> tuple[Knowledge, list[Problem]]:
    """Read a data folder whole. Broken files give problems and are left out; the rest is loaded."""
    known, problems = Knowledge(), []

    def take(path: Path, model: type[_Model], at: Sequence[str] = ()) -> list[_Model]:
        name = str(path.relative_to(data))
        try:
            text = path.read_text(encoding="utf-8")
        except (OSError, UnicodeDecodeError) as error:
            problems.append(Problem(name, None, "", f"không đọc được: {error}"))
            return []
        records, found = parse_records(text, name, model, at)
        problems.extend(found)
        return records

    for path in _files(data / "plans"):
        known.plans += take(path, Plan)
    if (data / "provinces.yaml").exists():
        known.provinces = take(data / "provinces.yaml", Province)
    for path in _files(data / "offices"):
        known.offices += take(path, Office)
    for path in _files(data / "terms"):
        known.terms += take(path, Term)
    if (data / "legal_documents.yaml").exists():
        known.legal_documents = take(data / "legal_documents.yaml", LegalDocument)
    for path in _files(data / "guides"):
        known.guides += take(path, Guide)
    for path in _files(data / "procedures"):
        if path.name != "need.yaml":
            known.guidance += take(path, Guidance)
    for path in _files(data / "lexicon"):
        known.lexicon += take(path, LexiconEntry, ("entries",))
    if (data / "out_of_scope.yaml").exists():
        known.out_of_scope = [q for block in take(data / "out_of_scope.yaml", OutOfScope) for q in block.questions]
    if (data / "life_events.yaml").exists():
        known.life_events = take(data / "life_events.yaml", LifeEvent)
    if (data / "aspects.yaml").exists():
        known.aspects = take(data / "aspects.yaml", Aspect, ("aspects",))
    for path in _files(data / "questions"):
        for block in take(path, RecordQuestions, ("records",)):
            known.questions.setdefault(block.record, []).append(block.questions)
    problems += _same_code(known.guidance)
    catalogue = data / "procedures" / "catalogue.jsonl"
    if catalogue.exists():
        known.catalogue, found = _load_catalogue(catalogue, str(catalogue.relative_to(data)))
        problems += found
    problems += _pointing_nowhere(known)
    return known, problems


def _same_code(guidance: Sequence[Guidance]) -> Iterator[Problem]:
    """Two pieces of guidance for one procedure, of which only one could be shown."""
    first: dict[str, str] = {}
    for g in guidance:
        if g.code and (other := first.setdefault(g.code, g.id)) != g.id:
            yield Problem("procedures", None, g.id, f"cùng mã thủ tục {g.code} với {other}")


def _load_catalogue(path: Path, name: str) -> tuple[dict[str, CatalogueEntry], list[Problem]]:
    found: dict[str, CatalogueEntry] = {}
    try:
        lines = path.read_text(encoding="utf-8").split("\n")
    except (OSError, UnicodeDecodeError) as error:
        return {}, [Problem(name, None, "", f"không đọc được: {error}")]
    problems = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            entry = CatalogueEntry.model_validate_json(line)
        except ValidationError as invalid:
            label = ".".join(str(p) for p in invalid.errors()[0]["loc"])
            problems.append(Problem(name, number, label, describe(invalid.errors()[0])))
            continue
        if entry.code in found:
            problems.append(Problem(name, number, "code", f"mã {entry.code} đã có ở một dòng trước"))
        found.setdefault(entry.code, entry)
    return found, problems


def content_hash(data: Path = DATA) -> str:
    """A hash over names and bytes of all data files: the same knowledge gives the same hash on every machine."""
    digest = hashlib.sha256()
    for path in sorted(p for p in data.rglob("*") if p.is_file() and p.suffix in (".yaml", ".jsonl", ".json")):
        digest.update(str(path.relative_to(data)).encode() + b"\0")
        digest.update(hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()
