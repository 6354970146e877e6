"""``python -m evaluation.search.learning --corpus FILE``: weights of the signs, learned from questions written for law articles.

The weights make the right article probable among the best ones of each question (softmax over the candidates, as in Cao et al., "Learning
to Rank: From Pairwise Approach to Listwise Approach", 2007), with a ridge. The questions are those of ``evaluation/sets/law``: written for
articles drawn at random, by reading the articles. Figures on them after learning say nothing; the command prints those of five-fold
cross-validation. No benchmark is used.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tqdm import tqdm

from evaluation import commands
from evaluation.commands import command
from evaluation.measures import NOT_FOUND, mean_reciprocal_rank
from evaluation.search.collection import read_collection
from evaluation.search.passages import PassageSearch
from evaluation.search.signs import SIGNS, WEIGHTS_FILE
from evaluation.sets import FOLDER
from knowledge.encoding import StaticEncoder
from knowledge.lexicon import Lexicon
from knowledge.loading import load

Floats = NDArray[np.float32]

QUESTIONS = FOLDER / "law"
RIDGE = 0.03
FOLDS = 5
STEPS = 60


@dataclass(frozen=True)
class Example:
    """Signs of one question's best documents by the sum of the legs, best first, and which of them are right."""

    signs: Floats
    right: NDArray[np.bool_]


def fit(examples: Sequence[Example]) -> Floats:
    """Weights by Newton's method; examples without a right document count nothing. The loss is convex, so its minimum is the only one."""
    used = [e for e in examples if e.right.any()]
    spread = np.mean([e.signs.std(axis=0) for e in used], axis=0) + 1e-4
    rows = [(e.signs / spread, e.right / e.right.sum()) for e in used]
    weights = np.zeros(len(spread))
    for _ in range(STEPS):
        gradient = 2 * RIDGE * weights
        hessian = 2 * RIDGE * np.eye(len(spread))
        for signs, right in rows:
            chances = _softmax(signs @ weights)
            mean = chances @ signs
            gradient += (mean - right @ signs) / len(rows)
            hessian += ((signs * chances[:, None]).T @ signs - np.outer(mean, mean)) / len(rows)
        step = np.linalg.solve(hessian, gradient)
        # A whole step from far away can overshoot.
        weights -= step * min(1.0, 1.0 / max(float(np.abs(step).max()), 1e-9))
        if np.abs(step).max() < 1e-7:
            break
    return np.asarray(weights / spread, dtype=np.float32)


def _softmax(scores: NDArray[np.float64]) -> NDArray[np.float64]:
    raised = np.exp(scores - scores.max())
    return np.asarray(raised / raised.sum())


def rank(example: Example, weights: Floats) -> int:
    """Rank (from 0) of the best right document under ``weights``; ``NOT_FOUND`` where none is among the best."""
    if not example.right.any():
        return NOT_FOUND
    scores = example.signs @ weights
    return int((scores > scores[example.right].max()).sum())


def cross_validated(examples: Sequence[Example]) -> list[int]:
    """Rank of each example under weights learned without its fold."""
    weights = [fit([e for i, e in enumerate(examples) if i % FOLDS != fold]) for fold in range(FOLDS)]
    return [rank(e, weights[i % FOLDS]) for i, e in enumerate(examples)]


def main(argv: Sequence[str] | None = None) -> int:
    """Exit status: 0 learned; 2 a file cannot be read."""
    parser = command("search.learning", "Học trọng số của phần xếp lại trong evaluation.search.")
    parser.add_argument("--corpus", type=Path, required=True, metavar="TỆP", help="tệp điều luật (articles.jsonl.gz)")
    parser.add_argument("--out", type=Path, default=WEIGHTS_FILE, metavar="TỆP", help="nơi ghi trọng số")
    args = parser.parse_args(argv)
    try:
        collection = read_collection(QUESTIONS, args.corpus)
    except (OSError, ValueError) as error:
        print(f"Không đọc được câu hỏi hoặc kho văn bản: {error}", file=sys.stderr)
        return 2
    lexicon = Lexicon(load()[0].lexicon)
    index = PassageSearch.build(collection.documents, StaticEncoder())
    number = {d.id: i for i, d in enumerate(collection.documents)}
    examples = []
    for identity, text in tqdm(collection.questions.items(), desc="Học", unit=" câu", mininterval=5):
        query = lexicon.query(text)
        legs = index.legs(query)
        best = index.best(query, legs, index.total(legs))
        right = np.isin(best.numbers, [number[d] for d in collection.relevant[identity]])
        examples.append(Example(best.signs, right))
    before = mean_reciprocal_rank([int(e.right.argmax()) if e.right.any() else NOT_FOUND for e in examples])
    after = mean_reciprocal_rank(cross_validated(examples))
    print(f"{len(examples)} questions, {sum(e.right.any() for e in examples)} with the right article among the best")
    print(f"MRR@10 of the legs' sum {before:.3f}, cross-validated {after:.3f}")
    weights = {name: round(float(w), 3) for name, w in zip(SIGNS, fit(examples), strict=True)}
    values = {"questions": len(examples), "folds": FOLDS, "ridge": RIDGE, "weights": weights}
    args.out.write_text(json.dumps(values, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    commands.run(main)
