"""A draft as a table for the terminal: what was found, how sure, and what to look at."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from textwrap import wrap

from index_builder.documents.understanding.draft import Draft, Found, Reporting, Work

_WIDTHS = (26, 44, 28, 30, 22)


def overview(draft: Draft) -> str:
    """Head, tasks and duties, reports, and the number of contents, in Vietnamese."""
    return "\n".join([*_head(draft), "", *_items(draft), "", *_reports(draft.reports), _counts(draft)])


def _head(draft: Draft) -> Iterator[str]:
    day = draft.date.value
    rows: Sequence[tuple[str, str, Found[object] | Found[str] | None]] = (
        ("Loại", draft.kind.value, draft.kind),
        ("Tên", draft.title.value, draft.title),
        ("Số", draft.number.value or "(để trống)", None),
        ("Ngày", f"{day:%d/%m/%Y}" if day else "(để trống)", None),
        ("Cơ quan", draft.issuing_body.value, draft.issuing_body),
        ("Tỉnh", draft.province.value, draft.province),
        ("Người ký", ", ".join(x for x in (draft.signer_name.value, draft.signer_position.value) if x), None),
        ("Thời gian", draft.period.value, draft.period),
    )
    for name, value, found in rows:
        confidence = f"{found.confidence:.2f}" if found else "    "
        mark = "  ← xem lại" if found and found.review else ""
        yield f"{name:<10} {confidence}  {value}{mark}"


def _items(draft: Draft) -> Iterator[str]:
    yield _row(("Chỗ", "Việc", "Chủ trì", "Phối hợp", "Thời gian"))
    yield "─" * (sum(_WIDTHS) + 2 * (len(_WIDTHS) - 1))
    for work in (*draft.tasks, *draft.duties):
        yield _row(_cells(work))


def _cells(work: Work) -> tuple[str, ...]:
    mark = " ← xem lại" if work.review or work.confidence < 0.75 else ""
    when = work.timing.wording if work.timing else ""
    return (f"{work.place.section} ({work.confidence:.2f}){mark}", work.title, "; ".join(work.leads), "; ".join(work.partners), when)


def _row(cells: Sequence[str]) -> str:
    columns = [wrap(cell, width)[:4] or [""] for cell, width in zip(cells, _WIDTHS, strict=True)]
    height = max(len(c) for c in columns)
    lines = (
        "  ".join((column[i] if i < len(column) else "").ljust(width) for column, width in zip(columns, _WIDTHS, strict=True)).rstrip()
        for i in range(height)
    )
    return "\n".join(lines)


def _reports(reports: Sequence[Reporting]) -> Iterator[str]:
    for report in reports:
        via = f" (qua {'; '.join(report.via)})" if report.via else ""
        when = f": {report.timing.wording}" if report.timing else ""
        yield f"Báo cáo  {'; '.join(report.who)} → {'; '.join(report.to)}{via}{when}  [{report.place.section}]"


def _counts(draft: Draft) -> str:
    return (
        f"Tìm thấy {len(draft.tasks)} nhiệm vụ, {len(draft.duties)} việc tổ chức thực hiện, {len(draft.reports)} chế độ báo cáo, "
        f"{len(draft.contents)} nội dung, {len(draft.bases)} văn bản được dẫn."
    )
