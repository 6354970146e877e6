"""Lines as typed → the spelling in which names and times are recognised: lost spaces, headings in capitals, "Các sở: A, B".

Nothing else is changed: what cannot be told for certain stays as it stands.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from index_builder.documents.understanding.bodies import opens_body
from index_builder.documents.understanding.directory import Directory
from index_builder.documents.understanding.head import sentence_case
from index_builder.documents.understanding.labels import parse
from index_builder.documents.understanding.pieces import Grid, Line, Piece
from index_builder.documents.understanding.words import BRANCHES

_GLUED_NUMBER = re.compile(r"\b((?:[Nn]gày|[Tt]háng|[Nn]ăm|[Qq]uý|số|[Đđ]iều))(?=\d)")
_GLUED_COMMA = re.compile(r"(?<=[^\W\d_A-ZĐ][^\W\d_A-ZĐ]),(?=[^\W\d_])")
_LOOSE_STOP = re.compile(r"(?<=\w) +(?=[,;:](?:\s|$))")
_COLLECTIVE_CAPITALS = re.compile(r"^(?:(?:CHỦ TỊCH|GIÁM ĐỐC|THỦ TRƯỞNG|TRƯỞNG) )?(?:CÁC|(?:UBND|[ỦU][YỶ] BAN NHÂN DÂN) (?:CÁC|CẤP))\s")


def respelled(pieces: Sequence[Piece], directory: Directory) -> list[Piece]:
    """Every line and cell with its spelling mended."""
    departments = _departments(directory)
    done: list[Piece] = []
    for piece in pieces:
        if isinstance(piece, Grid):
            rows = tuple(tuple(replace(c, text=_mended(c.text, departments)) for c in row) for row in piece.rows)
            done.append(replace(piece, rows=rows))
        else:
            done.append(replace(piece, text=_mended(piece.text, departments)))
    return done


def offices_readable(pieces: Sequence[Piece], directory: Directory) -> tuple[Piece, ...]:
    """Lines and cells that are an office in capitals ("1. SỞ NỘI VỤ:") as offices are written ("1. Sở Nội vụ:"); all others as they are."""
    return tuple(_cells_readable(p, directory) if isinstance(p, Grid) else _line_readable(p, directory) for p in pieces)


def _cells_readable(grid: Grid, directory: Directory) -> Grid:
    rows = tuple(tuple(replace(c, text=_written(c.text, directory) or c.text) for c in row) for row in grid.rows)
    return replace(grid, rows=rows)


def _line_readable(line: Line, directory: Directory) -> Line:
    found = parse(line.text.strip())
    title = found[1] if found else line.text.strip()
    office, colon, said = title.partition(":")
    name = _written(office + colon, directory)
    if name is None:
        return line
    number = line.text.strip()[: len(line.text.strip()) - len(title)]
    return replace(line, text=f"{number}{name}{said}")


def _written(text: str, directory: Directory) -> str | None:
    """A body in capitals as it is written in text; None where the text is not one."""
    if not text.isupper() or len(text.split()) < 2:
        return None
    colon = ":" if text.rstrip().endswith(":") else ""
    bare = text.strip(" :.")
    if _COLLECTIVE_CAPITALS.match(bare):
        lowered = re.sub(r"\bubnd\b", "UBND", bare.lower())
        name = lowered[:1].upper() + lowered[1:]
    else:
        name = sentence_case(bare, directory)
        if len(name.split()) != len(bare.split()):
            name = sentence_case(bare, Directory())
        name = re.sub(r"^Báo \w", lambda m: m[0][:-1] + m[0][-1].upper(), name[:1].upper() + name[1:])
    return name + colon if opens_body(name) else None


@dataclass(frozen=True)
class _Departments:
    """``listed``: "Các sở: A, B và C"; ``one``: a branch in such a list."""

    listed: re.Pattern[str]
    one: re.Pattern[str]

    def apart(self, match: re.Match[str]) -> str:
        """ "Các sở: Nội vụ, Tài chính" → "Sở Nội vụ, Sở Tài chính"; a plain "Sở A, B" is left to the reader of lists."""
        if not re.match(r"[Cc]ác", match[0]) and ":" not in match[0]:
            return match[0]
        return self.one.sub(lambda m: f"Sở {m[0]}", match["list"])


def _departments(directory: Directory) -> _Departments:
    known = {n.removeprefix("Sở ") for n in directory.names if n.startswith("Sở ")} | {b for b in BRANCHES if b[:1].isupper()}
    known |= {"Nội vụ", "Tài chính", "Tư pháp", "Xây dựng", "Công Thương", "Công thương", "Y tế", "Ngoại vụ", "Du lịch"}
    names = "|".join(re.escape(n) for n in sorted(known, key=len, reverse=True))
    listed = re.compile(
        rf"(?:\b[Cc]ác\s+)?\b[Ss]ở(?:,\s*(?:ban,\s*)?ngành)?\s*:?\s*(?P<list>(?:{names})(?:\s*(?:[,;]|\bvà)\s*(?:{names})(?!\w))+)"
    )
    return _Departments(listed, re.compile(rf"(?:{names})(?!\w)"))


def _mended(text: str, departments: _Departments) -> str:
    text = text.replace("Uỷ ban", "Ủy ban").replace("UỶ BAN", "ỦY BAN")
    text = _GLUED_NUMBER.sub(r"\1 ", text)
    text = _GLUED_COMMA.sub(", ", text)
    text = _LOOSE_STOP.sub("", text)
    return departments.listed.sub(departments.apart, text)
