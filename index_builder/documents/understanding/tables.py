"""Tasks from tables, whatever their headings are called.

The heading may stand on two rows; rows that only name a group, rows of column numbers and repeated headings are no tasks; "nt", "như
trên" and a ditto mark stand for the cell above; a row without a number may go on with the row before it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from index_builder.documents.understanding.bodies import opens_body
from index_builder.documents.understanding.labels import roman
from index_builder.documents.understanding.pieces import Grid, Piece
from index_builder.documents.understanding.roles import Role, column_role, label_role

_DITTO = re.compile(
    r"^[\s\-–/(]*(?:nt|n\.t|như trên|như\s+(?:mục|dòng|stt|nhiệm vụ)\s+trên|[\"”“″]|''|//|〃|\")[\s\-–/).]*$", re.IGNORECASE
)
_SAME_AS = re.compile(r"^như\s+(?:mục|stt|nhiệm vụ|số|tt|ý)?\s*(?P<n>\d+(?:\.\d+)*)\.?$", re.IGNORECASE)
_COLUMN_NUMBER = re.compile(r"^\(?\s*(?:\d{1,2}|[a-h]|[A-H])\s*\)?$")
_GROUP_NUMBER = re.compile(r"^(?:[IVX]{1,5}|[A-H])[.)]?$")
_SUB = re.compile(r"^\s*[-–+•]\s+")
_EMPTY = re.compile(r"^[\s\-–./*x]*$")


@dataclass
class Row:
    """One task as a table gives it: texts of its cells by role, its number (STT), the group it stands in, and its place."""

    cells: dict[Role, str]
    number: str
    group: str
    """The nearest group above, with any office that heads it in ``office``."""
    office: str
    table: int
    row: int
    page: int | None
    notes: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Columns:
    """Roles of the columns, by position, and how many rows the heading takes."""

    roles: Mapping[int, Role]
    height: int
    width: int
    by_office: bool = False
    """Rows that name an office head the rows of its tasks."""

    @property
    def of_tasks(self) -> bool:
        """Whether the table says who does what."""
        held = set(self.roles.values())
        return (
            (self.by_office and Role.TASK in held)
            or (Role.TASK in held and bool(held & {Role.LEAD, Role.PARTNER, Role.LEAD_AND_PARTNER}))
            or {Role.PRODUCT, Role.LEAD} <= held
        )


def columns_of(grid: Grid) -> Columns | None:
    """The heading of a table, on one or two rows within its first four; None where no row reads as one."""
    best: Columns | None = None
    for at, row in enumerate(grid.rows[:4]):
        roles = {i: role for i, cell in enumerate(row) if (role := column_role(cell.text))}
        if _numbers_rows(grid, at):
            roles[0] = Role.NUMBER
        if len(set(roles.values())) < 2 or len(roles) < len(row) / 2:
            continue
        height = at + 1
        if height < len(grid.rows):
            below = grid.rows[height]
            finer = {i: role for i, cell in enumerate(below) if cell.own and (role := column_role(cell.text))}
            shared = [i for i, cell in enumerate(row) if i and row[i - 1].text == cell.text and not cell.own]
            repeated = all(not c.own or not c.text.strip() or i in finer for i, c in enumerate(below)) and (
                len(finer) >= 2 or any(not c.own for c in below)
            )
            if finer and (shared or repeated) and len({c.text for c in below}) > 1 and not any(len(c.text) > 80 for c in below):
                roles, height = {**roles, **finer}, height + 1
        headings = (
            [c.text for c in row] if height == at + 1 else [f"{c.text} {b.text}" for c, b in zip(row, grid.rows[at + 1], strict=True)]
        )
        best = Columns(_settled(roles, headings), height, len(row), _offices_as_groups(grid, roles, height))
        break
    return best


def _offices_as_groups(grid: Grid, roles: Mapping[int, Role], height: int) -> bool:
    """Whether a table without a column of doers has rows that are nothing but an office."""
    if Role.TASK not in roles.values() or {Role.LEAD, Role.LEAD_AND_PARTNER} & set(roles.values()):
        return False
    return any(_office_alone([c.text.strip() for c in row]) for row in grid.rows[height:])


def _office_alone(texts: Sequence[str]) -> bool:
    said = {t for t in texts if len(t) > 5}
    return len(said) == 1 and opens_body(next(iter(said))) and len(next(iter(said)).split()) <= 14


_OF_A_PERSON = re.compile(r"lãnh đạo|chuyên viên|đồng chí|đ/c|cán bộ|công chức|họ (?:và )?tên|người", re.IGNORECASE)


_LOOKS_ON = re.compile(r"theo dõi|đôn đốc|chỉ đạo|kiểm tra|giám sát", re.IGNORECASE)


def _numbers_rows(grid: Grid, heading: int) -> bool:
    """Whether the first column, whatever it is called, holds nothing but the numbers of the rows below."""
    below = [row for row in grid.rows[heading + 1 :] if len({c.text for c in row}) > 1]
    return bool(below) and all(re.fullmatch(r"\d+(?:\.\d+)*\.?", row[0].text.strip()) for row in below)


def _one_doer(roles: dict[int, Role], headings: Sequence[str]) -> dict[int, Role]:
    """Of several columns of doers those headed "chủ trì" are meant, else those of offices; persons who look after it are notes."""
    doers = [i for i, role in roles.items() if role is Role.LEAD]
    for better in (
        [i for i in doers if re.search(r"chủ trì", headings[i], re.IGNORECASE) and not _OF_A_PERSON.search(headings[i])],
        [i for i in doers if not _OF_A_PERSON.search(headings[i]) and not _LOOKS_ON.search(headings[i])],
        [i for i in doers if not _OF_A_PERSON.search(headings[i])],
    ):
        if better and len(better) < len(doers):
            return {i: (Role.NOTE if i in doers and i not in better else role) for i, role in roles.items()}
    return roles


def _settled(roles: dict[int, Role], headings: Sequence[str]) -> dict[int, Role]:
    """One column for the task: of several that could hold it, the first that is not a product; the rest become products."""
    roles = _one_doer(roles, headings)
    tasks = [i for i, role in roles.items() if role is Role.TASK]
    tasks = [i for i in tasks if not re.match(r"\s*(?:nhóm|lĩnh vực)", headings[i], re.IGNORECASE)] or tasks
    named = [i for i in tasks if re.search(r"nhiệm vụ|nội dung|công việc|hoạt động|việc", headings[i], re.IGNORECASE)] or tasks
    return {i: (Role.NOTE if role is Role.TASK and i != named[0] else role) for i, role in roles.items()}


def rows_of(grid: Grid, columns: Columns, table: int) -> list[Row]:
    """The tasks of one table, in order; ``table`` is its number in the document, from 1."""
    rows: list[Row] = []
    groups: list[tuple[int, str]] = []
    for at, raw in enumerate(grid.rows[columns.height :], columns.height):
        texts = [c.text.strip() for c in raw]
        own = {i for i, c in enumerate(raw) if c.own}
        by_role = _by_role(columns, texts)
        number = by_role.get(Role.NUMBER, "")
        if not any(texts) or _repeats_heading(columns, texts) or _column_numbers(texts):
            continue
        group = _group(columns, texts, raw[0].own, by_role, own)
        if group is not None:
            depth = 0 if _GROUP_NUMBER.match(number) or not number else number.count(".") + 1
            groups = [(d, g) for d, g in groups if d < depth] + [(depth, group)]
            continue
        task_column = next((i for i, r in columns.roles.items() if r is Role.TASK), None)
        if rows and _continues(rows[-1], by_role, number, task_column in own if task_column is not None else True, columns, own):
            _extend(rows[-1], by_role, {r for i, r in columns.roles.items() if i in own})
            continue
        _fill(by_role, rows)
        rows.append(Row(by_role, number.strip(" .)"), groups[-1][1] if groups else "", _office_of(groups), table, at + 1, grid.page_of(at)))
    return rows


def _office_of(groups: Sequence[tuple[int, str]]) -> str:
    return next((g for _, g in reversed(groups) if opens_body(g) and len(g.split()) <= 14), "")


def joined(pieces: Sequence[Piece]) -> list[Piece]:
    """Tables that follow each other directly, where the second goes on with the first (its heading again, or none of its own), as one."""
    whole: list[Piece] = []
    for piece in pieces:
        last = whole[-1] if whole else None
        if isinstance(piece, Grid) and isinstance(last, Grid) and piece.rows and last.rows and len(piece.rows[0]) == len(last.rows[0]):
            mine, theirs = columns_of(piece), columns_of(last)
            if theirs and (mine is None or mine.roles == theirs.roles):
                pages = tuple(g.page_of(i) for g in (last, piece) for i in range(len(g.rows)))
                whole[-1] = Grid(last.rows + piece.rows, pages)
                continue
        whole.append(piece)
    return whole


def _by_role(columns: Columns, texts: Sequence[str]) -> dict[Role, str]:
    held: dict[Role, str] = {}
    for i, role in columns.roles.items():
        if i < len(texts) and texts[i] and texts[i] != held.get(role):
            joiner = " - " if role is Role.TIME else "\n"
            held[role] = f"{held[role]}{joiner}{texts[i]}" if held.get(role) else texts[i]
    return held


def _repeats_heading(columns: Columns, texts: Sequence[str]) -> bool:
    same = [i for i, role in columns.roles.items() if i < len(texts) and texts[i] and column_role(texts[i]) is role]
    return len(same) >= max(2, len(columns.roles) - 1)


def _column_numbers(texts: Sequence[str]) -> bool:
    return len(texts) >= 3 and sum(bool(_COLUMN_NUMBER.match(t)) for t in texts) >= len(texts) - 1


def _group(columns: Columns, texts: Sequence[str], first_own: bool, by_role: Mapping[Role, str], own: set[int]) -> str | None:
    """The name of a group where the row is only that: one text over the whole row, or a title with no one who does it."""
    distinct = {t for i, t in enumerate(texts) if t}
    number = by_role.get(Role.NUMBER, "").strip(" .)")
    spanning = len(own) <= 2 and len(texts) >= 3
    if len(distinct) == 1 and (spanning or (first_own and not number)) and not _SUB.match(next(iter(distinct))):
        text = next(iter(distinct))
        return None if spanning is False and text[:1].islower() else text
    who = [
        r
        for r in (Role.LEAD, Role.PARTNER, Role.LEAD_AND_PARTNER, Role.TIME, Role.PRODUCT, Role.FUNDING)
        if not _EMPTY.match(by_role.get(r, ""))
    ]
    same = {by_role.get(r) for r in who} == {by_role.get(Role.TASK)} and spanning
    if by_role.get(Role.TASK) and (not who or same) and number:
        if roman(number) or _GROUP_NUMBER.match(number) or spanning or by_role[Role.TASK].isupper():
            return by_role[Role.TASK]
        if len(by_role[Role.TASK].split()) <= 25 and Role.LEAD in columns.roles.values():
            return by_role[Role.TASK]
    return None


def _continues(last: Row, by_role: Mapping[Role, str], number: str, task_own: bool, columns: Columns, own: set[int]) -> bool:
    """Whether the row only goes on with the one before it (a page break in its middle, or cells merged down)."""
    task = by_role.get(Role.TASK, "")
    if not task_own:
        return True
    if number:
        return False
    has_number_column = Role.NUMBER in columns.roles.values()
    if not task:
        return True
    if _SUB.match(task):
        return False
    if task[:1].islower():
        return not by_role.get(Role.LEAD) or task[:1].islower()
    return has_number_column and not by_role.get(Role.LEAD) and not by_role.get(Role.TIME) and not by_role.get(Role.LEAD_AND_PARTNER)


def _extend(last: Row, by_role: Mapping[Role, str], own: set[Role]) -> None:
    for role, text in by_role.items():
        before = last.cells.get(role, "")
        if role in own and text and text not in before.split("\n") and not _DITTO.match(text):
            joined = " " if before and not opens_body(text) and not _SUB.match(text) else "\n"
            last.cells[role] = f"{before}{joined}{text}".strip()


def _fill(by_role: dict[Role, str], rows: Sequence[Row]) -> None:
    """Ditto marks take the cell above; "như mục 3" takes the cell of that number."""
    for role, text in list(by_role.items()):
        if role in (Role.TASK, Role.NUMBER):
            continue
        if _DITTO.match(text):
            by_role[role] = rows[-1].cells.get(role, "") if rows else ""
        elif same := _SAME_AS.match(text):
            by_role[role] = next((r.cells.get(role, "") for r in rows if r.number == same["n"]), text)


def card(grid: Grid) -> dict[Role, str] | None:
    """A table of two columns whose left one holds labels ("Nhiệm vụ", "Cơ quan chủ trì" …) is one task; None where it is not."""
    if not grid.rows or len(grid.rows[0]) != 2 or len(grid.rows) < 3:
        return None
    held: dict[Role, str] = {}
    for left, right in grid.rows:
        role = column_role(left.text) or ((label := label_role(f"{left.text}:")) and label[0]) or None
        if role and right.text.strip():
            held.setdefault(role, right.text.strip())
    return held if Role.TASK in held and (Role.LEAD in held or Role.LEAD_AND_PARTNER in held) else None


def split_roles(text: str) -> tuple[str, str]:
    """One cell for both: "Chủ trì: Sở A; phối hợp: Sở B", or "Sở A (chủ trì), Sở B" → ``(leads, partners)`` as lists of bodies."""
    text = re.sub(r"\(\s*CT\s*\)", "(chủ trì)", re.sub(r"\(\s*PH\s*\)", "(phối hợp)", text))
    labelled = re.split(
        r"[\s;,.\-–+*]*(?:\b(?:cơ quan|đơn vị)\s+)?\b(chủ trì|phối hợp)(?:\s+thực hiện)?\s*:\s*", f" {text}", flags=re.IGNORECASE
    )
    if len(labelled) > 1:
        pairs = list(zip(labelled[1::2], labelled[2::2], strict=False))
        lead = "; ".join(value for key, value in pairs if key.lower() == "chủ trì")
        return lead, "; ".join(value for key, value in pairs if key.lower() == "phối hợp")
    marked = re.search(r"\(\s*chủ trì\s*\)", text, re.IGNORECASE)
    if marked:
        rest = re.sub(r"\(\s*phối hợp\s*\)", "", text[marked.end() :], flags=re.IGNORECASE)
        return text[: marked.start()], rest.strip(" ,;\n")
    spoken = re.match(r"^(?P<lead>.+?)\s+chủ trì\W+(?:phối hợp (?:với|cùng)\s+)(?P<partners>.+)$", text, re.IGNORECASE | re.DOTALL)
    if spoken:
        return spoken["lead"], spoken["partners"]
    spoken = re.match(r"^(?P<lead>.+?)\s+chủ trì\s*[,;.\n]\s*(?P<partners>.+?)\s+phối hợp\.?$", text, re.IGNORECASE | re.DOTALL)
    if spoken:
        return spoken["lead"], spoken["partners"]
    lines = [line for line in re.split(r"\n|;", text) if line.strip()]
    return (lines[0], "; ".join(lines[1:])) if len(lines) > 1 else (text, "")
