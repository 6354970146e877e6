"""What is known: records, their texts, and the read side of the search index."""

import os

# One question is answered on one core; a server answers several at once. Thread pools inside numpy and FAISS would only wait for
# each other, so they are kept at one thread unless the operator says otherwise. Must be set before numpy is imported.
for _pool in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_pool, "1")
