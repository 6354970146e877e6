"""From settings to the store of vectors."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from config.settings import Settings
    from knowledge.vectors.milvus import Milvus


def vector_server(settings: Settings) -> Milvus | None:
    """The server that the settings name, not connected yet; none where the vectors stay in the index folder."""
    if settings.vectors == "faiss":
        return None
    from knowledge.vectors.milvus import Milvus

    token = settings.milvus_token.get_secret_value() if settings.milvus_token else ""
    return Milvus(settings.milvus_uri, token, settings.milvus_prefix)
