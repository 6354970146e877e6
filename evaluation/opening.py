"""Opening what is measured: the published index under the settings' encoder, and the assistant over it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.pipeline import Assistant
from config.settings import load_settings
from knowledge.encoding import make_encoder
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import RANKING, load_ranking
from knowledge.store import current_folder, file_hash, open_index, read_manifest

TODAY = dt.date(2026, 11, 21)
"""The day for which the project's own questions were labelled; answers change with the day."""


def open_for(root: Path | None) -> tuple[SearchIndex, Path]:
    """The published index at ``root`` (else where the settings say) and its root.

    Raises:
        IndexUnusable, EncoderError, WrongSettings: it cannot be used; the message says what to do.
    """
    settings = load_settings()
    folder = (root or settings.index_dir).resolve()
    return open_index(folder, make_encoder(settings), load_ranking()), folder


def assistant_for(index: SearchIndex, today: dt.date) -> Assistant:
    return Assistant(index, today=today)


def identity(index: SearchIndex, root: Path) -> Mapping[str, Any]:
    """What tells this index, encoder and ranking from others."""
    manifest = read_manifest(current_folder(root))
    return {
        "content": manifest.get("content"),
        "built_at": manifest.get("built_at"),
        "entries": len(index.entries),
        "questions_in_index": len(index.layout.questions),
        "encoder": index.encoder.identity,
        "ranking": file_hash(RANKING)[:12],
    }
