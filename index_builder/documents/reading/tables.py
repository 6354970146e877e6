"""Tables as every format gives them → tables that can be understood: headings found, parts on following pages joined."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace

from index_builder.documents.model import Block, Paragraph, Place, Row, Table
from knowledge.text import folded_keys, padded

_HEADING_WORDS = tuple(
    f" {w} "
    for w in (
        "stt", "tt", "so tt", "so thu tu", "nhiem vu", "noi dung", "cong viec", "hoat dong", "giai phap", "co quan", "don vi", "chu tri",
        "phoi hop", "thoi gian", "thoi han", "tien do", "hoan thanh", "ket qua", "san pham", "ghi chu", "kinh phi", "ten", "phu trach",
        "thuc hien", "muc tieu", "chi tieu", "nguoi", "dia diem", "hinh thuc", "doi tuong", "trach nhiem", "nguon", "bieu mau", "linh vuc",
        "ho ten", "ho va ten", "dien thoai", "chuc vu", "so luong", "dien giai", "noi nhan", "nganh", "cap",
    )
)  # fmt: skip
_LONGEST_HEADING = 90
_MOST_HEADER_ROWS = 4
_COUNTING = re.compile(r"^\(?(?:\d{1,2}|[a-zA-Z])\)?$")
_NUMBER = re.compile(r"^(?:\d+(?:[.,]\d+)*|[IVXLC]+|[a-zđ])[.)]?$")


def _same_text(a: str, b: str) -> bool:
    return folded_keys(a) == folded_keys(b)


def same_cells(a: Sequence[str], b: Sequence[str]) -> bool:
    """Whether two rows say the same, whatever their spacing and marks."""
    return len(a) == len(b) and any(a) and all(_same_text(x, y) for x, y in zip(a, b, strict=True))


def _reads_as_heading(cells: Sequence[str]) -> bool:
    """Short texts, at least half of them with a word that headings of such tables use."""
    texts = [c for c in dict.fromkeys(cells) if c.strip()]
    if len(texts) < 2 or any(len(t) > _LONGEST_HEADING for t in texts):
        return False
    speaking = sum(any(w in padded(folded_keys(t)) for w in _HEADING_WORDS) for t in texts)
    return 2 * speaking >= len(texts) and not any(_NUMBER.match(t.strip()) for t in texts[:1])


def _counts_columns(cells: Sequence[str]) -> bool:
    """A row that numbers the columns: (1) (2) (3), or A B 1 2 3."""
    texts = [c.strip() for c in cells]
    if len(texts) < 3 or len(set(texts)) < len(texts) or not all(_COUNTING.match(t) for t in texts):
        return False
    numbers = [int(n) for t in texts if (n := t.strip("()")).isdigit()]
    return len(numbers) >= 2 and numbers == list(range(numbers[0], numbers[0] + len(numbers))) and numbers[0] <= 2


def header_rows(rows: Sequence[Sequence[str]], marked: int = 0) -> int:
    """How many of the first rows are column headings; ``marked``: as many as the format itself marks."""
    count = marked
    if not count and rows and _reads_as_heading(rows[0]):
        count = 1
    while count and count < min(len(rows), _MOST_HEADER_ROWS):
        above, row = rows[count - 1], rows[count]
        spanning = len([c for c in above if c]) > len({c for c in above if c})
        below = [c for c, a in zip(row, above, strict=False) if c and c != a]
        kept = any(c and c == a for c, a in zip(row, above, strict=False))
        second = spanning and kept and below and all(len(c) <= _LONGEST_HEADING and not _NUMBER.match(c) for c in below)
        if not second and not _counts_columns(row):
            break
        count += 1
    return min(count, len(rows))


def make_table(grid: Sequence[Sequence[str]], page: int | None, marked: int = 0, pages: Sequence[int | None] | None = None) -> Table | None:
    """Rows of texts → a table as wide as its widest row, without empty rows and without columns that are empty throughout; none where
    nothing is left. ``pages``: the page of each row where it may differ from the table's."""
    width = max((len(r) for r in grid), default=0)
    padded_rows = [(*r, *[""] * (width - len(r))) for r in grid]
    used = [c for c in range(width) if any(r[c].strip() for r in padded_rows)]
    kept = [(i, tuple(r[c].strip() for c in used)) for i, r in enumerate(padded_rows) if any(cell.strip() for cell in r)]
    if not kept:
        return None
    marked = sum(i < marked for i, _ in kept)
    cells = [c for _, c in kept]
    rows = tuple(Row(c, Place(pages[i] if pages else page, 0, n)) for n, (i, c) in enumerate(kept))
    return Table(rows, Place(rows[0].place.page, 0), header_rows(cells, marked))


