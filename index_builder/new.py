"""``python -m index_builder new``: a commented template of a record, in the right place, for a person to fill in."""

from __future__ import annotations

import datetime as dt
import re
from pathlib import Path

TEMPLATES = Path(__file__).parent / "templates"
PLACES = {"procedure": "procedures", "plan": "plans", "guide": "guides", "office": "offices"}


class CannotCreate(ValueError):
    """The record cannot be created; the message says why."""


def create(kind: str, identity: str, data: Path, today: dt.date) -> Path:
    """Write the template of ``kind`` for a record named ``identity`` and return its path. An existing file is never touched."""
    if not re.fullmatch(r"[a-z0-9]+(?:-[a-z0-9]+)*", identity):
        raise CannotCreate(f"Mã {identity!r} chỉ được có chữ thường không dấu, chữ số và gạch nối, ví dụ cap-lai-bang-lai.")
    target = data / PLACES[kind] / f"{identity}.yaml"
    if target.exists():
        raise CannotCreate(f"Đã có tệp {target}; hãy sửa tệp đó hoặc chọn mã khác.")
    text = (TEMPLATES / f"{kind}.yaml").read_text(encoding="utf-8").format(id=identity, today=today.isoformat(), year=today.year)
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(text, encoding="utf-8")
    return target
