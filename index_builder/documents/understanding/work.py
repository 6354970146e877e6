"""Tasks and duties: from tables, from lines such as "Cơ quan chủ trì: …", from sections headed by an office, and from sentences."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from index_builder.documents.understanding import tables
from index_builder.documents.understanding.bodies import Names, split, tidy
from index_builder.documents.understanding.draft import Work
from index_builder.documents.understanding.labels import Rank
from index_builder.documents.understanding.outline import Node
from index_builder.documents.understanding.pieces import Place
from index_builder.documents.understanding.roles import Role, is_bare_label, label_role
from index_builder.documents.understanding.sentences import assignment
from index_builder.documents.understanding.tables import Row
from index_builder.documents.understanding.times import Timing, read_cell, read_sentence


@dataclass(frozen=True)
class Context:
    """What the whole document says: names that must not be cut, and whether it is a department's own plan."""

    names: Names
    department: str = ""
    """ "Sở" or "Phòng" where one issues the plan: "các phòng, đơn vị" are then its own."""
    issuer: str = ""
    """Who is reported to where only the office is named through which it goes."""

    def bodies(self, found: Sequence[str]) -> tuple[str, ...]:
        """Bodies with what the document leaves out: in a department's plan "Văn phòng" is the department's."""
        return tuple(dict.fromkeys(self._whole(b) for b in found))

    def _whole(self, body: str) -> str:
        if self.department and body in ("Các phòng, đơn vị", "Văn phòng"):
            return f"{body} thuộc {self.department}" if body.startswith("Các") else f"{body} {self.department}"
        return body


def short_title(text: str) -> tuple[str, tuple[str, ...]]:
    """A task's text → a title (its first line or sentence) and the rest as details."""
    lines = [re.sub(r"\s+", " ", line).strip() for line in text.split("\n") if line.strip()]
    if not lines:
        return "", ()
    first, rest = lines[0], lines[1:]
    while rest and not re.match(r"[-–+*•]|\d+[.)]|[a-zđ]\)", rest[0]) and (first[-1:] not in ".:;" or rest[0][:1].islower()):
        first, rest = f"{first} {rest[0]}", rest[1:]
    if len(first) > 260:
        cut = re.search(r"(?<=[\w)])[.;:]\s", first[60:260])
        if cut:
            at = 60 + cut.start()
            first, rest = first[:at], [first[at + 1 :].strip(), *rest]
    return tidy(re.sub(r"^[-–+*•]\s*", "", first)), tuple(t for r in rest if (t := tidy(re.sub(r"^[-–+*•]\s*", "", r))))


# --- tables --------------------------------------------------------------------------------------------------------------


def from_tables(root: Node, context: Context) -> Iterator[Work]:
    """The tasks of every table that says who does what."""
    number = 0
    for node in root.walk():
        for grid in node.grids:
            number += 1
            found = tables.columns_of(grid)
            if found and found.of_tasks:
                rows = tables.rows_of(grid, found, number)
                repeated = {r.number for r in rows if r.number and sum(o.number == r.number for o in rows) > 1}
                yield from (_of_row(row, node, context, row.number in repeated) for row in rows)
            elif card := tables.card(grid):
                yield _of_cells(card, Place(_joined(node.section(), f"bảng {number}"), grid.page_of(0), number, 1), context)


def _joined(*parts: str) -> str:
    text = ", ".join(p for p in parts if p)
    return text[:1].upper() + text[1:]


def _of_row(row: Row, node: Node, context: Context, repeated: bool) -> Work:
    stands = f"STT {row.number}" if row.number else f"hàng {row.row}"
    group = f"nhóm {tidy(row.group)}" if repeated and row.group else ""
    place = Place(_joined(node.section() or f"bảng {row.table}", group, stands), row.page, row.table, row.row)
    cells = row.cells
    if row.office and not _told("".join(cells.get(r, "") for r in (Role.LEAD, Role.LEAD_AND_PARTNER))):
        cells = {**cells, Role.LEAD: row.office}
    return _of_cells(cells, place, context, row.group)


