"""Nearest vectors: one small interface, with FAISS inside the program (the default) or a Milvus server behind it."""

from knowledge.vectors.base import VectorIndex, VectorServer, VectorsUnavailable

__all__ = ["VectorIndex", "VectorServer", "VectorsUnavailable"]