def _continues(above: Table, below: Table) -> bool:
    """Whether ``below`` is the rest of ``above``: its headings again, or on the next page the same columns and none."""
    if len(above.rows[0].cells) != len(below.rows[0].cells):
        return False
    head = above.rows[: above.header_rows]
    if head and len(below.rows) >= len(head) and all(same_cells(a.cells, b.cells) for a, b in zip(head, below.rows, strict=False)):
        return True
    last, first = above.rows[-1].place.page, below.place.page
    return bool(head) and not below.header_rows and last is not None and first is not None and 0 <= first - last <= 1


def _joined_row(above: Row, below: Row) -> Row:
    cells = tuple(a if not b else b if not a else f"{a} {b}" for a, b in zip(above.cells, below.cells, strict=True))
    return Row(cells, above.place)


def _broken_by_page(above: Row, below: Row) -> bool:
    """The rest of a row: no number where the row above has one, and something to go on with."""
    unnumbered = not below.cells[0] and bool(_NUMBER.match(above.cells[0].strip()))
    return unnumbered and any(below.cells) and len(set(above.cells)) > 1


def _join(above: Table, below: Table) -> Table:
    head = above.rows[: above.header_rows]
    rows = list(below.rows)
    repeated = bool(head) and len(rows) >= len(head) and all(same_cells(a.cells, b.cells) for a, b in zip(head, rows, strict=False))
    if repeated:
        rows = rows[len(head) :]
    elif below.header_rows:
        rows = rows[below.header_rows :]
    joined = list(above.rows)
    if rows and len(joined) > len(head) and _broken_by_page(joined[-1], rows[0]):
        joined[-1] = _joined_row(joined[-1], rows.pop(0))
    return replace(above, rows=(*joined, *rows))


def _without_repeated_headings(table: Table) -> tuple[Table, int]:
    """The table without later copies of its own heading (typed again at the top of each page), and how many there were."""
    head = table.rows[: table.header_rows]
    if not head:
        return table, 0
    body: list[Row] = []
    dropped, after_heading = 0, False
    for row in table.body:
        if any(same_cells(row.cells, h.cells) for h in head):
            dropped, after_heading = dropped + 1, True
        elif after_heading and body and _broken_by_page(body[-1], row):
            body[-1], after_heading = _joined_row(body[-1], row), False
        else:
            body.append(row)
            after_heading = False
    return replace(table, rows=(*head, *body)), dropped


def join_tables(blocks: Sequence[Block]) -> tuple[list[Block], list[str]]:
    """Parts of one table → one table; notes say how often. Only tables with nothing between them are joined."""
    out: list[Block] = []
    parts = headings = 0
    for block in blocks:
        if isinstance(block, Paragraph):
            out.append(block)
            continue
        if out and isinstance(above := out[-1], Table) and _continues(above, block):
            out[-1] = _join(above, block)
            parts += 1
        else:
            out.append(block)
    for i, block in enumerate(out):
        if isinstance(block, Table):
            out[i], dropped = _without_repeated_headings(block)
            headings += dropped
    notes = [f"Đã nối {parts} phần bảng bị ngắt trang, bỏ dòng tiêu đề lặp lại."] if parts else []
    notes += [f"Đã bỏ {headings} dòng tiêu đề bảng lặp lại."] if headings else []
    return out, notes
