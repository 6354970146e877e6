"""Learning the ranking and its calibration from everyday questions that were kept out of the index.

For each record with enough questions one question is held out of index and encoder; the ranking learns to put its record first
(softmax over the candidates, as in Cao et al., "Learning to Rank: From Pairwise Approach to Listwise Approach", 2007). Questions
are distorted at random the way people type. For a third of them the right record and half of the others are shown as if nobody had
written questions for them, so that the weights for such records are learnt too.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from knowledge import noise
from knowledge.entries import EntryType
from knowledge.search.features import AspectTable, Traits, candidates, feature_names, leg_scores, matrix
from knowledge.search.index import SearchIndex
from knowledge.search.ranking import Searcher, logistic
from knowledge.spelling import Speller
from knowledge.text import fold
from knowledge.twins import alike

EQUAL_PRIOR = 3.0
"""Added to the weight of every leg after fitting: a mixture with the plain sum of the legs, which held up better on questions of
other writers and with typing errors (chosen on the development questions)."""
PRIOR_FEATURES = (
    "names_folded", "names_accented", "questions_folded", "questions_accented", "whole_folded", "body_folded",
    "dense_title", "dense_question", "dense_centroid",
)  # fmt: skip
AUDIENCE_PRIOR = {"need": 1.0, "unasked:military": -1.5, "unasked:ministry": -0.7, "unasked:online": -0.8, "brief_and_more": -12.0}
"""Added to these weights after fitting. Every record has one held-out question, whether a thousand people ask it or ten; citizens far more
often mean the common procedure than the one of the armed forces, of a ministry, or of an electronic paper under the same name;
and who uses few words means the procedure whose name they nearly are (chosen on short questions of other writers)."""
MOST_DECLINED = 0.04
"""Share of in-scope questions that may be declined: the threshold of the scope model is set by it."""
ANSWER_FROM = 0.45
"""Confidence below which the bot asks back: fewer than half of the first hits below it were right on the project's question sets."""
ASPECT_FEATURES = ("agrees", "missing", "unasked")
"""What the names of the features of an aspect begin with."""
QUESTION_FEATURES = (
    "questions_folded", "questions_accented", "questions_second", "dense_question", "dense_question_second",
    "rank:questions_folded", "rank:dense_question",
)  # fmt: skip


@dataclass(frozen=True)
class Example:
    """One held-out question: features of its candidates, which have questions, which are right, and the question's weight."""

    features: NDArray[np.float32]
    has_questions: NDArray[np.bool_]
    right: NDArray[np.bool_]
    weight: float


def distort(text: str, rng: random.Random) -> str:
    draw = rng.random()
    if draw < 0.2:
        return fold(text)
    if draw < 0.35:
        return noise.typos(text, rng)
    return noise.teencode(text, rng) if draw < 0.45 else text


def examples(
    index: SearchIndex, speller: Speller, held: Mapping[str, str], rng: random.Random, progress: Callable[[], object]
) -> list[Example]:
    """Features for the held-out question of each record; records nobody needs count less."""
    aspects, traits = AspectTable.of(index.aspects, index.titled), Traits.of(index.entries)
    names = feature_names(aspects)
    columns = np.array([names.index(n) for n in QUESTION_FEATURES])
    copied = [
        (names.index(to), names.index(of))
        for to, of in (
            ("dense_centroid", "dense_title"), ("rank:dense_centroid", "rank:dense_title"),
            ("whole_folded", "names_folded"), ("rank:whole_folded", "rank:names_folded"),
        )
    ]  # fmt: skip
    starts = index.layout.question_start
    has = starts[1:] > starts[:-1]
    nationwide = np.array([e.type is not EntryType.PROCEDURE or e.province is None for e in index.entries])
    made = []
    for record, question in held.items():
        query = speller.query(index.lexicon.query(distort(question, rng)))
        legs = leg_scores(index, query)
        chosen = candidates(index, legs, nationwide)
        progress()
        if index.by_id[record] not in chosen:
            continue
        right = _right(index, record, chosen)
        features, known = matrix(index, aspects, traits, query, legs, chosen), has[chosen].copy()
        if rng.random() < 1 / 3:
            hidden = right | (np.array([rng.random() for _ in chosen]) < 0.5)
            features[np.ix_(np.flatnonzero(hidden), columns)] = 0.0
            for to, of in copied:
                features[hidden, to] = features[hidden, of]
            known &= ~hidden
        need = index.entries[index.by_id[record]].need
        made.append(Example(features, known, right, 0.3 + need))
    return made