def _of_cells(cells: dict[Role, str], place: Place, context: Context, group: str = "") -> Work:
    lead_text, partner_text = cells.get(Role.LEAD, ""), cells.get(Role.PARTNER, "")
    review: list[str] = []
    confidence = 0.97
    both = cells.get(Role.LEAD_AND_PARTNER) or (
        lead_text if not partner_text and re.search(r"phối hợp|\(\s*(?:chủ trì|CT\s*\))", lead_text, re.IGNORECASE) else ""
    )
    if both:
        lead_text, partner_text = tables.split_roles(both)
        if not re.search(r"chủ trì|phối hợp", both, re.IGNORECASE) and partner_text:
            review.append("một ô ghi cả chủ trì và phối hợp mà không nói ai chủ trì")
            confidence = 0.6
    title, details = short_title(cells.get(Role.TASK) or cells.get(Role.PRODUCT, ""))
    timing = read_cell(cells[Role.TIME]) if cells.get(Role.TIME) else _noted_time(cells.get(Role.NOTE, ""))
    extra = [
        f"{name}: {tidy(cells[role])}"
        for role, name in ((Role.PRODUCT, "Sản phẩm"), (Role.FUNDING, "Kinh phí"))
        if _told(cells.get(role, ""))
    ]
    leads = context.bodies(split(_clean(lead_text), context.names))
    if not leads:
        review.append("không thấy cơ quan chủ trì")
        confidence = min(confidence, 0.7)
    if timing and not timing.normal:
        review.append("thời gian chưa hiểu")
    if not title:
        review.append("không thấy tên nhiệm vụ")
        title, confidence = tidy(group) or "(chưa rõ)", 0.3
    partners = context.bodies(split(_clean(partner_text), context.names))
    if both_sides := set(leads) & set(partners):
        review.append(f"{'; '.join(sorted(both_sides))} vừa chủ trì vừa phối hợp")
    return Work(title, place, leads, partners, timing, (*details, *extra), confidence, tuple(review))


def _noted_time(notes: str) -> Timing | None:
    """A remark that is nothing but a time ("Thứ Năm hằng tuần"), where no column of times says it."""
    short = (read_cell(line) for line in notes.split("\n") if 0 < len(line.split()) <= 6 and "số" not in line.lower())
    return next((t for t in short if t and t.normal), None)


def _told(text: str) -> bool:
    return bool(re.search(r"\w", text))


def _clean(text: str) -> str:
    """A cell of bodies without "chủ trì" and "phối hợp" as labels, and without what means nobody."""
    if not _told(text) or re.fullmatch(r"\W*(?:không|x)\W*", text, re.IGNORECASE):
        return ""
    return re.sub(r"^\s*(?:(?:cơ quan|đơn vị)\s+)?(?:chủ trì|phối hợp(?: với)?)\s*:?\s*", "", text, flags=re.IGNORECASE)


# --- labelled lines ------------------------------------------------------------------------------------------------------


@dataclass
class _Labelled:
    owner: Node
    values: dict[Role, str] = field(default_factory=dict)


_INLINE = re.compile(
    r"(?:(?<=[.;,(])|(?<=^)|(?<=\n)|(?<=\s[-–]))\s*(?=(?:(?:Cơ quan|cơ quan|Đơn vị|đơn vị|Bộ phận|Phòng)\s+)?(?:chủ trì|Chủ trì|phối hợp|"
    r"Phối hợp|thực hiện|Thực hiện|đầu mối|Đầu mối|"
    r"[Tt]hời gian|[Tt]hời hạn|[Tt]iến độ|[Ss]ản phẩm|[Hh]oàn thành|[Kk]ết quả|[Kk]inh phí)[^:.;]{0,30}:)"
)


