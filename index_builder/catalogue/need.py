"""How much people need a procedure, from its level, audience and field: a prior, and the order in which questions are written."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import yaml

HIGHEST = 14.0
_STAFF = {"Cán bộ, công chức, viên chức", "Đảng viên", "Tổ chức Đảng"}


def load_field_weights(path: Path) -> Mapping[str, int]:
    """``need.yaml`` → field name → weight 2…6."""
    grouped = yaml.safe_load(path.read_text(encoding="utf-8"))
    return {field: int(weight) for weight, fields in grouped.items() for field in fields}


def need(fields: Sequence[str], level: Sequence[str], audience: Sequence[str], *, internal: bool, weights: Mapping[str, int]) -> float:
    """A number in [0, 1]: the field's weight, plus how near the deciding body is, plus whether citizens or firms file it."""
    score = float(max((weights.get(f, 2) for f in fields), default=2))
    score += 3.0 if "xã" in level else 1.5 if "tỉnh" in level else 0.0
    if "Công dân Việt Nam" in audience:
        score += 3.0
    elif any("oanh nghiệp" in a or "Hợp tác" in a for a in audience):
        score += 1.2
    else:
        score -= 1.0
    if audience and set(audience) <= _STAFF:
        score -= 2.0
    if internal:
        score -= 5.0
    return round(min(max(score / HIGHEST, 0.0), 1.0), 3)
