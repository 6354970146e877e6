"""One function a library: texts and their vectors → a function that finds the best rows for a question, by words and vectors.

Each is set up the way the library's own guide does hybrid search in memory, with our encoder in the place of a model. Libraries are
loaded inside, so that one that is missing stops only itself.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from importlib import import_module
from typing import Any

from knowledge.encoding import Encoder
from knowledge.vectors.base import Floats

Search = Callable[[str], object]
DEPTH = 10


def langchain(texts: Sequence[str], vectors: Floats, encoder: Encoder) -> Search:
    """FAISS store and BM25 retriever in an ensemble (reciprocal ranks)."""
    embeddings = import_module("langchain_core.embeddings").Embeddings

    class Ours(embeddings):  # type: ignore[misc, valid-type]
        def embed_documents(self, texts: list[str]) -> list[list[float]]:
            rows: list[list[float]] = encoder.passages(texts).tolist()
            return rows

        def embed_query(self, text: str) -> list[float]:
            row: list[float] = encoder.queries([text])[0].tolist()
            return row

    pairs = list(zip(texts, vectors.tolist(), strict=True))
    store = import_module("langchain_community.vectorstores").FAISS.from_embeddings(pairs, Ours())
    words = import_module("langchain_community.retrievers").BM25Retriever.from_texts(list(texts))
    words.k = DEPTH
    near = store.as_retriever(search_kwargs={"k": DEPTH})
    ensemble = import_module("langchain_classic.retrievers").EnsembleRetriever(retrievers=[words, near], weights=[0.5, 0.5])
    return lambda question: ensemble.invoke(question)


def llama_index(texts: Sequence[str], vectors: Floats, encoder: Encoder) -> Search:
    """FAISS store and BM25 retriever, fused by reciprocal ranks without further questions from a model."""
    core, schema = import_module("llama_index.core"), import_module("llama_index.core.schema")
    base = import_module("llama_index.core.base.embeddings.base").BaseEmbedding
    faiss = import_module("faiss")

    class Ours(base):  # type: ignore[misc, valid-type]
        def _get_query_embedding(self, query: str) -> list[float]:
            row: list[float] = encoder.queries([query])[0].tolist()
            return row

        def _get_text_embedding(self, text: str) -> list[float]:
            row: list[float] = encoder.passages([text])[0].tolist()
            return row

        async def _aget_query_embedding(self, query: str) -> list[float]:
            return self._get_query_embedding(query)

    nodes = [schema.TextNode(text=t, id_=str(i), embedding=v) for i, (t, v) in enumerate(zip(texts, vectors.tolist(), strict=True))]
    store = import_module("llama_index.vector_stores.faiss").FaissVectorStore(faiss.IndexFlatIP(vectors.shape[1]))
    context = core.StorageContext.from_defaults(vector_store=store)
    index = core.VectorStoreIndex(nodes, storage_context=context, embed_model=Ours())
    words = import_module("llama_index.retrievers.bm25").BM25Retriever.from_defaults(nodes=nodes, similarity_top_k=DEPTH)
    fusion = import_module("llama_index.core.retrievers").QueryFusionRetriever(
        [index.as_retriever(similarity_top_k=DEPTH), words],
        similarity_top_k=DEPTH,
        num_queries=1,
        mode="reciprocal_rerank",
        use_async=False,
        llm=import_module("llama_index.core.llms").MockLLM(),
    )
    return lambda question: fusion.retrieve(question)


def haystack(texts: Sequence[str], vectors: Floats, encoder: Encoder) -> Search:
    """The store in memory with its BM25 and embedding retrievers, joined by reciprocal ranks in a pipeline."""
    library: Any = import_module("haystack")
    store = import_module("haystack.document_stores.in_memory").InMemoryDocumentStore(embedding_similarity_function="dot_product")
    rows = enumerate(zip(texts, vectors.tolist(), strict=True))
    store.write_documents([library.Document(id=str(i), content=t, embedding=v) for i, (t, v) in rows])
    retrievers = import_module("haystack.components.retrievers.in_memory")
    pipeline = library.Pipeline()
    pipeline.add_component("words", retrievers.InMemoryBM25Retriever(store, top_k=DEPTH))
    pipeline.add_component("near", retrievers.InMemoryEmbeddingRetriever(store, top_k=DEPTH))
    joiner = import_module("haystack.components.joiners").DocumentJoiner(join_mode="reciprocal_rank_fusion", top_k=DEPTH)
    pipeline.add_component("joined", joiner)
    pipeline.connect("words", "joined")
    pipeline.connect("near", "joined")
    return lambda question: pipeline.run(
        {"words": {"query": question}, "near": {"query_embedding": encoder.queries([question])[0].tolist()}}
    )


PEERS: dict[str, Callable[[Sequence[str], Floats, Encoder], Search]] = {
    "langchain": langchain,
    "llama-index": llama_index,
    "haystack": haystack,
}
