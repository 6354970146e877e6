from __future__ import annotations

from collections.abc import Callable

from index_builder.documents.model import Block
from index_builder.documents.reading.limits import Limits


def read_pdf(data: bytes, limits: Limits, progress: Callable[[int, int], None]) -> tuple[list[Block], int, tuple[str, ...]]:
    raise NotImplementedError
