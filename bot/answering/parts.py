"""Small pieces of answers: dates, lists, source lines."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

Record = Mapping[str, Any]
_MARK = re.compile(r"^(?:\s|[-+*•–]|\(?\d{1,2}(?:\.\d{1,2})*[.)]+(?=\D)|\(?[a-zđ]\))+")


def day(value: str | dt.date | None) -> str:
    """``2021-04-12`` → ``12/4/2021``; empty for none."""
    if value is None:
        return ""
    date = value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
    return f"{date.day}/{date.month}/{date.year}"


def listed(values: Iterable[str]) -> str:
    return "; ".join(v.rstrip(". ") for v in values)


def sentence(text: str) -> str:
    """A line that ends with a mark."""
    text = text.strip()
    return text if not text or text[-1] in ".!?:…" else text + "."


def first_upper(text: str) -> str:
    return text[:1].upper() + text[1:]


def unmarked(text: str) -> str:
    """A line of a source's list without the mark or number that it had there: "a) Đối với …", "+ Văn bản …"."""
    return first_upper(_MARK.sub("", text))


def bullets(values: Sequence[str], limit: int | None = None) -> list[str]:
    shown = values if limit is None else values[:limit]
    lines = [f"- {sentence(v)}" for v in shown]
    if limit is not None and len(values) > limit:
        lines.append(f"- … và {len(values) - limit} mục nữa, xem tại trang của thủ tục.")
    return lines


def numbered(values: Sequence[str]) -> list[str]:
    return [f"{i}. {sentence(v)}" for i, v in enumerate(values, 1)]


def sources_line(record: Record, limit: int = 3, shown: Collection[str] = ()) -> str:
    """``Nguồn: …, kiểm tra ngày …`` from a record's sources; addresses that the answer has ``shown`` already are not repeated."""
    told = []
    for source in list(record.get("sources", ()))[:limit]:
        text = str(source["title"])
        if source.get("section"):
            text += f", {source['section']}"
        if source.get("url") and source["url"] not in shown:
            text += f" ({source['url']})"
        told.append(text)
    return f"Nguồn: {'; '.join(told)}. Kiểm tra ngày {day(record['checked_on'])}."


def since_when(row: Record) -> str:
    """`` từ 1/3/2025``, or the source's own words where the day is not certain; empty when nothing is known."""
    if row.get("since_note"):
        return f" ({row['since_note']})"
    return f" từ {day(row['since'])}" if row.get("since") else ""


def in_force(row: Record, today: dt.date) -> bool:
    """Whether a dated row holds on ``today``."""
    start, end = row.get("valid_from"), row.get("valid_to")
    return (not start or dt.date.fromisoformat(str(start)) <= today) and (not end or today <= dt.date.fromisoformat(str(end)))


def doubt(record: Record) -> str | None:
    """A warning for records that rest on one or a weak source."""
    if record.get("confidence") == "low":
        return "Thông tin này mới có từ nguồn chưa chắc chắn, cần kiểm tra lại với cơ quan có thẩm quyền."
    return None
