from __future__ import annotations

from index_builder.documents.understanding.matrices import unmatrixed
from index_builder.documents.understanding.pieces import Cell, Grid


def grid(*rows: str) -> Grid:
    return Grid(tuple(tuple(Cell(c.strip()) for c in row.split("|")) for row in rows), tuple(range(1, len(rows) + 1)))


def texts(made: Grid) -> list[list[str]]:
    return [[c.text for c in row] for row in made.rows]


def test_marks_of_those_who_lead_and_help() -> None:
    made = unmatrixed(grid("TT|Nhiệm vụ|Sở Nội vụ|Sở Y tế|Thời gian", "1|Tập huấn|C|P|Quý I", "2|Kiểm tra||C|Quý II"))
    assert texts(made) == [
        ["TT", "Nhiệm vụ", "Thời gian", "Cơ quan chủ trì", "Cơ quan phối hợp"],
        ["1", "Tập huấn", "Quý I", "Sở Nội vụ", "Sở Y tế"],
        ["2", "Kiểm tra", "Quý II", "Sở Y tế", ""],
    ]
    assert made.page_of(2) == 3


def test_a_plain_cross_leads_unless_another_does() -> None:
    made = unmatrixed(grid("Việc|Công an tỉnh|Sở Y tế", "A|x|X", "B|x|CT"))
    assert texts(made)[1:] == [["A", "Công an tỉnh; Sở Y tế", ""], ["B", "Sở Y tế", "Công an tỉnh"]]


def test_other_tables_stay() -> None:
    for table in (
        grid("TT|Nhiệm vụ|Sở Nội vụ|Sở Y tế", "1|Tập huấn|12 lớp|03 lớp"),
        grid("TT|Cơ quan chủ trì|Cơ quan phối hợp", "1|Sở Nội vụ|Sở Y tế"),
        grid("TT|Sở Nội vụ|Sở Y tế", "1||"),
    ):
        assert unmatrixed(table) is table


def test_a_heading_of_two_rows_and_a_group() -> None:
    made = unmatrixed(grid("TT|Nhiệm vụ|Đơn vị|Đơn vị", "TT|Nhiệm vụ|Sở Nội vụ|Sở Y tế", "I|Thể chế|Thể chế|Thể chế", "1|Rà soát|X|"))
    assert texts(made)[1:] == [
        ["TT", "Nhiệm vụ", "Cơ quan chủ trì", "Cơ quan phối hợp"],
        ["I", "Thể chế", "Thể chế", "Thể chế"],
        ["1", "Rà soát", "Sở Nội vụ", ""],
    ]