def _inline(text: str) -> tuple[str, dict[Role, str]]:
    """ "Xây dựng X. Chủ trì: Sở A; phối hợp: Sở B" → ``("Xây dựng X", {…})``."""
    parts = [p for p in _INLINE.split(text) if p is not None]
    values: dict[Role, str] = {}
    kept: list[str] = []
    for part in parts:
        found = label_role(part.strip(" .;,(-–"))
        if found and found[1]:
            values.setdefault(found[0], _balanced(found[1].strip(" ;,.")))
        else:
            kept.append(part)
    return "".join(kept).strip(" (;,"), values


def _balanced(text: str) -> str:
    return text.rstrip(") ") if text.count(")") > text.count("(") else text


def from_labels(root: Node, context: Context) -> tuple[list[Work], set[int]]:
    """Tasks whose bodies stand behind labels, and the ids of the nodes they took (so that nothing else reads them again)."""
    records: list[_Labelled] = []
    for node in root.walk():
        if node is root:
            continue
        title, values = _inline(node.title)
        whole = label_role(node.title)
        if whole and not whole[1] and is_bare_label(node.title) and any(label_role(c.title) for c in node.children):
            continue
        if whole and not values:
            values = {whole[0]: whole[1] or "\n".join(c.title for c in node.children)}
        if not values:
            continue
        owner = node if title and not whole and not is_bare_label(title) else _owner(node)
        if owner is root and owner is not node:
            owner = node
        for role, value in values.items():
            last = records[-1] if records and records[-1].owner is owner else None
            fresh = last is None or (role in last.values and role is Role.LEAD) or (role is Role.TASK and Role.LEAD in last.values)
            if last is None or fresh:
                last = _Labelled(owner)
                records.append(last)
            last.values[role] = f"{last.values[role]}\n{value}" if role in last.values else value
    works: list[Work] = []
    taken: set[int] = set()
    for record in records:
        if not {Role.LEAD, Role.LEAD_AND_PARTNER} & set(record.values):
            continue
        works.append(_of_labels(record, context, sum(r.owner is record.owner and Role.LEAD in r.values for r in records) > 1))
        taken |= {id(n) for n in record.owner.walk()}
    return works, taken


def _owner(node: Node) -> Node:
    above = node.parent
    while above is not None and above.parent is not None and (label_role(above.title) or is_bare_label(above.title)):
        above = above.parent
    return above or node


def _of_labels(record: _Labelled, context: Context, several: bool) -> Work:
    own, _ = _inline(record.owner.title)
    cells = dict(record.values)
    described = cells.pop(Role.TASK, "")
    title = described if several and described else own
    work = _of_cells({**cells, Role.TASK: title}, record.owner.place(), context)
    said = [c.title for c in record.owner.children if c.rank is Rank.TEXT and not label_role(c.title) and not is_bare_label(c.title)]
    work = replace(work, details=(*(t for line in said if (t := tidy(line))), *work.details))
    if described and not several:
        work = replace(work, details=(*(t for line in described.split("\n") if (t := tidy(re.sub(r"^[-–+]\s*", "", line)))), *work.details))
    if work.timing is None:
        below = [n.title for n in record.owner.walk() if not ((r := label_role(n.title)) and r[0] in (Role.LEAD, Role.PARTNER))]
        timing = next((found for text in below if (found := read_sentence(text))), None)
        work = replace(work, timing=timing)
    return replace(work, confidence=min(work.confidence, 0.95))


def of_sentence(text: str, place: Place, inherited: Sequence[str], context: Context, partners: Sequence[str] = ()) -> Work:
    """One sentence or paragraph as a task or duty; ``inherited`` lead where it names nobody itself."""
    read = assignment(text, context.names)
    leads = context.bodies(read.leads or inherited)
    title, details = short_title(read.action)
    helpers = context.bodies((*read.partners, *partners))
    review = () if leads else ("không nêu cơ quan chủ trì",)
    confidence = (0.93 if inherited or read.explicit else 0.8) if leads else 0.6
    return Work(title, place, leads, helpers, read.timing, details, confidence, review)