def _right(index: SearchIndex, record: str, chosen: NDArray[np.int64]) -> NDArray[np.bool_]:
    """Which candidates answer the record's question: the record, and procedures under nearly its name."""
    title, kind = index.entries[index.by_id[record]].title, index.entries[index.by_id[record]].type
    entries = [index.entries[i] for i in chosen]
    return np.array([e.id == record or (e.type is kind is EntryType.PROCEDURE and alike(e.title, title)) for e in entries])


def _of_aspect(name: str) -> bool:
    return name.split(":")[0] in ASPECT_FEATURES


def fit(
    rows: Sequence[Example],
    names: Sequence[str],
    kept: Mapping[str, Mapping[str, float]] | None = None,
    *,
    seed: int = 7,
    epochs: int = 30,
    decay: float = 2e-3,
) -> dict[str, dict[str, float]]:
    """Examples → weights by feature for records with and without questions; with ``kept`` (earlier weights) only those of the aspects are
    learnt."""
    import torch
    from torch.nn.utils.rnn import pad_sequence

    torch.manual_seed(seed)
    rng = random.Random(seed)
    stacked = np.concatenate([r.features for r in rows])
    spread = stacked.std(axis=0) + 1e-3
    weights = torch.zeros(2, len(names))
    for name in ("dense_title", "dense_centroid", "names_folded", "questions_folded", "dense_question"):
        weights[:, list(names).index(name)] = 0.8
    frozen = [i for i, name in enumerate(names) if kept is not None and not _of_aspect(name)]
    for i in frozen:
        earlier = (kept or {}).get(names[i], {})
        weights[:, i] = torch.tensor([earlier.get("without", 0.0), earlier.get("with", 0.0)]) * float(spread[i])
    weights.requires_grad_(True)
    data = [(torch.tensor(r.features / spread), torch.tensor(r.has_questions), torch.tensor(r.right), r.weight) for r in rows]
    optimizer = torch.optim.Adam([weights], lr=0.02)
    for epoch in range(epochs):
        rng.shuffle(data)
        for group in optimizer.param_groups:
            group["lr"] = 0.02 * (1 - epoch / epochs) + 0.001
        for start in range(0, len(data), 32):
            part = data[start : start + 32]
            features = pad_sequence([row[0] for row in part], batch_first=True)
            has = pad_sequence([row[1] for row in part], batch_first=True)
            right = pad_sequence([row[2] for row in part], batch_first=True)
            there = torch.arange(features.shape[1]) < torch.tensor([[len(row[0])] for row in part])
            scores = torch.where(has, features @ weights[1], features @ weights[0])
            every = torch.logsumexp(scores.masked_fill(~there, -torch.inf), 1)
            loss = every - torch.logsumexp(scores.masked_fill(~right, -torch.inf), 1)
            worth = torch.tensor([row[3] for row in part])
            total = decay * (weights**2).sum() + (worth * torch.clamp(loss, max=6.0)).mean()
            optimizer.zero_grad()
            total.backward()  # type: ignore[no-untyped-call]
            if weights.grad is not None:
                weights.grad[:, frozen] = 0.0
            optimizer.step()
    learnt = weights.detach().numpy() / spread
    for name in PRIOR_FEATURES if kept is None else ():
        learnt[1, list(names).index(name)] += EQUAL_PRIOR
        if name not in QUESTION_FEATURES:
            learnt[0, list(names).index(name)] += EQUAL_PRIOR
    for name, prior in AUDIENCE_PRIOR.items():
        if kept is None or _of_aspect(name):
            learnt[:, list(names).index(name)] += prior
    return {name: {"with": round(float(learnt[1, i]), 4), "without": round(float(learnt[0, i]), 4)} for i, name in enumerate(names)}


