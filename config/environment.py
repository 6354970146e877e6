"""What is written in a ``.env`` file and in the environment, and what is wrong with how it is written: lines that cannot be read, names
that do not exist, one name twice. What the values themselves must be is the matter of :mod:`config.settings`."""

from __future__ import annotations

import difflib
import io
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path

from dotenv.parser import parse_stream

from config.console import refused

ALIKE = 0.9
"""Share of common letters (:mod:`difflib`) from which a name without the prefix counts as one of ours, mistyped."""


class UnreadableFile(ValueError):
    """The file or some of its lines cannot be read; ``problems`` says which, in Vietnamese."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(self.problems))


def read_file(path: Path | None) -> dict[str, tuple[str, ...]]:
    """The variables of a ``.env`` file: upper-case name → the values it is given, in order. No file: none.

    Raises:
        UnreadableFile: it is no text, or lines of it mean nothing.
    """
    if path is None or not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise UnreadableFile([refused(error)]) from error
    except UnicodeDecodeError as error:
        raise UnreadableFile([f"{path}: tệp phải ở bảng mã UTF-8 ({error.reason})"]) from error
    found: dict[str, tuple[str, ...]] = {}
    problems = []
    for part in parse_stream(io.StringIO(text)):
        if part.error or (part.key is not None and part.value is None):
            # The line itself is not shown: it may hold a token.
            blank = len(part.original.string) - len(part.original.string.lstrip())
            line = part.original.line + part.original.string[:blank].count("\n")
            problems.append(f"{path}, dòng {line}: không đọc được, cần dạng TÊN=giá_trị (dấu nháy mở thì phải đóng)")
        elif part.key is not None:
            name = part.key.upper()
            found[name] = (*found.get(name, ()), part.value or "")
    if problems:
        raise UnreadableFile(problems)
    return found


def given_twice(values: Mapping[str, tuple[str, ...]], prefix: str) -> list[str]:
    """What to say about our names that stand in a file twice with different values."""
    twice = [name for name, given in values.items() if name.startswith(prefix) and len(set(given)) > 1]
    return [f"{name}: được đặt {len(values[name])} lần với giá trị khác nhau; giữ lại một dòng" for name in twice]


def misspelt(names: Iterable[str], known: Collection[str], prefix: str) -> list[str]:
    """What to say about each name that begins like ours and does not exist, or that is one of ours written a little differently."""
    told = []
    for name in names:
        if name in known:
            continue
        if name.startswith(prefix):
            near = difflib.get_close_matches(name, known, 1)
            told.append(f"{name}: không có biến này (có thể gõ sai tên{f'; có phải {near[0]} không?' if near else ''})")
            continue
        # Whoever wants HOST for another program may have it: only names of several words are taken for ours without the prefix.
        bare = [prefix + name] if "_" in name and prefix + name in known else difflib.get_close_matches(name, known, 1, ALIKE)
        if bare:
            told.append(f"{name}: tên biến chưa đúng; có phải {bare[0]} không?")
    return told


def tidy(text: str, *, strip: bool = True) -> str:
    """A value without what tools leave around it: blanks, and the quotes that ``docker run --env-file`` hands on as part of the value."""
    inside = text.strip()
    if len(inside) >= 2 and inside[0] == inside[-1] and inside[0] in "'\"":
        return inside[1:-1].strip() if strip else inside[1:-1]
    return inside if strip else text
