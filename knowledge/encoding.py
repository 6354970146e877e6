"""Encoders: text → unit vectors. The embedded one is static and needs neither torch nor a network.

The embedded encoder is a sentence-transformers ``StaticEmbedding`` over *features* of a text: folded syllables, adjacent pairs
of them, and letter trigrams of syllables it has never seen (typing errors). :func:`prepare` writes a text as its features with
spaces between, which is what the model's whitespace tokenizer reads. :class:`StaticEncoder` does the same sum with numpy, so
that a cold start does not wait for torch; a test holds that both give the same vectors.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from knowledge.text import folded_keys

if TYPE_CHECKING:
    from config.settings import Settings

Vectors = NDArray[np.float32]
EMBEDDED = Path(__file__).parent / "model"
CARD = "card.json"


class EncoderError(RuntimeError):
    """The encoder cannot be loaded; the message says what to install or set."""


class Encoder(Protocol):
    """What the index needs of an encoder. ``identity`` names model and version; an index built with another is refused."""

    @property
    def identity(self) -> str: ...

    @property
    def dimension(self) -> int: ...

    def queries(self, texts: Sequence[str]) -> Vectors:
        """Questions → float32 array of unit rows, shape ``(len(texts), dimension)``."""
        ...

    def passages(self, texts: Sequence[str]) -> Vectors:
        """Lines of records → unit rows, as :meth:`queries`."""
        ...


def trigrams(syllable: str) -> list[str]:
    """Letter trigrams of a folded syllable with its ends marked: ``giay`` → ``#^gi``, ``#gia``, ``#iay``, ``#ay$``."""
    marked = f"^{syllable}$"
    return ["#" + marked[i : i + 3] for i in range(max(len(marked) - 2, 1))]


def features(keys: Sequence[str], vocabulary: Mapping[str, int]) -> list[str]:
    """Folded syllables → the features of ``vocabulary`` that stand in them."""
    found = []
    for key in keys:
        if key in vocabulary:
            found.append(key)
        else:
            found += [g for g in trigrams(key) if g in vocabulary]
    found += [pair for a, b in pairwise(keys) if (pair := f"{a}_{b}") in vocabulary]
    return found


def prepare(text: str, vocabulary: Mapping[str, int]) -> str:
    """A text as the embedded model's tokenizer reads it."""
    return " ".join(features(folded_keys(text), vocabulary))


def _unit(vectors: NDArray[np.float32]) -> Vectors:
    norms = np.linalg.norm(vectors, axis=1, keepdims=True)
    return np.asarray(vectors / np.maximum(norms, 1e-9), dtype=np.float32)


_TENSOR_TYPES = {"F16": np.float16, "F32": np.float32}
_LONGEST_HEADER = 1 << 24


def map_tensor(path: Path, name: str) -> NDArray[np.floating[Any]]:
    """A tensor of a safetensors file, memory-mapped: the library itself would copy it (https://huggingface.co/docs/safetensors, "Format").

    Raises:
        OSError, KeyError, ValueError, TypeError: no such file or tensor, or the file is cut off.
    """
    with path.open("rb") as file:
        size = int.from_bytes(file.read(8), "little")
        if not 0 < size <= _LONGEST_HEADER:
            raise ValueError(f"{path.name} is no safetensors file")
        tensor = json.loads(file.read(size))[name]
    start = 8 + size + int(tensor["data_offsets"][0])
    return np.asarray(np.memmap(path, _TENSOR_TYPES[tensor["dtype"]], "r", start, tuple(tensor["shape"])))


class StaticEncoder:
    """The embedded encoder through numpy alone."""

    def __init__(self, folder: Path = EMBEDDED) -> None:
        try:
            self._weights = map_tensor(folder / "model.safetensors", "embedding.weight")
            vocabulary = json.loads((folder / "tokenizer.json").read_text(encoding="utf-8"))["model"]["vocab"]
            self._identity = str(json.loads((folder / CARD).read_text(encoding="utf-8"))["identity"])
            if self._weights.ndim != 2 or max(vocabulary.values()) >= len(self._weights):
                raise ValueError("tokenizer.json và model.safetensors không khớp nhau")
        except (OSError, KeyError, ValueError, TypeError, AttributeError, RecursionError) as error:
            raise EncoderError(
                f"Không đọc được bộ mã hóa ở {folder}: {error}. Lấy lại thư mục knowledge/model từ kho mã nguồn, "
                "hoặc huấn luyện lại bằng: python -m index_builder train"
            ) from error
        self.vocabulary: Mapping[str, int] = vocabulary

    @property
    def identity(self) -> str:
        return self._identity

    @property
    def dimension(self) -> int:
        return int(self._weights.shape[1])

    def queries(self, texts: Sequence[str]) -> Vectors:
        rows = np.zeros((len(texts), self.dimension), dtype=np.float32)
        before: list[str] = []
        for row, text in enumerate(texts):
            keys = folded_keys(text)
            if row and keys == before:
                # The question as typed and written out, mostly.
                rows[row] = rows[row - 1]
                continue
            before = keys
            ids = [self.vocabulary[f] for f in features(keys, self.vocabulary)]
            if ids:
                rows[row] = self._weights[ids].astype(np.float32).mean(axis=0)
        return _unit(rows)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self.queries(texts)


class SentenceTransformerEncoder:
    """Any model that sentence-transformers loads: a Hugging Face name or a folder, with prompts for queries and passages."""

    def __init__(
        self,
        model: str,
        *,
        query_prompt: str = "",
        passage_prompt: str = "",
        batch_size: int = 32,
        device: str | None = None,
        max_tokens: int | None = None,
    ) -> None:
        try:
            from sentence_transformers import SentenceTransformer

            self._model = SentenceTransformer(model, device=device)
        except ImportError as error:
            raise EncoderError(f"Mô hình {model} cần gói sentence-transformers: pip install sentence-transformers ({error})") from error
        except (OSError, ValueError) as error:
            raise EncoderError(
                f"Không nạp được mô hình {model}: {error}. Kiểm tra BOT_ENCODER_MODEL (tên trên Hugging Face hoặc thư mục), "
                "hoặc để trống để dùng bộ mã hóa có sẵn."
            ) from error
        if max_tokens:
            self._model.max_seq_length = max_tokens
        self._name = model
        self._query, self._passage, self._batch = query_prompt, passage_prompt, batch_size

    @property
    def identity(self) -> str:
        return f"{self._name}|{self._query}|{self._passage}"

    @property
    def dimension(self) -> int:
        return int(self._model.get_embedding_dimension() or 0)

    def _encode(self, texts: Sequence[str], prompt: str) -> Vectors:
        if not texts:
            return np.zeros((0, self.dimension), dtype=np.float32)
        made = self._model.encode(
            [prompt + t for t in texts], batch_size=self._batch, show_progress_bar=len(texts) > 500, convert_to_numpy=True
        )
        return _unit(np.asarray(made, dtype=np.float32))

    def queries(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._query)

    def passages(self, texts: Sequence[str]) -> Vectors:
        return self._encode(texts, self._passage)


def make_encoder(settings: Settings) -> Encoder:
    """The encoder that the settings name: the embedded one unless ``encoder_model`` is set.

    Raises:
        EncoderError: it cannot be loaded.
    """
    if not settings.encoder_model:
        return StaticEncoder()
    return SentenceTransformerEncoder(
        settings.encoder_model,
        query_prompt=settings.encoder_query_prompt,
        passage_prompt=settings.encoder_passage_prompt,
        batch_size=settings.encoder_batch_size,
        device=settings.encoder_device or None,
        max_tokens=settings.encoder_max_tokens,
    )