def logistic_fit(rows: Sequence[Mapping[str, float]], labels: Sequence[bool], weights: Sequence[float]) -> dict[str, float]:
    """Weighted logistic regression with a small ridge, by Newton's method → weight by evidence name and ``intercept``."""
    names = sorted(rows[0])
    x = np.array([[r[n] for n in names] + [1.0] for r in rows])
    y, w = np.array(labels, dtype=float), np.array(weights, dtype=float)
    beta = np.zeros(x.shape[1])
    ridge = np.diag([1.0] * len(names) + [1e-6])
    for _ in range(50):
        p = 1 / (1 + np.exp(-np.clip(x @ beta, -30, 30)))
        gradient = x.T @ (w * (y - p)) - ridge @ beta
        hessian = (x * (w * p * (1 - p))[:, None]).T @ x + ridge
        step = np.linalg.solve(hessian, gradient)
        beta += step
        if np.abs(step).max() < 1e-8:
            break
    return {**{n: round(float(b), 4) for n, b in zip(names, beta, strict=False)}, "intercept": round(float(beta[-1]), 4)}


def calibrate(
    searcher: Searcher, asked: Sequence[tuple[str, str]], out_of_scope: Sequence[str], rng: random.Random
) -> dict[str, Any]:  # fmt: skip
    """Logistic models of "the first hit is right" and "the question is in scope", and the thresholds that go with them, from questions
    ``asked`` of a record, (record, question), that stand nowhere in the index."""
    index = searcher.index
    nationwide = np.array([e.type is not EntryType.PROCEDURE or e.province is None for e in index.entries])
    inside: list[tuple[dict[str, float], bool, float]] = []
    for record, question in asked:
        ranked = searcher.search(searcher.query(distort(question, rng)), nationwide)
        if ranked.hits:
            same = bool(_right(index, record, np.array([ranked.hits[0].entry]))[0])
            inside.append((dict(ranked.evidence), same, 0.2 + index.entries[index.by_id[record]].need))
    outside = []
    for number, question in enumerate(out_of_scope):
        ranked = searcher.search(searcher.query(distort(question, rng)), nationwide, without_decoy=number)
        if ranked.hits:
            outside.append(dict(ranked.evidence))
    rows = [e for e, _, _ in inside] + outside
    share = sum(w for _, _, w in inside) / max(len(outside), 1)
    correct = logistic_fit(rows, [c for _, c, _ in inside] + [False] * len(outside), [w for _, _, w in inside] + [1.0] * len(outside))
    scope = logistic_fit(rows, [True] * len(inside) + [False] * len(outside), [w for _, _, w in inside] + [share / 2] * len(outside))
    inside_scope = np.array([logistic(e, scope) for e, _, _ in inside])
    weights = np.array([w for _, _, w in inside])
    order = np.argsort(inside_scope)
    cut = np.searchsorted(np.cumsum(weights[order]) / weights.sum(), MOST_DECLINED)
    declined = float(inside_scope[order][cut])
    outside_scope = np.array([logistic(e, scope) for e in outside])
    return {
        "correct": correct,
        "scope": scope,
        "answer_from": ANSWER_FROM,
        "decline_below": round(declined, 4),
        "learnt_from": {
            "inside": len(inside),
            "outside": len(outside),
            "outside_declined": round(float((outside_scope < declined).mean()), 3),
        },
    }
