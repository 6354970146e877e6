"""YAML text → validated, frozen records, or errors a person can act on: which file, which line, which field, what was expected."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, TypeVar

import yaml
from pydantic import BaseModel, ValidationError

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


def review_marks(text: str, name: str) -> Iterator[Problem]:
    """Lines ``# review: …`` of a draft: each asks a person to look, and as long as one is left the record is not used."""
    for number, line in enumerate(text.splitlines(), 1):
        mark = re.match(r"\s*#\s*review:\s*(.*)", line)
        if mark:
            yield Problem(
                name, number, "review", f"còn chỗ chưa duyệt ({mark[1].strip() or 'không ghi lý do'}); xem và sửa xong hãy xóa dòng này"
            )


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
