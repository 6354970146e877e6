from __future__ import annotations

from index_builder.documents.model import Block
from index_builder.documents.reading.limits import Limits


def read_docx(data: bytes, limits: Limits) -> tuple[list[Block], tuple[str, ...]]:
    raise NotImplementedError
