"""Search over any collection of titled texts, measured against BM25 in the same run."""
